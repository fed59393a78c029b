//! `GET /GetDocumentActions`: what the caller may do with a document now.

use potok_api::methods::GetDocumentActions;
use potok_translate::answers::document_actions;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<GetDocumentActions, _>(v1);
}

async fn v1(call: Call<GetDocumentActions>) -> Result<Answer, ApiError> {
    let (message, document) = (call.query.message_id, call.query.entity_id);
    let actions = call.exchange().document_actions(&call.permit, message, document).await?;
    Ok(call.answer(&document_actions::answer(&actions)))
}
