//! Documents are deleted, restored and moved.

use std::collections::BTreeMap;

use potok_domain::MessageState;
use potok_domain::access::Denied;
use potok_domain::decide::{Context, Housekeeping, Outcome, Rejection, Step, housekeeping};
use potok_domain::directory::{AccessLevel, Permissions};
use potok_stories::{SALES, Story, Who, organization, user_of};
use potok_types::{DepartmentId, EntityId, SeededEntropy, Ticks};

const fn step_of(what: Housekeeping) -> Step {
    match what {
        Housekeeping::Delete => Step::Delete,
        Housekeeping::Restore => Step::Restore,
        Housekeeping::Move { .. } => Step::Move,
    }
}

fn decide(
    state: &MessageState,
    named: &[EntityId],
    what: Housekeeping,
    permissions: &Permissions,
) -> Result<Option<Outcome>, Rejection> {
    let entropy = SeededEntropy::new(3);
    let context = Context {
        now: Ticks::new(638_899_802_371_782_567),
        entropy: &entropy,
        author: user_of(Who::B),
        author_name: "Петрова Анна",
        organization: &organization(Who::B),
        permissions,
        checked: &BTreeMap::new(),
    };
    housekeeping(state, named, what, "documentId", &context)
}

fn deleted(state: &MessageState) -> Vec<EntityId> {
    let documents = state.documents().map(|(found, _)| found.entity.id);
    documents.filter(|id| state.document_state(*id).is_some_and(|document| document.is_deleted)).collect()
}

/// The state after the patch, which must be taken and stay in the box.
fn after(state: &MessageState, named: &[EntityId], what: Housekeeping) -> MessageState {
    let outcome = decide(state, named, what, &Permissions::full()).expect("it is taken");
    let outcome = outcome.expect("there is something to do");
    assert!(outcome.deliver_to.is_empty() && outcome.of_others.is_empty());
    let mut after = state.clone();
    after.apply(&outcome.event);
    after
}

fn received(post: &str) -> (MessageState, [EntityId; 2]) {
    let (story, refused) = Story::play(&format!("post Nonformalized Nonformalized{post}; deliver"));
    assert_eq!(refused, None);
    let message = story.message();
    let state = story.simulation.state(Who::B, message).expect("it is delivered");
    (state, [0, 1].map(|position| story.simulation.document(message, position)))
}

#[test]
fn documents_are_deleted_and_restored_once() {
    let (state, [first, second]) = received("");
    let one = after(&state, &[first], Housekeeping::Delete);
    assert_eq!(deleted(&one), [first]);
    assert!(!one.is_deleted());
    let both = after(&one, &[], Housekeeping::Delete);
    assert_eq!(deleted(&both), [first, second]);
    assert!(both.is_deleted());
    let back = after(&both, &[second], Housekeeping::Restore);
    assert_eq!(deleted(&back), [first]);
    assert_eq!(deleted(&after(&both, &[], Housekeeping::Restore)), []);
    for (state, named, what) in [
        (&one, &[first][..], Housekeeping::Delete),
        (&both, &[], Housekeeping::Delete),
        (&state, &[], Housekeeping::Restore),
        (&one, &[second], Housekeeping::Restore),
    ] {
        let refused = decide(state, named, what, &Permissions::full());
        assert!(
            matches!(&refused, Err(Rejection::InvalidDocumentState { step, .. }) if *step == step_of(what)),
            "{refused:?}"
        );
    }
}

#[test]
fn moving_to_where_it_lies_is_nothing() {
    let (state, [first, second]) = received("");
    let here = Housekeeping::Move { to: DepartmentId::ZERO };
    assert_eq!(decide(&state, &[first, second], here, &Permissions::full()), Ok(None));
    let nowhere = Housekeeping::Move { to: DepartmentId::from_uuid(uuid::Uuid::from_u128(77)) };
    let refused = decide(&state, &[first], nowhere, &Permissions::full());
    assert!(matches!(refused, Err(Rejection::DepartmentNotFound { .. })), "{refused:?}");
}

#[test]
fn a_locked_packet_is_handled_together() {
    let (state, [first, second]) = received(" full-lock");
    for what in [Housekeeping::Delete, Housekeeping::Move { to: DepartmentId::ZERO }] {
        let refused = decide(&state, &[first], what, &Permissions::full());
        let expected = Rejection::LockedTogether {
            path: "documentId".to_owned(),
            step: step_of(what),
            missing: vec![second],
        };
        assert_eq!(refused, Err(expected));
    }
    assert_eq!(deleted(&after(&state, &[second, first], Housekeeping::Delete)), [first, second]);
}

#[test]
fn reach_comes_first() {
    let (state, [first, _]) = received("");
    let elsewhere = Permissions {
        access: AccessLevel::SelectedDepartments,
        selected_departments: vec![SALES],
        ..Permissions::full()
    };
    let denied = decide(&state, &[first], Housekeeping::Delete, &elsewhere);
    assert_eq!(denied, Err(Denied::Document { document: first }.into()));
    // What is moved goes to where the mover sees it.
    let head = Permissions {
        access: AccessLevel::DepartmentOnly,
        department: DepartmentId::ZERO,
        ..Permissions::full()
    };
    let out_of_sight = decide(&state, &[first], Housekeeping::Move { to: SALES }, &head);
    let path = "DocumentsMoveOperation.ToDepartmentId".to_owned();
    assert_eq!(out_of_sight, Err(Denied::Department { path, department: SALES }.into()));
    let here = Housekeeping::Move { to: DepartmentId::ZERO };
    assert_eq!(decide(&state, &[first], here, &head), Ok(None));
}
