//! Deliveries while others are faster, and while the store fails: at least once, and seen once.

use std::sync::Arc;

use potok_domain::{Change, DeliveryReport};
use potok_store::Fault;
use potok_types::DepartmentId;

use super::{Boxes, DocumentRef, Side, patch, permit, tag};

/// How many events of the message report a delivery in the box.
async fn reports(boxes: &Boxes, side: &Side, document: DocumentRef) -> usize {
    let events = boxes.events(side, document.message_id).await;
    let is_report = |change: &Change| match change {
        Change::Patched(patched) => matches!(patched.report, Some(DeliveryReport::Delivered { .. })),
        Change::Posted(_) => false,
    };
    events.iter().filter(|event| is_report(&event.change)).count()
}

/// It arrived once, it was told once, and nothing is left to do.
async fn check_delivered(boxes: &Boxes, document: DocumentRef, what: &str) {
    assert_eq!(boxes.events(&boxes.b, document.message_id).await.len(), 1, "{what}: arrived");
    assert_eq!(reports(boxes, &boxes.a, document).await, 1, "{what}: told");
    assert_eq!(boxes.pending().await, 0, "{what}: left");
    assert_eq!(boxes.journal.faults_left(), 0, "{what}: every fault was met");
    boxes.check_memory(&boxes.a, document.message_id).await;
    boxes.check_memory(&boxes.b, document.message_id).await;
}

#[tokio::test]
async fn a_delivery_is_two_appends() {
    let boxes = Boxes::new().await;
    let document = boxes.posted("letter").await;
    let before = boxes.journal.appends();
    boxes.drain().await;
    assert_eq!(boxes.journal.appends() - before, 2);
    check_delivered(&boxes, document, "without faults").await;
}

type Make = fn() -> Fault;

/// One fault at each of the appends, and at both.
#[tokio::test]
async fn whatever_fails_on_the_way_it_arrives_once() {
    let faults: [(&str, Make); 5] = [
        ("none", || Fault::None),
        ("stale", || Fault::Stale),
        ("refused", || Fault::Refused),
        ("answer lost", || Fault::AnswerLost),
        ("lease lost", || Fault::LeaseLost),
    ];
    for (first, at_arrival) in faults {
        for (second, at_report) in faults {
            let boxes = Boxes::new().await;
            let document = boxes.posted("letter").await;
            boxes.journal.plan([at_arrival(), at_report()]);
            boxes.drain().await;
            check_delivered(&boxes, document, &format!("{first}, then {second}")).await;
        }
    }
}

/// The worker was slow: its lease ran out, another one delivered, and what it still wants to write is refused.
#[tokio::test]
async fn a_worker_that_lost_its_lease_leaves_no_trace() {
    let boxes = Boxes::new().await;
    let document = boxes.posted("letter").await;
    let (mut other, clock) = (boxes.second_node().deliveries().worker(), Arc::clone(&boxes.clock));
    boxes.journal.plan([
        Fault::None,
        Fault::meanwhile(async move {
            clock.advance_seconds(60);
            assert_eq!(other.turn().await.expect("the outbox is well"), 1);
        }),
    ]);
    boxes.drain().await;
    check_delivered(&boxes, document, "after the lease").await;
}

/// The sender's people change the message while it is delivered: the report is decided again, after what they did.
#[tokio::test]
async fn a_report_is_decided_again_after_what_came_first() {
    let boxes = Boxes::new().await;
    let document = boxes.posted("letter").await;
    let (other, a) = (boxes.second_node(), boxes.a.clone());
    boxes.journal.plan([
        Fault::None,
        Fault::meanwhile(async move {
            patch(&other, &a, tag(&a, document, "theirs"), "theirs").await.expect("nobody is faster");
        }),
    ]);
    let mut worker = boxes.app.deliveries().worker();
    worker.turn().await.expect("the outbox is well");
    assert_eq!(reports(&boxes, &boxes.a, document).await, 1);
    let events = boxes.events(&boxes.a, document.message_id).await;
    assert_eq!(events.len(), 3);
    // The tag goes after the letter.
    boxes.drain().await;
    assert_eq!(boxes.events(&boxes.b, document.message_id).await.len(), 2);
    boxes.check_memory(&boxes.a, document.message_id).await;
}

/// A message that never stands still does not hold the worker: the delivery is given back with its reason, and done later.
#[tokio::test]
async fn a_busy_message_is_delivered_later() {
    let boxes = Boxes::new().await;
    let document = boxes.posted("letter").await;
    boxes.journal.set_always_stale(true);
    let before = boxes.journal.appends();
    let mut worker = boxes.app.deliveries().worker();
    assert_eq!(worker.turn().await.expect("the outbox is well"), 1);
    assert_eq!(boxes.journal.appends() - before, 20);
    assert_eq!(worker.turn().await.expect("the outbox is well"), 0);
    assert_eq!(boxes.store.pending().await.expect("readable"), 1);
    assert!(boxes.events(&boxes.b, document.message_id).await.is_empty());

    boxes.journal.set_always_stale(false);
    boxes.drain().await;
    check_delivered(&boxes, document, "later").await;
}

/// What a delivery reads does not grow with the past of its message.
#[tokio::test]
async fn a_delivery_reads_no_past() {
    let mut costs = Vec::new();
    for moves in [2, 98] {
        let boxes = Boxes::new().await;
        let document = boxes.posted("letter").await;
        boxes.drain().await;
        let mut departments = Vec::new();
        for name in ["Архив", "Бухгалтерия"] {
            let made = boxes.app.admin().create_department(boxes.a.box_id, name, DepartmentId::ZERO).await;
            departments.push(made.expect("the box is there").id);
        }
        let permit = permit(&boxes.app, &boxes.a).await;
        for to in departments.iter().cycle().take(moves) {
            let moved = boxes.app.exchange().move_documents(&permit, &[document], *to).await;
            moved.expect("nothing speaks against it");
        }
        patch(&boxes.app, &boxes.a, tag(&boxes.a, document, "late"), "late").await.expect("as before");
        // The letter, what was told of its delivery, the moves, and the tag.
        assert_eq!(boxes.events(&boxes.a, document.message_id).await.len(), moves + 3);
        let before = boxes.journal.read();
        boxes.drain().await;
        let after = boxes.journal.read();
        costs.push((after.0 - before.0, after.1 - before.1));
        assert_eq!(boxes.events(&boxes.b, document.message_id).await.len(), 2);
    }
    assert_eq!(costs[0], costs[1], "readings, and events in them");
    assert_eq!(costs[0].1, 1, "the event that is delivered");
}
