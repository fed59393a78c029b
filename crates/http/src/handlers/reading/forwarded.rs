//! Documents that other boxes forwarded: by their ids, in the order in which they came, and their bytes.

use potok_api::methods::{
    GetForwardedDocumentEventsV2, GetForwardedDocumentsV2, GetForwardedEntityContentV2,
};
use potok_app::{ForwardedDocument, ForwardedEventsRequest, ForwardedId, Reading, ReadingError};
use potok_domain::DocumentRef;
use potok_translate::answers::forwarding::{self, ShownForwarding};
use potok_translate::read::forwarding::{self as read, NamedForwarded};
use potok_translate::{ContentBudget, ContentPlan};
use potok_wire::proto;
use potok_wire::proto::forwarding::GetForwardedDocumentsResponse;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<GetForwardedDocumentsV2, _>(documents);
    all.on::<GetForwardedDocumentEventsV2, _>(events);
    all.on::<GetForwardedEntityContentV2, _>(content);
}

async fn documents(call: Call<GetForwardedDocumentsV2>) -> Result<Answer, ApiError> {
    let ids = read::documents(&call.body)?.into_iter().map(id);
    let found = call.reading().forwarded_documents(&call.permit, &ids.collect::<Vec<_>>()).await?;
    let forwarded_documents = shown(call.reading(), &found, call.body.inject_entity_content()).await?;
    Ok(call.answer(&GetForwardedDocumentsResponse { forwarded_documents }))
}

async fn events(call: Call<GetForwardedDocumentEventsV2>) -> Result<Answer, ApiError> {
    let read::ForwardedPage { after, between, order } = read::events(&call.body)?;
    let with_documents = call.body.populate_forwarded_documents();
    let request = ForwardedEventsRequest { after, between, order, with_documents };
    let found = call.reading().forwarded_events(&call.permit, request).await?;
    let documents: Vec<_> = found.events.iter().filter_map(|event| event.document.clone()).collect();
    let shown = shown(call.reading(), &documents, call.body.inject_entity_content()).await?;
    // What was asked for is there for every event or for none.
    let mut shown = shown.into_iter();
    let events = found.events.iter().map(|event| ShownForwarding {
        key: event.key,
        forwarding: event.forwarding,
        document: event.document.as_ref().and_then(|_| shown.next()),
    });
    Ok(call.answer(&forwarding::events(events.collect(), found.total, found.is_exact)))
}

async fn content(call: Call<GetForwardedEntityContentV2>) -> Result<Answer, ApiError> {
    let query = &call.query;
    let document = DocumentRef { message_id: query.message_id, entity_id: query.document_id };
    let id = ForwardedId { from: query.from_box_id, document, event: query.forward_event_id };
    let content = call.reading().forwarded_content(&call.permit, id, query.entity_id).await?;
    call.content(content).await
}

fn id(named: NamedForwarded) -> ForwardedId {
    let NamedForwarded { from, document, event } = named;
    ForwardedId { from, document, event }
}

/// The documents with their contents, if those are wanted and fit. They lie in the boxes that forwarded.
async fn shown(
    reading: &Reading,
    found: &[ForwardedDocument],
    inject_content: bool,
) -> Result<Vec<proto::forwarding::ForwardedDocument>, ReadingError> {
    let build = |contents: &mut ContentPlan| {
        let one = |found: &ForwardedDocument| {
            forwarding::document(&found.forwarding, &found.seen, inject_content, contents)
        };
        found.iter().map(one).collect()
    };
    let budget = if inject_content { ContentBudget::DOCFLOWS } else { ContentBudget::Nothing };
    let mut plan = ContentPlan::planning(budget);
    let without: Vec<_> = build(&mut plan);
    if plan.hashes().is_empty() {
        return Ok(without);
    }
    let loaded = reading.contents_of_forwarded(found, plan.hashes()).await?;
    Ok(build(&mut ContentPlan::filling(budget, loaded)))
}
