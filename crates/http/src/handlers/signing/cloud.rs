//! `CloudSign` and `CloudSignConfirm` with their results.

use potok_api::methods::{CloudSign, CloudSignConfirm, CloudSignConfirmResult, CloudSignResult};
use potok_translate::answers::signing as answers;
use potok_translate::read::counteragents::task_id;
use potok_translate::read::signing as read;
use potok_wire::proto;
use potok_wire::proto::AsyncMethodResult;

use super::told;
use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::handlers::shelf::PRIVATE;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<CloudSign, _>(begin);
    all.on::<CloudSignResult, _>(token);
    all.on::<CloudSignConfirm, _>(confirm);
    all.on::<CloudSignConfirmResult, _>(signatures);
}

/// `POST /CloudSign`.
async fn begin(mut call: Call<CloudSign>) -> Result<Answer, ApiError> {
    let files = read::cloud_files(std::mem::take(&mut call.body.files))?;
    let key = read::by_certificate("certificateThumbprint", call.query.certificate_thumbprint.take());
    let task = call.signing().begin_cloud(&call.permit, &key, files).await?;
    Ok(call.answer(&AsyncMethodResult { task_id: Some(task.to_string()) }))
}

/// `GET /CloudSignResult`.
async fn token(call: Call<CloudSignResult>) -> Result<Answer, ApiError> {
    let found = call.signing().cloud_token(&call.permit, task_id(&call.query.task_id)?).await?;
    let shown = found.map(|token| proto::CloudSignResult { token: Some(token.to_string()) });
    Ok(told(&call, shown))
}

/// `POST /CloudSignConfirm`.
async fn confirm(call: Call<CloudSignConfirm>) -> Result<Answer, ApiError> {
    let (query, on_shelf) = (&call.query, read::wants_shelf(&call.query)?);
    let (token, code) = (&query.token.0, &query.confirmation_code);
    let task = call.signing().confirm_by_code(&call.permit, token, code, on_shelf).await?;
    Ok(call.answer(&AsyncMethodResult { task_id: Some(task.to_string()) }))
}

/// `GET /CloudSignConfirmResult`.
async fn signatures(call: Call<CloudSignConfirmResult>) -> Result<Answer, ApiError> {
    let found = call.signing().cloud_signatures(&call.permit, task_id(&call.query.task_id)?).await?;
    Ok(told(&call, found.map(|made| answers::cloud(made, PRIVATE))))
}
