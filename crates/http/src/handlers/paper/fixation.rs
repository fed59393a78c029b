//! `POST /GenerateTtGisFixationCancellationRequest`.

use potok_api::methods::GenerateTtGisFixationCancellationRequest;

use super::generation::file;
use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<GenerateTtGisFixationCancellationRequest, _>(generate);
}

async fn generate(call: Call<GenerateTtGisFixationCancellationRequest>) -> Result<Answer, ApiError> {
    let (message, document) = (call.query.message_id, call.query.document_id);
    file(&call, call.paper().generate_fixation_cancellation(&call.permit, message, document).await?)
}
