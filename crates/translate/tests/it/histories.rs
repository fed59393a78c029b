//! What holds in every history that two organizations can make of real commands, whatever they try and in whatever order
//! it is delivered.

use std::collections::{BTreeSet, HashMap};

use potok_domain::carriage;
use potok_domain::docflow::{Docflow, RevocationState, docflow};
use potok_domain::{Change, DocumentRef, Event, MessageState, Side};
use potok_translate::docflow::{Referrer, Relations, V2, V3, V4, V5};
use potok_translate::view::box_event;
use potok_types::{EntityId, MessageId};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;

use crate::agreement::agree;
use crate::required::{all_travel, travels_with_defaults};
use crate::shown::of_state;
use crate::stories::referrers;
use potok_stories::{Action, Story, VERBS, Who, box_of, colleague_of, patch, targets, user_of};

/// How histories begin.
const POSTS: [&str; 18] = [
    "post Nonformalized ask receipt",
    "post Nonformalized ask",
    "post Nonformalized",
    "post Nonformalized Nonformalized ask full-lock",
    "post Nonformalized ask delay",
    "post Nonformalized ask badly",
    "post Nonformalized internal ask receipt",
    "post Nonformalized encrypted fndefault vv1 ask",
    "post Invoice number=7",
    "post Invoice wf10 number=7",
    "post XmlTorg12 wf3",
    "post XmlTorg12 wf3 receipt",
    "post XmlAcceptanceCertificate wf9 receipt",
    "post TrustConnectionRequest ask",
    "post UniversalTransferDocument fnСЧФДОП",
    "post UniversalTransferDocument fnСЧФДОП wf12",
    "post UniversalTransferDocument fnДОП receipt",
    "post UniversalTransferDocument fnСЧФ",
];

#[derive(Clone, Debug)]
enum Attempt {
    Act {
        who: Who,
        is_colleague: bool,
        verb: usize,
        target: Index,
        adverb: Index,
    },
    /// A worker may die between the halves; then the sender hears of the arrival later.
    Deliver {
        which: usize,
        is_cut: bool,
    },
    /// A later document that revises the first one.
    Revise,
}

fn attempts() -> impl Strategy<Value = Vec<Attempt>> {
    let who = prop_oneof![1 => Just(Who::A), 2 => Just(Who::B)];
    // What is signed stands first, and is tried most.
    let verb = prop_oneof![0..8_usize, 0..VERBS.len()];
    let act = (who, prop::bool::weighted(0.2), verb, any::<Index>(), any::<Index>());
    let attempt = prop_oneof![
        12 => act.prop_map(|(who, is_colleague, verb, target, adverb)| Attempt::Act { who, is_colleague, verb, target, adverb }),
        6 => (any::<usize>(), prop::bool::weighted(0.3))
            .prop_map(|(which, is_cut)| Attempt::Deliver { which, is_cut }),
        1 => Just(Attempt::Revise),
    ];
    prop::collection::vec(attempt, 1..28)
}

/// A document as it was shown right after an event.
struct Told {
    who: Who,
    message: MessageId,
    /// How many events of the message there were.
    events: usize,
    document: EntityId,
    views: [Value; 4],
}

struct History {
    story: Story,
    folded: HashMap<(Who, MessageId), MessageState>,
    told: Vec<Told>,
    accepted: BTreeSet<&'static str>,
}

impl History {
    fn of(post: &str, attempts: &[Attempt]) -> Self {
        let mut history =
            Self { story: Story::new(), folded: HashMap::new(), told: Vec::new(), accepted: BTreeSet::new() };
        history.story.step(post).expect("the form of the post is good");
        let first = history.story.message();
        history.look();
        for attempt in attempts {
            history.attempt(post, attempt);
            history.story.message = Some(first);
            history.look();
        }
        history
    }

