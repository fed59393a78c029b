//! The operator's confirmations: which attachments get them, and where they stand in events.
//!
//! Each confirmed attachment has two. One tells its poster when the operator took it and comes with the delivery patch;
//! the other tells the other side when it was passed on and comes in the same event as the attachment. Neither is ever
//! seen in the wrong box. Their bytes are made elsewhere.

use potok_types::{BoxId, ContentRef, DepartmentId, EntityId};

use crate::carriage;
use crate::intermediary;
use crate::intermediary::is_own;
use crate::powers::Validation;
use crate::workflow::{self, WorkflowSettings};
use crate::{
    Body, Change, Check, Entity, EntityState, Event, MessageState, MessageType, PowerOfAttorney, Service,
    Side, Signature,
};

/// The two confirmations of one attachment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConfirmationKind {
    /// The operator took it: for the box that posted it.
    Received,
    /// The operator passed it on: for the other box.
    PassedOn,
}

impl ConfirmationKind {
    /// `ContentTypeId` of the file.
    pub const fn content_type_id(self) -> &'static str {
        match self {
            Self::Received => "send_confirmation_133_01_03",
            Self::PassedOn => "delivery_confirmation_133_01_03",
        }
    }
}

/// A confirmation that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The confirmed attachment.
    pub attachment: EntityId,
    /// Which of the two.
    pub kind: ConfirmationKind,
    /// Name of the confirmed file, or an empty text when it has none.
    pub file_name: String,
    /// The signatures of its author, oldest first.
    pub signatures: Vec<ContentRef>,
}

/// A confirmation that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// The confirmed attachment.
    pub attachment: EntityId,
    /// Which of the two.
    pub kind: ConfirmationKind,
    /// Its own id.
    pub id: EntityId,
    /// Its file name.
    pub file_name: String,
    /// Its file.
    pub content: ContentRef,
    /// The id of the operator's signature.
    pub signature_id: EntityId,
    /// The operator's signature.
    pub signature: ContentRef,
}

/// The confirmations of one kind that the delivery of `event` of the box of `source` to the box `to` brings, in the order
/// of the event.
///
/// An intermediate addressee gets none and its answers have none: sender and recipient are told when the document was
/// taken and when it was passed on to the recipient.
///
/// The workflow of the document says which attachments are confirmed. Nonformalized and internal documents, revocations
/// and universal messages never are.
pub fn due(source: &MessageState, event: &Event, kind: ConfirmationKind, to: BoxId) -> Vec<Due> {
    let is_for_nobody = match kind {
        ConfirmationKind::PassedOn => source.proxy_box() == Some(to),
        // What only passes through the sender's box was taken from somebody else.
        ConfirmationKind::Received => !is_own(event),
    };
    if source.is_internal
        || source.message_type != MessageType::Letter
        || source.side() == Side::Proxy
        || is_for_nobody
    {
        return Vec::new();
    }
    let carried =
        intermediary::carried_to(source, event.id, to).into_iter().filter_map(|id| source.entity(id));
    carried
        .filter_map(|state| subject(source, state))
        .filter(|state| is_confirmed(source, &state.entity, kind))
        .map(|state| {
            let signatures = carriage::standing_signatures(source, state.entity.id).filter(|found| {
                found.entity.signature().is_some_and(|signature| signature.signer_box == source.box_id)
            });
            Due {
                attachment: state.entity.id,
                kind,
                file_name: file_name(&state.entity),
                signatures: signatures.filter_map(|found| found.entity.content).collect(),
            }
        })
        .collect()
}

/// What is confirmed when `found` comes: the file itself, but a title that was written for the recipient when that signs it.
fn subject<'a>(source: &'a MessageState, found: &'a EntityState) -> Option<&'a EntityState> {
    if found.is_prepared_title() {
        return None;
    }
    let parent = found.entity.parent.and_then(|parent| source.entity(parent));
    let title = parent.filter(|parent| found.is_flow_signature() && parent.is_prepared_title());
    Some(title.unwrap_or(found))
}

/// Documents keep their names among their attributes.
fn file_name(entity: &Entity) -> String {
    let of_document = || entity.document().and_then(|document| document.metadata("FileName"));
    entity.file_name.as_deref().or_else(of_document).unwrap_or_default().to_owned()
}

fn is_confirmed(source: &MessageState, entity: &Entity, kind: ConfirmationKind) -> bool {
    let root = source.root_of(entity.id);
    let Some((_, document)) = source.document(root) else { return false };
    let Some(workflow) = workflow::settings(document.workflow) else { return false };
    match &entity.body {
        Body::Document(_) => workflow.title_is_confirmed(),
        Body::Signature(_) => false,
        Body::Service(service) => {
            let under_document = entity.parent == Some(root);
            let under_title = || {
                let parent = entity.parent.and_then(|parent| source.entity(parent));
                parent.is_some_and(|parent| matches!(parent.entity.service(), Some(Service::Title(_))))
            };
            service_is_confirmed(service, workflow, kind, under_document, under_title)
        }
    }
}

