//! The real binary, killed in the middle of its work again and again: what was acknowledged is there, once and whole.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use potok_sdk::Client;
use potok_sdk::api::methods::OperationQuery;
use potok_sdk::proto::events::BoxEvent;
use potok_types::{IndexKey, MessageId};
use tempfile::TempDir;
use tokio::sync::Mutex;

use crate::demo::{Demo, check_letter, feed, organizations};
use crate::process::Served;

const ROUNDS: usize = 12;
const SENDERS: usize = 8;
/// A lease that died with its worker is given to the next one after a second.
const SERVE: &[&str] = &["--requests-per-second", "0", "--log", "info", "--delivery-lease-seconds", "86400"];

/// Text of each acknowledged document, by message.
type Acknowledged = Arc<Mutex<BTreeMap<MessageId, String>>>;

/// Sends until the server dies; every answer is written down.
async fn send_until_death(
    demo: Arc<Demo>,
    client: Client,
    name: String,
    acknowledged: Acknowledged,
    count: Arc<AtomicUsize>,
) {
    for n in 0.. {
        // Every fifth content is large, so that it lies beside the database.
        let size = if n % 5 == 4 { 100_000 } else { 100 };
        let text = format!("{name} {n} {}", "x".repeat(size));
        match client.post_message_v3(&OperationQuery::new(), demo.letter(&text)).await {
            Ok(message) => {
                acknowledged.lock().await.insert(message.message_id.parse().unwrap(), text);
                count.fetch_add(1, Ordering::SeqCst);
            }
            Err(_) => return,
        }
    }
}

/// Keys rise, no event comes twice, and every message opens once and whole.
pub(crate) fn check_feed(events: &[BoxEvent]) -> BTreeSet<MessageId> {
    let keys: Vec<IndexKey> = events.iter().map(|event| event.index_key().parse().unwrap()).collect();
    assert!(keys.is_sorted_by(|a, b| a < b), "keys rise");
    let ids: BTreeSet<&str> = events.iter().map(|event| event.event_id.as_str()).collect();
    assert_eq!(ids.len(), events.len(), "no event comes twice");
    let opened = events.iter().filter_map(|event| event.message.as_ref());
    opened
        .map(|message| {
            assert!(message.entities.len() >= 2, "no half message: {message:?}");
            message.message_id.parse().unwrap()
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_being_killed() {
    let folder = TempDir::new().unwrap();
    let demo = Arc::new(organizations(folder.path()));
    let acknowledged = Acknowledged::default();
    for round in 0..ROUNDS {
        let server = Served::start(folder.path(), SERVE);
        let count = Arc::new(AtomicUsize::new(0));
        let mut senders = tokio::task::JoinSet::new();
        for sender in 0..SENDERS {
            let client = demo.client(&server, 0);
            let name = format!("{round}/{sender}");
            senders.spawn(send_until_death(
                Arc::clone(&demo),
                client,
                name,
                Arc::clone(&acknowledged),
                Arc::clone(&count),
            ));
        }
        // Another number each time, so that death comes in other moments; deliveries run meanwhile.
        let enough = 5 + 17 * round % 60;
        while count.load(Ordering::SeqCst) < enough && !senders.is_empty() {
            tokio::task::yield_now().await;
            while senders.try_join_next().is_some() {}
        }
        assert!(count.load(Ordering::SeqCst) >= enough, "the server died by itself");
        drop(server);
        senders.join_all().await;
    }

    let server = Served::start(folder.path(), SERVE);
    let (sender, receiver) = (demo.client(&server, 0), demo.client(&server, 1));
    let acknowledged = acknowledged.lock().await.clone();
    assert!(acknowledged.len() >= ROUNDS * 5);
    // The deliveries that were cut off are finished by the new process, which does not wait for the leases of the dead one.
    let delivered = loop {
        let here = check_feed(&feed(&receiver, demo.sides[1].box_id).await);
        if acknowledged.keys().all(|id| here.contains(id)) {
            break here;
        }
        tokio::task::yield_now().await;
    };
    let sent = check_feed(&feed(&sender, demo.sides[0].box_id).await);
    assert!(delivered.is_subset(&sent), "nothing is delivered that was not sent");
    for (id, text) in &acknowledged {
        assert!(sent.contains(id), "{id} was acknowledged");
        for (client, side) in [(&sender, 0), (&receiver, 1)] {
            let box_id = demo.sides[side].box_id;
            check_letter(client, box_id, *id, text).await;
        }
    }
    let (status, _) = server.end();
    assert!(status.success());
}
