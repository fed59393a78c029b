//! What holds in every history.

use potok_domain::docflow::{Docflow, ReceiptStatus, ResponseStatus, RevocationState, docflow};
use potok_domain::workflow::WORKFLOWS;
use potok_domain::{MessageState, Side};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::script::{Who, World, box_of, document_id};

/// How a document is posted.
fn post() -> impl Strategy<Value = String> {
    let letter = prop::sample::select(vec!["", "unsent", "internal", "internal unsent"]);
    (letter, any::<bool>(), any::<bool>(), 0..=WORKFLOWS.len()).prop_map(
        |(letter, request, receipt, workflow)| {
            let request = if request { "request" } else { "" };
            let receipt = if receipt { "receipt" } else { "" };
            // Workflow 0 is one that nobody knows.
            format!("post {letter} {request} {receipt} wf={workflow}")
        },
    )
}

/// What each box sees after one more event than before.
fn laws_of_one(flow: &Docflow<'_>) -> Result<(), TestCaseError> {
    let flags = &flow.flags;
    prop_assert!(!(flags.is_signed_by_recipient && flags.is_rejected_by_recipient));
    let is_answered = flags.is_signed_by_recipient || flags.is_rejected_by_recipient;
    prop_assert!(!(flags.can_be_answered_by_recipient && is_answered), "an answer is final");
    prop_assert!(!flow.is_finished || flow.done.title, "nothing is finished that is not sent");
    prop_assert!(flow.is_finished || flow.revocation != RevocationState::Accepted);
    prop_assert!(!flow.is_finished || !flags.can_be_signed_by_sender);
    prop_assert!(!flow.done.response || is_answered);
    if flow.done.all {
        prop_assert_ne!(flow.steps.response, ResponseStatus::Waiting);
        prop_assert!(!matches!(flow.steps.receipt, ReceiptStatus::Waiting | ReceiptStatus::HaveToCreate));
    }
    match flow.facts.side {
        Side::Sender => {
            prop_assert!(!flags.can_be_answered_by_recipient && !flags.can_be_receipted);
        }
        Side::Recipient | Side::Proxy => {
            prop_assert!(!flags.can_be_signed_by_sender);
            prop_assert!(flow.facts.delivered_at.is_some() && flow.facts.sent_at.is_some());
        }
        Side::Internal => prop_assert_eq!(flow.facts.delivered_at, flow.facts.sent_at),
    }
    Ok(())
}

/// What holds between a box's views before and after an event.
fn laws_of_two(before: &Docflow<'_>, after: &Docflow<'_>) -> Result<(), TestCaseError> {
    let is_asked_to_revoke = matches!(after.revocation, RevocationState::Pending { .. });
    prop_assert!(
        !before.is_finished || after.is_finished || is_asked_to_revoke,
        "what is finished stays finished, unless somebody asks to revoke it"
    );
    prop_assert!(!before.done.all || after.done.all, "nothing is owed again");
    if before.revocation == RevocationState::Accepted {
        prop_assert_eq!(after.revocation, RevocationState::Accepted, "nobody takes a revocation back");
    }
    prop_assert!(
        before.facts.delivered_at.is_none() || before.facts.delivered_at == after.facts.delivered_at
    );
    if before.done.response {
        prop_assert_eq!(before.steps.response, after.steps.response, "a delivered answer is final");
    }
    Ok(())
}

/// What two boxes agree about when nothing is on its way. An answer with a bad signature is known to its author only.
fn laws_of_both(sender: &Docflow<'_>, recipient: &Docflow<'_>) -> Result<(), TestCaseError> {
    let known = |flow: &Docflow<'_>| {
        (
            flow.flags.is_signed_by_recipient,
            flow.flags.is_rejected_by_recipient,
            flow.facts.receipt.is_some(),
            flow.facts.sender_receipt.is_some(),
            flow.facts.amendments.iter().filter(|amendment| amendment.signed.is_valid()).count(),
            flow.facts.state.tags.clone(),
        )
    };
    prop_assert_eq!(known(sender), known(recipient));
    let decided = |flow: &Docflow<'_>| {
        (flow.revocation == RevocationState::Accepted, flow.revocation == RevocationState::Rejected)
    };
    prop_assert_eq!(decided(sender), decided(recipient));
    prop_assert_eq!(sender.facts.sent_at, recipient.facts.sent_at);
    prop_assert_eq!(sender.facts.delivered_at, recipient.facts.delivered_at);
    prop_assert_eq!(
        sender.flags.can_be_revoked_by_sender_alone,
        recipient.flags.can_be_revoked_by_sender_alone
    );
    Ok(())
}

proptest! {
    #[test]
    fn every_history_obeys(post in post(), choices in prop::collection::vec(any::<Index>(), 0..24)) {
        let mut world = World::new();
        let mut history = vec![post.as_str()];
        world.step(&post);
        for choice in &choices {
            let steps = world.possible_steps();
            if steps.is_empty() {
                break;
            }
            let step = steps[choice.index(steps.len())];
            history.push(step);
            world.step(step);
        }
        obeys(&world).map_err(|error| TestCaseError::fail(format!("{error} in {history:#?}")))?;
    }
}

fn obeys(world: &World) -> Result<(), TestCaseError> {
    for who in [Who::A, Who::B] {
        let events = world.events(who);
        let states: Vec<MessageState> = (1..=events.len())
            .map(|count| MessageState::replay(box_of(who), &events[..count]).expect("the first opens it"))
            .collect();
        let flows: Vec<_> =
            states.iter().map(|state| docflow(state, document_id()).expect("it is there")).collect();
        flows.iter().try_for_each(laws_of_one)?;
        flows.windows(2).try_for_each(|pair| laws_of_two(&pair[0], &pair[1]))?;
    }
    match (world.state(Who::A), world.state(Who::B), world.is_in_flight()) {
        (Some(sender), Some(recipient), false) if sender.side() == Side::Sender => {
            let flow = |state| docflow(state, document_id()).expect("it is there");
            laws_of_both(&flow(&sender), &flow(&recipient))
        }
        _ => Ok(()),
    }
}
