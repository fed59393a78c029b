//! `POST /CanSendInvoice`, `POST /SendFnsRegistrationMessage`: certificates for signing invoices.

use potok_api::Empty;
use potok_api::methods::{CanSendInvoice, SendFnsRegistrationMessage};

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<CanSendInvoice, _>(ask);
    all.on::<SendFnsRegistrationMessage, _>(send);
}

/// `POST /CanSendInvoice`. 403 says no.
async fn ask(call: Call<CanSendInvoice>) -> Result<Answer, ApiError> {
    call.people().must_sign_invoices(&call.permit, &call.body.0).await?;
    Ok(call.answer(&Empty))
}

/// `POST /SendFnsRegistrationMessage`.
async fn send(call: Call<SendFnsRegistrationMessage>) -> Result<Answer, ApiError> {
    call.people().register_for_invoices(&call.permit, &call.body.certificates).await?;
    Ok(call.answer(&Empty))
}
