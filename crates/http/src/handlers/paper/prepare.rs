//! `POST /PrepareDocumentsToSign`.

use potok_api::methods::PrepareDocumentsToSign;
use potok_translate::answers::prepared;
use potok_translate::post::prepare_to_sign;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<PrepareDocumentsToSign, _>(prepare);
}

async fn prepare(mut call: Call<PrepareDocumentsToSign>) -> Result<Answer, ApiError> {
    let request = prepare_to_sign(std::mem::take(&mut call.body))?;
    let made = call.paper().prepare_to_sign(&call.permit, request).await?;
    let is_bare = call.query.exclude_content;
    let shown = made.into_iter().map(|(id, content)| (id, Some(content).filter(|_| !is_bare)));
    Ok(call.answer(&prepared::answer(shown.collect())))
}
