//! `POST /Delete`, `POST /Restore`, `POST /MoveDocuments`.

use potok_api::Empty;
use potok_api::methods::{Delete, MoveDocuments, Restore};
use potok_translate::post;

use super::post_message::box_in;
use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;

pub(super) async fn delete(call: Call<Delete>) -> Result<Answer, ApiError> {
    let actor = call.actor(call.query.box_id).await?;
    call.app().delete_documents(&actor, call.query.message_id, call.query.document_id).await?;
    Ok(call.answer(&Empty))
}

pub(super) async fn restore(call: Call<Restore>) -> Result<Answer, ApiError> {
    let actor = call.actor(call.query.box_id).await?;
    call.app().restore_documents(&actor, call.query.message_id, call.query.document_id).await?;
    Ok(call.answer(&Empty))
}

pub(super) async fn move_documents(mut call: Call<MoveDocuments>) -> Result<Answer, ApiError> {
    let body = std::mem::take(&mut call.body);
    let actor = call.actor(box_in("DocumentsMoveOperation.BoxId", &body.box_id)?).await?;
    let (documents, to) = post::move_operation(body)?;
    call.app().move_documents(&actor, &documents, to).await?;
    Ok(call.answer(&Empty))
}
