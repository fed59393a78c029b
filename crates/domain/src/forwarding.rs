//! Documents that are shown to a third box, as they are when that is done.
//!
//! Nothing is copied: events never change, so the place in the journal of the box that forwards says for ever what the other
//! one sees ([`Forwarding::as_of`]). What it sees of that place is an [`excerpt`].

use potok_types::{BoxId, DepartmentId, EntityId, EventId, PacketId, Ticks};

use crate::{
    Body, Document, DocumentRef, DocumentState, Entity, EntityState, LockMode, MessageState, Revision,
    Service, Signature,
};

/// One document was forwarded to one box. The same in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forwarding {
    /// The event of the message by which it was forwarded: its name for both sides.
    pub id: EventId,
    /// When that was, by the clock of the box that forwarded it.
    pub at: Ticks,
    /// The box that forwarded it.
    pub from: BoxId,
    /// The box to which it was forwarded.
    pub to: BoxId,
    /// The document, in the box that forwarded it.
    pub document: DocumentRef,
    /// How many events of its message there were then.
    pub as_of: Revision,
}

/// What a third box sees of `document`: the file, what was given to the other side or got from there, what the operator
/// confirmed, and how all that stands. What the organization of `state` keeps to itself is not there: approvals without
/// signatures, routes, departments, packets, tags, other documents, and to whom else it was forwarded. `None` when `state` has no such root document.
pub fn excerpt(state: &MessageState, document: EntityId) -> Option<MessageState> {
    state.document(document)?;
    let is_told = |found: &EntityState| {
        state.root_of(found.entity.id) == document
            && is_of_exchange(&found.entity)
            && is_reachable(state, found)
    };
    let told = |found: &EntityState| is_told(found).then(|| retold(state, found));
    let mut seen = state.excerpt(told);
    for party in [Some(&mut seen.from), Some(&mut seen.to), seen.proxy.as_mut()].into_iter().flatten() {
        party.department = None;
    }
    seen.lock_mode = LockMode::None;
    seen.invitation = None;
    seen.made_from = None;
    seen.letters = Vec::new();
    seen.is_read = true;
    Some(seen)
}

/// It is for both sides of the exchange, or the operator's word on it.
const fn is_of_exchange(entity: &Entity) -> bool {
    match &entity.body {
        Body::Document(_)
        | Body::Signature(_)
        | Body::Service(Service::Confirmation | Service::PowerOfAttorneyStatus(_)) => true,
        Body::Service(Service::TagChange(_)) => false,
        Body::Service(_) => !entity.is_private(),
    }
}

/// Nothing that is left out stands between it and its document.
fn is_reachable(state: &MessageState, found: &EntityState) -> bool {
    let mut next = found.entity.parent;
    // Parents stand before children, so the walk ends.
    while let Some(parent) = next.and_then(|id| state.entity(id)) {
        if !is_of_exchange(&parent.entity) {
            return false;
        }
        next = parent.entity.parent;
    }
    true
}

fn retold(state: &MessageState, found: &EntityState) -> EntityState {
    let entity = &found.entity;
    let body = match &entity.body {
        Body::Document(document) => Body::Document(Box::new(Document {
            department: DepartmentId::ZERO,
            packet: PacketId::ZERO,
            custom_document_id: None,
            editing_setting: None,
            tags: Vec::new(),
            initial_documents: Vec::new(),
            subordinate_documents: Vec::new(),
            ..(**document).clone()
        })),
        Body::Signature(signature) => {
            Body::Signature(Signature { signer_department: DepartmentId::ZERO, ..signature.clone() })
        }
        Body::Service(service) => Body::Service(service.without_departments()),
    };
    let author = entity.author.filter(|_| !state.is_impersonal(entity));
    EntityState {
        entity: Entity { author, body, ..entity.clone() },
        document: found.document.as_deref().map(|document| Box::new(outside(document, found.appeared_at))),
        ..found.clone()
    }
}

/// What the exchange itself did to the document.
fn outside(document: &DocumentState, appeared_at: Ticks) -> DocumentState {
    let mut document = document.without_tags();
    document.department = DepartmentId::ZERO;
    document.packet = PacketId::ZERO;
    document.packet_since = appeared_at;
    document.is_deleted = false;
    document.route = None;
    document.forwards = Vec::new();
    document
}
