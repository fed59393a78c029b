//! `GET /V4/GetEntityContent`: the bytes of an entity.

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;
use potok_api::methods::GetEntityContentV4;

pub(super) fn register(all: &mut Registry) {
    all.on::<GetEntityContentV4, _>(v4);
}

async fn v4(call: Call<GetEntityContentV4>) -> Result<Answer, ApiError> {
    let content =
        call.reading().get_entity_content(&call.permit, call.query.message_id, call.query.entity_id).await?;
    call.content(content).await
}
