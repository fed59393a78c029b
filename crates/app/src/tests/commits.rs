//! Posts, patches and moves while others are faster, and while the store fails.

use std::sync::Arc;

use potok_store::Fault;
use potok_types::DepartmentId;

use super::{Boxes, event_id, is_patch, join, letter, letter_after, patch, permit, post, tag, tags};
use crate::{AdminError, CoreError, ExchangeError};

fn is_store_failure(error: &ExchangeError) -> bool {
    matches!(error, ExchangeError::Core(CoreError::Store(_)))
}

/// The other patch came first, so the decision is taken again after it, and both are there.
#[tokio::test]
async fn a_patch_is_decided_again_after_what_came_first() {
    let boxes = Boxes::new().await;
    let document = boxes.posted("letter").await;
    let (other, a) = (boxes.second_node(), boxes.a.clone());
    boxes.journal.plan([Fault::meanwhile(async move {
        patch(&other, &a, tag(&a, document, "theirs"), "theirs").await.expect("nobody is faster");
    })]);
    let before = boxes.journal.appends();
    let ours = patch(&boxes.app, &boxes.a, tag(&boxes.a, document, "ours"), "ours").await;
    let ours = ours.expect("the second try succeeds");
    assert_eq!(boxes.journal.appends() - before, 2);
    let events = boxes.events(&boxes.a, document.message_id).await;
    assert_eq!(events.len(), 3);
    assert_eq!(events[2].id, event_id(&ours));
    let state = boxes.state(&boxes.a, document.message_id).await;
    assert_eq!(tags(&state, document), ["theirs", "ours"]);
    boxes.check_memory(&boxes.a, document.message_id).await;
}

/// A message that never stands still: the caller is told which one after a bounded number of tries.
#[tokio::test]
async fn nobody_tries_for_ever() {
    let boxes = Boxes::new().await;
    let document = boxes.posted("letter").await;
    let to = department(&boxes).await;
    let before = boxes.journal.appends();
    boxes.journal.set_always_stale(true);
    let busy = patch(&boxes.app, &boxes.a, tag(&boxes.a, document, "a"), "a").await;
    assert!(
        matches!(&busy, Err(ExchangeError::Busy(stream)) if *stream == document.message_id.into()),
        "{busy:?}"
    );
    assert_eq!(boxes.journal.appends() - before, 20);
    let made = boxes.app.admin().create_department(boxes.a.box_id, "Другой", DepartmentId::ZERO).await;
    assert!(matches!(made, Err(AdminError::Core(CoreError::Busy(box_id))) if box_id == boxes.a.box_id));
    let moved =
        boxes.app.exchange().move_documents(&permit(&boxes.app, &boxes.a).await, &[document], to).await;
    assert!(matches!(moved, Err(ExchangeError::Busy(_))));
    let deleted = boxes
        .app
        .exchange()
        .delete_documents(&permit(&boxes.app, &boxes.a).await, document.message_id, None)
        .await;
    assert!(matches!(deleted, Err(ExchangeError::Busy(_))));
    let posted = boxes.post(letter_after(&boxes.a, &boxes.b, "second", document), "second").await;
    assert!(matches!(posted, Err(ExchangeError::Busy(_))), "{posted:?}");
    assert_eq!(boxes.events(&boxes.a, document.message_id).await.len(), 1);

    boxes.journal.set_always_stale(false);
    patch(&boxes.app, &boxes.a, tag(&boxes.a, document, "a"), "a").await.expect("the id is not used up");
    boxes.check_memory(&boxes.a, document.message_id).await;
}

async fn department(boxes: &Boxes) -> DepartmentId {
    let made = boxes.app.admin().create_department(boxes.a.box_id, "Архив", DepartmentId::ZERO).await;
    made.expect("the box is there").id
}

