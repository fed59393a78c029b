//! `POST /V{2–5}/GetDocflowEvents`: what happened to the documents of a box, with their states before and after.

use bytes::Bytes;
use potok_api::Endpoint;
use potok_api::methods::{
    BoxQuery, GetDocflowEventsV2, GetDocflowEventsV3, GetDocflowEventsV4, GetDocflowEventsV5,
};
use potok_app::DocflowEventsAnswer;
use potok_translate::ContentPlan;
use potok_translate::docflow::{DocflowEvent, DocflowVersion, Previous, V2, V3, V4, V5};
use potok_translate::read::docflows;
use potok_types::access::OneDepartment;
use potok_wire::proto::docflow::GetDocflowEventsRequest;

use super::super::filled;
use super::{budget, shown};
use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<GetDocflowEventsV2, _>(answer::<_, V2>);
    all.on::<GetDocflowEventsV3, _>(answer::<_, V3>);
    all.on::<GetDocflowEventsV4, _>(answer::<_, V4>);
    all.on::<GetDocflowEventsV5, _>(answer::<_, V5>);
}

/// Any version of it.
async fn answer<E, V>(mut call: Call<E>) -> Result<Answer, ApiError>
where
    E: Endpoint<
            Query = BoxQuery,
            Request = GetDocflowEventsRequest,
            Access = OneDepartment,
            Response = V::Events,
        >,
    V: DocflowVersion,
{
    let body = std::mem::take(&mut call.body);
    let inject_content = body.inject_entity_content();
    let found = call.reading().docflow_events(&call.permit, docflows::events(body)?).await?;
    let events = filled(call.reading(), &call.permit, budget(inject_content), |contents| {
        events::<V>(&found, inject_content, contents)
    });
    let total = i32::try_from(found.total).unwrap_or(i32::MAX);
    let (events, is_whole) = events.await?;
    let answer = call.answer_long(V::events(events, total, found.is_exact)).await?;
    Ok(answer.of_box().again_if(is_whole))
}

/// Contents go to the document first and to its earlier state then, event by event.
fn events<V: DocflowVersion>(
    found: &DocflowEventsAnswer,
    inject_content: bool,
    contents: &mut ContentPlan,
) -> Vec<DocflowEvent<V::Document>> {
    let event = |event: &potok_app::DocflowEvent| DocflowEvent {
        id: event.event,
        at: event.at,
        document_id: event.document,
        index_key: Bytes::copy_from_slice(&event.place.to_bytes()),
        document: event.found.as_ref().and_then(|found| shown::<V>(found, inject_content, contents)),
        previous: event.previous.as_ref().map(|(previous, found)| Previous {
            event: *previous,
            document: shown::<V>(found, inject_content, contents),
        }),
    };
    found.events.iter().map(event).collect()
}
