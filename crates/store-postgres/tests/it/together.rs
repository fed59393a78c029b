//! Appends to many boxes in one transaction, and those that have to go apart.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use potok_store::{
    Append, AppendError, EventPlace, Journal as _, LeaseRequest, LeaseToken, NewOperation, Operation,
    Outbox as _, Store, StreamId, WorkerId, contract,
};
use potok_store_postgres::cluster::{Cluster, Database};
use potok_store_postgres::{Appends, PostgresOptions, PostgresStore, open, open_keeping};
use potok_types::{BoxId, Clock, ManualClock, MessageId, Ticks};
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

use crate::proxy::{Next, Proxy};
use crate::unknown::append;

async fn client(database: &Database) -> Client {
    let (client, connection) = tokio_postgres::connect(database.url(), NoTls).await.expect("it runs");
    tokio::spawn(connection);
    client
}

async fn store(options: &PostgresOptions) -> PostgresStore {
    open(options, Arc::new(ManualClock::new(Ticks::new(1_000_000)))).await.expect("it is up to date")
}

fn box_of(number: u128) -> BoxId {
    BoxId::from_uuid(Uuid::from_u128(number))
}

fn message_of(number: u128) -> MessageId {
    MessageId::from_uuid(Uuid::from_u128(number << 64))
}

/// A letter of the box.
fn letter(box_number: u128, message: u128) -> Append {
    Append { box_id: box_of(box_number), ..append(message_of(message), 0, 1) }
}

fn with_operation(append: Append, message: u128, id: &str) -> Append {
    let message = message_of(message);
    let made = EventPlace { stream: StreamId::from(message), event: message.first_event() };
    let operation = Operation { method: "PostMessage", id: id.to_owned() };
    Append { operation: Some(NewOperation { operation, made }), ..append }
}

/// Whose heads are there from then on.
async fn first_letters(store: &PostgresStore, boxes: std::ops::Range<u128>) {
    for number in boxes {
        let first = with_operation(letter(number, 1000 + number), 1000 + number, "first");
        store.append(first).await.expect("there is room");
    }
}

/// By how many transactions the boxes have what is newest in them.
async fn transactions(client: &Client) -> i64 {
    let newest = "SELECT count(DISTINCT xmin::text) FROM (SELECT DISTINCT ON (box_id) xmin FROM events ORDER BY box_id, id DESC) AS newest";
    client.query_one(newest, &[]).await.expect("readable").get(0)
}

#[tokio::test]
async fn boxes_go_in_one_transaction_and_what_is_refused_fails_no_other() {
    for appends in [Appends::Together, Appends::Merged] {
        let database = Cluster::shared().database();
        let store = store(&PostgresOptions { appends, ..database.options() }).await;
        first_letters(&store, 1..13).await;
        let leased = store
            .lease_due(LeaseRequest::new(
                WorkerId(Uuid::from_u128(9)),
                Ticks::new(5),
                Ticks::new(9_000_000),
                1,
            ))
            .await
            .expect("there is something");
        let [leased] = leased.as_slice() else { panic!("{leased:?}") };
        let late = LeaseToken { attempt: leased.token.attempt + 1, ..leased.token };
        let of_lease = |message, settles| Append { settles: Some(settles), ..letter(1, message) };
        let mut all: Vec<Append> = (4..13).map(|number| letter(number, number)).collect();
        all.push(Append { box_id: box_of(2), ..append(message_of(1002), 0, 1) });
        all.push(with_operation(letter(3, 3), 3, "first"));
        all.push(of_lease(1, late));
        all.push(of_lease(2, leased.token));
        // On one thread all of them wait when the first transaction begins.
        let done = join_all(all.into_iter().map(|append| store.append(append))).await;
        assert!(matches!(done[9], Err(AppendError::Stale { .. })), "{appends:?}: {:?}", done[9]);
        assert!(matches!(done[10], Err(AppendError::Repeated(_))), "{appends:?}: {:?}", done[10]);
        assert!(matches!(done[11], Err(AppendError::LeaseLost)), "{appends:?}: {:?}", done[11]);
        for nth in (0..9).chain([12]) {
            assert!(done[nth].is_ok(), "{appends:?}: {nth}: {:?}", done[nth]);
        }
        let client = client(&database).await;
        // Boxes 2 and 3 have what they had before.
        assert_eq!(transactions(&client).await, 1 + 2, "{appends:?}");
        assert_eq!(store.pending().await.expect("readable"), 12 + 10 - 1, "{appends:?}");
        store.close().await;
    }
}

#[tokio::test]
async fn apart_each_box_has_a_transaction_and_what_waits_for_it_goes_in_the_next_one() {
    let database = Cluster::shared().database();
    let store = store(&PostgresOptions { appends: Appends::Apart, ..database.options() }).await;
    first_letters(&store, 1..5).await;
    let letters = (0..12).map(|nth| store.append(letter(nth % 4 + 1, 100 + nth)));
    assert!(join_all(letters).await.iter().all(Result::is_ok));
    assert_eq!(transactions(&client(&database).await).await, 4);
    store.close().await;
}