/// Nothing was written: the same call does it.
#[tokio::test]
async fn a_post_that_the_store_refused_is_posted_by_the_repeat() {
    let boxes = Boxes::new().await;
    boxes.journal.plan([Fault::Refused]);
    let refused = boxes.post(letter(&boxes.a, &boxes.b, "letter"), "1").await.expect_err("the store failed");
    assert!(is_store_failure(&refused), "{refused:?}");
    assert_eq!(boxes.pending().await, 0);
    let posted = boxes.post(letter(&boxes.a, &boxes.b, "letter"), "1").await.expect("the store is well");
    let again = boxes.post(letter(&boxes.a, &boxes.b, "letter"), "1").await.expect("it is there");
    assert_eq!(posted, again);
    assert_eq!(boxes.pending().await, 1);
}

/// It was written, and the answer of the store was lost: the call finds what it did itself, and so does its repeat.
#[tokio::test]
async fn a_lost_answer_is_found_again() {
    let boxes = Boxes::new().await;
    boxes.journal.plan([Fault::AnswerLost]);
    let posted = boxes.post(letter(&boxes.a, &boxes.b, "letter"), "1").await.expect("it is there");
    assert_eq!(boxes.pending().await, 1);
    let again = boxes.post(letter(&boxes.a, &boxes.b, "letter"), "1").await.expect("it is there");
    assert_eq!(posted, again);
    assert_eq!(boxes.pending().await, 1);
    let document = boxes.document(potok_types::MessageId::from_uuid(event_id(&again).uuid())).await;

    boxes.journal.plan([Fault::AnswerLost]);
    let changed = patch(&boxes.app, &boxes.a, tag(&boxes.a, document, "a"), "2").await.expect("it is there");
    let again = patch(&boxes.app, &boxes.a, tag(&boxes.a, document, "a"), "2").await.expect("it is there");
    assert_eq!(changed, again);
    let events = boxes.events(&boxes.a, document.message_id).await;
    assert_eq!(events.len(), 2);
    assert_eq!(events[1].id, event_id(&again));
    boxes.check_memory(&boxes.a, document.message_id).await;
}

/// Two nodes get the same call at once. One of them does it, and both give that answer.
#[tokio::test]
async fn one_operation_on_two_nodes_is_done_once() {
    let boxes = Boxes::new().await;
    let (other, a, b) = (boxes.second_node(), boxes.a.clone(), boxes.b.clone());
    let theirs = Arc::new(std::sync::OnceLock::new());
    let slot = Arc::clone(&theirs);
    boxes.journal.plan([Fault::meanwhile(async move {
        let posted = post(&other, &a, letter(&a, &b, "letter"), "1").await.expect("nobody is faster");
        slot.set(posted).expect("it happens once");
    })]);
    let ours = boxes.post(letter(&boxes.a, &boxes.b, "letter"), "1").await.expect("it was done");
    assert_eq!(Some(&ours), theirs.get());
    assert_eq!(boxes.pending().await, 1);
}

/// The packet event of the other message and the post are one transaction, whatever happens to it.
#[tokio::test]
async fn a_post_and_the_packet_that_it_joins_are_written_together() {
    let boxes = Boxes::new().await;
    let base = boxes.posted("base").await;
    let second = || letter_after(&boxes.a, &boxes.b, "second", base);
    boxes.journal.plan([Fault::Refused]);
    boxes.post(second(), "2").await.expect_err("the store failed");
    assert_eq!(boxes.events(&boxes.a, base.message_id).await.len(), 1);

    let appends = boxes.journal.appends();
    let (other, a) = (boxes.second_node(), boxes.a.clone());
    boxes.journal.plan([Fault::meanwhile(async move {
        patch(&other, &a, tag(&a, base, "theirs"), "theirs").await.expect("nobody is faster");
    })]);
    let posted = boxes.post(second(), "2").await.expect("the second try succeeds");
    assert_eq!(boxes.journal.appends() - appends, 2);
    let document = boxes.document(potok_types::MessageId::from_uuid(event_id(&posted).uuid())).await;
    let packet = |state: &potok_domain::MessageState, document: potok_domain::DocumentRef| {
        state.document_state(document.entity_id).expect("it is a document").packet
    };
    let (old, new) =
        (boxes.state(&boxes.a, base.message_id).await, boxes.state(&boxes.a, document.message_id).await);
    assert_eq!(packet(&old, base), packet(&new, document));
    // The post, the tag of the others, and the packet.
    assert_eq!(old.revision().0, 3);
    boxes.check_memory(&boxes.a, base.message_id).await;
    boxes.check_memory(&boxes.a, document.message_id).await;
}

