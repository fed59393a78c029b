//! `POST /PostTemplate`, `POST /PostTemplatePatch`, `POST /TransformTemplateToMessage`: templates, and what becomes of them.

use bytes::Bytes;
use potok_api::methods::{PostTemplate, PostTemplatePatch, TransformTemplateToMessage};
use potok_translate::{post, view};
use potok_wire::framing::ReadyEvent;
use potok_wire::proto::events::Template;

use super::post_message::operation;
use crate::ApiError;
use crate::answer::Answer;
use crate::call::{Call, Part};
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<PostTemplate, _>(keep);
    all.on::<PostTemplatePatch, _>(refuse);
    all.on::<TransformTemplateToMessage, _>(transform);
}

async fn keep(mut call: Call<PostTemplate>) -> Result<Answer, ApiError> {
    let command = post::template_to_post(std::mem::take(&mut call.body))?;
    let given = call.query.operation_id.take();
    let user = command.names_shelf().then_some(call.permit.user.id);
    let operation = operation("PostTemplate", given, user, call.room(), &call.incoming.body).await?;
    let event = call.exchange().post_message(&call.permit, command, operation).await?;
    Ok(call.answer(&shown(&event)?))
}

async fn refuse(mut call: Call<PostTemplatePatch>) -> Result<Answer, ApiError> {
    let template = call.query.template_id;
    let command = post::template_patch(template, std::mem::take(&mut call.body))?;
    let given = call.query.operation_id.take();
    let operation = operation("PostTemplatePatch", given, None, call.room(), &call.incoming.body).await?;
    let event = call.exchange().refuse_template(&call.permit, command, operation).await?;
    call.answer_part(&event, Part::Patch)
}

async fn transform(mut call: Call<TransformTemplateToMessage>) -> Result<Answer, ApiError> {
    let command = post::template_transformation(std::mem::take(&mut call.body))?;
    let given = call.query.operation_id.take();
    let operation =
        operation("TransformTemplateToMessage", given, None, call.room(), &call.incoming.body).await?;
    let event = call.exchange().transform_template(&call.permit, command, operation).await?;
    call.answer_part(&event, Part::Message)
}

/// The template of the event that brought it.
fn shown(event: &Bytes) -> Result<Template, ApiError> {
    let ready = ReadyEvent { body: event, index_key: "" };
    let message = ready.decode().ok().and_then(|event| event.message);
    message.and_then(|message| view::template(*message)).ok_or_else(|| {
        tracing::error!(error = "it is no template", "a ready event cannot be shown");
        ApiError::internal()
    })
}
