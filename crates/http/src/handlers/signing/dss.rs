//! `DssSign` and `DssSignResult`.

use potok_api::methods::{DssSign, DssSignResult, DssSignV2};
use potok_translate::answers::signing as answers;
use potok_translate::read::counteragents::task_id;
use potok_translate::read::signing as read;
use potok_wire::proto::AsyncMethodResult;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<DssSign, _>(v1);
    all.on::<DssSignV2, _>(v2);
    all.on::<DssSignResult, _>(result);
}

/// `POST /DssSign`: the query names the certificate.
async fn v1(mut call: Call<DssSign>) -> Result<Answer, ApiError> {
    let files = read::dss_files("DssSignRequest", std::mem::take(&mut call.body.files))?;
    let key = read::by_certificate("certificateThumbprint", call.query.certificate_thumbprint.take());
    let task = call.signing().begin_dss(&call.permit, &key, files).await?;
    Ok(call.answer(&AsyncMethodResult { task_id: Some(task.to_string()) }))
}

/// `POST /V2/DssSign`: the body names the certificate, or its holder.
async fn v2(mut call: Call<DssSignV2>) -> Result<Answer, ApiError> {
    let files = read::dss_files("DssSignRequestV2", std::mem::take(&mut call.body.files))?;
    let key = read::key_choice(&call.body)?;
    let task = call.signing().begin_dss(&call.permit, &key, files).await?;
    Ok(call.answer(&AsyncMethodResult { task_id: Some(task.to_string()) }))
}

/// `GET /DssSignResult`: always 200, the status stands in the answer.
async fn result(call: Call<DssSignResult>) -> Result<Answer, ApiError> {
    let task = task_id(&call.query.task_id)?;
    let told = call.signing().dss_result(&call.permit, task).await?;
    Ok(call.answer(&answers::dss(told)))
}