/// A patch that joins packets over two messages is in both or in none; its repeat does not join again.
#[tokio::test]
async fn a_patch_over_two_messages_is_in_both_or_in_none() {
    let boxes = Boxes::new().await;
    let (one, other) = (boxes.posted("one").await, boxes.posted("other").await);
    let lengths = async || {
        let of = |document: potok_domain::DocumentRef| boxes.events(&boxes.a, document.message_id);
        (of(one).await.len(), of(other).await.len())
    };
    let joining = || patch(&boxes.app, &boxes.a, join(&boxes.a, one, other), "join");
    boxes.journal.plan([Fault::Refused]);
    joining().await.expect_err("the store failed");
    assert_eq!(lengths().await, (1, 1));
    boxes.journal.plan([Fault::AnswerLost]);
    joining().await.expect("the call finds it itself");
    assert_eq!(lengths().await, (2, 2));
    joining().await.expect("it is there");
    assert_eq!(lengths().await, (2, 2));
    for document in [one, other] {
        boxes.check_memory(&boxes.a, document.message_id).await;
    }
}

/// Five messages in one append: others change the third one first, then the store fails; nobody ever sees some of them
/// moved.
#[tokio::test]
async fn documents_move_together_or_not_at_all() {
    let boxes = Boxes::new().await;
    let mut documents = Vec::new();
    for number in 0..5 {
        documents.push(boxes.posted(&format!("letter {number}")).await);
    }
    let to = department(&boxes).await;
    let permit = permit(&boxes.app, &boxes.a).await;
    let moved = async || {
        let mut moved = 0;
        for document in &documents {
            let state = boxes.state(&boxes.a, document.message_id).await;
            moved += usize::from(state.department_of(document.entity_id) == to);
        }
        moved
    };
    boxes.journal.plan([Fault::Refused]);
    boxes.app.exchange().move_documents(&permit, &documents, to).await.expect_err("the store failed");
    assert_eq!(moved().await, 0);

    let (other, a, third) = (boxes.second_node(), boxes.a.clone(), documents[2]);
    boxes.journal.plan([Fault::meanwhile(async move {
        patch(&other, &a, tag(&a, third, "theirs"), "theirs").await.expect("nobody is faster");
    })]);
    let before = boxes.journal.appends();
    boxes.app.exchange().move_documents(&permit, &documents, to).await.expect("the second try succeeds");
    assert_eq!((moved().await, boxes.journal.appends() - before), (5, 2));
    // One event for each message, and nothing more when there is nothing left to move.
    boxes.app.exchange().move_documents(&permit, &documents, to).await.expect("they are there");
    assert_eq!(boxes.journal.appends() - before, 2);
    for document in &documents {
        let patches =
            boxes.events(&boxes.a, document.message_id).await.iter().filter(|e| is_patch(e)).count();
        assert_eq!(patches, if *document == third { 2 } else { 1 });
        boxes.check_memory(&boxes.a, document.message_id).await;
    }
}

/// A deletion has no operation: who does not know whether it happened asks again, and finds it done.
#[tokio::test]
async fn a_deletion_whose_answer_was_lost_happened_once() {
    let boxes = Boxes::new().await;
    let document = boxes.posted("letter").await;
    let permit = permit(&boxes.app, &boxes.a).await;
    boxes.journal.plan([Fault::AnswerLost]);
    boxes
        .app
        .exchange()
        .delete_documents(&permit, document.message_id, None)
        .await
        .expect_err("nothing came back");
    let again = boxes.app.exchange().delete_documents(&permit, document.message_id, None).await;
    assert_eq!(boxes.events(&boxes.a, document.message_id).await.len(), 2, "{again:?}");
    assert!(boxes.state(&boxes.a, document.message_id).await.is_deleted());
    boxes.check_memory(&boxes.a, document.message_id).await;
}
