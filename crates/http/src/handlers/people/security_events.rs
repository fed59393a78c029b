//! `GET /V1/GetSecurityEvents`.

use potok_api::methods::GetSecurityEvents;
use potok_translate::answers::security_events;
use potok_translate::read::employees::page;
use potok_types::limits;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<GetSecurityEvents, _>(v1);
}

async fn v1(call: Call<GetSecurityEvents>) -> Result<Answer, ApiError> {
    let after = security_events::place(call.query.after_index_key.as_ref().map(|key| &*key.0))?;
    let page = page(None, call.query.count, limits::SECURITY_EVENTS_PER_PAGE)?;
    let limit = u32::try_from(page.limit).unwrap_or(u32::MAX);
    let found = call.people().security_events(&call.permit, after, limit).await?;
    Ok(call.answer(&security_events::answer(found.after, &found.events, &found.names)))
}
