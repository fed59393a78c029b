//! `POST /SendDraft`, `POST /RecycleDraft`: what becomes of drafts.

use potok_api::Empty;
use potok_api::methods::{RecycleDraft, SendDraft};
use potok_translate::post;

use super::post_message::operation;
use crate::ApiError;
use crate::answer::Answer;
use crate::call::{Call, Part};
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<SendDraft, _>(send);
    all.on::<RecycleDraft, _>(recycle);
}

async fn send(mut call: Call<SendDraft>) -> Result<Answer, ApiError> {
    let command = post::draft_to_send(std::mem::take(&mut call.body))?;
    let given = call.query.operation_id.take();
    let operation = operation("SendDraft", given, None, call.room(), &call.incoming.body).await?;
    let event = call.exchange().send_draft(&call.permit, command, operation).await?;
    call.answer_part(&event, Part::Message)
}

async fn recycle(call: Call<RecycleDraft>) -> Result<Answer, ApiError> {
    call.exchange().recycle_draft(&call.permit, call.query.draft_id).await?;
    Ok(call.answer(&Empty))
}
