//! `GetDocumentHistory`: what happened to a document, as its box knows it.
//!
//! The journal says what happened and in which order; how a file was signed and whether it arrived is read from the message
//! as it stands now. What only the operator and a box tell each other (confirmations, receipts on them, reports) is no
//! part of the history, nor are texts and data that were only attached.

/// The payload of one kind of event.
macro_rules! payload {
    ($kind:ident: $payload:expr) => {
        wire::DocumentHistoryItemPayload { $kind: Some($payload.into()), ..Default::default() }
    };
}

mod answers;
mod approval;
mod embed;
mod exchange;
mod reference;
mod tags;
mod templates;

use potok_domain::directory::{Employee, Organization, ResolutionRoute, User};
use potok_domain::docflow::{Relations, Signed, signed};
use potok_domain::{
    Body, Change, CodeGroup, DeliveryReport, DocumentChange, Entity, EntityState, Event, MessageState,
    Origin, Service,
};
use potok_types::{BoxId, DepartmentId, EntityId, Ticks, UserId};
use potok_wire::proto::documents::document_history as wire;
use potok_wire::proto::documents::document_history::DocumentHistoryItemCategory as Category;
use potok_wire::proto::documents::document_history::document_history_item::EventType;

use crate::ContentPlan;
use crate::docflow::files::Files;
use crate::docflow::{Seen, timestamp};
use crate::docflow_v4::blocks::{Blocks, UniversalMessages};
use crate::docflow_v5::participants::Participants;

pub use embed::Embed;

/// All that the history of one document is told from.
#[derive(Clone, Copy, Debug)]
pub struct History<'a> {
    /// The message now.
    pub state: &'a MessageState,
    /// Which document of it.
    pub document: EntityId,
    /// All events of the message in this box, from the first one on.
    pub events: &'a [Event],
    /// Documents that correct or revise this one, each in its message; only those that the reader sees.
    pub amendments: &'a [(&'a MessageState, EntityId)],
    /// The document of a template of which this one was made, in its message; only one that the reader sees.
    pub template: Option<(&'a MessageState, EntityId)>,
    /// People of this box who took part, with their positions.
    pub people: &'a [(User, String)],
    /// The organizations that take part, as far as they are known.
    pub organizations: &'a [Organization],
    /// The routes of approval of this box.
    pub routes: &'a [ResolutionRoute],
    /// Who reads it.
    pub reader: &'a Employee,
}

/// The history, oldest first; `None` when the message has no such document.
pub fn answer(
    history: &History<'_>,
    embed: Embed,
    contents: &mut ContentPlan,
) -> Option<wire::DocumentHistory> {
    let relations = Relations::default();
    let seen = Seen::of(history.state, history.document, &relations)?;
    let files = Files { inject_content: false, contents };
    let mut teller = Teller {
        history,
        embed,
        participants: Participants::of(history.state),
        blocks: Blocks { seen: &seen, universal_messages: UniversalMessages::Shown, files },
        department: seen.flow.facts.document.department,
        items: Vec::new(),
    };
    teller.tell_origin();
    for event in history.events {
        teller.tell(event);
    }
    teller.department = seen.flow.facts.document.department;
    teller.tell_arrivals();
    teller.tell_amendments();
    let mut items = teller.items;
    items.sort_by_key(|item| item.occurred_at.as_ref().map(|at| at.ticks));
    Some(wire::DocumentHistory { reference_data: reference::data(history, &items), items })
}

/// Who did it, and where.
#[derive(Clone, Copy)]
struct By {
    /// The box.
    box_id: BoxId,
    /// The person, if it was one of this box.
    user: Option<UserId>,
}

/// Tells event after event.
struct Teller<'a, 'b> {
    history: &'a History<'a>,
    embed: Embed,
    participants: Participants,
    blocks: Blocks<'b>,
    /// Where the document lies after the events that were told.
    department: DepartmentId,
    items: Vec<wire::DocumentHistoryItem>,
}

