//! Letters with an intermediate addressee: three boxes, of which the sender's is the middle.
//!
//! The sender's box sends to the intermediate addressee first. Once that has signed, or has written its title, the
//! document with all that belongs to it goes on to the recipient; after a refusal it never does. Recipient and
//! intermediate addressee send to the sender's box alone, and what arrives there goes on to the third box when it
//! concerns it. So each box gets everything of one message in one order, and nothing before what it hangs under.

use potok_types::{BoxId, EntityId, EventId};

use crate::carriage::{carried_by, crosses, split_at};
use crate::{Body, Change, CodeGroup, EntityState, Event, MessageState, Origin, Service, Side};

/// What the box that sent an event is told when the event arrived somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// That it arrived.
    Arrival,
    /// That these documents reached their recipient.
    Passage(Vec<EntityId>),
    /// Nothing: somebody else got it first, and this is the copy for the third box.
    Nothing,
}

/// Whose a file or signature is, as far as somebody signed it.
fn author_of(state: &MessageState, found: &EntityState) -> Option<BoxId> {
    match &found.entity.body {
        Body::Signature(signature) => Some(signature.signer_box),
        Body::Service(Service::UniversalMessage(message)) => Some(message.creator_box),
        _ => state
            .children(found.entity.id)
            .find_map(|child| child.entity.signature().filter(|signature| !signature.is_approval))
            .map(|signature| signature.signer_box),
    }
}

/// What `author` answered to the document, as far as it counts: its signature, title or refusal.
pub(crate) fn answers_by(
    state: &MessageState,
    document: EntityId,
    author: BoxId,
) -> impl Iterator<Item = &EntityState> {
    let is_answer = |service: &Service| matches!(service, Service::Title(_)) || service.is_refusal();
    state.children(document).filter(move |child| {
        (child.is_flow_signature() || child.entity.service().is_some_and(is_answer))
            && child.stands()
            && author_of(state, child) == Some(author)
    })
}

/// The signature or title with which the intermediate addressee lets a document through.
fn lets_through(state: &MessageState, found: &EntityState) -> bool {
    let is_consent = found.is_flow_signature() || matches!(found.entity.service(), Some(Service::Title(_)));
    is_consent
        && found.stands()
        && found.entity.parent.is_some_and(|parent| state.document(parent).is_some())
        && state.proxy_box().is_some_and(|proxy| author_of(state, found) == Some(proxy))
}

/// The intermediate addressee has let the document through.
pub(crate) fn is_let_through(state: &MessageState, document: EntityId) -> bool {
    state.children(document).any(|child| lets_through(state, child))
}

/// The documents that the intermediate addressee lets through in `event`.
fn passed_by(state: &MessageState, event: EventId) -> Vec<EntityId> {
    let (_, added) = split_at(state, event);
    let consents = added.iter().filter(|found| lets_through(state, found));
    consents.filter_map(|found| found.entity.parent).collect()
}

/// The entities that go to the box `to` with `event`; like [`carried_by`], for one of several boxes.
pub(crate) fn carried_to(state: &MessageState, event: EventId, to: BoxId) -> Vec<EntityId> {
    let Some(proxy) = state.proxy_box().filter(|_| state.side() == Side::Sender) else {
        return carried_by(state, event);
    };
    if to != proxy {
        return carried_on(state, event);
    }
    let (_, added) = split_at(state, event);
    if added.iter().any(|found| found.is_undeliverable) {
        return Vec::new();
    }
    let carried = carried_by(state, event).into_iter();
    carried.filter(|id| state.entity(*id).is_some_and(|found| concerns_proxy(state, found))).collect()
}

/// What goes to the recipient behind an intermediate addressee.
fn carried_on(state: &MessageState, event: EventId) -> Vec<EntityId> {
    let (earlier, added) = split_at(state, event);
    let passed = passed_by(state, event);
    let root = |found: &EntityState| state.root_of(found.entity.id);
    let passed_before =
        |id| earlier.iter().any(|found| found.entity.parent == Some(id) && lets_through(state, found));
    // What never got to the intermediate addressee was lost with an earlier sending of the document.
    let waiting =
        earlier.iter().filter(|found| found.delivered_at.is_some() && passed.contains(&root(found)));
    let added = added.iter().filter(|found| passed.contains(&root(found)) || passed_before(root(found)));
    waiting
        .chain(added)
        .filter(|found| found.stands() && crosses(state, found))
        .map(|found| found.entity.id)
        .collect()
}

/// Receipts and amendments pass between sender and recipient alone. Answers, information and all of a revocation concern
/// everybody.
pub(crate) fn concerns_proxy(state: &MessageState, found: &EntityState) -> bool {
    let mut current = Some(found);
    while let Some(found) = current {
        let concerns = match found.entity.service() {
            None
            | Some(
                Service::Comment
                | Service::StructuredData
                | Service::Title(_)
                | Service::XmlSignatureRejection
                | Service::SignatureRequestRejection
                | Service::RevocationRequest { .. }
                | Service::TagChange(_)
                | Service::FixationCancellation
                | Service::PowerOfAttorney(_),
            ) => true,
            Some(Service::UniversalMessage(message)) => {
                let is_between_two =
                    matches!(message.code_group, Some(CodeGroup::Receipt | CodeGroup::AmendmentRequest));
                message.is_out_of_workflow || !is_between_two
            }
            Some(_) => false,
        };
        if !concerns {
            return false;
        }
        current = found.entity.parent.and_then(|parent| state.entity(parent));
    }
    true
}

/// The boxes that get something with `event`, the one first that the sender waits for.
pub(crate) fn destinations(state: &MessageState, event: EventId) -> Vec<BoxId> {
    let boxes = match (state.side(), state.proxy_box()) {
        (Side::Sender, Some(proxy)) => vec![state.to.box_id, proxy],
        _ => vec![state.counteragent().box_id],
    };
    boxes.into_iter().filter(|to| !carried_to(state, event, *to).is_empty()).collect()
}

/// What this box is told when its `event` arrived at `to`.
pub(crate) fn told_of(state: &MessageState, event: &Event, to: BoxId) -> Told {
    if state.side() != Side::Sender || state.proxy.is_none() {
        return Told::Arrival;
    }
    let is_copy =
        || state.proxy_box() == Some(to) && !carried_to(state, event.id, state.to.box_id).is_empty();
    match is_own(event) {
        true if is_copy() => Told::Nothing,
        true => Told::Arrival,
        false => match passed_by(state, event.id) {
            passed if passed.is_empty() || to != state.to.box_id => Told::Nothing,
            passed => Told::Passage(passed),
        },
    }
}

/// Somebody of this box made it.
pub(crate) fn is_own(event: &Event) -> bool {
    match &event.change {
        // Only the sender's box tells of the event that opened the message.
        Change::Posted(_) => true,
        Change::Patched(patched) => matches!(patched.origin, Origin::Own { .. }),
    }
}
