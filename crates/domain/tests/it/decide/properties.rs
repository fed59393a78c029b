//! What holds whatever two organizations do to each other.

use std::collections::{BTreeSet, HashSet};

use potok_types::{DepartmentId, EntityId, MessageId};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

use potok_domain::command::{
    DraftSignature, NewDraft, NewRefusal, PatchTemplate, SendDraft, TransformTemplate, Transformation,
};
use potok_domain::decide::Housekeeping;
use potok_domain::{Change, CodeGroup, EntityState, LockMode, MessageState, MessageType, Service, Template};
use potok_stories::{
    Action, EXPORT, SALES, Simulation, Story, VERBS, Who, box_of, bytes, document, letter, patch, targets,
    user_of,
};

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
    /// A draft is kept.
    Draft {
        who: Who,
        is_to_nobody: bool,
    },
    /// A draft becomes a letter, or is thrown away.
    Send {
        who: Who,
        message: u8,
        is_thrown_away: bool,
    },
    /// A template is posted; the other side is to make a letter of it, or this one, or that one for a third.
    Template {
        who: Who,
        traits: u8,
    },
    /// A letter is made of a template, or a document of it is refused.
    Use {
        who: Who,
        message: u8,
        document: u8,
        is_refused: bool,
    },
    /// All of a message is deleted, or restored.
    Delete {
        who: Who,
        message: u8,
        is_restored: bool,
    },
}

#[derive(Clone, Copy, Debug)]
struct Item {
    verb: u8,
    parent: u8,
    is_bad: bool,
    is_for_me: bool,
}

fn who() -> impl Strategy<Value = Who> {
    prop_oneof![3 => Just(Who::A), 3 => Just(Who::B), 1 => Just(Who::C)]
}

fn sender() -> impl Strategy<Value = Who> {
    prop_oneof![Just(Who::A), Just(Who::B)]
}

fn item() -> impl Strategy<Value = Item> {
    // Signatures come first and are tried most, then what is signed.
    let verb = prop_oneof![1 => Just(0u8), 1 => 0..8u8, 3 => 0..VERBS.len() as u8];
    (verb, any::<u8>(), prop::bool::weighted(0.1), any::<bool>())
        .prop_map(|(verb, parent, is_bad, is_for_me)| Item { verb, parent, is_bad, is_for_me })
}

fn attempts() -> impl Strategy<Value = Vec<Attempt>> {
    let attempt = prop_oneof![
        1 => (sender(), 1..4u8, any::<u8>())
            .prop_map(|(who, documents, traits)| Attempt::Post { who, documents, traits }),
        16 => (who(), any::<u8>(), [
                item().prop_map(Some).boxed(),
                prop::option::weighted(0.3, item()).boxed(),
            ])
            .prop_map(|(who, message, items)| Attempt::Patch { who, message, items }),
        6 => (any::<u8>(), prop::bool::weighted(0.3))
            .prop_map(|(which, is_cut)| Attempt::Deliver { which, is_cut }),
        1 => Just(Attempt::NextDay),
        1 => (sender(), any::<bool>()).prop_map(|(who, is_to_nobody)| Attempt::Draft { who, is_to_nobody }),
        2 => (sender(), any::<u8>(), prop::bool::weighted(0.2))
            .prop_map(|(who, message, is_thrown_away)| Attempt::Send { who, message, is_thrown_away }),
        1 => (sender(), any::<u8>()).prop_map(|(who, traits)| Attempt::Template { who, traits }),
        2 => (sender(), any::<u8>(), any::<u8>(), prop::bool::weighted(0.4)).prop_map(
            |(who, message, document, is_refused)| Attempt::Use { who, message, document, is_refused }
        ),
        1 => (who(), any::<u8>(), any::<bool>())
            .prop_map(|(who, message, is_restored)| Attempt::Delete { who, message, is_restored }),
    ];
    prop::collection::vec(attempt, 1..60)
}

