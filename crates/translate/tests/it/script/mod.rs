//! A small language for stories of one document between two boxes: who does what, in order.
//!
//! `A` sends, `B` receives; what is posted stays on its way until `deliver` or `fail`. Inside one organization (`post
//! internal`) both are the same box and nothing is on its way.
//!
//! ```text
//! post [unsent|draft|template|internal] [request] [receipt] [encrypted] [wf=N] [type=NAME] [function=F] [version=V]
//! deliver | fail
//! A sign | A stamp | A receipt on title | A receipt on amendment
//! B sign | B sign+receipt | B title [partly] [asks-receipt] | B refuse | B refuse-plainly | B receipt | B amend
//! A revoke | A agree | A disagree             (B too; agree and disagree answer the newest request to revoke)
//! B say CODE [on title|on amendment|on request] [aside]      (a universal message; A too)
//! A approve | A ask approval|signature|approval-signature|stage | A resolve yes|no | A deny
//! A cancel request|denial|resolution          (inside the organization; B too; ask and resolve also `on request` to revoke)
//! A delete | A restore | A move | A tag KEY VALUE | A untag KEY             (B too)
//! confirm document | confirm receipt | confirm answer | confirm amendment | confirm title-receipt (to both boxes)
//! confirm receipt to B          A acknowledge     (a receipt on the newest confirmation; B too)
//! ```

mod acts;
mod made;
mod possible;

use std::collections::VecDeque;

use potok_domain::*;
use potok_types::*;

/// 2026-02-01T13:00:00Z.
const START: Ticks = Ticks::new(639_055_476_000_000_000);

/// A story so far.
#[derive(Clone, Debug)]
pub(crate) struct World {
    sender: Vec<Event>,
    recipient: Vec<Event>,
    /// Events that have not arrived, oldest first, with whose they are.
    on_their_way: VecDeque<(Who, EventId)>,
    is_internal: bool,
    kind: AttachmentType,
    /// The newest request to revoke needs nobody's consent.
    is_unilateral: bool,
    ticks: i64,
    ids: u32,
}

/// One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// The sender.
    A,
    /// The recipient.
    B,
}

fn id<T: std::str::FromStr<Err = InvalidId>>(kind: &str, number: u32) -> T {
    format!("{kind:0<8}-0000-4000-8000-{number:012}").parse().expect("it has the form of a GUID")
}

/// The box of one of the two.
pub(crate) fn box_of(who: Who) -> BoxId {
    id(if who == Who::A { "aaaaaaaa" } else { "bbbbbbbb" }, 0)
}

/// The message of every story.
pub(crate) fn message_id() -> MessageId {
    id("e0000000", 1)
}

/// The document of every story.
pub(crate) fn document_id() -> EntityId {
    id("d0000000", 1)
}

impl World {
    /// Before anything is posted.
    pub(crate) fn new() -> Self {
        Self {
            sender: Vec::new(),
            recipient: Vec::new(),
            on_their_way: VecDeque::new(),
            is_internal: false,
            kind: AttachmentType::Nonformalized,
            is_unilateral: false,
            ticks: 0,
            ids: 0,
        }
    }

    /// The world after `steps`, one a line.
    pub(crate) fn after(steps: &str) -> Self {
        let mut world = Self::new();
        steps.lines().map(str::trim).filter(|line| !line.is_empty()).for_each(|line| world.step(line));
        world
    }

    /// The message as one of the two has it; `None` before it appeared there.
    pub(crate) fn state(&self, who: Who) -> Option<MessageState> {
        let who = if self.is_internal { Who::A } else { who };
        MessageState::replay(box_of(who), self.events(who))
    }

    /// The events of one of the two.
    pub(crate) fn events(&self, who: Who) -> &[Event] {
        match who {
            Who::A => &self.sender,
            Who::B => &self.recipient,
        }
    }

    /// Is something on its way?
    pub(crate) fn is_in_flight(&self) -> bool {
        !self.on_their_way.is_empty()
    }

