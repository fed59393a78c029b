//! Which documents a document refers to, and which refer to it.

use potok_domain::docflow::{Docflow, HiddenLinks, Relations};
use potok_domain::{DocumentRef, MessageState};
use potok_wire::proto::DocumentId;
use potok_wire::proto::documents::Document;

use super::id;

/// Documents that this one refers to: as it was posted, or as its base was posted with it.
pub(crate) fn initial(
    state: &MessageState,
    flow: &Docflow<'_>,
    relations: &Relations<'_>,
) -> Vec<DocumentId> {
    let this = this(state, flow);
    let posted = flow.facts.document.initial_documents.iter().copied();
    let named = siblings(state, this, |document| &document.subordinate_documents);
    told(posted.chain(named), relations)
}

/// Documents that refer to this one, in this message and in others.
pub(crate) fn subordinate(
    state: &MessageState,
    flow: &Docflow<'_>,
    relations: &Relations<'_>,
) -> Vec<DocumentId> {
    let this = this(state, flow);
    let posted = flow.facts.document.subordinate_documents.iter().copied();
    let naming = siblings(state, this, |document| &document.initial_documents);
    let elsewhere = relations.referrers.iter().filter(|referrer| referrer.is_linked);
    told(posted.chain(naming).chain(elsewhere.map(|referrer| referrer.document)), relations)
}

/// Takes the documents out of the links of `shown` of which its reader is not told.
pub(crate) fn hide(shown: &mut Document, hidden: &HiddenLinks) {
    for links in [&mut shown.initial_document_ids, &mut shown.subordinate_document_ids] {
        links.retain(|link| named(link).is_none_or(|link| !hidden.hides(&link)));
    }
}

fn named(link: &DocumentId) -> Option<DocumentRef> {
    Some(DocumentRef { message_id: link.message_id.parse().ok()?, entity_id: link.entity_id.parse().ok()? })
}

fn this(state: &MessageState, flow: &Docflow<'_>) -> DocumentRef {
    DocumentRef { message_id: state.message_id, entity_id: flow.facts.entity.entity.id }
}

/// Documents of the message whose `links` name `this`.
fn siblings(
    state: &MessageState,
    this: DocumentRef,
    links: fn(&potok_domain::Document) -> &Vec<DocumentRef>,
) -> impl Iterator<Item = DocumentRef> {
    state
        .documents()
        .filter(move |(_, document)| links(document).contains(&this))
        .map(move |(found, _)| DocumentRef { message_id: this.message_id, entity_id: found.entity.id })
}

/// Each link may be known from both of its ends; it is shown once, if its other end is not hidden from the reader.
fn told(links: impl Iterator<Item = DocumentRef>, relations: &Relations<'_>) -> Vec<DocumentId> {
    let mut seen: Vec<DocumentRef> = Vec::new();
    for link in links {
        if relations.tells(&link) && !seen.contains(&link) {
            seen.push(link);
        }
    }
    seen.into_iter().map(id).collect()
}