/// Types with workflows: answered and not, confirmed and not, acknowledged and not.
const TYPES: [(&str, Option<&str>, i32); 8] = [
    ("Nonformalized", None, 1),
    ("Nonformalized", None, 2),
    ("Nonformalized", None, 6),
    ("XmlTorg12", None, 3),
    ("Invoice", None, 17),
    ("Invoice", None, 10),
    ("UniversalTransferDocument", Some("СЧФДОП"), 18),
    ("UniversalTransferDocument", Some("СЧФДОП"), 12),
];

/// Those of three sides.
const THROUGH_C: [(&str, Option<&str>, i32); 5] = [
    ("Nonformalized", None, 1),
    ("Nonformalized", None, 6),
    ("XmlTorg12", None, 3),
    ("XmlTorg12", None, 19),
    ("PerformedWorkAcceptanceCertificate", None, 13),
];

struct Run {
    story: Story,
    /// Verbs that were accepted.
    accepted: BTreeSet<&'static str>,
}

impl Run {
    fn new(seed: u64) -> Self {
        let mut story = Story::new();
        story.simulation = Simulation::new(seed);
        Self { story, accepted: BTreeSet::new() }
    }

    fn attempt(&mut self, attempt: Attempt) {
        match attempt {
            Attempt::Post { who, documents, traits } => self.post(who, documents, traits),
            Attempt::Patch { who, message, items } => self.patch(who, message, items),
            Attempt::Deliver { which, is_cut } => {
                self.story.simulation.deliver_one(usize::from(which), is_cut)
            }
            Attempt::NextDay => self.story.simulation.next_day(),
            Attempt::Draft { who, is_to_nobody } => self.keep_draft(who, is_to_nobody),
            Attempt::Send { who, message, is_thrown_away } => self.send(who, message, is_thrown_away),
            Attempt::Template { who, traits } => self.post_template(who, traits),
            Attempt::Use { who, message, document, is_refused } => {
                self.use_template(who, (message, document), is_refused)
            }
            Attempt::Delete { who, message, is_restored } => self.delete(who, message, is_restored),
        }
    }

    fn keep_draft(&mut self, who: Who, is_to_nobody: bool) {
        let mut command = letter(Vec::new());
        (command.from, command.to) = (box_of(who), (!is_to_nobody).then(|| box_of(who.other())));
        command.draft = Some(NewDraft { is_locked: !is_to_nobody, is_strict: true });
        for position in 0..2 {
            let mut posted = document();
            posted.custom_document_id = Some(format!("secret {position}"));
            posted.comment = Some(bytes("comment"));
            posted.signature = None;
            command.documents.push(posted);
        }
        self.story.simulation.post(who, &command).expect("the form of the draft is good");
    }

    fn send(&mut self, who: Who, message: u8, is_thrown_away: bool) {
        let drafts: Vec<MessageId> =
            self.messages(who).into_iter().filter(|id| self.is_draft(who, *id)).collect();
        if drafts.is_empty() {
            return;
        }
        let draft = drafts[usize::from(message) % drafts.len()];
        let state = self.story.simulation.state(who, draft).expect("the box has the draft");
        let is_open = !state.is_recycled && !state.is_deleted();
        if is_thrown_away {
            let taken = self.story.simulation.recycle(who, draft).is_ok();
            assert_eq!(taken, !state.is_recycled, "a draft is done with once");
            return;
        }
        let ids: Vec<EntityId> = state.documents().map(|(found, _)| found.entity.id).collect();
        let signatures = ids.iter().map(|document| DraftSignature {
            path: String::new(),
            document: *document,
            signature: self.story.signature(false),
            power: None,
        });
        let command = SendDraft {
            draft,
            to: (!state.to.is_named()).then(|| box_of(who.other())),
            to_department: None,
            proxy: None,
            proxy_department: None,
            is_test: false,
            signatures: signatures.collect(),
        };
        let sent = self.story.simulation.send(who, &command);
        assert_eq!(sent.is_ok(), is_open, "a draft is sent once: {sent:?}");
        if let Ok(letter) = sent {
            let sent = self.story.simulation.state(who, letter.message_id).expect("the letter is there");
            assert!(sent.documents().map(|(found, _)| found.entity.id).eq(ids), "documents keep their ids");
            self.accepted.insert("sends");
        }
    }

