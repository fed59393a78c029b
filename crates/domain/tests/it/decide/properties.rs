//! What holds whatever two organizations do to each other.

mod attempts;
mod checks;
mod drafts;
mod forwards;
mod letters;
mod templates;

use std::collections::BTreeSet;

use potok_types::MessageId;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

use potok_domain::{Change, Service};
use potok_stories::{Simulation, Story, VERBS, Who};

use attempts::{Attempt, attempts};
use forwards::Forwarded;

struct Run {
    story: Story,
    /// Verbs that were accepted.
    accepted: BTreeSet<&'static str>,
    /// What was forwarded, oldest first.
    forwarded: Vec<Forwarded>,
}

impl Run {
    fn new(seed: u64) -> Self {
        let mut story = Story::new();
        story.simulation = Simulation::new(seed);
        Self { story, accepted: BTreeSet::new(), forwarded: Vec::new() }
    }

    fn attempt(&mut self, attempt: Attempt) {
        match attempt {
            Attempt::Post { who, documents, traits } => self.post(who, documents, traits),
            Attempt::Patch { who, message, items } => self.patch(who, message, items),
            Attempt::Deliver { which, is_cut } => {
                self.story.simulation.deliver_one(usize::from(which), is_cut)
            }
            Attempt::NextDay => self.story.simulation.next_day(),
            Attempt::Draft { who, is_to_nobody, is_prepared } => {
                self.keep_draft(who, is_to_nobody, is_prepared)
            }
            Attempt::Send { who, message, is_thrown_away, is_rewritten } => {
                self.send(who, message, is_thrown_away, is_rewritten)
            }
            Attempt::Forward { who, message, document, to } => self.forward(who, (message, document), to),
            Attempt::Template { who, traits } => self.post_template(who, traits),
            Attempt::Use { who, message, document, is_refused } => {
                self.use_template(who, (message, document), is_refused)
            }
            Attempt::Delete { who, message, is_restored } => self.delete(who, message, is_restored),
        }
    }

    /// The messages of a box in an order that does not depend on hashing.
    fn messages(&self, who: Who) -> Vec<MessageId> {
        self.story.simulation.messages(who).collect::<BTreeSet<_>>().into_iter().collect()
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
        run.check_templates();
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
        if run.check_templates() {
            run.accepted.insert("is-told");
        }
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
    // Nothing is encrypted here, so the recipient has nothing to verify; a denial is rarely there to be withdrawn, a document
    // rarely on a route.
    let rare = ["verifies", "disproves", "cancels-denial", "takes-off-route"];
    let verbs: BTreeSet<_> =
        VERBS.iter().map(|(verb, _)| *verb).filter(|verb| !rare.contains(verb)).collect();
    for done in [
        "sends",
        "sends-rewritten",
        "signs-rewritten",
        "signs-prepared-title",
        "forwards",
        "transforms",
        "refuses-template",
        "is-told",
    ] {
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
