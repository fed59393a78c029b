//! Lists that are read at a real standby: never older than what anybody saw before, whatever happens to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use potok_store::{Append, Feed as _, FeedQuery, Health as _, Journal as _};
use potok_store_postgres::cluster::{Cluster, Database, Standby};
use potok_store_postgres::{PostgresOptions, PostgresStore, ReplicaFigures, look_at_replica, open};
use potok_types::{BoxId, ManualClock, MessageId, Ticks, with_causes};
use uuid::Uuid;

use crate::unknown::{append, everything};

/// A primary and its standby, of this test alone.
struct Place {
    cluster: &'static Cluster,
    database: Database,
    standby: Arc<Standby>,
}

impl Place {
    fn new() -> Self {
        let cluster = Cluster::of_one_test();
        let database = cluster.database();
        Self { cluster, database, standby: Arc::new(Standby::of(cluster)) }
    }

    fn options(&self) -> PostgresOptions {
        PostgresOptions { replica: Some(self.standby.url(&self.database)), ..self.database.options() }
    }

    /// A node that reads lists at the standby.
    async fn node(&self) -> Arc<PostgresStore> {
        let store = opened(&self.options()).await;
        until(&store, |figures| figures.is_used).await;
        store
    }
}

async fn opened(options: &PostgresOptions) -> Arc<PostgresStore> {
    let clock = Arc::new(ManualClock::new(Ticks::new(1_000_000)));
    Arc::new(open(options, clock).await.expect("it is up to date"))
}

fn figures(store: &PostgresStore) -> ReplicaFigures {
    store.backend().figures().replica.expect("there is one")
}

async fn until(store: &PostgresStore, is_so: impl Fn(ReplicaFigures) -> bool) {
    while !is_so(figures(store)) {
        tokio::task::yield_now().await;
    }
}

fn box_of(number: u128) -> BoxId {
    BoxId::from_uuid(Uuid::from_u128(number))
}

async fn post(store: &PostgresStore, box_number: u128, message: u128) {
    let message = MessageId::from_uuid(Uuid::from_u128(message << 64));
    let posted = Append { box_id: box_of(box_number), ..append(message, 0, 1) };
    store.append(posted).await.expect("the database is there");
}

/// Events in the feed of a box.
async fn count(store: &PostgresStore, box_number: u128) -> u64 {
    let query = FeedQuery { box_id: box_of(box_number), limit: 1, ..everything() };
    store.page(query).await.expect("the database is there").total
}