fn service_is_confirmed(
    service: &Service,
    workflow: &WorkflowSettings,
    kind: ConfirmationKind,
    under_document: bool,
    under_title: impl FnOnce() -> bool,
) -> bool {
    match service {
        Service::Title(title) => title.index < u32::from(workflow.confirmed_titles),
        // A refusal of a revocation hangs under the request, and nothing of a revocation is confirmed.
        Service::XmlSignatureRejection | Service::SignatureRequestRejection => {
            under_document && workflow.response_is_confirmed()
        }
        // Receipts on confirmations and on amendment requests are the end of their chains.
        Service::Receipt | Service::InvoiceReceipt => {
            workflow.receipt_is_confirmed(kind == ConfirmationKind::Received)
                && (under_document || under_title())
        }
        Service::AmendmentRequest => under_document && workflow.amendment_is_confirmed(),
        _ => false,
    }
}

/// `event` with `made` in it, each confirmation followed by the operator's signature. In an event that brings the
/// attachment they stand behind it and its signatures; in any other at the end. All have the time of the event.
pub fn with_confirmations(mut event: Event, made: &[Confirmation]) -> Event {
    let at = event.at;
    let entities = match &mut event.change {
        Change::Posted(posted) => &mut posted.entities,
        Change::Patched(patched) => &mut patched.entities,
    };
    for confirmation in made {
        let is_its = |entity: &Entity| {
            entity.id == confirmation.attachment
                || entity.parent == Some(confirmation.attachment) && entity.signature().is_some()
        };
        let place = entities.iter().rposition(is_its).map_or(entities.len(), |last| last + 1);
        let entity = |id, parent, content, body| Entity {
            id,
            parent: Some(parent),
            author: None,
            created_at: at,
            content: Some(content),
            file_name: None,
            content_type_id: String::new(),
            version: None,
            need_receipt: false,
            is_encrypted: false,
            labels: Vec::new(),
            text: None,
            body,
        };
        let Confirmation { attachment, kind, id, signature_id, .. } = *confirmation;
        let file = Entity {
            file_name: Some(confirmation.file_name.clone()),
            content_type_id: kind.content_type_id().to_owned(),
            ..entity(id, attachment, confirmation.content, Body::Service(Service::Confirmation))
        };
        let signature = Signature {
            signer_box: BoxId::ZERO,
            signer_department: DepartmentId::ZERO,
            is_approval: false,
            check: Check::Valid,
            power_of_attorney: Some(PowerOfAttorney::NotRequired),
            verification: None,
        };
        let signature = entity(signature_id, id, confirmation.signature, Body::Signature(signature));
        entities.splice(place..place, [file, signature]);
    }
    event
}

/// What the check of a power of attorney came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedPower {
    /// The power.
    pub power: EntityId,
    /// The id of what says so.
    pub id: EntityId,
    /// What it came to.
    pub validation: Validation,
}

/// The powers of attorney that the delivery of `event` of the box of `source` to the box `to` brings, and that have to be
/// checked on the way. The zero box is the operator.
pub fn powers_to_check(source: &MessageState, event: &Event, to: BoxId) -> Vec<EntityId> {
    let carried = match to {
        BoxId::ZERO => carriage::for_operator(source, event.id),
        to => intermediary::carried_to(source, event.id, to),
    };
    let is_power = |id: &EntityId| source.entity(*id).is_some_and(|found| found.entity.power().is_some());
    carried.into_iter().filter(is_power).collect()
}

/// `event` of the box of `state` with what was found out about powers of attorney that are in it, or in the box already, and of
/// which nothing is known there yet. All have the time of the event.
pub fn with_checked_powers(
    mut event: Event,
    state: Option<&MessageState>,
    checked: &[CheckedPower],
) -> Event {
    let at = event.at;
    let entities = match &mut event.change {
        Change::Posted(posted) => &mut posted.entities,
        Change::Patched(patched) => &mut patched.entities,
    };
    for CheckedPower { power, id, validation } in checked {
        let place = entities.iter().position(|entity| entity.id == *power);
        let is_known = state.is_some_and(|state| state.children(*power).next().is_some());
        let is_here = place.is_some() || state.is_some_and(|state| state.entity(*power).is_some());
        if is_known || !is_here {
            continue;
        }
        let service = Service::PowerOfAttorneyStatus(Box::new(validation.clone()));
        let status = Entity::of_service(*id, Some(*power), service, at);
        let place = place.map_or(entities.len(), |place| place + 1);
        entities.insert(place, status);
    }
    event
}
