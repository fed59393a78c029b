//! `GetPowerOfAttorneyInfo` and `GetPowerOfAttorneyContent`: the power of attorney of a signature.

use potok_api::methods::{GetPowerOfAttorneyContent, GetPowerOfAttorneyContentV2, GetPowerOfAttorneyInfo};
use potok_app::PowerOnFile;
use potok_translate::answers::powers_of_attorney as answers;
use potok_wire::proto::powers_of_attorney::{
    PowerOfAttorneyContent, PowerOfAttorneyContentResponse, PowerOfAttorneyContentV2,
};

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<GetPowerOfAttorneyInfo, _>(info);
    all.on::<GetPowerOfAttorneyContent, _>(content_v1);
    all.on::<GetPowerOfAttorneyContentV2, _>(content_v2);
}

/// `GET /GetPowerOfAttorneyInfo`.
async fn info(call: Call<GetPowerOfAttorneyInfo>) -> Result<Answer, ApiError> {
    let (message, entity) = (call.query.message_id, call.query.entity_id);
    let (power, chain) = call.powers().power_of_message(&call.permit, message, entity).await?;
    Ok(call.answer(&answers::power(&power.power, chain.iter().map(|it| &it.power))))
}

/// `GET /GetPowerOfAttorneyContent`.
async fn content_v1(call: Call<GetPowerOfAttorneyContent>) -> Result<Answer, ApiError> {
    let (message, entity) = (call.query.message_id, call.query.entity_id);
    let (power, _) = call.powers().power_of_message(&call.permit, message, entity).await?;
    Ok(call.answer(&PowerOfAttorneyContent { content: power.file, signature: power.signature }))
}

/// `GET /V2/GetPowerOfAttorneyContent`: with those from which it was handed on.
async fn content_v2(call: Call<GetPowerOfAttorneyContentV2>) -> Result<Answer, ApiError> {
    let (message, entity) = (call.query.message_id, call.query.entity_id);
    let (power, chain) = call.powers().power_of_message(&call.permit, message, entity).await?;
    let delegation_chain = chain.into_iter().map(shown).collect();
    Ok(call.answer(&PowerOfAttorneyContentResponse { content: shown(power), delegation_chain }))
}

fn shown(it: PowerOnFile) -> PowerOfAttorneyContentV2 {
    let full_id = answers::full_id(&it.power.name());
    PowerOfAttorneyContentV2 { content: it.file, signature: it.signature, full_id }
}
