//! What happens when an event of one box reaches another: the pure part of delivery.
//!
//! `source` is always the newest known state of the box whose event is delivered; entities after the event are ignored.

use std::collections::BTreeSet;

use potok_types::{BoxId, ContentRef, DepartmentId, EntityId, Entropy, EventId, PacketId, Ticks};

use crate::carriage;
use crate::directory::Organization;
use crate::docflow::docflow;
use crate::intermediary;
use crate::intermediary::{Told, is_own};
use crate::{
    Body, Change, Check, DeliveryReport, Document, DocumentChange, DocumentPatch, DocumentRef, Entity,
    EntityState, Event, LockMode, MessageState, Origin, Party, Patched, Posted, Service, Side, Signature,
    SignatureChecked, Verdict,
};

/// What an event means to the box that it is delivered to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// It came before.
    Already(Arrived),
    /// It adds this event.
    New(Event),
    /// There is nothing to deliver and nothing to report. What it hangs under was never delivered and by now cannot be
    /// (the sender's signature turned out bad meanwhile); it travels when the document is signed again.
    Nothing,
}

/// What the sending box has to know of an event that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// The time of the event in the receiving box.
    pub at: Ticks,
    /// What it did to documents there, and does to them here too.
    pub documents: Vec<DocumentPatch>,
}

impl Arrived {
    /// Only the operator had to see it, and did at `at`.
    pub const fn at_operator(at: Ticks) -> Self {
        Self { at, documents: Vec::new() }
    }
}

impl Receipt {
    /// What the sending box has to know; `None` when nothing arrived.
    pub fn arrived(&self) -> Option<Arrived> {
        match self {
            Self::Already(arrived) => Some(arrived.clone()),
            Self::New(event) => Some(Arrived { at: event.at, documents: event.documents().to_vec() }),
            Self::Nothing => None,
        }
    }
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
    let carried =
        carriage::carried_by(source, event.id).into_iter().chain(carriage::for_operator(source, event.id));
    carried
        .filter_map(|id| source.entity(id))
        .filter(|state| state.entity.signature().is_some() && state.check == Check::Unchecked)
        .map(|state| state.entity.id)
        .collect()
}