/// Asks until the standby has caught up with the box and answers.
async fn until_given(store: &PostgresStore, box_number: u128) -> u64 {
    loop {
        let before = figures(store).given;
        let found = count(store, box_number).await;
        if figures(store).given > before {
            return found;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_written_is_there_at_once_whether_the_standby_has_it_or_not() {
    let place = Place::new();
    let [writing, reading] = [place.node().await, place.node().await];
    for nth in 1..=60 {
        post(&writing, 1 + nth % 2, nth).await;
        for store in [&reading, &writing] {
            assert_eq!(count(store, 1 + nth % 2).await, nth.div_ceil(2) as u64, "after letter {nth}");
        }
    }
    assert_eq!(until_given(&reading, 1).await, 30);

    place.standby.pause();
    post(&writing, 1, 61).await;
    let before = figures(&reading);
    assert_eq!(count(&reading, 1).await, 31, "it was acknowledged");
    assert_eq!(figures(&reading).behind, before.behind + 1, "which the standby does not know");
    assert_eq!(count(&reading, 2).await, 30);
    assert_eq!(figures(&reading).given, before.given + 1, "of the other box it has everything");
    place.standby.resume();
    assert_eq!(until_given(&reading, 1).await, 31);
    assert_eq!(reading.remark(), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_standby_that_dies_is_left_and_taken_up_again_and_no_reader_notices() {
    let place = Place::new();
    let store = place.node().await;
    post(&store, 1, 1).await;
    until_given(&store, 1).await;
    for round in 0..2 {
        place.standby.kill();
        post(&store, 1, 2 + round).await;
        assert_eq!(count(&store, 1).await, 2 + round as u64);
        until(&store, |figures| !figures.is_used).await;
        assert!(store.remark().is_some_and(|remark| remark.contains("everything is read at the primary")));
        assert!(look_at_replica(&place.options()).await.is_err());
        place.standby.start();
        until(&store, |figures| figures.is_used).await;
        assert_eq!(until_given(&store, 1).await, 2 + round as u64);
        look_at_replica(&place.options()).await.expect("it is there again");
    }
    // It goes its own way from here on.
    place.standby.promote();
    post(&store, 1, 9).await;
    assert_eq!(count(&store, 1).await, 4);
    until(&store, |figures| !figures.is_used).await;
    let given = figures(&store).given;
    assert_eq!(count(&store, 1).await, 4);
    assert_eq!(figures(&store).given, given, "nothing is asked of it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_standby_of_this_database_is_not_asked() {
    let place = Place::new();
    let other = place.cluster.database();
    for (replica, words) in [
        (place.database.url().to_owned(), "is no standby"),
        (place.standby.url(&other), "is another database"),
        ("postgres://nobody@127.0.0.1:1/nothing".to_owned(), "connect"),
    ] {
        let options = PostgresOptions { replica: Some(replica), ..place.database.options() };
        // The other database has to arrive at the standby first.
        let why = loop {
            let why = with_causes(&look_at_replica(&options).await.expect_err("it is none"));
            if !why.contains("does not exist") {
                break why;
            }
        };
        assert!(why.contains(words), "{why}");
        let store = opened(&options).await;
        post(&store, 1, words.len() as u128).await;
        assert!(count(&store, 1).await > 0);
        let ReplicaFigures { is_used, given, behind, failed, .. } = figures(&store);
        assert_eq!((is_used, given, behind, failed), (false, 0, 0, 0), "{words}");
    }
}

/// Many readers at three nodes, of which one knows no standby, while one writes and the standby stops and goes on: nobody sees less
/// than what was acknowledged before, or than anybody has seen before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_seen_and_then_not_seen_any_more() {
    const LETTERS: u128 = 400;
    let place = Place::new();
    let nodes = [place.node().await, place.node().await, opened(&place.database.options()).await];
    let (seen, acknowledged) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let is_over = Arc::new(AtomicBool::new(false));
    let mut readers = tokio::task::JoinSet::new();
    for store in nodes.iter().chain(&nodes) {
        let (store, is_over) = (Arc::clone(store), Arc::clone(&is_over));
        let (seen, acknowledged) = (Arc::clone(&seen), Arc::clone(&acknowledged));
        readers.spawn(async move {
            while !is_over.load(Ordering::SeqCst) {
                let least = seen.load(Ordering::SeqCst).max(acknowledged.load(Ordering::SeqCst));
                let found = count(&store, 1).await;
                assert!(found >= least, "{least} were seen or acknowledged, and then {found}");
                seen.fetch_max(found, Ordering::SeqCst);
            }
        });
    }
    for nth in 1..=LETTERS {
        // Half of the time it stands still. What it surely does not know, and what it surely does, is asked for too.
        if nth % 40 == 20 {
            place.standby.pause();
        }
        post(&nodes[nth as usize % 3], 1, nth).await;
        acknowledged.fetch_add(1, Ordering::SeqCst);
        if nth % 40 == 20 {
            let before = figures(&nodes[0]).behind;
            assert!(count(&nodes[0], 1).await >= nth as u64);
            assert!(figures(&nodes[0]).behind > before, "letter {nth} was not known there");
        }
        if nth % 40 == 0 {
            place.standby.resume();
            assert!(until_given(&nodes[1], 1).await >= nth as u64);
        }
    }
    is_over.store(true, Ordering::SeqCst);
    while let Some(ended) = readers.join_next().await {
        ended.expect("a reader saw what it should");
    }
}
