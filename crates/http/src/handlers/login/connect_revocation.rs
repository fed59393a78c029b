//! `POST /connect/revocation`: a program ends a token of its own (RFC 7009).

use potok_api::Empty;
use potok_api::methods::ConnectRevocation;

use super::oauth::{Stopped, asked, needed, told};
use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<ConnectRevocation, _>(revoke);
}

/// A token that nobody knows has ended already, so it is answered like one that is ended now.
async fn revoke(call: Call<ConnectRevocation>) -> Result<Answer, ApiError> {
    let done = end(&call).await.map(|()| call.answer(&Empty));
    told(&call, done)
}

async fn end(call: &Call<ConnectRevocation>) -> Result<(), Stopped> {
    let (form, proof) = asked(call).await?;
    Ok(call.login().revoke(&proof, needed(&form, "token")?).await?)
}