    /// Does one step. Panics at words it does not know.
    pub(crate) fn step(&mut self, line: &str) {
        self.ticks += 1;
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["post", ..] => self.post(&words[1..]),
            ["deliver"] => self.deliver(),
            ["fail"] => self.fail(),
            ["confirm", what] => {
                self.confirm(what, Who::A);
                self.confirm(what, Who::B);
            }
            ["confirm", what, "to", who] => self.confirm(what, parse_who(who)),
            [who, ref action @ ..] => self.act(parse_who(who), action),
            [] => panic!("an empty step"),
        }
    }

    fn now(&self) -> Ticks {
        START.plus_seconds(60 * self.ticks)
    }

    fn number(&mut self) -> u32 {
        self.ids += 1;
        self.ids
    }

    fn post(&mut self, words: &[&str]) {
        let has = |word: &str| words.contains(&word);
        let value = |key: &str| words.iter().find_map(|word| word.strip_prefix(key)?.strip_prefix('='));
        let type_named_id = value("type").unwrap_or("Nonformalized");
        let attachment_type = AttachmentType::ALL.iter().find(|kind| format!("{kind:?}") == type_named_id);
        self.kind = attachment_type.copied().unwrap_or(AttachmentType::Title);
        self.is_internal = has("internal");
        let metadata =
            [("FileName", "contract.pdf"), ("DocumentNumber", "7"), ("DocumentDate", "01.02.2026")];
        let document = Document {
            attachment_type: self.kind,
            kind: DocumentKind {
                type_named_id: type_named_id.to_owned(),
                function: value("function").unwrap_or("default").to_owned(),
                version: value("version").unwrap_or("v1").to_owned(),
            },
            workflow: WorkflowId(value("wf").map_or(1, |number| number.parse().expect("a number"))),
            need_recipient_signature: has("request"),
            department: DepartmentId::ZERO,
            packet: id("9a000000", 1),
            custom_document_id: None,
            metadata: metadata
                .map(|(key, value)| Metadata { key: key.to_owned(), value: value.to_owned() })
                .into(),
            tags: Vec::new(),
            initial_documents: Vec::new(),
            subordinate_documents: Vec::new(),
            editing_setting: None,
        };
        let entity = Entity {
            need_receipt: has("receipt"),
            is_encrypted: has("encrypted"),
            file_name: Some("contract.pdf".to_owned()),
            content: Some(ContentRef::of(b"%PDF-1.7 contract")),
            version: value("version").map(str::to_owned),
            content_type_id: value("version").map_or("nonformalized", |_| "title_0").to_owned(),
            ..self.entity(document_id(), None, Body::Document(Box::new(document)))
        };
        let mut entities = vec![entity];
        let is_unsent = ["unsent", "draft", "template"].iter().any(|word| has(word));
        if !is_unsent {
            entities.push(self.signature(Who::A, document_id(), false));
        }
        let message_type = match (has("draft"), has("template")) {
            (true, _) => MessageType::Draft,
            (_, true) => MessageType::Template,
            _ => MessageType::Letter,
        };
        let posted = Posted {
            message_type,
            from: party(Who::A),
            to: party(if self.is_internal { Who::A } else { Who::B }),
            proxy: None,
            lock_mode: LockMode::None,
            is_internal: self.is_internal,
            is_test: false,
            author: Some(id("0a000000", 1)),
            entities,
        };
        let event = self.event(message_id().first_event(), Change::Posted(Box::new(posted)));
        if !is_unsent || message_type == MessageType::Template {
            self.send(Who::A, &event);
        }
        self.sender.push(event);
    }

    /// Records an event whose signatures the operator finds good, and which has no other reader.
    fn check(&mut self, who: Who, event: Event) {
        let signatures = event.entities().iter().filter(|entity| entity.signature().is_some());
        let checks = signatures
            .map(|entity| SignatureChecked {
                signature: entity.id,
                check: Check::Valid,
                power_of_attorney: None,
                verification: None,
            })
            .collect();
        self.events_mut(who).push(event);
        let patch = self.patch(Origin::Operator, Vec::new(), checks, None);
        self.events_mut(who).push(patch);
    }

    fn deliver(&mut self) {
        let (from, delivered) = self.on_their_way.pop_front().expect("something is on its way");
        let to = if from == Who::A { Who::B } else { Who::A };
        let is_first = self.events(to).is_empty();
        let source = self.state(from).expect("it has the event");
        // With the first sending goes all that lay there; what failed stays.
        let carried = source
            .entities()
            .iter()
            .filter(|found| found.event == delivered || is_first)
            .filter(|found| !found.entity.is_private() && found.check != Check::Invalid)
            .map(|found| {
                let mut entity = found.entity.clone();
                if let Body::Signature(signature) = &mut entity.body {
                    signature.check = Check::Valid;
                }
                entity
            })
            .collect();
        let documents = self.documents_of(from, delivered);
        let mut event = match (&self.sender[0].change, is_first) {
            (Change::Posted(posted), true) => {
                let posted = Posted { entities: carried, author: None, ..posted.as_ref().clone() };
                self.event(message_id().first_event(), Change::Posted(Box::new(posted)))
            }
            _ => Event {
                id: delivered,
                ..self.patch(Origin::Received { from: box_of(from) }, carried, Vec::new(), None)
            },
        };
        let report = DeliveryReport::Delivered { event: delivered, whole_message: is_first, at: self.now() };
        let mut patch = self.patch(Origin::Operator, Vec::new(), Vec::new(), Some(report));
        for event in [&mut event, &mut patch] {
            if let Change::Patched(patched) = &mut event.change {
                patched.documents.clone_from(&documents);
            }
        }
        self.events_mut(to).push(event);
        self.events_mut(from).push(patch);
    }

    fn fail(&mut self) {
        let (from, failed) = self.on_their_way.pop_front().expect("something is on its way");
        let bad: Vec<_> = self
            .events(from)
            .iter()
            .filter(|event| event.id == failed)
            .flat_map(Event::entities)
            .filter(|entity| entity.signature().is_some())
            .map(|entity| SignatureChecked {
                signature: entity.id,
                check: Check::Invalid,
                power_of_attorney: Some(PowerOfAttorney::NotRequired),
                verification: None,
            })
            .collect();
        let notice = Body::Service(Service::DeliveryFailureNotification { event: failed });
        let number = self.number();
        let notice = self.entity(id("f0000000", number), None, notice);
        let report = DeliveryReport::NotDelivered { event: failed };
        let patch = self.patch(Origin::Operator, vec![notice], bad, Some(report));
        self.events_mut(from).push(patch);
        if self.recipient.is_empty() {
            // What hangs under a document that never arrived goes when it is sent again.
            self.on_their_way.clear();
        }
    }

    /// The operator confirms something to a box, if the box has it.
    fn confirm(&mut self, what: &str, to: Who) {
        if self.is_internal && to == Who::B {
            return;
        }
        let document = document_id();
        let parent = match what {
            "document" => document,
            "receipt" => {
                self.newest(to, |service| matches!(service, Service::Receipt | Service::InvoiceReceipt))
            }
            "answer" => self
                .newest(to, |service| matches!(service, Service::XmlSignatureRejection | Service::Title(_))),
            "amendment" => self.newest(to, |service| matches!(service, Service::AmendmentRequest)),
            "title-receipt" => {
                let title = self.newest(to, |service| matches!(service, Service::Title(_)));
                self.newest_below(to, title)
            }
            _ => panic!("unknown subject {what:?}"),
        };
        let number = self.number();
        let file = Entity {
            file_name: Some("confirmation.xml".to_owned()),
            content_type_id: "send_confirmation_133_01_03".to_owned(),
            ..self.entity(id("c0000000", number), Some(parent), Body::Service(Service::Confirmation))
        };
        let signature = self.signature_by(BoxId::ZERO, file.id, Check::Valid, false);
        let patch = self.patch(Origin::Operator, vec![file, signature], Vec::new(), None);
        self.events_mut(to).push(patch);
    }

    fn send(&mut self, who: Who, event: &Event) {
        if !self.is_internal {
            self.on_their_way.push_back((who, event.id));
        }
    }

    fn events_mut(&mut self, who: Who) -> &mut Vec<Event> {
        match who {
            Who::B if !self.is_internal => &mut self.recipient,
            _ => &mut self.sender,
        }
    }

    /// What the delivery of `event` does to documents: it revokes one if nobody has to agree.
    fn documents_of(&self, from: Who, event: EventId) -> Vec<DocumentPatch> {
        let event = self.events(from).iter().find(|found| found.id == event).expect("it is there");
        let request = event.entities().iter().find(|entity| {
            matches!(entity.service(), Some(Service::RevocationRequest { .. })) && self.is_unilateral
        });
        request.map(|request| self.revoked(request.id)).into_iter().collect()
    }

    fn revoked(&self, request: EntityId) -> DocumentPatch {
        DocumentPatch { document: document_id(), change: DocumentChange::Revoked { request } }
    }

    fn newest_below(&self, who: Who, parent: EntityId) -> EntityId {
        let who = if self.is_internal { Who::A } else { who };
        let below = entities(self.events(who))
            .filter(|entity| entity.parent == Some(parent) && entity.service().is_some());
        below.last().expect("there is such an entity").id
    }

    fn newest(&self, who: Who, is: fn(&Service) -> bool) -> EntityId {
        let who = if self.is_internal { Who::A } else { who };
        let found = entities(self.events(who)).filter(|entity| entity.service().is_some_and(is)).last();
        found.expect("there is such an entity").id
    }
}

fn entities(events: &[Event]) -> impl Iterator<Item = &Entity> {
    events.iter().flat_map(Event::entities)
}

fn party(who: Who) -> Party {
    let title = if who == Who::A { "ООО «Ромашка»" } else { "АО «Лютик»" };
    Party { box_id: box_of(who), title: title.to_owned(), department: None }
}

fn parse_who(word: &str) -> Who {
    match word {
        "A" => Who::A,
        "B" => Who::B,
        _ => panic!("{word:?} is neither A nor B"),
    }
}
