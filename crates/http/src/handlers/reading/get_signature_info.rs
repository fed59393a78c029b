//! `GET /GetSignatureInfo`: who signed, and what the check of the signature found.

use potok_api::methods::GetSignatureInfo;
use potok_app::SignatureAnswer;
use potok_translate::signature_info::signature_info;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<GetSignatureInfo, _>(v1);
}

async fn v1(call: Call<GetSignatureInfo>) -> Result<Answer, ApiError> {
    let found =
        call.reading().get_signature_info(&call.permit, call.query.message_id, call.query.entity_id).await?;
    let SignatureAnswer { signature, description, certificates } = found;
    Ok(call.answer(&signature_info(&signature, description, &certificates)))
}
