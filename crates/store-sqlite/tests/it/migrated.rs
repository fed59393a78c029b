//! Databases of earlier programs: what they hold is there after their layout was brought up to date.

use std::path::Path;

use potok_domain::{Change, DocumentRef, Revision};
use potok_store::{
    Append, AppendError, Delivery, EventPlace, Journal as _, LeaseRequest, NewOperation, Operation,
    Outbox as _, Wanted, WorkerId,
};
use potok_types::{BoxId, ContentHash, EntityId, EventId, MessageId, SeededEntropy};
use uuid::Uuid;

use crate::made::{START, feed, message_of, open, post};

/// The database that a program with `layout` left in `folder`.
fn restore(folder: &Path, layout: usize) {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let conn = rusqlite::Connection::open(folder.join("potok.db")).expect("as it was written");
    let mut steps: Vec<_> = std::fs::read_dir(package.join("migrations"))
        .expect("readable")
        .map(|file| file.expect("readable").path())
        .collect();
    steps.sort();
    for step in &steps[..layout] {
        conn.execute_batch(&std::fs::read_to_string(step).expect("as it was written"))
            .expect("as it was written");
    }
    conn.pragma_update(None, "user_version", layout as i64).expect("as it was written");
    let rows = package.join(format!("testdata/layout_{layout}.sql"));
    conn.execute_batch(&std::fs::read_to_string(rows).expect("as it was written"))
        .expect("as it was written");
}

fn box_id(number: u128) -> BoxId {
    BoxId::from_uuid(Uuid::from_u128(number))
}

/// The messages of the first box, and the second event of each.
fn known() -> [(MessageId, EventId); 2] {
    [
        ("b260b8a1-0343-4f5a-9dac-b4f1d32d06c4", "fdddc998-1a36-49fb-80a5-cd9eb30f3374"),
        ("42209c73-fc0f-416d-aed4-fabfc585c4e0", "5ed82393-7091-4513-a6e6-4a77e54dd677"),
    ]
    .map(|(message, event)| {
        (message.parse().expect("as it was written"), event.parse().expect("as it was written"))
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_of_layout_7_are_streams() {
    let folder = tempfile::tempdir().expect("writable");
    restore(folder.path(), 7);
    let store = open(folder.path());
    let own = box_id(1);
    let known = known();

    let wanted = known.map(|(message, _)| Wanted::all(message));
    let tails = store.messages(own, &wanted).await.expect("old events are read");
    for ((message, second), tail) in known.iter().zip(&tails) {
        assert_eq!(tail.message_id, *message);
        assert_eq!(
            tail.events.iter().map(|event| event.id).collect::<Vec<_>>(),
            [message.first_event(), *second]
        );
        assert!(matches!(tail.events[0].change, Change::Posted(_)));
        let base = DocumentRef {
            message_id: MessageId::from_uuid(Uuid::from_u128(9)),
            entity_id: EntityId::from_uuid(Uuid::from_u128(10)),
        };
        assert_eq!(store.referrers(own, &[base]).await.expect("readable").len(), 2);
    }
    for number in [1, 2] {
        assert_eq!(feed(&store, box_id(number)).await.len(), 4);
        let contents = store.small_contents(box_id(number), &[ContentHash::of(b"text")]).await;
        assert_eq!(&contents.expect("readable")[0].bytes[..], b"text");
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deliveries_and_operations_of_layout_7_go_on() {
    let folder = tempfile::tempdir().expect("writable");
    restore(folder.path(), 7);
    let store = open(folder.path());
    let (own, to) = (box_id(1), box_id(2));
    let known = known();

    // The first message's delivery was handed out for 30 seconds when the old program stopped.
    let worker = WorkerId(Uuid::from_u128(78));
    let mut delivered = Vec::new();
    for seconds in [0, 1, 31, 32, 33] {
        let now = START.plus_seconds(seconds);
        for leased in
            store.lease_due(LeaseRequest::new(worker, now, now.plus_seconds(30), 10)).await.expect("no error")
        {
            delivered.push((seconds, leased.token.attempt, leased.delivery));
            store.append(Append::settling(leased.token)).await.expect("the lease is held");
        }
    }
    let delivery = |nth: usize, revision: u32| {
        let (message, second) = known[nth];
        let event = if revision == 1 { message.first_event() } else { second };
        Delivery { from: own, to, stream: message.into(), event, revision: Revision(revision) }
    };
    let expected =
        [(0, 1, delivery(1, 1)), (1, 1, delivery(1, 2)), (31, 2, delivery(0, 1)), (32, 1, delivery(0, 2))];
    assert_eq!(delivered, expected);
    assert_eq!(store.pending().await.expect("readable"), 0);

    let operation = Operation { method: "PostMessage", id: "0-1".to_owned() };
    let (message, _) = known[1];
    let made = EventPlace { stream: message.into(), event: message.first_event() };
    assert_eq!(store.operation(own, &operation).await.expect("readable"), Some(made));
    let fresh = post(&SeededEntropy::new(3), own, 100);
    let place = EventPlace { stream: fresh.streams[0].stream, event: message_of(&fresh).first_event() };
    let repeat = Append { operation: Some(NewOperation { operation, made: place }), ..fresh.clone() };
    let refused = store.append(repeat).await;
    assert!(matches!(refused, Err(AppendError::Repeated(found)) if found == made), "{refused:?}");

    let before: Vec<_> = feed(&store, own).await.iter().map(|event| event.key).collect();
    let appended = store.append(fresh).await.expect("nothing against it");
    assert!(before.into_iter().chain(appended.keys()).is_sorted_by(|a, b| a < b));
    store.close().await;
}