/// Where `arrived` goes from the box of `state`, where it came from the box `from`: to the third box of a message with
/// an intermediate addressee. `state` is the state right after it.
pub fn onward(state: &MessageState, arrived: &Event, from: BoxId) -> Vec<BoxId> {
    let Some(proxy) = state.proxy_box().filter(|_| state.side() == Side::Sender) else { return Vec::new() };
    let mut boxes = intermediary::destinations(state, arrived.id);
    if !boxes.contains(&proxy) && !passed_checks(state, arrived, proxy).is_empty() {
        boxes.push(proxy);
    }
    boxes.retain(|to| *to != from);
    boxes
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
    let carried = intermediary::carried_to(source, event.id, to.box_id);
    let arrival = Arrival { source, verdicts, target, to, existing, carried: &carried };
    if let Some(arrived) = arrival.came_before(event) {
        return Receipt::Already(arrived);
    }
    let entities = arrival.entities();
    let mut checks = Vec::new();
    if let Some(target) = target {
        checks = checks_for(to, event, source);
        let passed = passed_checks(source, event, to.box_id).into_iter();
        checks.extend(passed.filter(|checked| target.entity(checked.signature).is_some()));
    }
    if entities.is_empty() && checks.is_empty() {
        return Receipt::Nothing;
    }
    let (id, change) = match target {
        None => (source.message_id.first_event(), Change::Posted(Box::new(arrival.posted(entities)))),
        Some(_) => {
            let origin = Origin::Received { from: source.box_id };
            let documents = arrival.revoked(&entities);
            let patched = Patched { entities, checks, documents, ..Patched::by(origin) };
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
    /// What was recorded, if `event` arrived before. A document that is sent again may be there already; what the event
    /// itself added is not.
    fn came_before(&self, event: &Event) -> Option<Arrived> {
        let target = self.target?;
        let added = event.entities().iter().filter(|entity| self.carried.contains(&entity.id));
        let at = match added.clone().find_map(|entity| target.entity(entity.id)) {
            Some(found) => found.appeared_at,
            None => target.events().iter().find(|mark| mark.id == event.id)?.at,
        };
        let revoked = added.filter_map(|entity| {
            let document = entity.parent?;
            let request = target.document_state(document)?.revoked_by.filter(|by| *by == entity.id)?;
            Some(DocumentPatch { document, change: DocumentChange::Revoked { request } })
        });
        Some(Arrived { at, documents: revoked.collect() })
    }

    /// The documents that the sender revokes with `entities` without anybody's consent. The receiving box decides: only
    /// there everything that the recipient has done is known.
    fn revoked(&self, entities: &[Entity]) -> Vec<DocumentPatch> {
        let Some(target) = self.target.filter(|_| self.source.side() == Side::Sender) else {
            return Vec::new();
        };
        let is_proxy = target.side() == Side::Proxy;
        let requests = entities
            .iter()
            .filter(|entity| matches!(entity.service(), Some(Service::RevocationRequest { .. })));
        let free = requests.filter_map(|request| {
            let document = request.parent?;
            let flow = docflow(target, document)?;
            let is_granted = || {
                let document = self.source.document_state(document);
                document.is_some_and(|document| document.revoked_by == Some(request.id))
            };
            // Once the intermediate addressee has signed, it is for the recipient to say.
            let is_free = if is_proxy && intermediary::is_let_through(target, document) {
                is_granted()
            } else {
                flow.flags.can_be_revoked_by_sender_alone
            };
            let change = DocumentChange::Revoked { request: request.id };
            is_free.then_some(DocumentPatch { document, change })
        });
        free.collect()
    }

    /// The entities as the receiving box gets them. One whose parent is missing there waits for it.
    fn entities(&self) -> Vec<Entity> {
        let mut entities: Vec<Entity> = Vec::with_capacity(self.carried.len());
        for state in self.carried.iter().filter_map(|id| self.source.entity(*id)) {
            let has_parent = state.entity.parent.is_none_or(|parent| {
                entities.iter().any(|entity| entity.id == parent) || self.is_in_target(parent)
            });
            if has_parent && !self.is_in_target(state.entity.id) {
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
            Body::Service(service) => Body::Service(service.without_departments()),
        };
        let author = entity.author.filter(|_| !self.source.is_impersonal(entity));
        Entity { author, body, ..entity.clone() }
    }

    /// What is the sender's own business stays with the sender.
    fn document(&self, document: &Document) -> Document {
        let parties = [Some(&self.source.to), self.source.proxy.as_ref()];
        let party = parties.into_iter().flatten().find(|party| party.box_id == self.to.box_id);
        let named =
            party.and_then(|party| party.department).filter(|department| self.to.has_department(*department));
        let routed = || self.to.routed_department(recipient_kpp(document, self.to));
        Document {
            department: named.or_else(routed).unwrap_or(DepartmentId::ZERO),
            custom_document_id: None,
            // Whoever makes a letter of a template edits that.
            editing_setting: document.editing_setting.clone().filter(|_| self.source.template.is_some()),
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
            check: if is_over_secret(self.source, state) { Check::Unchecked } else { Check::Valid },
            power_of_attorney: verdict.map_or(state.power_of_attorney, |verdict| verdict.power_of_attorney),
            verification: verdict
                .map_or_else(|| state.verification.clone(), |verdict| verdict.verification.clone()),
            ..signature.clone()
        }
    }

    fn posted(&self, entities: Vec<Entity>) -> Posted {
        let source = self.source;
        // Each side learns of its own department only.
        let shown = |party: &Party| Party {
            department: party.department.filter(|_| party.box_id == self.to.box_id),
            ..party.clone()
        };
        Posted {
            message_type: source.message_type,
            from: shown(&source.from),
            to: shown(&source.to),
            proxy: source.proxy.as_ref().map(shown),
            lock_mode: source.lock_mode,
            is_internal: source.is_internal,
            is_test: source.is_test,
            is_locked: false,
            made_from: None,
            author: None,
            entities,
            invitation: source.invitation.clone(),
            template: source.template,
        }
    }
}

/// The tax registration code that the document names as that of `recipient`: most name it as the buyer, some as the seller.
fn recipient_kpp<'a>(document: &'a Document, recipient: &Organization) -> Option<&'a str> {
    let value = |key: &str| document.metadata(key).filter(|value| !value.is_empty());
    if value("BuyerInn").is_none_or(|inn| inn == recipient.inn) {
        return value("BuyerKpp");
    }
    value("SellerInn").filter(|inn| *inn == recipient.inn).and_then(|_| value("SellerKpp"))
}

/// What `event` says of signatures of the box of `to`: the recipient of an encrypted document alone can check them.
fn checks_for(to: &Organization, event: &Event, source: &MessageState) -> Vec<SignatureChecked> {
    let Change::Patched(patched) = &event.change else { return Vec::new() };
    if !is_own(event) {
        return Vec::new();
    }
    let is_theirs = |checked: &&SignatureChecked| {
        let signature = source.entity(checked.signature).and_then(|found| found.entity.signature());
        signature.is_some_and(|signature| signature.signer_box == to.box_id)
    };
    patched.checks.iter().filter(is_theirs).cloned().collect()
}

/// What the recipient found about the signatures of the sender, `state`'s box, under encrypted documents, for the intermediate
/// addressee: nobody else can tell it either.
fn passed_checks(state: &MessageState, event: &Event, to: BoxId) -> Vec<SignatureChecked> {
    let Change::Patched(patched) = &event.change else { return Vec::new() };
    if state.side() != Side::Sender || state.proxy_box() != Some(to) || is_own(event) {
        return Vec::new();
    }
    let is_heard = |checked: &&SignatureChecked| {
        let signature = state.entity(checked.signature);
        matches!(patched.origin, Origin::Received { .. })
            && signature.is_some_and(|signature| is_over_secret(state, signature))
    };
    patched.checks.iter().filter(is_heard).cloned().collect()
}

/// It is the sender's under an encrypted document: only the recipient can check it.
fn is_over_secret(sender: &MessageState, signature: &EntityState) -> bool {
    let parent = signature.entity.parent.and_then(|parent| sender.entity(parent));
    sender.side() == Side::Sender
        && signature.is_own
        && parent.is_some_and(|parent| parent.entity.is_encrypted && parent.entity.document().is_some())
}

/// Lets a message that appears with `event` join the packet of the first document to which it is linked and whose packet
/// takes others in, which `packet_of` knows. Packets are each box's own: the sender's merge in the sender's box.
pub fn join(event: &mut Event, packet_of: impl Fn(DocumentRef) -> Option<PacketId>) {
    let Change::Posted(posted) = &mut event.change else { return };
    if posted.lock_mode != LockMode::None {
        return;
    }
    let documents = posted.entities.iter().filter_map(Entity::document);
    let mut links = documents
        .flat_map(|document| document.initial_documents.iter().chain(&document.subordinate_documents));
    let Some(packet) = links.find_map(|link| packet_of(*link)) else { return };
    for entity in &mut posted.entities {
        if let Body::Document(document) = &mut entity.body {
            document.packet = packet;
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

/// The delivery patch: tells the box of `source` that its `event` arrived at the box `to`, which is the zero box for what
/// only the operator sees. `None` when that is only the copy for the third box of the message, of which nobody is told.
pub fn delivered(
    source: &MessageState,
    event: &Event,
    verdicts: &[Verdict],
    arrived: Arrived,
    to: BoxId,
    now: Ticks,
    patch_id: EventId,
) -> Option<Event> {
    let passed = match intermediary::told_of(source, event, to) {
        Told::Arrival => Vec::new(),
        Told::Passage(passed) => passed,
        Told::Nothing => return None,
    };
    if !passed.is_empty() {
        return Some(passed_on(source, event, &passed, arrived.at, now, patch_id));
    }
    let is_letter = source.side() == Side::Sender && !carriage::sent_by(source, event.id).is_empty();
    let checks = verdicts.iter().map(|verdict| checked(verdict, Check::Valid)).collect();
    let report = DeliveryReport::Delivered {
        event: event.id,
        whole_message: is_letter && !source.is_delivered,
        at: arrived.at,
    };
    let told = Patched { checks, documents: arrived.documents, ..Patched::by(Origin::Operator) };
    Some(operator_patch(event, told, report, now, patch_id))
}

/// Tells the sender that the recipient got `documents`, which the intermediate addressee let through in `event`.
fn passed_on(
    source: &MessageState,
    event: &Event,
    documents: &[EntityId],
    at: Ticks,
    now: Ticks,
    patch_id: EventId,
) -> Event {
    let is_passed = |document: &EntityId| {
        source.document_state(*document).is_some_and(|document| document.passed_on_at.is_some())
    };
    let mut all = source.documents().map(|(found, _)| found.entity.id);
    let is_first = !all.any(|document| is_passed(&document));
    let change = DocumentChange::PassedOn { at };
    let documents = documents.iter().map(|document| DocumentPatch { document: *document, change });
    let told = Patched { documents: documents.collect(), ..Patched::by(Origin::Operator) };
    // What opens the message in the recipient's box is the letter itself.
    let delivered = if is_first { source.message_id.first_event() } else { event.id };
    let report = DeliveryReport::Delivered { event: delivered, whole_message: is_first, at };
    operator_patch(event, told, report, now, patch_id)
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
        let id = EntityId::from_uuid(entropy.id());
        let file_name = Some(service.file_name(id));
        Entity { content: Some(content), file_name, ..Entity::of_service(id, parent, service, now) }
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
    let told = Patched { entities, checks: checks.collect(), ..Patched::by(Origin::Operator) };
    operator_patch(event, told, DeliveryReport::NotDelivered { event: event.id }, now, patch_id)
}

fn checked(verdict: &Verdict, check: Check) -> SignatureChecked {
    SignatureChecked {
        signature: verdict.signature,
        check,
        power_of_attorney: verdict.power_of_attorney,
        verification: verdict.verification.clone(),
    }
}

fn operator_patch(event: &Event, told: Patched, report: DeliveryReport, now: Ticks, id: EventId) -> Event {
    let patched = Patched { report: Some(report), ..told };
    Event { id, message_id: event.message_id, at: now, change: Change::Patched(Box::new(patched)) }
}
