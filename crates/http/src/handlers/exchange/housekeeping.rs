//! `POST /Delete`, `POST /Restore`, `POST /MoveDocuments`.

use potok_api::Empty;
use potok_api::methods::{Delete, MoveDocuments, Restore};
use potok_translate::post;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<Delete, _>(delete);
    all.on::<Restore, _>(restore);
    all.on::<MoveDocuments, _>(move_documents);
}

async fn delete(call: Call<Delete>) -> Result<Answer, ApiError> {
    call.exchange().delete_documents(&call.permit, call.query.message_id, call.query.document_id).await?;
    Ok(call.answer(&Empty))
}

async fn restore(call: Call<Restore>) -> Result<Answer, ApiError> {
    call.exchange().restore_documents(&call.permit, call.query.message_id, call.query.document_id).await?;
    Ok(call.answer(&Empty))
}

async fn move_documents(mut call: Call<MoveDocuments>) -> Result<Answer, ApiError> {
    let (documents, to) = post::move_operation(std::mem::take(&mut call.body))?;
    call.exchange().move_documents(&call.permit, &documents, to).await?;
    Ok(call.answer(&Empty))
}
