//! What shows the exchange: events, messages, documents, docflows, contents.

mod docflows;
mod documents;
mod get_entity_content;
mod get_event;
mod get_last_event;
mod get_message;
mod get_new_events;
mod get_signature_info;
mod refusals;

use potok_api::methods::{
    GetDocumentV3, GetDocumentsByCustomId, GetDocumentsByMessageId, GetDocumentsV3, GetDocumentsV4,
    GetEntityContentV4, GetEventV2, GetEventV3, GetLastEvent, GetLastEventV2, GetMessageV5, GetMessageV6,
    GetNewEventsV4, GetNewEventsV5, GetNewEventsV6, GetNewEventsV7, GetNewEventsV8, GetSignatureInfo,
};
use potok_app::{Actor, Reading, ReadingError};
use potok_translate::{ContentBudget, ContentPlan};

use crate::registry::Registry;

/// Adds all of them.
pub(super) fn register(all: &mut Registry) {
    docflows::register(all);
    all.on::<GetDocumentV3, _>(documents::get_document_v3);
    all.on::<GetDocumentsByCustomId, _>(documents::get_documents_by_custom_id);
    all.on::<GetDocumentsByMessageId, _>(documents::get_documents_by_message_id);
    all.on::<GetDocumentsV3, _>(documents::get_documents_v3);
    all.on::<GetDocumentsV4, _>(documents::get_documents_v4);
    all.on::<GetEntityContentV4, _>(get_entity_content::v4);
    all.on::<GetEventV2, _>(get_event::v2);
    all.on::<GetEventV3, _>(get_event::v3);
    all.on::<GetLastEvent, _>(get_last_event::v1);
    all.on::<GetLastEventV2, _>(get_last_event::v2);
    all.on::<GetMessageV5, _>(get_message::v5);
    all.on::<GetMessageV6, _>(get_message::v6);
    all.on::<GetNewEventsV4, _>(get_new_events::v4);
    all.on::<GetNewEventsV5, _>(get_new_events::v5);
    all.on::<GetNewEventsV6, _>(get_new_events::v6);
    all.on::<GetNewEventsV7, _>(get_new_events::v7);
    all.on::<GetNewEventsV8, _>(get_new_events::v8);
    all.on::<GetSignatureInfo, _>(get_signature_info::v1);
}

/// Builds an answer that may carry contents: once to learn which of them fit, and once more with them.
async fn with_contents<T>(
    reading: &Reading,
    actor: &Actor,
    budget: ContentBudget,
    build: impl Fn(&mut ContentPlan) -> T,
) -> Result<T, ReadingError> {
    let mut plan = ContentPlan::planning(budget);
    let without = build(&mut plan);
    if plan.hashes().is_empty() {
        return Ok(without);
    }
    let loaded = reading.contents_for(actor, plan.hashes().iter().copied()).await?;
    Ok(build(&mut ContentPlan::filling(budget, loaded)))
}
