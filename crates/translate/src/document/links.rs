//! Which documents a document refers to, and which refer to it.

use potok_domain::docflow::Docflow;
use potok_domain::{DocumentRef, MessageState};
use potok_wire::proto::DocumentId;

use super::id;

/// Documents that this one refers to: as it was posted, or as its base was posted with it.
pub(crate) fn initial(state: &MessageState, flow: &Docflow<'_>) -> Vec<DocumentId> {
    let this = this(state, flow);
    let posted = flow.facts.document.initial_documents.iter().copied();
    let named = siblings(state, this, |document| &document.subordinate_documents);
    unique(posted.chain(named))
}

/// Documents that refer to this one, in this message and (`elsewhere`) in others.
pub(crate) fn subordinate(
    state: &MessageState,
    flow: &Docflow<'_>,
    elsewhere: &[DocumentRef],
) -> Vec<DocumentId> {
    let this = this(state, flow);
    let posted = flow.facts.document.subordinate_documents.iter().copied();
    let naming = siblings(state, this, |document| &document.initial_documents);
    unique(posted.chain(naming).chain(elsewhere.iter().copied()))
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

/// Each link may be known from both of its ends; it is shown once.
fn unique(links: impl Iterator<Item = DocumentRef>) -> Vec<DocumentId> {
    let mut seen: Vec<DocumentRef> = Vec::new();
    for link in links {
        if !seen.contains(&link) {
            seen.push(link);
        }
    }
    seen.into_iter().map(id).collect()
}
