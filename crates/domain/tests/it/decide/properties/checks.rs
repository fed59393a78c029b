//! What has to hold afterwards.

use std::collections::{BTreeSet, HashSet};

use potok_types::{DepartmentId, EntityId, MessageId};

use potok_domain::forwarding::excerpt;
use potok_domain::{CodeGroup, EntityState, MessageState, Service};
use potok_stories::{Simulation, Who, box_of};

use super::Run;

impl Run {
    pub(super) fn check(&self) {
        for who in Who::ALL {
            for message in self.messages(who) {
                let here = self.story.simulation.state(who, message).expect("events open the message");
                self.check_letter_of_template(who, &here);
                self.check_forwards(who, &here);
                check_fold(&self.story.simulation, who, &here);
                check_excerpts(&here);
                for other in Who::ALL.into_iter().filter(|other| *other != who) {
                    if self.is_draft(who, message) {
                        assert!(
                            self.story.simulation.events(other, message).is_empty(),
                            "drafts stay where they are"
                        );
                    }
                    if let Some(there) = self.story.simulation.state(other, message) {
                        check_privacy(&here, &there);
                    }
                }
            }
        }
    }

    /// With nothing on the way, each box knows as arrived exactly what is in the other one.
    pub(super) fn check_agreement(&self) {
        let messages: BTreeSet<MessageId> = Who::ALL.into_iter().flat_map(|who| self.messages(who)).collect();
        for message in messages {
            let mut states = Who::ALL.into_iter().filter_map(|who| self.story.simulation.state(who, message));
            let sender = states.find(|state| state.side().is_sending()).expect("somebody sent it");
            for who in Who::ALL.into_iter().filter(|who| box_of(*who) != sender.box_id) {
                let state = self.story.simulation.state(who, message);
                let there = state.map(|state| shared(&state, |_| true)).unwrap_or_default();
                let is_proxy = sender.proxy_box() == Some(box_of(who));
                let concerns = |found: &EntityState| {
                    let is_passed = || is_passed_by_proxy(&sender, sender.root_of(found.entity.id));
                    match (is_proxy, &sender.proxy) {
                        (true, _) => concerns_proxy(&sender, found),
                        (false, Some(_)) => sender.to.box_id == box_of(who) && is_passed(),
                        (false, None) => sender.to.box_id == box_of(who),
                    }
                };
                assert_eq!(shared(&sender, concerns), there, "{who:?} has what it should");
            }
        }
    }
}

/// What a box knows to be in another one too, as far as it `concerns` that.
fn shared(state: &MessageState, concerns: impl Fn(&EntityState) -> bool) -> BTreeSet<EntityId> {
    let shared = state
        .entities()
        .iter()
        .filter(|found| found.delivered_at.is_some() && !state.is_internal && !is_private_here(state, found));
    shared.filter(|found| concerns(found)).map(|found| found.entity.id).collect()
}

/// The intermediate addressee has signed the document, or written its title.
fn is_passed_by_proxy(state: &MessageState, document: EntityId) -> bool {
    let is_by_proxy = |found: &EntityState| {
        let signature = found.entity.signature().filter(|signature| !signature.is_approval);
        found.stands() && signature.is_some_and(|signature| Some(signature.signer_box) == state.proxy_box())
    };
    state.children(document).any(|child| match child.entity.service() {
        Some(Service::Title(_)) => child.stands() && state.children(child.entity.id).any(is_by_proxy),
        _ => is_by_proxy(child),
    })
}

/// Receipts and requests to amend are between sender and recipient, with all that hangs under them.
fn concerns_proxy(state: &MessageState, found: &EntityState) -> bool {
    let is_between_two = match found.entity.service() {
        Some(Service::UniversalMessage(message)) => {
            let groups = [Some(CodeGroup::Receipt), Some(CodeGroup::AmendmentRequest)];
            !message.is_out_of_workflow && groups.contains(&message.code_group)
        }
        Some(service) => service.is_receipt() || matches!(service, Service::AmendmentRequest),
        None => false,
    };
    let parent = found.entity.parent.and_then(|parent| state.entity(parent));
    !is_between_two && parent.is_none_or(|parent| concerns_proxy(state, parent))
}

