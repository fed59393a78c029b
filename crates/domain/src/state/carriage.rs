//! What an event takes along when it goes to the other box.
//!
//! Usually that is what the event added. But what was put into a letter before it was sent waits there and travels with
//! the sender's signature: the document itself, its comments and data, approvals. Sender's box and receiving box both
//! ask here, so that what one reports as delivered is what the other one got.

use std::collections::HashMap;

use potok_types::{EntityId, EventId};

use super::{EntityState, MessageState};
use crate::{Body, Check, LockMode, MessageType, Service};

/// The document waits for the sender's signature.
pub fn is_unsent(state: &MessageState, document: EntityId) -> bool {
    state.side().is_sending() && sending_signature(state, document).is_none()
}

/// The documents of the message are treated as one now: none may be left out, none may join or leave.
pub fn is_packet_locked(state: &MessageState) -> bool {
    match state.lock_mode {
        LockMode::None => false,
        // What is sent is the letter that is made of it.
        LockMode::Send if state.message_type == MessageType::Template => true,
        LockMode::Send => state.documents().any(|(found, _)| is_unsent(state, found.entity.id)),
        LockMode::Full => true,
    }
}

/// The signatures under `parent` that mean something to the flow and count, oldest first.
pub(crate) fn standing_signatures(
    state: &MessageState,
    parent: EntityId,
) -> impl Iterator<Item = &EntityState> {
    state.children(parent).filter(|child| child.is_flow_signature() && child.stands())
}

/// The signature with which the root document was sent, if it counts. Inside one organization both sides sign as
/// the same box: the sender's signature is the first.
pub(crate) fn sending_signature(state: &MessageState, document: EntityId) -> Option<&EntityState> {
    standing_signatures(state, document).find(|child| is_by_sender(state, child))
}

fn is_by_sender(state: &MessageState, found: &EntityState) -> bool {
    found.entity.signature().is_some_and(|signature| signature.signer_box == state.from.box_id)
}

/// The entities that `event` added, which stand together, and those before them.
pub(crate) fn split_at(state: &MessageState, event: EventId) -> (&[EntityState], &[EntityState]) {
    let entities = state.entities();
    let end = entities.iter().rposition(|found| found.event == event).map_or(0, |last| last + 1);
    let earlier = entities[..end].iter().rposition(|found| found.event != event).map_or(0, |last| last + 1);
    entities[..end].split_at(earlier)
}

/// The root documents that `event` sends: those that it signs for the sender.
pub(crate) fn sent_by(state: &MessageState, event: EventId) -> Vec<EntityId> {
    let (_, added) = split_at(state, event);
    added
        .iter()
        .filter(|found| found.is_flow_signature() && is_by_sender(state, found))
        .filter_map(|found| found.entity.parent)
        .filter(|parent| state.document(*parent).is_some())
        .collect()
}

/// The entities that go to the other box with `event`, in the order of this box, parents before children. Empty
/// when there is nothing for the other box, or what it hangs under was never sent or was given up.
pub(crate) fn carried_by(state: &MessageState, event: EventId) -> Vec<EntityId> {
    let (earlier, added) = split_at(state, event);
    let sent = sent_by(state, event);
    let was_sent_before = |root| {
        earlier.iter().any(|found| {
            found.entity.parent == Some(root)
                && found.is_flow_signature()
                // One that arrived and was found bad there, as only the recipient of an encrypted document can find it, has
                // brought the document all the same.
                && (found.stands() || found.delivered_at.is_some())
                && is_by_sender(state, found)
        })
    };
    // Nobody signs a template: all of it travels at once.
    let is_open = state.from.box_id != state.box_id || state.message_type == MessageType::Template;
    // An event usually adds many things to few documents, so what was found for one root is kept.
    let mut open: HashMap<EntityId, bool> = sent.iter().map(|root| (*root, true)).collect();
    let root = |found: &EntityState| state.root_of(found.entity.id);
    let waiting = if sent.is_empty() { &[] } else { earlier };
    let waiting = waiting.iter().filter(|found| sent.contains(&root(found)) && waits_for_sending(found));
    let added = added.iter().filter(|found| {
        *open.entry(root(found)).or_insert_with_key(|root| is_open || was_sent_before(*root))
    });
    waiting.chain(added).filter(|found| crosses(state, found)).map(|found| found.entity.id).collect()
}

/// What this box signed after the documents that `event` should have sent, to follow them. When they do not arrive it is
/// given up: it does not wait for them to be sent again, see [`waits_for_sending`].
pub(crate) fn signed_to_follow(state: &MessageState, event: EventId) -> Vec<EntityId> {
    let sent = sent_by(state, event);
    let is_signed = |found: &&EntityState| {
        found.delivered_at.is_none() && found.entity.service().is_some_and(Service::is_signed)
    };
    let signed = state.entities().iter().filter(is_signed).map(|found| found.entity.id);
    signed.filter(|id| sent.contains(&state.root_of(*id))).collect()
}

/// It is not this box's own business, and the other box has what it hangs under.
pub(crate) fn crosses(state: &MessageState, found: &EntityState) -> bool {
    !found.entity.is_private() && !is_for_operator(state, found) && !is_cut_off(state, found)
}

/// It hangs under a file that the other box will never get. Documents may be sent again, files in them are not.
fn is_cut_off(state: &MessageState, hanging: &EntityState) -> bool {
    let mut parent = hanging.entity.parent;
    while let Some(found) = parent.and_then(|parent| state.entity(parent)) {
        if found.is_undeliverable && found.entity.service().is_some() {
            return true;
        }
        parent = found.entity.parent;
    }
    false
}

/// The entities of `event` that nobody but the operator gets: acknowledgements of its confirmations.
pub(crate) fn for_operator(state: &MessageState, event: EventId) -> Vec<EntityId> {
    let (_, added) = split_at(state, event);
    added.iter().filter(|found| is_for_operator(state, found)).map(|found| found.entity.id).collect()
}

fn is_for_operator(state: &MessageState, answer: &EntityState) -> bool {
    let mut parent = answer.entity.parent;
    while let Some(found) = parent.and_then(|parent| state.entity(parent)) {
        match found.entity.service() {
            // The operator's own signature under its confirmation is no answer to it.
            Some(Service::Confirmation) => return answer.entity.author.is_some(),
            _ => parent = found.entity.parent,
        }
    }
    false
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
