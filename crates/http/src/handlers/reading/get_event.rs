//! `GET /V2/GetEvent`, `GET /V3/GetEvent`: one event, with contents as far as they fit.

use potok_api::Endpoint;
use potok_api::methods::{GetEventQuery, GetEventV2, GetEventV3};
use potok_app::EventAnswer;
use potok_translate::ContentBudget;
use potok_translate::view::{self, EventVersion};
use potok_types::access::AllDocuments;
use potok_wire::framing::ReadyEvent;
use potok_wire::proto::events::BoxEvent;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<GetEventV2, _>(v2);
    all.on::<GetEventV3, _>(v3);
}

async fn v2(call: Call<GetEventV2>) -> Result<Answer, ApiError> {
    event(call, EventVersion::WithoutUniversalMessages).await
}

async fn v3(call: Call<GetEventV3>) -> Result<Answer, ApiError> {
    event(call, EventVersion::Current).await
}

async fn event<E>(call: Call<E>, version: EventVersion) -> Result<Answer, ApiError>
where
    E: Endpoint<Query = GetEventQuery, Access = AllDocuments, Response = BoxEvent>,
{
    let found = call.reading().get_event(&call.permit, call.query.event_id).await?;
    let shown = view::for_version(decoded(&found)?, version);
    let filled = super::filled(call.reading(), &call.permit, ContentBudget::MESSAGE, |contents| {
        let mut shown = shown.clone();
        view::inject(&mut shown, &found.state, contents);
        shown
    });
    let (shown, is_whole) = filled.await?;
    Ok(call.answer_long(shown).await?.of_messages([found.event.message_id]).again_if(is_whole))
}

/// The event as it was rendered when it was written.
pub(super) fn decoded(found: &EventAnswer) -> Result<BoxEvent, ApiError> {
    let key = found.event.key.to_string();
    ReadyEvent { body: &found.event.box_event, index_key: &key }.decode().map_err(|error| {
        tracing::error!(event.id = %found.event.event_id, %error, "the stored form of an event cannot be read");
        ApiError::internal()
    })
}
