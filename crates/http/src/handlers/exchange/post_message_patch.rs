//! `POST /V3/PostMessagePatch`, `POST /V4/PostMessagePatch`: additions to a message.

use potok_api::Endpoint;
use potok_api::methods::{OperationQuery, PostMessagePatchV3, PostMessagePatchV4};
use potok_domain::command::{PostPatch, Source};
use potok_translate::post;
use potok_types::access::{MayPatch, NamedDocuments};
use potok_wire::proto::events::MessagePatch;

use super::post_message::operation;
use crate::ApiError;
use crate::answer::Answer;
use crate::call::{Call, Part};
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<PostMessagePatchV3, _>(v3);
    all.on::<PostMessagePatchV4, _>(v4);
}

async fn v3(mut call: Call<PostMessagePatchV3>) -> Result<Answer, ApiError> {
    let patch = post::patch_v3(std::mem::take(&mut call.body))?;
    apply(call, patch).await
}

async fn v4(mut call: Call<PostMessagePatchV4>) -> Result<Answer, ApiError> {
    let patch = post::patch_v4(std::mem::take(&mut call.body))?;
    apply(call, patch).await
}

async fn apply<E>(mut call: Call<E>, patch: PostPatch<Source>) -> Result<Answer, ApiError>
where
    E: Endpoint<Query = OperationQuery, Access = NamedDocuments<MayPatch>, Response = MessagePatch>,
{
    let given = call.query.operation_id.take();
    let user = patch.names_shelf().then_some(call.permit.user.id);
    let operation = operation("PostMessagePatch", given, user, call.room(), &call.incoming.body).await?;
    let event = call.exchange().post_patch(&call.permit, patch, operation).await?;
    call.answer_part(&event, Part::Patch)
}
