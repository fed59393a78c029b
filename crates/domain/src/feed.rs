//! What an event is about, for the filters of the feed.

use potok_types::{BoxId, DepartmentId, EntityId};

use crate::{Direction, Event, MessageState};

/// A document that an event is about, as it was right after the event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConcernedDocument {
    /// Which document of the message.
    pub document: EntityId,
    /// Its type.
    pub type_named_id: String,
    /// Its direction.
    pub direction: Direction,
    /// The other box.
    pub counteragent: BoxId,
    /// Where it lay.
    pub department: DepartmentId,
}

/// The documents that `event` is about: those created or changed in it, and the roots of all its entities; every document of
/// the message when there are none. `state` is the state right after the event.
pub fn concerned_documents(state: &MessageState, event: &Event) -> Vec<ConcernedDocument> {
    let mut roots: Vec<EntityId> = Vec::new();
    let touched = event.entities().iter().map(|entity| state.root_of(entity.id));
    for root in touched.chain(event.documents().iter().map(|patch| patch.document)) {
        if !roots.contains(&root) {
            roots.push(root);
        }
    }
    roots.retain(|root| state.document(*root).is_some());
    state
        .documents()
        .filter(|(found, _)| roots.is_empty() || roots.contains(&found.entity.id))
        .map(|(found, document)| ConcernedDocument {
            document: found.entity.id,
            type_named_id: document.kind.type_named_id.clone(),
            direction: state.direction(),
            counteragent: state.counteragent().box_id,
            department: state.department_of(found.entity.id),
        })
        .collect()
}
