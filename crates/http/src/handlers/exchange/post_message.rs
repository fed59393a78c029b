//! `POST /V3/PostMessage`: a new message.

use bytes::Bytes;
use md5::{Digest as _, Md5};
use potok_api::methods::PostMessageV3;
use potok_app::Operation;
use potok_room::Room;
use potok_translate::post;
use potok_types::UserId;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::{Call, Part};
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<PostMessageV3, _>(v3);
}

async fn v3(mut call: Call<PostMessageV3>) -> Result<Answer, ApiError> {
    let command = post::message_to_post(std::mem::take(&mut call.body))?;
    let given = call.query.operation_id.take();
    let user = command.names_shelf().then_some(call.permit.user.id);
    let operation = operation("PostMessage", given, user, call.room(), &call.incoming.body).await?;
    let event = call.exchange().post_message(&call.permit, command, operation).await?;
    call.answer_part(&event, Part::Message)
}

/// Names the call, so that a repeat of it finds the first result: by the caller's word in any case, else by MD5 of the
/// body, as the API defines it. A body that names files on a shelf means those of `user`, and is another one in the mouth of
/// somebody else.
pub(in crate::handlers) async fn operation(
    method: &'static str,
    given: Option<String>,
    user: Option<UserId>,
    room: &Room,
    body: &Bytes,
) -> Result<Operation, ApiError> {
    let id = match given {
        Some(id) => id.to_lowercase(),
        None => {
            let hashed = body.clone();
            let digest = room.work.serve_bytes(body.len(), move || Md5::digest(&hashed)).await?;
            let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            user.map_or(digest.clone(), |user| format!("{digest} {user}"))
        }
    };
    Ok(Operation { method, id })
}
