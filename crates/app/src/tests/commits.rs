//! Posts, patches and moves while others are faster, and while the store fails.

use std::sync::Arc;

use potok_store::Fault;
use potok_types::DepartmentId;

use super::{World, event_id, is_patch, join, letter, letter_after, patch, permit, post, tag, tags};
use crate::{CoreError, ExchangeError};

fn is_store_failure(error: &ExchangeError) -> bool {
    matches!(error, ExchangeError::Core(CoreError::Store(_)))
}

/// The other patch came first, so the decision is taken again after it, and both are there.
#[tokio::test]
async fn a_patch_is_decided_again_after_what_came_first() {
    let world = World::new().await;
    let document = world.posted("letter").await;
    let (other, a) = (world.second_node(), world.a.clone());
    world.journal.plan([Fault::meanwhile(async move {
        patch(&other, &a, tag(&a, document, "theirs"), "theirs").await.expect("nobody is faster");
    })]);
    let before = world.journal.appends();
    let ours = patch(&world.app, &world.a, tag(&world.a, document, "ours"), "ours").await;
    let ours = ours.expect("the second try succeeds");
    assert_eq!(world.journal.appends() - before, 2);
    let events = world.events(&world.a, document.message_id).await;
    assert_eq!(events.len(), 3);
    assert_eq!(events[2].id, event_id(&ours));
    let state = world.state(&world.a, document.message_id).await;
    assert_eq!(tags(&state, document), ["theirs", "ours"]);
    world.check_memory(&world.a, document.message_id).await;
}

/// A message that never stands still: the caller is told which one after a bounded number of tries.
#[tokio::test]
async fn nobody_tries_for_ever() {
    let world = World::new().await;
    let document = world.posted("letter").await;
    let before = world.journal.appends();
    world.journal.set_always_stale(true);
    let busy = patch(&world.app, &world.a, tag(&world.a, document, "a"), "a").await;
    assert!(
        matches!(&busy, Err(ExchangeError::Busy(stream)) if *stream == document.message_id.into()),
        "{busy:?}"
    );
    assert_eq!(world.journal.appends() - before, 20);
    let to = department(&world).await;
    let moved =
        world.app.exchange().move_documents(&permit(&world.app, &world.a).await, &[document], to).await;
    assert!(matches!(moved, Err(ExchangeError::Busy(_))));
    let deleted = world
        .app
        .exchange()
        .delete_documents(&permit(&world.app, &world.a).await, document.message_id, None)
        .await;
    assert!(matches!(deleted, Err(ExchangeError::Busy(_))));
    let posted = world.post(letter_after(&world.a, &world.b, "second", document), "second").await;
    assert!(matches!(posted, Err(ExchangeError::Busy(_))), "{posted:?}");
    assert_eq!(world.events(&world.a, document.message_id).await.len(), 1);

    world.journal.set_always_stale(false);
    patch(&world.app, &world.a, tag(&world.a, document, "a"), "a").await.expect("the id is not used up");
    world.check_memory(&world.a, document.message_id).await;
}

async fn department(world: &World) -> DepartmentId {
    let made = world.app.admin().create_department(world.a.box_id, "Архив", DepartmentId::ZERO).await;
    made.expect("the box is there").id
}

/// Nothing was written: the same call does it.
#[tokio::test]
async fn a_post_that_the_store_refused_is_posted_by_the_repeat() {
    let world = World::new().await;
    world.journal.plan([Fault::Refused]);
    let refused = world.post(letter(&world.a, &world.b, "letter"), "1").await.expect_err("the store failed");
    assert!(is_store_failure(&refused), "{refused:?}");
    assert_eq!(world.pending().await, 0);
    let posted = world.post(letter(&world.a, &world.b, "letter"), "1").await.expect("the store is well");
    let again = world.post(letter(&world.a, &world.b, "letter"), "1").await.expect("it is there");
    assert_eq!(posted, again);
    assert_eq!(world.pending().await, 1);
}

/// It was written, and the answer was lost: the same call is told what the first one did.
#[tokio::test]
async fn a_lost_answer_is_given_to_the_repeat() {
    let world = World::new().await;
    world.journal.plan([Fault::AnswerLost]);
    let lost = world.post(letter(&world.a, &world.b, "letter"), "1").await.expect_err("nothing came back");
    assert!(is_store_failure(&lost), "{lost:?}");
    let appends = world.journal.appends();
    let again = world.post(letter(&world.a, &world.b, "letter"), "1").await.expect("it is there");
    assert_eq!(world.journal.appends(), appends, "the repeat writes nothing");
    assert_eq!(world.pending().await, 1);
    let document = world.document(potok_types::MessageId::from_uuid(event_id(&again).uuid())).await;

    world.journal.plan([Fault::AnswerLost]);
    patch(&world.app, &world.a, tag(&world.a, document, "a"), "2").await.expect_err("nothing came back");
    let again = patch(&world.app, &world.a, tag(&world.a, document, "a"), "2").await.expect("it is there");
    let events = world.events(&world.a, document.message_id).await;
    assert_eq!(events.len(), 2);
    assert_eq!(events[1].id, event_id(&again));
    world.check_memory(&world.a, document.message_id).await;
}