impl<'a> Teller<'a, '_> {
    fn state(&self) -> &'a MessageState {
        self.history.state
    }

    fn tell(&mut self, event: &'a Event) {
        let mut tags = Vec::new();
        for entity in event.entities() {
            let Some(found) = self.state().entity(entity.id) else { continue };
            if self.state().root_of(entity.id) != self.history.document {
                continue;
            }
            match &found.entity.body {
                Body::Document(_) => self.tell_document(event, found),
                Body::Signature(_) => self.tell_signature(event.at, found),
                Body::Service(Service::TagChange(change)) => tags.push((found, change)),
                Body::Service(service) => self.tell_service(event.at, found, service),
            }
        }
        self.tell_tags(event, &tags);
        let own = match &event.change {
            Change::Patched(patched) => match patched.origin {
                Origin::Own { user } => user,
                Origin::Received { .. } | Origin::Operator => None,
            },
            Change::Posted(posted) => posted.author,
        };
        let by = By { box_id: self.state().box_id, user: own };
        for patch in event.documents().iter().filter(|patch| patch.document == self.history.document) {
            match patch.change {
                DocumentChange::Moved { to } => {
                    let moved = wire::MovedPayload { target_department_id: Some(to.to_string()) };
                    self.add(event.at, Category::Internal, EventType::Moved, by, payload!(moved: moved));
                    self.department = to;
                }
                DocumentChange::Deleted => {
                    self.add(event.at, Category::Internal, EventType::Deleted, by, Default::default());
                }
                DocumentChange::Restored => {
                    self.add(event.at, Category::Internal, EventType::Restored, by, Default::default());
                }
                DocumentChange::Forwarded { to } => {
                    let forwarded = wire::ForwardedPayload { target_box_id: Some(to.to_string()) };
                    let payload = payload!(forwarded: forwarded);
                    self.add(event.at, Category::Internal, EventType::Forwarded, by, payload);
                }
                // A packet is where a document lies, not what happens to it; the others are told where they are asked for.
                DocumentChange::Packet(_)
                | DocumentChange::Revoked { .. }
                | DocumentChange::PassedOn { .. } => {}
            }
        }
        self.tell_failure(event);
    }

    /// The one item that the API has for what does not arrive is named after exchange between operators.
    fn tell_failure(&mut self, event: &Event) {
        let Change::Patched(patched) = &event.change else { return };
        let Some(DeliveryReport::NotDelivered { event: failed }) = patched.report else { return };
        let (state, document) = (self.state(), self.history.document);
        let is_ours =
            |found: &EntityState| found.event == failed && state.root_of(found.entity.id) == document;
        if !state.entities().iter().any(is_ours) {
            return;
        }
        let is_notice = |service: &Service| matches!(service, Service::DeliveryFailureNotification { .. });
        let notice = event.entities().iter().find(|entity| entity.service().is_some_and(is_notice));
        self.tell_failed_delivery(event.at, notice);
    }

    /// That something did not arrive, with what was said about that.
    fn tell_failed_delivery(&mut self, at: Ticks, notice: Option<&Entity>) {
        let error = wire::RoamingDeliveryErrorPayload {
            notification_id: Some(notice.map(|notice| notice.id.to_string()).unwrap_or_default()),
            error_text: notice.and_then(|notice| notice.text.clone()),
        };
        let by = By { box_id: self.state().box_id, user: None };
        let payload = payload!(roaming_delivery_error: error);
        self.add(at, Category::Error, EventType::RoamingDeliveryError, by, payload);
    }

    fn tell_service(&mut self, at: Ticks, found: &'a EntityState, service: &'a Service) {
        match service {
            Service::Receipt | Service::InvoiceReceipt => self.tell_receipt(at, found, None),
            Service::SignatureRequestRejection | Service::XmlSignatureRejection => {
                self.tell_refusal(at, found, None);
            }
            Service::AmendmentRequest => self.tell_amendment_request(at, found, None),
            Service::RevocationRequest { .. } => self.tell_revocation_request(at, found),
            Service::UniversalMessage(message) => match message.code_group {
                Some(CodeGroup::Receipt) if !message.is_out_of_workflow => {
                    self.tell_receipt(at, found, Some(message));
                }
                Some(CodeGroup::AmendmentRequest) if !message.is_out_of_workflow => {
                    self.tell_amendment_request(at, found, Some(message));
                }
                Some(CodeGroup::Rejection) if !message.is_out_of_workflow => {
                    self.tell_refusal(at, found, Some(message));
                }
                _ => self.tell_universal_message(at, found, message),
            },
            Service::Resolution(_) => self.tell_resolution(at, found),
            Service::ResolutionRequest(request) => self.tell_request(at, found, request),
            Service::ResolutionRequestDenial { .. } => self.tell_denial(at, found),
            Service::ResolutionRouteAssignment(on) => self.tell_assignment(at, found, on),
            Service::ResolutionRouteRemoval(on) => self.tell_removal(at, found, on),
            Service::Cancellation { .. } => self.tell_cancellation(at, found),
            Service::Edition => self.tell_edition(at, found),
            // A title is told with its signature; moves and restorations as what became of the document.
            Service::Title(_)
            | Service::MoveDocument { .. }
            | Service::DeletionRestoration
            | Service::TagChange(_)
            | Service::Comment
            | Service::StructuredData
            | Service::Confirmation
            | Service::SignatureVerificationReport
            | Service::PowerOfAttorney(_)
            | Service::PowerOfAttorneyStatus(_)
            | Service::DeliveryFailureNotification { .. }
            | Service::RoamingNotification { is_success: true }
            // The letter that was refused has its own history.
            | Service::TransformationChange(_) => {}
            Service::FixationCancellation => self.tell_fixation_cancellation(at, found),
            Service::TemplateTransformation(made) => self.tell_transformation(at, found, made),
            Service::TemplateRefusal(refusal) => self.tell_template_refusal(at, found, refusal),
            Service::RoamingNotification { is_success: false } => {
                self.tell_failed_delivery(at, Some(&found.entity))
            }
        }
    }

    /// Who made `found`, which came with `event`.
    fn author(&self, found: &EntityState, event: &Event) -> By {
        let from = match &event.change {
            Change::Patched(patched) => match patched.origin {
                Origin::Received { from } => Some(from),
                Origin::Own { .. } | Origin::Operator => None,
            },
            Change::Posted(_) if found.is_own => None,
            Change::Posted(posted) => Some(posted.from.box_id),
        };
        By { box_id: from.unwrap_or(self.state().box_id), user: found.entity.author.filter(|_| found.is_own) }
    }

    fn signed(&self, found: &'a EntityState) -> Option<Signed<'a>> {
        signed(self.state(), found.entity.id)
    }

    /// What comes from the other side is incoming, what goes there outgoing.
    fn category(&self, by: By) -> Category {
        if self.state().is_internal {
            Category::Internal
        } else if by.box_id == self.state().box_id {
            Category::Outgoing
        } else {
            Category::Incoming
        }
    }

    fn add(
        &mut self,
        at: Ticks,
        category: Category,
        kind: EventType,
        by: By,
        payload: wire::DocumentHistoryItemPayload,
    ) {
        let is_own = by.box_id == self.state().box_id;
        self.items.push(wire::DocumentHistoryItem {
            occurred_at: Some(timestamp(at)),
            category: Some(category as i32),
            r#type: Some(kind as i32),
            box_id: by.box_id.to_string(),
            author: by.user.map(|user| reference::author(self.history, user)),
            department_id: is_own.then(|| self.department.to_string()),
            payload: (payload != wire::DocumentHistoryItemPayload::default()).then(|| Box::new(payload)),
        });
    }
}