    fn post_template(&mut self, who: Who, traits: u8) {
        let has = |bit: u8| traits & (1 << bit) != 0;
        let mut command = letter(Vec::new());
        (command.from, command.to) = (box_of(who), Some(box_of(who.other())));
        let (from, back) = if has(0) { (who, who.other()) } else { (who.other(), who) };
        command.template = Some(Template {
            from: box_of(from),
            to: box_of(if has(1) { Who::C } else { back }),
            to_department: None,
            proxy: None,
            proxy_department: None,
            is_reusable: has(2),
        });
        command.lock_mode = if has(3) { LockMode::Full } else { LockMode::None };
        for position in 0..2 {
            let mut posted = document();
            posted.custom_document_id = Some(format!("secret {position}"));
            posted.comment = Some(bytes("comment"));
            posted.signature = None;
            posted.refusal_disabled = has(4) && position == 0;
            command.documents.push(posted);
        }
        self.story.simulation.post(who, &command).expect("the form of the template is good");
    }

    fn use_template(&mut self, who: Who, (message, document): (u8, u8), is_refused: bool) {
        let states = self.messages(who).into_iter().filter_map(|id| self.story.simulation.state(who, id));
        let templates: Vec<MessageState> = states.filter(|state| state.template.is_some()).collect();
        if templates.is_empty() {
            return;
        }
        let state = &templates[usize::from(message) % templates.len()];
        let template = state.message_id;
        let mut ids: Vec<EntityId> = state.documents().map(|(found, _)| found.entity.id).collect();
        if document % 3 != 0 {
            ids = vec![ids[usize::from(document) % ids.len()]];
        }
        let path = String::new;
        if is_refused {
            let refusals = ids.iter().map(|id| NewRefusal {
                path: path(),
                document: *id,
                comment: Some("no".to_owned()),
                content: Some(bytes("no")),
                labels: Vec::new(),
            });
            let command = PatchTemplate { template, refusals: refusals.collect() };
            if self.story.simulation.refuse_template(who, &command).is_ok() {
                self.accepted.insert("refuses-template");
            }
            return;
        }
        let documents = ids.iter().map(|id| Transformation {
            path: path(),
            document: *id,
            custom_document_id: Some(format!("letter {id}")),
        });
        let command = TransformTemplate { box_id: box_of(who), template, documents: documents.collect() };
        let made = self.story.simulation.transform(who, &command);
        let may = state.template.is_some_and(|it| it.from == box_of(who));
        assert!(may || made.is_err(), "one side makes letters");
        if made.is_ok() {
            self.accepted.insert("transforms");
        }
    }

    fn is_draft(&self, who: Who, message: MessageId) -> bool {
        let state = self.story.simulation.state(who, message);
        state.is_some_and(|state| state.message_type == MessageType::Draft)
    }

    fn delete(&mut self, who: Who, message: u8, is_restored: bool) {
        let messages = self.messages(who);
        if messages.is_empty() {
            return;
        }
        let message = messages[usize::from(message) % messages.len()];
        let what = if is_restored { Housekeeping::Restore } else { Housekeeping::Delete };
        // What is deleted already is refused.
        let _is_refused = self.story.simulation.housekeeping(who, user_of(who), message, &[], what).is_err();
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
        // Half of the letters that may go through C do.
        let proxied = has(1) && !has(2);
        command.proxy = proxied.then(|| box_of(Who::C));
        command.proxy_department = (proxied && has(4)).then_some(EXPORT);
        for position in 0..count {
            let mut posted = document();
            posted.custom_document_id = Some(format!("secret {position}"));
            posted.comment = has(5).then(|| bytes("comment"));
            let types = if proxied { &THROUGH_C[..] } else { &TYPES[..] };
            let (type_named_id, function, workflow) = types[usize::from(traits ^ position) % types.len()];
            posted.type_named_id = type_named_id.to_owned();
            posted.function = function.map(str::to_owned);
            posted.workflow = Some(workflow);
            posted.need_receipt = has(4);
            posted.signature =
                (!delay).then(|| self.story.signature(!internal && has(3) && has(5) && position == 0));
            command.documents.push(posted);
        }
        self.story.simulation.post(who, &command).expect("the form of the post is good");
    }