#[tokio::test]
async fn a_box_that_somebody_holds_keeps_no_other_waiting() {
    let database = Cluster::shared().database();
    let store = store(&PostgresOptions { appends: Appends::Together, ..database.options() }).await;
    first_letters(&store, 1..6).await;
    let holder = client(&database).await;
    holder.batch_execute("BEGIN").await.expect("it runs");
    let held = box_of(3);
    holder
        .execute("UPDATE boxes SET rows = rows + 1 WHERE box_id = $1", &[&&held.as_bytes()[..]])
        .await
        .expect("its head is there");
    let waits = store.append(letter(3, 3));
    let mut waits = std::pin::pin!(waits);
    // A box that is new has no head yet: it goes alone too.
    let others = join_all([1, 2, 4, 5, 77].map(|number| store.append(letter(number, number))));
    tokio::select! {
        biased;
        done = &mut waits => panic!("the box is held: {done:?}"),
        done = others => assert!(done.iter().all(Result::is_ok), "{done:?}"),
    }
    for round in 0..3 {
        let letters = [1, 2, 4, 5].map(|number| store.append(letter(number, 10 * number + round)));
        assert!(join_all(letters).await.iter().all(Result::is_ok));
    }
    holder.batch_execute("COMMIT").await.expect("it runs");
    let done = tokio::time::timeout(Duration::from_secs(30), waits).await.expect("it goes on at once");
    assert!(done.is_ok(), "{done:?}");
    store.close().await;
}

#[tokio::test]
async fn what_fails_is_done_again_alone_and_only_the_guilty_one_hears_of_it() {
    let database = Cluster::shared().database();
    let store = store(&PostgresOptions { appends: Appends::Together, ..database.options() }).await;
    first_letters(&store, 1..6).await;
    client(&database)
        .await
        .batch_execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not this one'; END $$;
             CREATE TRIGGER refuse BEFORE INSERT ON operations FOR EACH ROW WHEN (NEW.id = 'bad') EXECUTE FUNCTION refuse()",
        )
        .await
        .expect("the superuser may");
    let letters = (1..6).map(|number| {
        let id = if number == 4 { "bad" } else { "good" };
        store.append(with_operation(letter(number, number), number, id))
    });
    let done = join_all(letters).await;
    for (done, number) in done.iter().zip(1_u128..) {
        match number {
            4 => assert!(matches!(done, Err(AppendError::Store(_))), "{done:?}"),
            _ => assert!(done.is_ok(), "{number}: {done:?}"),
        }
    }
    store.append(letter(4, 4)).await.expect("nothing of it was written");
    store.close().await;
}

#[tokio::test]
async fn a_commit_of_many_boxes_whose_answer_is_lost_is_there_once() {
    let database = Cluster::shared().database();
    let (before, path) = database.url().rsplit_once('/').expect("an address has a path");
    let (scheme, server) = before.rsplit_once('@').expect("an address has a user");
    let proxy = Proxy::start(server.to_owned()).await;
    let url = format!("{scheme}@127.0.0.1:{}/{path}", proxy.port);
    let store = store(&PostgresOptions { url, appends: Appends::Together, ..database.options() }).await;
    first_letters(&store, 1..9).await;
    for (next, round) in [Next::LoseAnswer, Next::LoseCommit, Next::Pass].into_iter().zip(1..) {
        let letters: Vec<Append> = (1..9)
            .map(|number| {
                let message = 100 * round + number;
                with_operation(letter(number, message), message, &format!("{next:?}"))
            })
            .collect();
        proxy.arm(next);
        let done = join_all(letters.iter().map(|append| store.append(append.clone()))).await;
        assert!(proxy.is_done(), "{next:?}");
        assert!(done.iter().all(Result::is_ok), "{next:?}: {done:?}");
        let again = join_all(letters.into_iter().map(|append| store.append(append))).await;
        assert!(again.iter().all(|it| matches!(it, Err(AppendError::Repeated(_)))), "{next:?}: {again:?}");
    }
    assert_eq!(store.pending().await.expect("readable"), 4 * 8, "each delivery is planned once");
    store.close().await;
}

async fn fresh(appends: Appends, clock: Arc<dyn Clock>) -> Arc<dyn Store> {
    let database = Cluster::shared().database();
    let options = PostgresOptions { appends, ..database.options() };
    Arc::new(open_keeping(&options, clock, database).await.expect("the database was just made"))
}

async fn merged(clock: Arc<dyn Clock>) -> Arc<dyn Store> {
    fresh(Appends::Merged, clock).await
}

async fn apart(clock: Arc<dyn Clock>) -> Arc<dyn Store> {
    fresh(Appends::Apart, clock).await
}

/// The cases of the contract whose appends write all that there is.
macro_rules! writing {
    ($($way:ident)*) => {
        $(mod $way {
            writing!(@cases $way:
                append_then_read
                stale_append_is_refused_and_writes_nothing
                racing_appends_to_one_message_lose_nothing
                repeated_operation_is_named_and_writes_nothing
                an_append_without_events_writes_the_rest
                keys_rise_while_the_clock_stands_still
                an_append_writes_all_its_streams
                one_stale_stream_refuses_the_whole_append
                streams_of_all_kinds_are_appended_under_the_same_rules
                deliveries_of_all_kinds_stand_in_one_queue
                small_contents_are_kept_once_per_box
                referrers_are_found_from_their_bases
                counteragents_are_listed_newest_first
                racing_workers_never_share_a_delivery
                readers_see_growing_prefixes_while_writers_write
            );
        })*
    };
    (@cases $way:ident: $($case:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::contract::$case(super::$way).await;
            }
        )*
    };
}

writing!(merged apart);
