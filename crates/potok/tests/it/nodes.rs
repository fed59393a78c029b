//! Two real servers on one PostgreSQL, of which one is killed under load again and again: what was acknowledged is there, nothing
//! is there twice, and the other one delivers what the dead one held.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use potok_sdk::Client;
use potok_sdk::api::methods::{EntityQuery, GetMessageQuery, OperationQuery};
use potok_store_postgres::cluster::{Cluster, Database};
use potok_types::{EntityId, MessageId};
use tempfile::TempDir;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use crate::demo::{Demo, feed, organizations_by};
use crate::installation::http;
use crate::kill::check_feed;
use crate::postgres::on;
use crate::process::{SERVE, Served};

const ROUNDS: usize = 4;
const SENDERS: usize = 6;
const SETTINGS: &[&str] = &["--requests-per-second", "0", "--log", "info", "--delivery-lease-seconds", "2"];

struct Place {
    database: Database,
    folder: TempDir,
    demo: Demo,
    /// The text of each acknowledged document, by message.
    acknowledged: Mutex<BTreeMap<MessageId, String>>,
    count: AtomicUsize,
    is_over: AtomicBool,
}

impl Place {
    fn new() -> Self {
        let database = Cluster::shared().database();
        let folder = TempDir::new().unwrap();
        let demo = organizations_by(&mut on(&database, folder.path()), folder.path());
        Self {
            database,
            folder,
            demo,
            acknowledged: Mutex::default(),
            count: AtomicUsize::new(0),
            is_over: AtomicBool::new(false),
        }
    }

    /// One more node.
    fn serve(&self) -> Served {
        Served::run(on(&self.database, self.folder.path()).args(SERVE).args(SETTINGS))
    }

    /// Sends letter after letter, each until it is acknowledged by whichever node.
    async fn send(&self, name: String, nodes: [Client; 2]) {
        let mut turn = 0;
        let mut letter = 0;
        while !self.is_over.load(Ordering::SeqCst) {
            letter += 1;
            // Every fifth content is large, so that it lies in the folder that the nodes share.
            let size = if letter % 5 == 4 { 100_000 } else { 100 };
            let text = format!("{name} {letter} {}", "x".repeat(size));
            let mut query = OperationQuery::new();
            query.operation_id = Some(format!("{name} {letter}"));
            let sent = loop {
                turn += 1;
                match nodes[turn % 2].post_message_v3(&query, self.demo.letter(&text)).await {
                    Ok(sent) => break sent,
                    // It is dead, or the other one is at it.
                    Err(_) => tokio::task::yield_now().await,
                }
            };
            self.acknowledged.lock().await.insert(sent.message_id.parse().unwrap(), text);
            self.count.fetch_add(1, Ordering::SeqCst);
        }
    }

    async fn until_acknowledged(&self, count: usize) {
        while self.count.load(Ordering::SeqCst) < count {
            tokio::task::yield_now().await;
        }
    }

    /// Messages in the feed of a side.
    async fn messages(&self, server: &Served, side: usize) -> BTreeSet<MessageId> {
        check_feed(&feed(&self.demo.client(server, side), self.demo.sides[side].box_id).await)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_is_killed_loses_nothing_and_the_other_one_goes_on() {
    let place = Arc::new(Place::new());
    let mut survivor = place.serve();
    let before = place.messages(&survivor, 0).await;
    for round in 0..ROUNDS {
        let dying = place.serve();
        place.is_over.store(false, Ordering::SeqCst);
        let mut senders = JoinSet::new();
        for sender in 0..SENDERS {
            let nodes = [&survivor, &dying].map(|node| place.demo.client(node, 0));
            let sending = Arc::clone(&place);
            senders.spawn(async move { sending.send(format!("{round}/{sender}"), nodes).await });
        }
        // Another number each time, so that death comes in other moments; deliveries run meanwhile on both.
        let before = place.count.load(Ordering::SeqCst);
        place.until_acknowledged(before + 5 + 17 * round % 60).await;
        // Each node in its turn.
        let (left, killed) = if round % 2 == 0 { (survivor, dying) } else { (dying, survivor) };
        drop(killed);
        survivor = left;
        let after = place.count.load(Ordering::SeqCst);
        place.until_acknowledged(after + 10).await;
        place.is_over.store(true, Ordering::SeqCst);
        while let Some(ended) = senders.join_next().await {
            ended.unwrap();
        }
        // What the dead one held is delivered by the other.
        let acknowledged: BTreeSet<MessageId> = place.acknowledged.lock().await.keys().copied().collect();
        while !place.messages(&survivor, 1).await.is_superset(&acknowledged) {
            tokio::task::yield_now().await;
        }
    }

    let acknowledged = place.acknowledged.lock().await.clone();
    let sent = place.messages(&survivor, 0).await;
    let letters: BTreeSet<MessageId> = sent.difference(&before).copied().collect();
    assert_eq!(
        letters,
        acknowledged.keys().copied().collect(),
        "each letter is there once, and no other one"
    );
    for (side, client) in [0, 1].map(|side| (side, place.demo.client(&survivor, side))) {
        let box_id = place.demo.sides[side].box_id;
        for (id, text) in &acknowledged {
            let message = client.get_message_v6(&GetMessageQuery::new(box_id, *id)).await.unwrap();
            let document: EntityId = message.entities[0].entity_id.parse().unwrap();
            let bytes = client.get_entity_content_v4(&EntityQuery::new(box_id, *id, document)).await.unwrap();
            assert!(bytes.0 == text.as_bytes(), "the bytes of {id} in {box_id} are whole");
        }
    }
    let (status, _) = survivor.end();
    assert!(status.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_of_an_older_layout_says_that_it_is_not_ready() {
    let database = Cluster::shared().database();
    let folder = TempDir::new().unwrap();
    let served = Served::run(on(&database, folder.path()).args(SERVE));
    let ready = async || {
        let answer = http().get(format!("{}/readyz", served.address())).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    assert_eq!(ready().await, (200, "ready".to_owned()));
    let (client, connection) = tokio_postgres::connect(database.url(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute("UPDATE potok_layout SET steps = steps + 1").await.unwrap();
    let (status, text) = ready().await;
    assert_eq!(status, 503);
    assert!(text.contains("layout"), "{text}");
    client.batch_execute("UPDATE potok_layout SET steps = steps - 1").await.unwrap();
    assert_eq!(ready().await.0, 200);
    drop(client);
    assert!(served.end().0.success());
}
