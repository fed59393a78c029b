//! What holds whatever two organizations do to each other.

use std::collections::{BTreeSet, HashSet};

use potok_types::{ContentRef, DepartmentId, EntityId, MessageId};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

use crate::command::{NewRejection, NewService, NewSignature, PostPatch};
use crate::receive::Receipt;
use crate::testing::{EXPORT, Planned, SALES, Who, World, box_of, bytes, document, letter, patch};
use crate::{Change, LockMode, MessageState, Service};

/// One thing that somebody tries. Numbers choose among what there is, modulo its count.
#[derive(Clone, Copy, Debug)]
enum Attempt {
    Post {
        who: Who,
        documents: u8,
        traits: u8,
    },
    Patch {
        who: Who,
        message: u8,
        items: [Option<Item>; 2],
    },
    /// One delivery, finished or cut between its halves.
    Deliver {
        which: u8,
        is_cut: bool,
    },
    NextDay,
}

#[derive(Clone, Copy, Debug)]
struct Item {
    kind: u8,
    parent: u8,
    is_bad: bool,
}

fn who() -> impl Strategy<Value = Who> {
    prop_oneof![Just(Who::A), Just(Who::B)]
}

fn item() -> impl Strategy<Value = Item> {
    (0..6u8, 0..24u8, prop::bool::weighted(0.2)).prop_map(|(kind, parent, is_bad)| Item {
        kind,
        parent,
        is_bad,
    })
}

fn attempts() -> impl Strategy<Value = Vec<Attempt>> {
    let attempt = prop_oneof![
        2 => (who(), 1..4u8, any::<u8>()).prop_map(|(who, documents, traits)| Attempt::Post { who, documents, traits }),
        6 => (who(), any::<u8>(), [
                item().prop_map(Some).boxed(),
                prop::option::weighted(0.3, item()).boxed(),
            ])
            .prop_map(|(who, message, items)| Attempt::Patch { who, message, items }),
        6 => (any::<u8>(), prop::bool::weighted(0.3))
            .prop_map(|(which, is_cut)| Attempt::Deliver { which, is_cut }),
        1 => Just(Attempt::NextDay),
    ];
    prop::collection::vec(attempt, 1..40)
}

struct Run {
    world: World,
    signatures: usize,
    accepted: usize,
}

impl Run {
    fn attempt(&mut self, attempt: Attempt) {
        match attempt {
            Attempt::Post { who, documents, traits } => self.post(who, documents, traits),
            Attempt::Patch { who, message, items } => self.patch(who, message, items),
            Attempt::Deliver { which, is_cut } => self.deliver(which, is_cut),
            Attempt::NextDay => self.world.next_day(),
        }
    }

    fn signature(&mut self, is_bad: bool) -> ContentRef {
        self.signatures += 1;
        let content = bytes(&format!("signature {}", self.signatures));
        if is_bad {
            self.world.bad.insert(content.hash);
        }
        content
    }

    fn post(&mut self, who: Who, count: u8, traits: u8) {
        let has = |bit: u8| traits & (1 << bit) != 0;
        let (delay, internal) = (has(0), has(1) && has(2));
        let mut command = letter(Vec::new());
        (command.from, command.to) = (box_of(who), (!internal).then(|| box_of(who.other())));
        (command.delay_send, command.is_internal) = (delay, internal);
        command.from_department = has(3).then_some(EXPORT);
        command.to_department = has(4).then_some(SALES);
        command.lock_mode =
            [LockMode::None, LockMode::Send, LockMode::Full, LockMode::None][usize::from(traits >> 6)];
        for position in 0..count {
            let mut posted = document();
            posted.custom_document_id = Some(format!("secret {position}"));
            posted.comment = has(5).then(|| bytes("comment"));
            posted.workflow = Some([1, 2, 6][usize::from((traits ^ position) % 3)]);
            posted.signature =
                (!delay).then(|| self.signature(!internal && has(3) && has(5) && position == 0));
            command.documents.push(posted);
        }
        self.world.post(who, &command).expect("the form of the post is good");
        self.accepted += 1;
    }

