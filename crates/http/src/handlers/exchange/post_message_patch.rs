//! `POST /V3/PostMessagePatch`, `POST /V4/PostMessagePatch`: additions to a message.

use potok_api::Endpoint;
use potok_api::methods::OperationQuery;
use potok_api::methods::{PostMessagePatchV3, PostMessagePatchV4};
use potok_app::Actor;
use potok_domain::command::{PostPatch, Source};
use potok_translate::{post, view};
use potok_wire::proto::events::MessagePatch;

use super::post_message::{box_in, operation};
use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;

pub(super) async fn v3(mut call: Call<PostMessagePatchV3>) -> Result<Answer, ApiError> {
    let body = std::mem::take(&mut call.body);
    let actor = call.actor(box_in("MessagePatchToPost.BoxId", &body.box_id)?).await?;
    apply(call, actor, post::patch_v3(body)?).await
}

pub(super) async fn v4(mut call: Call<PostMessagePatchV4>) -> Result<Answer, ApiError> {
    let body = std::mem::take(&mut call.body);
    let actor = call.actor(box_in("MessagePatchToPostV2.BoxId", &body.box_id)?).await?;
    apply(call, actor, post::patch_v4(body)?).await
}

async fn apply<E>(mut call: Call<E>, actor: Actor, patch: PostPatch<Source>) -> Result<Answer, ApiError>
where
    E: Endpoint<Query = OperationQuery, Response = MessagePatch>,
{
    let given = call.query.operation_id.take();
    let operation = operation("PostMessagePatch", given, &call.incoming.body).await?;
    let done = call.app().post_patch(&actor, patch, operation).await?;
    Ok(call.answer(&view::patch(&done.state, &done.event)))
}
