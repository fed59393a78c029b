//! Two real servers on one PostgreSQL under load, of which one, the database or both are killed again and again: what was
//! acknowledged is there, nothing is there twice, and who is left delivers what the dead one held.
//!
//! `POTOK_CRASH_ROUNDS` and `POTOK_CRASH_SEED` make more rounds and others (`make crash`); a failure names its seed. On a Citus cluster
//! that `POTOK_TEST_CITUS` names, its shards move from worker to worker instead of the database being killed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use potok_sdk::Client;
use potok_sdk::api::methods::OperationQuery;
use potok_store_postgres::cluster::{Cluster, Database};
use potok_types::{Entropy as _, MessageId, SeededEntropy};
use tempfile::TempDir;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use crate::demo::{Demo, check_letter, feed, organizations_by};
use crate::installation::http;
use crate::kill::check_feed;
use crate::postgres::on;
use crate::process::{SERVE, Served};

/// In the ordinary run.
const ROUNDS: u64 = 5;
const SEED: u64 = 2;
const SENDERS: usize = 6;
const SETTINGS: &[&str] = &["--requests-per-second", "0", "--log", "info", "--delivery-lease-seconds", "2"];

/// Who is killed in a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Victim {
    /// The node that runs longest.
    Old,
    /// The other one.
    New,
    /// The database, under both nodes.
    Database,
    /// The database and, while it starts, the older node.
    Both,
    /// The older node, once every shard lies on another worker.
    OldAfterMoving,
}

/// Numbers that follow from a seed.
pub(crate) struct Chance(pub(crate) SeededEntropy);

impl Chance {
    pub(crate) fn below(&self, bound: u64) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        u64::from_le_bytes(bytes) % bound
    }

    /// All of them in the first four rounds.
    fn victim(&self, round: u64, is_spread: bool) -> Victim {
        use Victim::{Both, Database, New, Old, OldAfterMoving};
        let all =
            if is_spread { [OldAfterMoving, Old, OldAfterMoving, New] } else { [Old, Database, New, Both] };
        if round < 4 { all[round as usize] } else { all[self.below(4) as usize] }
    }
}

pub(crate) fn given(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).map_or(otherwise, |text| text.parse().unwrap())
}

struct Place {
    cluster: &'static Cluster,
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
        let cluster = Cluster::of_one_test();
        let database = cluster.database();
        let folder = TempDir::new().unwrap();
        let demo = organizations_by(&mut on(&database, folder.path()), folder.path());
        Self {
            cluster,
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

/// A round: load, a death in its middle, load again, and everything delivered. Who is left.
async fn round(place: &Arc<Place>, chance: &Chance, round: u64, victim: Victim, old: Served) -> Served {
    let new = place.serve();
    place.is_over.store(false, Ordering::SeqCst);
    let mut senders = JoinSet::new();
    for sender in 0..SENDERS {
        let nodes = [&old, &new].map(|node| place.demo.client(node, 0));
        let sending = Arc::clone(place);
        senders.spawn(async move { sending.send(format!("{round}/{sender}"), nodes).await });
    }
    // Deliveries run meanwhile on both.
    let before = place.count.load(Ordering::SeqCst);
    place.until_acknowledged(before + 3 + chance.below(60) as usize).await;
    let cluster = place.cluster;
    let crash = async || tokio::task::spawn_blocking(|| cluster.crash()).await.unwrap();
    let left = match victim {
        Victim::Old => {
            drop(old);
            new
        }
        Victim::New => {
            drop(new);
            old
        }
        Victim::Database => {
            crash().await;
            drop(new);
            old
        }
        Victim::OldAfterMoving => {
            let place = Arc::clone(place);
            let moved = tokio::task::spawn_blocking(move || place.database.move_shards()).await.unwrap();
            assert!(moved > 0, "there is nothing to move");
            drop(old);
            new
        }
        Victim::Both => {
            let killing = tokio::task::spawn_blocking(move || drop(old));
            crash().await;
            killing.await.unwrap();
            new
        }
    };
    let after = place.count.load(Ordering::SeqCst);
    place.until_acknowledged(after + 10).await;
    place.is_over.store(true, Ordering::SeqCst);
    while let Some(ended) = senders.join_next().await {
        ended.unwrap();
    }
    // What the dead one held is delivered by who is left.
    let acknowledged: BTreeSet<MessageId> = place.acknowledged.lock().await.keys().copied().collect();
    while !place.messages(&left, 1).await.is_superset(&acknowledged) {
        tokio::task::yield_now().await;
    }
    left
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_is_killed_loses_nothing_and_the_other_one_goes_on() {
    let (rounds, seed) = (given("POTOK_CRASH_ROUNDS", ROUNDS), given("POTOK_CRASH_SEED", SEED));
    println!("{rounds} rounds of seed {seed}");
    let chance = Chance(SeededEntropy::new(seed));
    let place = Arc::new(Place::new());
    let mut survivor = place.serve();
    let before = place.messages(&survivor, 0).await;
    for number in 0..rounds {
        let victim = chance.victim(number, place.database.is_spread());
        println!("round {number}: {victim:?} dies");
        survivor = round(&place, &chance, number, victim, survivor).await;
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
            check_letter(&client, box_id, *id, text).await;
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
