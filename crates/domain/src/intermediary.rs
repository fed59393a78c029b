//! Letters with an intermediate addressee: three boxes, of which the sender's is the middle.
//!
//! The sender's box sends to the intermediate addressee first. Once that has signed, or has written its title, the
//! document with all that belongs to it goes on to the recipient; after a refusal it never does. Recipient and
//! intermediate addressee send to the sender's box alone, and what arrives there goes on to the third box when it
//! concerns it. So each box gets everything of one message in one order, and nothing before what it hangs under.

use potok_types::{BoxId, EntityId, EventId};

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

impl MessageState {
    /// Whose a file or signature is, as far as somebody signed it.
    fn author_of(&self, state: &EntityState) -> Option<BoxId> {
        match &state.entity.body {
            Body::Signature(signature) => Some(signature.signer_box),
            Body::Service(Service::UniversalMessage(message)) => Some(message.creator_box),
            _ => self
                .children(state.entity.id)
                .find_map(|child| child.entity.signature().filter(|signature| !signature.is_approval))
                .map(|signature| signature.signer_box),
        }
    }

    /// What `author` answered to the document, as far as it counts: its signature, title or refusal.
    pub(crate) fn answers_by(&self, document: EntityId, author: BoxId) -> impl Iterator<Item = &EntityState> {
        let is_answer = |service: &Service| matches!(service, Service::Title(_)) || service.is_refusal();
        self.children(document).filter(move |child| {
            (child.is_flow_signature() || child.entity.service().is_some_and(is_answer))
                && child.stands()
                && self.author_of(child) == Some(author)
        })
    }

    /// The signature or title with which the intermediate addressee lets a document through.
    fn lets_through(&self, state: &EntityState) -> bool {
        let is_consent =
            state.is_flow_signature() || matches!(state.entity.service(), Some(Service::Title(_)));
        is_consent
            && state.stands()
            && state.entity.parent.is_some_and(|parent| self.document(parent).is_some())
            && self.proxy_box().is_some_and(|proxy| self.author_of(state) == Some(proxy))
    }

    /// The intermediate addressee has let the document through.
    pub(crate) fn is_let_through(&self, document: EntityId) -> bool {
        self.children(document).any(|child| self.lets_through(child))
    }

    /// The documents that the intermediate addressee lets through in `event`.
    fn passed_by(&self, event: EventId) -> Vec<EntityId> {
        let (_, added) = self.split_at(event);
        let consents = added.iter().filter(|state| self.lets_through(state));
        consents.filter_map(|state| state.entity.parent).collect()
    }

    /// The entities that go to the box `to` with `event`; like [`Self::carried_by`], for one of several boxes.
    pub(crate) fn carried_to(&self, event: EventId, to: BoxId) -> Vec<EntityId> {
        let Some(proxy) = self.proxy_box().filter(|_| self.side() == Side::Sender) else {
            return self.carried_by(event);
        };
        if to != proxy {
            return self.carried_on(event);
        }
        let (_, added) = self.split_at(event);
        if added.iter().any(|state| state.is_undeliverable) {
            return Vec::new();
        }
        let carried = self.carried_by(event).into_iter();
        carried.filter(|id| self.entity(*id).is_some_and(|state| self.concerns_proxy(state))).collect()
    }

    /// What goes to the recipient behind an intermediate addressee.
    fn carried_on(&self, event: EventId) -> Vec<EntityId> {
        let (earlier, added) = self.split_at(event);
        let passed = self.passed_by(event);
        let root = |state: &EntityState| self.root_of(state.entity.id);
        let passed_before =
            |id| earlier.iter().any(|state| state.entity.parent == Some(id) && self.lets_through(state));
        // What never got to the intermediate addressee was lost with an earlier sending of the document.
        let waiting =
            earlier.iter().filter(|state| state.delivered_at.is_some() && passed.contains(&root(state)));
        let added = added.iter().filter(|state| passed.contains(&root(state)) || passed_before(root(state)));
        waiting
            .chain(added)
            .filter(|state| state.stands() && self.crosses(state))
            .map(|state| state.entity.id)
            .collect()
    }

    /// Receipts and amendments pass between sender and recipient alone. Answers, information and all of a revocation concern
    /// everybody.
    pub(crate) fn concerns_proxy(&self, state: &EntityState) -> bool {
        let mut current = Some(state);
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
                    | Service::TagChange(_),
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
            current = found.entity.parent.and_then(|parent| self.entity(parent));
        }
        true
    }

    /// The boxes that get something with `event`, the one first that the sender waits for.
    pub(crate) fn destinations(&self, event: EventId) -> Vec<BoxId> {
        let boxes = match (self.side(), self.proxy_box()) {
            (Side::Sender, Some(proxy)) => vec![self.to.box_id, proxy],
            _ => vec![self.counteragent().box_id],
        };
        boxes.into_iter().filter(|to| !self.carried_to(event, *to).is_empty()).collect()
    }

    /// What this box is told when its `event` arrived at `to`.
    pub(crate) fn told_of(&self, event: &Event, to: BoxId) -> Told {
        if self.side() != Side::Sender || self.proxy.is_none() {
            return Told::Arrival;
        }
        let is_copy =
            || self.proxy_box() == Some(to) && !self.carried_to(event.id, self.to.box_id).is_empty();
        match is_own(event) {
            true if is_copy() => Told::Nothing,
            true => Told::Arrival,
            false => match self.passed_by(event.id) {
                passed if passed.is_empty() || to != self.to.box_id => Told::Nothing,
                passed => Told::Passage(passed),
            },
        }
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

#[cfg(test)]
mod tests;
