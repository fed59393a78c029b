//! What holds in every history that two organizations can make of real commands.

use std::collections::{BTreeMap, BTreeSet};

use potok_domain::docflow::{Docflow, ReceiptStatus, ResponseStatus, RevocationState, docflow};
use potok_domain::{Change, Event, MessageState, Side};
use potok_stories::{Attempt, POSTS, Story, Who, attempts, box_of};
use potok_types::{EntityId, MessageId};
use proptest::prelude::*;

/// What a box sees after any event.
fn laws_of_one(flow: &Docflow<'_>) {
    let flags = &flow.flags;
    assert!(!(flags.is_signed_by_recipient && flags.is_rejected_by_recipient));
    let is_answered = flags.is_signed_by_recipient || flags.is_rejected_by_recipient;
    assert!(!(flags.can_be_answered_by_recipient && is_answered), "an answer is final");
    // An encrypted document can be revoked by both before the recipient has looked at its signature.
    let is_revoked = flow.revocation == RevocationState::Accepted;
    assert!(!flow.is_finished || flow.done.title || is_revoked, "nothing is finished that is not sent");
    assert!(flow.is_finished || !is_revoked);
    assert!(!flow.is_finished || !flags.can_be_signed_by_sender);
    assert!(!flow.done.response || is_answered);
    if flow.done.all {
        assert_ne!(flow.steps.response, ResponseStatus::Waiting);
        assert!(!matches!(flow.steps.receipt, ReceiptStatus::Waiting | ReceiptStatus::HaveToCreate));
    }
    match flow.facts.side {
        Side::Sender => assert!(!flags.can_be_answered_by_recipient && !flags.can_be_receipted),
        Side::Recipient | Side::Proxy => {
            assert!(!flags.can_be_signed_by_sender);
            assert!(flow.facts.delivered_at.is_some() && flow.facts.sent_at.is_some());
        }
        Side::Internal => assert_eq!(flow.facts.delivered_at, flow.facts.sent_at),
    }
}

/// What holds between a box's views before and after `event`. What is finished stays so, unless somebody asks to revoke it,
/// or the recipient finds the sender's signature bad.
fn laws_of_two(before: &Docflow<'_>, after: &Docflow<'_>, event: &Event) {
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

/// What two boxes agree about when nothing is on its way. An answer with a bad signature is known to its author only.
fn laws_of_both(sender: &Docflow<'_>, recipient: &Docflow<'_>) {
    if sender.facts.title.is_invalid() {
        assert!(recipient.facts.title.is_invalid());
    }
    let known = |flow: &Docflow<'_>| {
        let tags = flow.facts.state.tags.iter().map(|tag| (tag.key.to_lowercase(), tag.value.clone()));
        (
            flow.flags.is_signed_by_recipient,
            flow.flags.is_rejected_by_recipient,
            flow.facts.receipt.is_some(),
            flow.facts.sender_receipt.is_some(),
            flow.facts.amendments.iter().filter(|amendment| amendment.signed.is_valid()).count(),
            tags.collect::<BTreeSet<_>>(),
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

fn documents(state: &MessageState) -> Vec<EntityId> {
    state.documents().map(|(found, _)| found.entity.id).collect()
}

/// Folds all events of a box, and holds what it sees to the laws; the state at the end.
fn obeys(story: &Story, who: Who, message: MessageId) -> Option<MessageState> {
    let mut events = story.simulation.events(who, message).iter();
    let mut state =
        MessageState::open(box_of(who), events.next()?).expect("the first event opens the message");
    // Nobody signs a template: the flow is that of the letter which is made of it. Where three take part, one may end it for
    // another one who never hears of it.
    if state.template.is_some() || state.proxy.is_some() {
        return None;
    }
    let look = |state: &MessageState| {
        let flow = |document| docflow(state, document).expect("it is there");
        documents(state).into_iter().for_each(|document| laws_of_one(&flow(document)));
    };
    look(&state);
    for event in events {
        let before = state.clone();
        state.apply(event);
        look(&state);
        for document in documents(&before) {
            let flow = |state| docflow(state, document).expect("it is there");
            laws_of_two(&flow(&before), &flow(&state), event);
        }
    }
    Some(state)
}

/// A history in which everything is delivered in the end, and what was taken of the attempts.
fn history(post: &str, attempts: &[Attempt]) -> (Story, BTreeSet<&'static str>) {
    let mut story = Story::new();
    story.step(post).expect("the form of the post is good");
    let accepted = attempts.iter().filter_map(|attempt| story.attempt(attempt)).collect();
    story.simulation.deliver_all();
    (story, accepted)
}

proptest! {
    #[test]
    fn every_history_obeys(post in prop::sample::select(&POSTS[..]), attempts in attempts()) {
        let (story, _) = history(post, &attempts);
        let messages: BTreeSet<MessageId> = story.simulation.messages(Who::A).collect();
        for message in messages {
            let [sender, recipient] = [Who::A, Who::B].map(|who| obeys(&story, who, message));
            let Some((sender, recipient)) = sender.zip(recipient) else { continue };
            for document in documents(&recipient) {
                let flow = |state| docflow(state, document).expect("both have it");
                laws_of_both(&flow(&sender), &flow(&recipient));
            }
        }
    }
}

/// The laws would hold for histories in which everything is refused.
#[test]
fn histories_reach_most_actions() {
    use proptest::strategy::ValueTree as _;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut accepted: BTreeMap<&str, usize> = BTreeMap::new();
    for number in 0..POSTS.len() * 48 {
        let attempts = attempts().new_tree(&mut runner).expect("attempts can be made").current();
        for verb in history(POSTS[number % POSTS.len()], &attempts).1 {
            *accepted.entry(verb).or_default() += 1;
        }
    }
    // There is rarely a request to deny or a denial to withdraw, a route to leave, an encrypted document to find bad.
    let rare = ["denies", "cancels-denial", "takes-off-route", "disproves"];
    let verbs = potok_stories::VERBS.map(|(verb, _)| verb);
    let missing: Vec<_> =
        verbs.iter().filter(|verb| !accepted.contains_key(**verb) && !rare.contains(verb)).collect();
    assert!(missing.is_empty(), "{missing:?} were never taken, but {accepted:?}");
}