/// Two nodes get the same call at once. One of them does it, and both give that answer.
#[tokio::test]
async fn one_operation_on_two_nodes_is_done_once() {
    let world = World::new().await;
    let (other, a, b) = (world.second_node(), world.a.clone(), world.b.clone());
    let theirs = Arc::new(std::sync::OnceLock::new());
    let slot = Arc::clone(&theirs);
    world.journal.plan([Fault::meanwhile(async move {
        let posted = post(&other, &a, letter(&a, &b, "letter"), "1").await.expect("nobody is faster");
        slot.set(posted).expect("it happens once");
    })]);
    let ours = world.post(letter(&world.a, &world.b, "letter"), "1").await.expect("it was done");
    assert_eq!(Some(&ours), theirs.get());
    assert_eq!(world.pending().await, 1);
}

/// The packet event of the other message and the post are one transaction, whatever happens to it.
#[tokio::test]
async fn a_post_and_the_packet_that_it_joins_are_written_together() {
    let world = World::new().await;
    let base = world.posted("base").await;
    let second = || letter_after(&world.a, &world.b, "second", base);
    world.journal.plan([Fault::Refused]);
    world.post(second(), "2").await.expect_err("the store failed");
    assert_eq!(world.events(&world.a, base.message_id).await.len(), 1);

    let appends = world.journal.appends();
    let (other, a) = (world.second_node(), world.a.clone());
    world.journal.plan([Fault::meanwhile(async move {
        patch(&other, &a, tag(&a, base, "theirs"), "theirs").await.expect("nobody is faster");
    })]);
    let posted = world.post(second(), "2").await.expect("the second try succeeds");
    assert_eq!(world.journal.appends() - appends, 2);
    let document = world.document(potok_types::MessageId::from_uuid(event_id(&posted).uuid())).await;
    let packet = |state: &potok_domain::MessageState, document: potok_domain::DocumentRef| {
        state.document_state(document.entity_id).expect("it is a document").packet
    };
    let (old, new) =
        (world.state(&world.a, base.message_id).await, world.state(&world.a, document.message_id).await);
    assert_eq!(packet(&old, base), packet(&new, document));
    // The post, the tag of the others, and the packet.
    assert_eq!(old.revision().0, 3);
    world.check_memory(&world.a, base.message_id).await;
    world.check_memory(&world.a, document.message_id).await;
}

/// A patch that joins packets over two messages is in both or in none; its repeat does not join again.
#[tokio::test]
async fn a_patch_over_two_messages_is_in_both_or_in_none() {
    let world = World::new().await;
    let (one, other) = (world.posted("one").await, world.posted("other").await);
    let lengths = async || {
        let of = |document: potok_domain::DocumentRef| world.events(&world.a, document.message_id);
        (of(one).await.len(), of(other).await.len())
    };
    let joining = || patch(&world.app, &world.a, join(&world.a, one, other), "join");
    world.journal.plan([Fault::Refused]);
    joining().await.expect_err("the store failed");
    assert_eq!(lengths().await, (1, 1));
    world.journal.plan([Fault::AnswerLost]);
    joining().await.expect_err("nothing came back");
    assert_eq!(lengths().await, (2, 2));
    joining().await.expect("it is there");
    assert_eq!(lengths().await, (2, 2));
    for document in [one, other] {
        world.check_memory(&world.a, document.message_id).await;
    }
}

/// Five messages in one append: others change the third one first, then the store fails; nobody ever sees some of them
/// moved.
#[tokio::test]
async fn documents_move_together_or_not_at_all() {
    let world = World::new().await;
    let mut documents = Vec::new();
    for number in 0..5 {
        documents.push(world.posted(&format!("letter {number}")).await);
    }
    let to = department(&world).await;
    let permit = permit(&world.app, &world.a).await;
    let moved = async || {
        let mut moved = 0;
        for document in &documents {
            let state = world.state(&world.a, document.message_id).await;
            moved += usize::from(state.department_of(document.entity_id) == to);
        }
        moved
    };
    world.journal.plan([Fault::Refused]);
    world.app.exchange().move_documents(&permit, &documents, to).await.expect_err("the store failed");
    assert_eq!(moved().await, 0);

    let (other, a, third) = (world.second_node(), world.a.clone(), documents[2]);
    world.journal.plan([Fault::meanwhile(async move {
        patch(&other, &a, tag(&a, third, "theirs"), "theirs").await.expect("nobody is faster");
    })]);
    let before = world.journal.appends();
    world.app.exchange().move_documents(&permit, &documents, to).await.expect("the second try succeeds");
    assert_eq!((moved().await, world.journal.appends() - before), (5, 2));
    // One event for each message, and nothing more when there is nothing left to move.
    world.app.exchange().move_documents(&permit, &documents, to).await.expect("they are there");
    assert_eq!(world.journal.appends() - before, 2);
    for document in &documents {
        let patches =
            world.events(&world.a, document.message_id).await.iter().filter(|e| is_patch(e)).count();
        assert_eq!(patches, if *document == third { 2 } else { 1 });
        world.check_memory(&world.a, document.message_id).await;
    }
}

/// A deletion has no operation: who does not know whether it happened asks again, and finds it done.
#[tokio::test]
async fn a_deletion_whose_answer_was_lost_happened_once() {
    let world = World::new().await;
    let document = world.posted("letter").await;
    let permit = permit(&world.app, &world.a).await;
    world.journal.plan([Fault::AnswerLost]);
    world
        .app
        .exchange()
        .delete_documents(&permit, document.message_id, None)
        .await
        .expect_err("nothing came back");
    let again = world.app.exchange().delete_documents(&permit, document.message_id, None).await;
    assert_eq!(world.events(&world.a, document.message_id).await.len(), 2, "{again:?}");
    assert!(world.state(&world.a, document.message_id).await.is_deleted());
    world.check_memory(&world.a, document.message_id).await;
}