    /// The messages of a box in an order that does not depend on hashing.
    fn messages(&self, who: Who) -> Vec<MessageId> {
        self.story.simulation.messages(who).collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn patch(&mut self, who: Who, message: u8, items: [Option<Item>; 2]) {
        let messages = self.messages(who);
        if messages.is_empty() {
            return;
        }
        let message = messages[usize::from(message) % messages.len()];
        let state = self.story.simulation.state(who, message).expect("the box has the message");
        let mut command = patch(who, message);
        for item in items.into_iter().flatten() {
            let (verb, adverb) = VERBS[usize::from(item.verb)];
            // Mostly what it can be about, sometimes anything.
            let mut parents = targets(&state, verb);
            if parents.is_empty() || item.parent > 220 {
                parents = state.entities().iter().map(|found| found.entity.id).collect();
            }
            let parent = parents[usize::from(item.parent) % parents.len()];
            let is_bad = item.is_bad && !state.is_internal;
            let adverbs =
                [adverb, if is_bad { "badly" } else { "" }, if item.is_for_me { "to-me" } else { "" }];
            self.story.add_item(&mut command, &Action { who, verb, adverbs: adverbs.into() }, parent);
        }
        if self.story.simulation.patch(who, &command).is_ok() {
            self.accepted.extend(items.into_iter().flatten().map(|item| VERBS[usize::from(item.verb)].0));
        }
    }

    fn check(&self) {
        for who in Who::ALL {
            for message in self.messages(who) {
                let here = self.story.simulation.state(who, message).expect("events open the message");
                check_fold(&self.story.simulation, who, &here);
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
    fn check_agreement(&self) {
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
                )
            ));
        }
        if let Some(document) = entity.document() {
            assert_eq!(document.custom_document_id.is_some(), is_sender);
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_boxes_agree_and_keep_their_secrets(seed: u64, attempts in attempts()) {
        let mut run = Run::new(seed);
        for attempt in attempts {
            run.attempt(attempt);
        }
        run.check();
        while !run.story.simulation.outbox.is_empty() {
            run.story.simulation.deliver_one(0, false);
        }
        run.check();
        run.check_agreement();
    }
}

/// The property above would hold for a simulation in which everything is refused.
#[test]
fn random_attempts_reach_every_kind_of_event() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut kinds = BTreeSet::new();
    let mut accepted = BTreeSet::new();
    for seed in 0..900 {
        let attempts = attempts().new_tree(&mut runner).unwrap().current();
        let mut run = Run::new(seed);
        attempts.into_iter().for_each(|attempt| run.attempt(attempt));
        run.story.simulation.deliver_all();
        accepted.extend(run.accepted.iter().copied());
        for who in Who::ALL {
            for message in run.messages(who) {
                for event in run.story.simulation.events(who, message) {
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
    // Nothing is encrypted here, so the recipient has nothing to verify; a denial is rarely there to be withdrawn.
    let rare = ["verifies", "disproves", "cancels-denial"];
    let verbs: BTreeSet<_> =
        VERBS.iter().map(|(verb, _)| *verb).filter(|verb| !rare.contains(verb)).collect();
    for done in ["sends", "transforms", "refuses-template"] {
        assert!(accepted.contains(done), "nobody ever {done}");
    }
    assert!(accepted.is_superset(&verbs), "{:?} were never accepted", &verbs - &accepted);
}

fn kind(event: &potok_domain::Event) -> &'static str {
    let patched = match &event.change {
        Change::Posted(posted) if posted.author.is_some() => return "message",
        Change::Posted(_) => return "message of the other box",
        Change::Patched(patched) => patched,
    };
    let has =
        |is: fn(&Service) -> bool| patched.entities.iter().any(|entity| entity.service().is_some_and(is));
    match (patched.origin, patched.report) {
        (_, Some(potok_domain::DeliveryReport::Delivered { .. })) => "delivered",
        (_, Some(potok_domain::DeliveryReport::NotDelivered { .. })) => "not delivered",
        (potok_domain::Origin::Received { .. }, _) if patched.entities[0].document().is_some() => {
            "received document"
        }
        (potok_domain::Origin::Received { .. }, _) => "received",
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