    /// The messages of a box in an order that does not depend on hashing.
    fn messages(&self, who: Who) -> Vec<MessageId> {
        self.world.messages(who).collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn patch(&mut self, who: Who, message: u8, items: [Option<Item>; 2]) {
        let messages = self.messages(who);
        if messages.is_empty() {
            return;
        }
        let message = messages[usize::from(message) % messages.len()];
        let state = self.world.state(who, message).expect("the box has the message");
        let mut command = patch(who, message);
        for item in items.into_iter().flatten() {
            // Mostly documents, which come first in what is tried; sometimes anything.
            let documents: Vec<EntityId> = state.documents().map(|(found, _)| found.entity.id).collect();
            let parents: Vec<EntityId> = documents
                .repeat(4)
                .into_iter()
                .chain(state.entities().iter().map(|found| found.entity.id))
                .collect();
            let parent = parents[usize::from(item.parent) % parents.len()];
            let signature = self.signature(item.is_bad && !state.is_internal);
            add(&mut command, item.kind, parent, signature);
        }
        if self.world.patch(who, &command).is_ok() {
            self.accepted += 1;
        }
    }

    /// Deliveries of one message of one box go in order; those of different ones in any.
    fn deliver(&mut self, which: u8, is_cut: bool) {
        let mut seen = HashSet::new();
        let outbox = self.world.outbox.iter().enumerate();
        let due: Vec<usize> = outbox
            .filter(|(_, planned)| seen.insert((planned.from, planned.message)))
            .map(|(position, _)| position)
            .collect();
        if due.is_empty() {
            return;
        }
        let position = due[usize::from(which) % due.len()];
        let planned: Planned = self.world.outbox[position];
        let (verdicts, receipt) = self.world.hand_over(planned);
        if let Some(first @ Receipt::New(_)) = &receipt {
            let (_, again) = self.world.hand_over(planned);
            let arrived = first.arrived().expect("it is new");
            assert_eq!(again, Some(Receipt::Already(arrived)), "what came is recognized");
        }
        if !is_cut {
            self.world.report(planned, &verdicts, receipt);
            self.world.outbox.remove(position);
        }
    }

    fn check(&self) {
        for who in [Who::A, Who::B] {
            for message in self.messages(who) {
                let here = self.world.state(who, message).expect("events open the message");
                check_fold(&self.world, who, &here);
                if let Some(there) = self.world.state(who.other(), message) {
                    check_privacy(&here, &there);
                }
            }
        }
    }

    /// With nothing on the way, each box knows as arrived exactly what is in the other one.
    fn check_agreement(&self) {
        for message in self.messages(Who::A) {
            let shared = |who| {
                let state = self.world.state(who, message)?;
                let shared = state.entities().iter().filter(|found| {
                    !found.entity.is_private() && found.delivered_at.is_some() && !state.is_internal
                });
                Some(shared.map(|found| found.entity.id).collect::<BTreeSet<_>>())
            };
            assert_eq!(shared(Who::A).unwrap_or_default(), shared(Who::B).unwrap_or_default());
        }
    }
}

fn add(command: &mut PostPatch<ContentRef>, kind: u8, parent: EntityId, signature: ContentRef) {
    let service = NewService {
        path: "item".to_owned(),
        parent,
        content: bytes("file"),
        signature,
        file_name: None,
        text: None,
        labels: Vec::new(),
    };
    match kind {
        0..=2 => command.signatures.push(NewSignature {
            path: "item".to_owned(),
            parent,
            signature,
            is_approval: kind == 2,
            labels: Vec::new(),
        }),
        3 => command.receipts.push(service),
        _ => command.rejections.push(NewRejection { service, is_formal: kind == 4 }),
    }
}

/// Replaying some events and applying the rest is replaying all; ids are unique; parents come first.
fn check_fold(world: &World, who: Who, whole: &MessageState) {
    let events = world.events(who, whole.message_id);
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
                Some(Service::SignatureVerificationReport | Service::DeliveryFailureNotification { .. })
            ));
        }
        if let Some(document) = entity.document() {
            assert_eq!(document.custom_document_id.is_some(), is_sender);
            let named = if is_sender { here.from.department } else { here.to.department };
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_boxes_agree_and_keep_their_secrets(seed: u64, attempts in attempts()) {
        let mut run = Run { world: World::new(seed), signatures: 0, accepted: 0 };
        for attempt in attempts {
            run.attempt(attempt);
        }
        run.check();
        while !run.world.outbox.is_empty() {
            run.deliver(0, false);
        }
        run.check();
        run.check_agreement();
    }
}

/// The property above would hold for a world in which everything is refused.
#[test]
fn random_attempts_reach_every_kind_of_event() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut kinds = BTreeSet::new();
    for seed in 0..300 {
        let attempts = attempts().new_tree(&mut runner).unwrap().current();
        let mut run = Run { world: World::new(seed), signatures: 0, accepted: 0 };
        attempts.into_iter().for_each(|attempt| run.attempt(attempt));
        run.world.deliver_all();
        for who in [Who::A, Who::B] {
            for message in run.messages(who) {
                for event in run.world.events(who, message) {
                    kinds.insert(kind(event));
                }
            }
        }
    }
    let expected = [
        "delivered",
        "message",
        "message of the other box",
        "not delivered",
        "patch with receipt",
        "patch with refusal",
        "patch with signature",
        "received",
        "received document",
    ];
    assert_eq!(kinds, expected.into_iter().collect());
}

fn kind(event: &crate::Event) -> &'static str {
    let patched = match &event.change {
        Change::Posted(posted) if posted.author.is_some() => return "message",
        Change::Posted(_) => return "message of the other box",
        Change::Patched(patched) => patched,
    };
    let has =
        |is: fn(&Service) -> bool| patched.entities.iter().any(|entity| entity.service().is_some_and(is));
    match (patched.origin, patched.report) {
        (_, Some(crate::DeliveryReport::Delivered { .. })) => "delivered",
        (_, Some(crate::DeliveryReport::NotDelivered { .. })) => "not delivered",
        (crate::Origin::Received { .. }, _) if patched.entities[0].document().is_some() => {
            "received document"
        }
        (crate::Origin::Received { .. }, _) => "received",
        _ if has(|service| matches!(service, Service::Receipt)) => "patch with receipt",
        _ if has(|service| {
            matches!(service, Service::XmlSignatureRejection | Service::SignatureRequestRejection)
        }) =>
        {
            "patch with refusal"
        }
        _ => "patch with signature",
    }
}
