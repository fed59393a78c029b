//! What happens when an event of one box reaches another: the pure part of delivery.
//!
//! `source` is always the newest known state of the box whose event is delivered; entities after the event are ignored.

use std::collections::BTreeSet;

use potok_types::{ContentRef, DepartmentId, EntityId, Entropy, EventId, Ticks};

use crate::decide::{IMPERSONAL, content_type_of, name_of};
use crate::directory::Organization;
use crate::{
    Body, Change, Check, DeliveryReport, Document, DocumentRef, Entity, EntityState, Event, MessageState,
    Origin, Party, Patched, Posted, PowerOfAttorney, Service, Side, Signature, SignatureChecked,
};

/// What the check of a signature found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Which signature.
    pub signature: EntityId,
    /// It is good.
    pub is_valid: bool,
    /// Whether the signer needs a power of attorney.
    pub power_of_attorney: PowerOfAttorney,
}

/// What an event means to the box that it is delivered to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// It came before.
    Already {
        /// When.
        at: Ticks,
    },
    /// It adds this event.
    New(Event),
    /// There is nothing to deliver and nothing to report. What it hangs under was never delivered and by now cannot be (the sender's signature turned out bad
    /// meanwhile); it travels when the document is signed again.
    Nothing,
}

/// The bytes that tell why an event was not delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailureContents {
    /// UTF-8 text for people.
    pub notification: ContentRef,
    /// One report for each bad signature.
    pub reports: Vec<(EntityId, ContentRef)>,
}

/// The signatures whose check decides whether `event` is delivered: all that would travel and were not looked at yet.
pub fn signatures_to_check(source: &MessageState, event: &Event) -> Vec<EntityId> {
    let carried = source.carried_by(event.id).into_iter().filter_map(|id| source.entity(id));
    carried
        .filter(|state| state.entity.signature().is_some() && state.check == Check::Unchecked)
        .map(|state| state.entity.id)
        .collect()
}

/// What `event` of the box of `source` means to the box of `to`, whose state of the message is `target`.
///
/// `existing` are the documents of other messages that documents of the event link to, as far as the box of `to` has
/// them. `verdicts` are good, one for each of [`signatures_to_check`].
pub fn receive(
    source: &MessageState,
    event: &Event,
    verdicts: &[Verdict],
    target: Option<&MessageState>,
    to: &Organization,
    now: Ticks,
    existing: &BTreeSet<DocumentRef>,
) -> Receipt {
    let carried = source.carried_by(event.id);
    if let Some(found) = target.and_then(|target| carried.iter().find_map(|id| target.entity(*id))) {
        return Receipt::Already { at: found.appeared_at };
    }
    let arrival = Arrival { source, verdicts, target, to, existing, carried: &carried };
    let entities = arrival.entities();
    if entities.is_empty() {
        return Receipt::Nothing;
    }
    let (id, change) = match target {
        None => (source.message_id.first_event(), Change::Posted(Box::new(arrival.posted(entities)))),
        Some(_) => {
            let origin = Origin::Received { from: source.box_id };
            let patched = Patched { entities, ..Patched::by(origin) };
            (event.id, Change::Patched(Box::new(patched)))
        }
    };
    Receipt::New(Event { id, message_id: source.message_id, at: now, change })
}

/// An event on its way into another box.
struct Arrival<'a> {
    source: &'a MessageState,
    verdicts: &'a [Verdict],
    target: Option<&'a MessageState>,
    to: &'a Organization,
    existing: &'a BTreeSet<DocumentRef>,
    carried: &'a [EntityId],
}

impl Arrival<'_> {
    /// The entities as the receiving box gets them. One whose parent is missing there waits for it.
    fn entities(&self) -> Vec<Entity> {
        let mut entities: Vec<Entity> = Vec::with_capacity(self.carried.len());
        for state in self.carried.iter().filter_map(|id| self.source.entity(*id)) {
            let has_parent = state.entity.parent.is_none_or(|parent| {
                entities.iter().any(|entity| entity.id == parent) || self.is_in_target(parent)
            });
            if has_parent {
                entities.push(self.entity(state));
            }
        }
        entities
    }

    fn is_in_target(&self, id: EntityId) -> bool {
        self.target.is_some_and(|target| target.entity(id).is_some())
    }

    fn entity(&self, state: &EntityState) -> Entity {
        let entity = &state.entity;
        let body = match &entity.body {
            Body::Document(document) => Body::Document(Box::new(self.document(document))),
            Body::Signature(signature) => Body::Signature(self.signature(signature, state)),
            Body::Service(service) => Body::Service(service.clone()),
        };
        let author = entity.author.filter(|_| !self.is_impersonal(entity));
        Entity { author, body, ..entity.clone() }
    }

    /// What is the sender's own business stays with the sender.
    fn document(&self, document: &Document) -> Document {
        let named = self.source.to.department.filter(|department| self.to.has_department(*department));
        Document {
            department: named.unwrap_or(DepartmentId::ZERO),
            custom_document_id: None,
            editing_setting: None,
            initial_documents: self.known(&document.initial_documents),
            subordinate_documents: self.known(&document.subordinate_documents),
            ..document.clone()
        }
    }

    /// A box shows links only between documents that it has.
    fn known(&self, links: &[DocumentRef]) -> Vec<DocumentRef> {
        let is_here = |link: &DocumentRef| {
            if link.message_id == self.source.message_id {
                self.carried.contains(&link.entity_id) || self.is_in_target(link.entity_id)
            } else {
                self.existing.contains(link)
            }
        };
        links.iter().copied().filter(is_here).collect()
    }

    /// Only good signatures travel. In which department the document lies on the other side is not told.
    fn signature(&self, signature: &Signature, state: &EntityState) -> Signature {
        let verdict = self.verdicts.iter().find(|verdict| verdict.signature == state.entity.id);
        Signature {
            signer_department: DepartmentId::ZERO,
            check: Check::Valid,
            power_of_attorney: verdict.map(|verdict| verdict.power_of_attorney).or(state.power_of_attorney),
            ..signature.clone()
        }
    }

    /// Its author, or that of the file that it signs, asked not to be named.
    fn is_impersonal(&self, entity: &Entity) -> bool {
        let is_marked =
            |entity: &Entity| entity.labels.iter().any(|label| label.eq_ignore_ascii_case(IMPERSONAL));
        let parent = entity.parent.and_then(|parent| self.source.entity(parent));
        is_marked(entity)
            || entity.signature().is_some() && parent.is_some_and(|parent| is_marked(&parent.entity))
    }

    fn posted(&self, entities: Vec<Entity>) -> Posted {
        let source = self.source;
        Posted {
            message_type: source.message_type,
            from: Party { department: None, ..source.from.clone() },
            to: source.to.clone(),
            lock_mode: source.lock_mode,
            is_internal: source.is_internal,
            is_test: source.is_test,
            author: None,
            entities,
        }
    }
}