/// It is private, or hangs under what is: the operator's signatures and the receipts on its confirmations.
fn is_private_here(state: &MessageState, found: &EntityState) -> bool {
    found.entity.is_private()
        || found
            .entity
            .parent
            .and_then(|parent| state.entity(parent))
            .is_some_and(|parent| is_private_here(state, parent))
}

/// Replaying some events and applying the rest is replaying all; ids are unique; parents come first.
fn check_fold(simulation: &Simulation, who: Who, whole: &MessageState) {
    let events = simulation.events(who, whole.message_id);
    for split in 1..=events.len() {
        let mut state = MessageState::replay(whole.box_id, &events[..split]).expect("it opens the message");
        events[split..].iter().for_each(|event| state.apply(event));
        assert_eq!(&state, whole, "cut after {split} events");
    }
    assert_eq!(whole.revision().0 as usize, events.len());
    let ids: HashSet<_> = events.iter().map(|event| event.id).collect();
    assert_eq!(ids.len(), events.len(), "an event has an id of its own in its box");
    assert_eq!(events[0].id, whole.message_id.first_event());
    let mut seen = HashSet::new();
    for found in whole.entities() {
        assert!(found.entity.parent.is_none_or(|parent| seen.contains(&parent)), "a parent comes first");
        assert!(seen.insert(found.entity.id), "an entity comes once");
    }
}

/// Whatever document is forwarded now, a third box sees of it what the exchange gave, and nothing else of the message.
fn check_excerpts(here: &MessageState) {
    for (found, _) in here.documents() {
        let document = found.entity.id;
        let seen = excerpt(here, document).expect("it is a document");
        for shown in seen.entities() {
            let entity = &shown.entity;
            assert_eq!(seen.root_of(entity.id), document, "other documents are not shown");
            let is_operators =
                matches!(entity.service(), Some(Service::Confirmation | Service::PowerOfAttorneyStatus(_)));
            let is_kept_back = entity.service().is_some() && entity.is_private() && !is_operators;
            assert!(!is_kept_back, "{:?} stays in its box", entity.service());
            assert!(here.entity(entity.id).is_some(), "nothing is made up");
        }
    }
}

/// Nothing private of one box is in the other, and what both have is the same thing.
fn check_privacy(here: &MessageState, there: &MessageState) {
    assert!(!here.is_internal, "an internal message has one box");
    let is_sender = here.from.box_id == here.box_id;
    assert_eq!(here.from.department.is_some(), is_sender, "the sender's department is its own business");
    for found in here.entities() {
        let entity = &found.entity;
        let twin = there.entity(entity.id);
        if entity.is_private() {
            assert!(twin.is_none(), "private things stay: {:?}", entity.body);
            assert!(matches!(
                entity.service(),
                Some(
                    Service::SignatureVerificationReport
                        | Service::DeliveryFailureNotification { .. }
                        | Service::Confirmation
                        | Service::Resolution(_)
                        | Service::ResolutionRequest(_)
                        | Service::ResolutionRequestDenial { .. }
                        | Service::ResolutionRouteAssignment(_)
                        | Service::ResolutionRouteRemoval(_)
                        | Service::DeletionRestoration
                        | Service::Cancellation { .. }
                        | Service::TemplateTransformation(_)
                        | Service::Edition
                )
            ));
        }
        if let Some(document) = entity.document() {
            assert_eq!(document.custom_document_id.is_some(), is_sender);
            let may_edit = is_sender || here.template.is_some();
            assert!(document.editing_setting.is_none() || may_edit, "nobody else gives what is missing");
            let own = here.proxy.as_ref().filter(|proxy| proxy.box_id == here.box_id).unwrap_or(&here.to);
            let named = if is_sender { here.from.department } else { own.department };
            assert_eq!(document.department, named.unwrap_or(DepartmentId::ZERO));
        }
        if let Some(twin) = twin {
            let twin = &twin.entity;
            assert_eq!(
                (twin.parent, twin.created_at, twin.content, twin.attachment_type(), &twin.file_name),
                (
                    entity.parent,
                    entity.created_at,
                    entity.content,
                    entity.attachment_type(),
                    &entity.file_name
                )
            );
        }
    }
}
