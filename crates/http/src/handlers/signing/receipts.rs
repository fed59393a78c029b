//! `AutoSignReceipts` and `AutoSignReceiptsResult`.

use potok_api::methods::{AutoSignReceipts, AutoSignReceiptsResult};
use potok_translate::answers::signing as answers;
use potok_translate::read::counteragents::task_id;
use potok_translate::read::signing as read;
use potok_wire::proto::AsyncMethodResult;

use super::told;
use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<AutoSignReceipts, _>(begin);
    all.on::<AutoSignReceiptsResult, _>(result);
}

/// `POST /AutoSignReceipts`; programs name the certificate by either parameter.
async fn begin(mut call: Call<AutoSignReceipts>) -> Result<Answer, ApiError> {
    let named = call.query.thumbprint.take().filter(|text| !text.is_empty());
    let thumbprint = named.or_else(|| call.query.certificate_thumbprint.take());
    let key = read::by_certificate("thumbprint", thumbprint);
    let batch = call.query.batch_key.as_deref();
    let task = call.signing().begin_receipts(&call.permit, &key, batch).await?;
    Ok(call.answer(&AsyncMethodResult { task_id: Some(task.to_string()) }))
}

/// `GET /AutoSignReceiptsResult`.
async fn result(call: Call<AutoSignReceiptsResult>) -> Result<Answer, ApiError> {
    let found = call.signing().signed_receipts(&call.permit, task_id(&call.query.task_id)?).await?;
    Ok(told(&call, found.map(answers::receipts)))
}