/// Pairs (document, its base) of documents of `event` that reach over messages.
pub fn links(event: &Event) -> Vec<(DocumentRef, DocumentRef)> {
    let mut pairs = Vec::new();
    for entity in event.entities() {
        let Some(document) = entity.document() else { continue };
        let here = DocumentRef { message_id: event.message_id, entity_id: entity.id };
        let bases = document.initial_documents.iter().map(|base| (here, *base));
        let referrers = document.subordinate_documents.iter().map(|referrer| (*referrer, here));
        pairs.extend(bases.chain(referrers).filter(|(one, other)| one.message_id != other.message_id));
    }
    pairs
}

/// The delivery patch: tells the box of `source` that its `event` arrived at `arrived_at`.
pub fn delivered(
    source: &MessageState,
    event: &Event,
    verdicts: &[Verdict],
    arrived_at: Ticks,
    now: Ticks,
    patch_id: EventId,
) -> Event {
    let is_letter = source.side() == Side::Sender && !source.sent_by(event.id).is_empty();
    let checks = verdicts.iter().map(|verdict| checked(verdict, Check::Valid)).collect();
    let report = DeliveryReport::Delivered {
        event: event.id,
        whole_message: is_letter && !source.is_delivered,
        at: arrived_at,
    };
    operator_patch(event, Vec::new(), checks, report, now, patch_id)
}

/// The failure patch: tells the box of `source` that its `event` will not arrive, and why. One bad signature keeps all of
/// the event back. Good signatures in it count for nothing then and are shown as bad too, so that they can be repeated;
/// approvals keep their worth, they travel when the document does.
pub fn not_delivered(
    source: &MessageState,
    event: &Event,
    verdicts: &[Verdict],
    failure: FailureContents,
    now: Ticks,
    patch_id: EventId,
    entropy: &dyn Entropy,
) -> Event {
    let made = |parent, content, service: Service| {
        let id = EntityId::from_uuid(entropy.uuid());
        Entity {
            id,
            parent,
            author: None,
            created_at: now,
            content: Some(content),
            file_name: Some(name_of(&service, id)),
            content_type_id: content_type_of(&service).to_owned(),
            version: None,
            need_receipt: false,
            is_encrypted: false,
            labels: Vec::new(),
            body: Body::Service(service),
        }
    };
    let reports = failure.reports.into_iter();
    let mut entities: Vec<Entity> = reports
        .map(|(signature, content)| made(Some(signature), content, Service::SignatureVerificationReport))
        .collect();
    let notice = Service::DeliveryFailureNotification { event: event.id };
    entities.push(made(None, failure.notification, notice));
    let checks = verdicts.iter().map(|verdict| {
        let is_approval = source
            .entity(verdict.signature)
            .and_then(|state| state.entity.signature())
            .is_some_and(|signature| signature.is_approval);
        let is_kept = verdict.is_valid && is_approval;
        checked(verdict, if is_kept { Check::Valid } else { Check::Invalid })
    });
    let checks = checks.collect();
    operator_patch(event, entities, checks, DeliveryReport::NotDelivered { event: event.id }, now, patch_id)
}

const fn checked(verdict: &Verdict, check: Check) -> SignatureChecked {
    SignatureChecked {
        signature: verdict.signature,
        check,
        power_of_attorney: Some(verdict.power_of_attorney),
    }
}

fn operator_patch(
    event: &Event,
    entities: Vec<Entity>,
    checks: Vec<SignatureChecked>,
    report: DeliveryReport,
    now: Ticks,
    id: EventId,
) -> Event {
    let patched = Patched { entities, checks, report: Some(report), ..Patched::by(Origin::Operator) };
    Event { id, message_id: event.message_id, at: now, change: Change::Patched(Box::new(patched)) }
}

#[cfg(test)]
mod tests;
