//! `POST /V2/ForwardDocument`.

use potok_api::methods::ForwardDocumentV2;
use potok_translate::answers::forwarding;
use potok_translate::read;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<ForwardDocumentV2, _>(v2);
}

async fn v2(call: Call<ForwardDocumentV2>) -> Result<Answer, ApiError> {
    let (document, to) = read::forwarding::forward(&call.body)?;
    let forwarding = call.exchange().forward_document(&call.permit, document, to).await?;
    Ok(call.answer(&forwarding::forwarded(&forwarding)))
}
