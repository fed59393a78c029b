//! What an event is about, for the filters of the feed.

use potok_types::{BoxId, DepartmentId, EntityId};

use crate::{AddresseeId, Change, DeliveryReport, Direction, Event, MessageState};

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
    /// Who was asked about it by then, each once, in order.
    pub asked: Vec<AddresseeId>,
}

/// The documents that `event` is about: those created or changed in it, and the roots of all its entities; every document of
/// the message when there are none, or when the event tells how the message itself was delivered. `state` is the state right
/// after the event.
pub fn concerned_documents(state: &MessageState, event: &Event) -> Vec<ConcernedDocument> {
    let mut roots: Vec<EntityId> = Vec::new();
    let touched = event.entities().iter().map(|entity| state.root_of(entity.id));
    for root in touched.chain(event.documents().iter().map(|patch| patch.document)) {
        if !roots.contains(&root) {
            roots.push(root);
        }
    }
    roots.retain(|root| state.document(*root).is_some());
    // Confirmations may come with it for some of the documents, but it changes all of them.
    let mut asked = state.asked();
    let is_about_all = roots.is_empty() || tells_of_the_message(event);
    state
        .documents()
        .filter(|(found, _)| is_about_all || roots.contains(&found.entity.id))
        .map(|(found, document)| ConcernedDocument {
            document: found.entity.id,
            type_named_id: document.kind.type_named_id.clone(),
            direction: state.direction(),
            counteragent: state.counteragent().box_id,
            department: state.department_of(found.entity.id),
            asked: asked.remove(&found.entity.id).unwrap_or_default().into_iter().collect(),
        })
        .collect()
}

/// The event says what became of the delivery of the message as a whole.
fn tells_of_the_message(event: &Event) -> bool {
    let Change::Patched(patched) = &event.change else { return false };
    match patched.report {
        Some(DeliveryReport::Delivered { whole_message, .. }) => whole_message,
        Some(DeliveryReport::NotDelivered { event: undelivered }) => {
            undelivered == event.message_id.first_event()
        }
        None => false,
    }
}