    fn attempt(&mut self, post: &str, attempt: &Attempt) {
        match attempt {
            Attempt::Deliver { which, is_cut } => {
                // A referrer is dated by its arrival in the other box, of which this one may learn later, so what was
                // told of the base in between is not told of it again.
                let has_referrers = self.messages(Who::A).len() > 1;
                self.story.world.deliver_one(*which, *is_cut && !has_referrers);
            }
            Attempt::Revise => {
                let kind = post.split_whitespace().nth(1).expect("a post names a type");
                let revision = ["Invoice", "UniversalTransferDocument"].iter().find(|base| **base == kind);
                if let Some(base) = revision {
                    let function = post.split_whitespace().find(|word| word.starts_with("fn"));
                    let step = format!("post {base}Revision about=1 {}", function.unwrap_or_default());
                    // The first message may be one that this box cannot refer to.
                    let _is_refused = self.story.step(&step).is_err();
                }
            }
            Attempt::Act { who, is_colleague, verb, target, adverb } => {
                let Some(state) = self.story.world.state(*who, self.story.message()) else { return };
                let (verb, needed) = VERBS[*verb];
                let targets = targets(&state, verb);
                if targets.is_empty() {
                    return;
                }
                let adverb = ["", "", "", "badly", "partly", "asks-receipt", "to-me"][adverb.index(7)];
                // Inside one organization signatures are good when they are taken.
                let adverb = if state.side() == Side::Internal && adverb == "badly" { "" } else { adverb };
                let mut command = patch(*who, state.message_id);
                let action = Action { who: *who, verb, adverbs: vec![needed, adverb] };
                // Locked packets are acted on as one.
                let chosen = targets[target.index(targets.len())];
                let all = if state.document(chosen).is_some() && carriage::is_packet_locked(&state) {
                    state.documents().map(|(found, _)| found.entity.id).collect()
                } else {
                    vec![chosen]
                };
                all.into_iter().for_each(|target| self.story.add_item(&mut command, &action, target));
                let author = if *is_colleague { colleague_of(*who) } else { user_of(*who) };
                let before = self.story.world.events(*who, state.message_id).len();
                let planned = self.story.world.outbox.len();
                match self.story.world.patch_by(*who, author, &command) {
                    Ok(_) => {
                        self.accepted.insert(verb);
                    }
                    Err(_) => {
                        assert_eq!(self.story.world.events(*who, state.message_id).len(), before);
                        assert_eq!(self.story.world.outbox.len(), planned, "what is refused changes nothing");
                    }
                }
            }
        }
    }

    fn messages(&self, who: Who) -> BTreeSet<MessageId> {
        self.story.world.messages(who).collect()
    }

    /// Folds what has happened since the last look, and holds it to the laws of one box.
    fn look(&mut self) {
        for who in [Who::A, Who::B] {
            for message in self.messages(who) {
                let known = self.folded.get(&(who, message)).map_or(0, |state| state.revision().0 as usize);
                let events: Vec<Event> = self.story.world.events(who, message)[known..].to_vec();
                for event in events {
                    self.fold(who, message, &event);
                }
            }
        }
    }

    fn fold(&mut self, who: Who, message: MessageId, event: &Event) {
        let before = self.folded.remove(&(who, message));
        let state = match before.clone() {
            Some(mut state) => {
                state.apply(event);
                state
            }
            None => MessageState::open(box_of(who), event).expect("the first event opens the message"),
        };
        travels_with_defaults(&box_event(&state, event));
        let documents: Vec<EntityId> = state.documents().map(|(found, _)| found.entity.id).collect();
        for document in documents {
            agree(&state, document);
            all_travel(&state, document);
            let referrers = self.referrers(who, message, document);
            let views = views(&state, document, &referrers);
            let events = state.revision().0 as usize;
            self.told.push(Told { who, message, events, document, views });
            let flow_before = before.as_ref().and_then(|before| docflow(before, document));
            if let Some(flow_before) = flow_before {
                keeps_its_word(&flow_before, &docflow(&state, document).expect("it is there"), event);
            }
        }
        self.folded.insert((who, message), state);
    }

    fn referrers(&self, who: Who, message_id: MessageId, entity_id: EntityId) -> Vec<Referrer> {
        referrers(&self.story.world, who, DocumentRef { message_id, entity_id })
    }

    /// What was told right after an event is told of that event for ever.
    fn nothing_told_changes(&self) {
        for told in &self.told {
            let events = &self.story.world.events(told.who, told.message)[..told.events];
            let state = MessageState::replay(box_of(told.who), events).expect("they open the message");
            let at = events[told.events - 1].at;
            let referrers = self.referrers(told.who, told.message, told.document);
            let referrers: Vec<Referrer> =
                referrers.into_iter().filter_map(|referrer| referrer.at(at)).collect();
            assert_eq!(views(&state, told.document, &referrers), told.views);
        }
    }

