//! `POST /GetPartnerEvents`: what happened to the documents of all boxes of the user of a technology partner.

use potok_api::methods::GetPartnerEvents;
use potok_app::PartnerEventsAnswer;
use potok_translate::answers::partner_events::{self, ShownPartnerEvent};
use potok_translate::docflow::{DocflowVersion, V4};
use potok_translate::read::partner_events as read;
use potok_translate::{ContentBudget, ContentPlan};

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<GetPartnerEvents, _>(v1);
}

async fn v1(mut call: Call<GetPartnerEvents>) -> Result<Answer, ApiError> {
    let request = read::request(&std::mem::take(&mut call.body))?;
    let found = call.reading().partner_events(&call.permit, request).await?;
    Ok(call.answer(&shown(&found)))
}

/// No contents stand in the answer, so none are looked for.
fn shown(found: &PartnerEventsAnswer) -> <GetPartnerEvents as potok_api::Endpoint>::Response {
    let mut contents = ContentPlan::planning(ContentBudget::Nothing);
    let mut document = |found: &potok_app::FoundDocument| {
        V4::document(&found.state, found.document.entity_id, &found.relations(), false, &mut contents)
    };
    let events = found.events.iter().map(|event| ShownPartnerEvent {
        id: event.event,
        at: event.at,
        document_id: event.document,
        document: event.found.as_ref().and_then(&mut document),
        previous: event.previous.as_ref().and_then(|(_, found)| document(found)),
    });
    partner_events::answer(events.collect(), found.places.as_ref())
}
