//! Several nodes on one database: what one of them writes, leases and forgets to tell.

use std::sync::Arc;
use std::time::Duration;

use potok_store::{Append, Journal as _, LeaseRequest, Leased, Neighbours as _, Outbox as _, WorkerId};
use potok_store_postgres::cluster::{Cluster, Database};
use potok_store_postgres::{PostgresStore, open};
use potok_types::{BoxId, ManualClock, MessageId, Ticks};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use uuid::Uuid;

use crate::unknown::append;

const NOW: Ticks = Ticks::new(639_000_000_000_000_000);

async fn node(database: &Database) -> PostgresStore {
    open(&database.options(), Arc::new(ManualClock::new(NOW))).await.expect("it is up to date")
}

/// A letter of the box that is to be delivered.
async fn post(store: &PostgresStore, box_number: u128, message: u128) {
    let message = MessageId::from_uuid(Uuid::from_u128(message << 64));
    let of_another = append(message, 0, 1);
    let posted = Append { box_id: box_of(box_number), ..of_another };
    store.append(posted).await.expect("the database is there");
}

fn box_of(number: u128) -> BoxId {
    BoxId::from_uuid(Uuid::from_u128(number))
}

/// What is handed out after so many seconds, to be held for ten.
async fn lease(store: &PostgresStore, seconds: i64) -> Vec<Leased> {
    let now = NOW.plus_seconds(seconds);
    let request = LeaseRequest::new(WorkerId(Uuid::from_u128(9)), now, now.plus_seconds(10), 8);
    store.lease_due(request).await.expect("the database is there")
}

fn boxes(leased: &[Leased]) -> Vec<BoxId> {
    leased.iter().map(|leased| leased.delivery.from).collect()
}

async fn run(database: &Database, sql: &str) {
    let (client, connection) =
        tokio_postgres::connect(database.url(), tokio_postgres::NoTls).await.expect("it runs");
    tokio::spawn(connection);
    client.batch_execute(sql).await.expect("the statement is right");
}

#[tokio::test]
async fn what_one_node_writes_another_delivers_and_a_note_that_is_lost_is_found_by_a_sweep() {
    let database = Cluster::shared().database();
    let [writing, delivering] = [node(&database).await, node(&database).await];
    assert_eq!(boxes(&lease(&delivering, 0).await), []);
    post(&writing, 1, 1).await;
    // It says so beside its calls; a close is the end of that.
    writing.close().await;
    assert_eq!(boxes(&lease(&delivering, 1).await), [box_of(1)]);

    let writing = node(&database).await;
    post(&writing, 2, 2).await;
    writing.close().await;
    run(&database, "TRUNCATE waiting").await;
    assert_eq!(boxes(&lease(&delivering, 9).await), [], "nobody said so");
    assert_eq!(boxes(&lease(&delivering, 10).await), [box_of(2)]);
    delivering.close().await;
}

#[tokio::test]
async fn what_a_dead_node_held_is_taken_over_when_its_lease_is_over() {
    let database = Cluster::shared().database();
    let [dying, other] = [node(&database).await, node(&database).await];
    for number in 1..4 {
        post(&dying, number, number).await;
    }
    let held = lease(&dying, 0).await;
    assert_eq!(boxes(&held), [1, 2, 3].map(box_of));
    drop(dying);
    assert_eq!(boxes(&lease(&other, 9).await), []);
    let taken = lease(&other, 10).await;
    assert_eq!(boxes(&taken), [1, 2, 3].map(box_of));
    assert!(taken.iter().all(|leased| leased.token.attempt == 2), "{taken:?}");
    let late = other.retry_at(held[0].token, NOW, "too late").await;
    assert!(matches!(late, Err(potok_store::SettleError::LeaseLost)), "{late:?}");
    // Given back, it is due before the lease would have ended.
    other.retry_at(taken[0].token, NOW.plus_seconds(12), "for the test").await.expect("it is held");
    assert_eq!(boxes(&lease(&other, 11).await), []);
    assert_eq!(boxes(&lease(&other, 12).await), [box_of(1)]);
    other.close().await;
}

async fn next(heard: &mut UnboundedReceiver<Option<BoxId>>) -> Option<BoxId> {
    let heard = tokio::time::timeout(Duration::from_secs(30), heard.recv()).await;
    heard.expect("it is said soon").expect("somebody listens")
}

#[tokio::test]
async fn nodes_hear_what_others_write_and_not_what_they_write_themselves() {
    let database = Cluster::shared().database();
    let [hearing, writing] = [node(&database).await, node(&database).await];
    let (hears, mut heard) = unbounded_channel();
    hearing.hear(Arc::new(move |box_id| {
        let _gone = hears.send(box_id);
    }));
    assert_eq!(next(&mut heard).await, None, "what was said before it listened may have been anything");
    post(&hearing, 1, 1).await;
    // From here on what it wrote itself is said.
    lease(&hearing, 0).await;
    post(&writing, 2, 2).await;
    assert_eq!(next(&mut heard).await, Some(box_of(2)));
    run(&database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN potok'")
        .await;
    while next(&mut heard).await.is_some() {}
    post(&writing, 3, 3).await;
    assert_eq!(next(&mut heard).await, Some(box_of(3)));
    hearing.close().await;
    writing.close().await;
}