    /// When nothing is on its way, the two boxes know the same of every document that both have.
    fn both_know_the_same(&self) {
        for message in self.messages(Who::A) {
            let Some((sender, recipient)) =
                self.folded.get(&(Who::A, message)).zip(self.folded.get(&(Who::B, message)))
            else {
                continue;
            };
            for (found, _) in recipient.documents() {
                let flow = |state| docflow(state, found.entity.id).expect("both have it");
                know_the_same(&flow(sender), &flow(recipient));
            }
        }
    }
}

fn views(state: &MessageState, document: EntityId, referrers: &[Referrer]) -> [Value; 4] {
    let relations = Relations { referrers };
    [of_state::<V2>, of_state::<V3>, of_state::<V4>, of_state::<V5>]
        .map(|show| show(state, document, &relations).expect("the document is there"))
}

/// What is finished stays so, unless somebody asks to revoke it, or the recipient finds the sender's signature bad.
fn keeps_its_word(before: &Docflow<'_>, after: &Docflow<'_>, event: &Event) {
    let is_asked_to_revoke = matches!(after.revocation, RevocationState::Pending { .. });
    let is_disproved = after.facts.title.is_invalid();
    assert!(
        !before.is_finished || after.is_finished || is_asked_to_revoke || is_disproved,
        "{event:?} opens what was finished"
    );
    assert!(!before.done.all || after.done.all || is_disproved, "{event:?} owes again what was done");
    if before.revocation == RevocationState::Accepted {
        assert_eq!(after.revocation, RevocationState::Accepted, "nobody takes a revocation back");
    }
    if before.facts.delivered_at.is_some() {
        assert_eq!(before.facts.delivered_at, after.facts.delivered_at);
    }
    if before.done.response {
        assert_eq!(before.steps.response, after.steps.response, "a delivered answer is final");
    }
    let is_packet = matches!(&event.change, Change::Patched(patched) if patched.entities.is_empty());
    assert!(is_packet || before.facts.sent_at.is_none() || after.facts.sent_at.is_some());
}

fn know_the_same(sender: &Docflow<'_>, recipient: &Docflow<'_>) {
    let known = |flow: &Docflow<'_>| {
        (
            flow.flags.is_signed_by_recipient,
            flow.flags.is_rejected_by_recipient,
            flow.facts.receipt.is_some(),
            flow.facts.sender_receipt.is_some(),
            flow.facts.amendments.iter().filter(|amendment| amendment.signed.is_valid()).count(),
            flow.facts
                .state
                .tags
                .iter()
                .map(|tag| (tag.key.to_lowercase(), tag.value.clone()))
                .collect::<BTreeSet<_>>(),
        )
    };
    assert_eq!(known(sender), known(recipient));
    let decided = |flow: &Docflow<'_>| {
        (
            flow.revocation == RevocationState::Accepted,
            flow.revocation == RevocationState::Rejected,
            matches!(flow.revocation, RevocationState::Pending { .. }),
        )
    };
    assert_eq!(decided(sender), decided(recipient));
    assert_eq!(sender.facts.delivered_at, recipient.facts.delivered_at);
    // Of a signature that did not arrive only its author knows.
    if sender.facts.title.is_valid() {
        assert_eq!(sender.facts.sent_at, recipient.facts.sent_at);
    }
    // The sender of an encrypted document believes its own signature until it hears otherwise.
    if !sender.facts.entity.entity.is_encrypted {
        assert_eq!(
            sender.flags.can_be_revoked_by_sender_alone,
            recipient.flags.can_be_revoked_by_sender_alone
        );
    }
}

proptest! {
    // Each case shows every state in four versions.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_history_of_commands_obeys(post in any::<Index>(), attempts in attempts()) {
        let mut history = History::of(POSTS[post.index(POSTS.len())], &attempts);
        history.nothing_told_changes();
        history.story.world.deliver_all();
        history.look();
        history.both_know_the_same();
    }
}

/// The property above would hold for histories in which everything is refused.
#[test]
fn histories_reach_most_actions() {
    use proptest::strategy::ValueTree as _;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut accepted = BTreeSet::new();
    for number in 0..36 {
        let attempts = attempts().new_tree(&mut runner).expect("attempts can be made").current();
        accepted.extend(History::of(POSTS[number % POSTS.len()], &attempts).accepted);
    }
    let expected = [
        "amends",
        "approves",
        "receipts",
        "refuses",
        "resolves-no",
        "resolves-yes",
        "revokes",
        "says",
        "signs",
        "tags",
        "titles",
    ];
    assert!(accepted.is_superset(&expected.into()), "{accepted:?}");
}
