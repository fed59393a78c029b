//! What an event takes along when it goes to the other box.
//!
//! Usually that is what the event added. But what was put into a letter before it was sent waits there and travels with
//! the sender's signature: the document itself, its comments and data, approvals. Sender's box and receiving box both
//! ask here, so that what one reports as delivered is what the other one got.

use std::collections::HashMap;

use potok_types::{EntityId, EventId};

use crate::{Body, Check, EntityState, LockMode, MessageState, Service};

impl EntityState {
    /// It counts: its signature, if it is one, is not bad, and the event that brought it was not given up.
    pub fn stands(&self) -> bool {
        self.check != Check::Invalid && !self.is_undeliverable
    }

    pub(crate) fn is_flow_signature(&self) -> bool {
        self.entity.signature().is_some_and(|signature| !signature.is_approval)
    }
}

impl MessageState {
    /// The document waits for the sender's signature.
    pub fn is_unsent(&self, document: EntityId) -> bool {
        self.side().is_sending() && self.sending_signature(document).is_none()
    }

    /// The documents of the message are treated as one now: none may be left out, none may join or leave.
    pub fn is_packet_locked(&self) -> bool {
        match self.lock_mode {
            LockMode::None => false,
            LockMode::Send => self.documents().any(|(found, _)| self.is_unsent(found.entity.id)),
            LockMode::Full => true,
        }
    }

    /// The signatures under `parent` that mean something to the flow and count, oldest first.
    pub(crate) fn standing_signatures(&self, parent: EntityId) -> impl Iterator<Item = &EntityState> {
        self.children(parent).filter(|child| child.is_flow_signature() && child.stands())
    }

    /// The signature with which the root document was sent, if it counts. Inside one organization both sides sign as
    /// the same box: the sender's signature is the first.
    pub(crate) fn sending_signature(&self, document: EntityId) -> Option<&EntityState> {
        self.standing_signatures(document).find(|child| self.is_by_sender(child))
    }

    fn is_by_sender(&self, state: &EntityState) -> bool {
        state.entity.signature().is_some_and(|signature| signature.signer_box == self.from.box_id)
    }

    /// The entities that `event` added, which stand together, and those before them.
    pub(crate) fn split_at(&self, event: EventId) -> (&[EntityState], &[EntityState]) {
        let entities = self.entities();
        let end = entities.iter().rposition(|state| state.event == event).map_or(0, |last| last + 1);
        let earlier =
            entities[..end].iter().rposition(|state| state.event != event).map_or(0, |last| last + 1);
        entities[..end].split_at(earlier)
    }

    /// The root documents that `event` sends: those that it signs for the sender.
    pub(crate) fn sent_by(&self, event: EventId) -> Vec<EntityId> {
        let (_, added) = self.split_at(event);
        added
            .iter()
            .filter(|state| state.is_flow_signature() && self.is_by_sender(state))
            .filter_map(|state| state.entity.parent)
            .filter(|parent| self.document(*parent).is_some())
            .collect()
    }

    /// The entities that go to the other box with `event`, in the order of this box, parents before children. Empty
    /// when there is nothing for the other box, or what it hangs under was never sent or was given up.
    pub(crate) fn carried_by(&self, event: EventId) -> Vec<EntityId> {
        let (earlier, added) = self.split_at(event);
        let sent = self.sent_by(event);
        let was_sent_before = |root| {
            earlier.iter().any(|state| {
                state.entity.parent == Some(root)
                    && state.is_flow_signature()
                    && state.stands()
                    && self.is_by_sender(state)
            })
        };
        let came_from_elsewhere = self.from.box_id != self.box_id;
        // An event usually adds many things to few documents, so what was found for one root is kept.
        let mut open: HashMap<EntityId, bool> = sent.iter().map(|root| (*root, true)).collect();
        let root = |state: &EntityState| self.root_of(state.entity.id);
        let waiting = if sent.is_empty() { &[] } else { earlier };
        let waiting = waiting.iter().filter(|state| sent.contains(&root(state)) && waits_for_sending(state));
        let added = added.iter().filter(|state| {
            *open.entry(root(state)).or_insert_with_key(|root| came_from_elsewhere || was_sent_before(*root))
        });
        waiting.chain(added).filter(|state| self.crosses(state)).map(|state| state.entity.id).collect()
    }

    /// It is not this box's own business, and the other box has what it hangs under.
    pub(crate) fn crosses(&self, state: &EntityState) -> bool {
        !state.entity.is_private() && !self.is_for_operator(state) && !self.is_cut_off(state)
    }

    /// It hangs under a file that the other box will never get. Documents may be sent again, files in them are not.
    fn is_cut_off(&self, state: &EntityState) -> bool {
        let mut parent = state.entity.parent;
        while let Some(found) = parent.and_then(|parent| self.entity(parent)) {
            if found.is_undeliverable && found.entity.service().is_some() {
                return true;
            }
            parent = found.entity.parent;
        }
        false
    }

    /// The entities of `event` that nobody but the operator gets: acknowledgements of its confirmations.
    pub(crate) fn for_operator(&self, event: EventId) -> Vec<EntityId> {
        let (_, added) = self.split_at(event);
        added.iter().filter(|state| self.is_for_operator(state)).map(|state| state.entity.id).collect()
    }

    fn is_for_operator(&self, state: &EntityState) -> bool {
        let mut parent = state.entity.parent;
        while let Some(found) = parent.and_then(|parent| self.entity(parent)) {
            match found.entity.service() {
                // The operator's own signature under its confirmation is no answer to it.
                Some(Service::Confirmation) => return state.entity.author.is_some(),
                _ => parent = found.entity.parent,
            }
        }
        false
    }
}

/// It lies in an unsent document and goes with it: anything but signatures that failed, and what was signed to follow a
/// document that then did not arrive.
fn waits_for_sending(state: &EntityState) -> bool {
    match &state.entity.body {
        Body::Signature(signature) => signature.is_approval && state.check != Check::Invalid,
        Body::Service(service) => !service.is_signed(),
        Body::Document(_) => true,
    }
}
