//! Commits of which nobody knows whether they happened.

use std::sync::Arc;

use bytes::Bytes;
use potok_domain::query::{FeedFilter, FeedOrder};
use potok_domain::{Change, Event, MessageType, Origin, Party, Patched, Posted, Revision};
use potok_store::{
    ApiClient, ApiClients as _, Append, Feed as _, FeedQuery, Journal as _, LoginChallenges as _, NewEvent,
    NewOperation, Operation, StreamAppend, StreamId, TokenHash, Wanted,
};
use potok_store_postgres::cluster::{Cluster, Database};
use potok_store_postgres::{Appends, PostgresOptions, PostgresStore, open};
use potok_types::{BoxId, EventId, ManualClock, MessageId, Ticks};
use uuid::Uuid;

use crate::proxy::{Next, Proxy};

struct Lossy {
    store: PostgresStore,
    proxy: Proxy,
    _database: Database,
}

impl Lossy {
    async fn open() -> Self {
        let database = Cluster::shared().database();
        let (before, path) = database.url().rsplit_once('/').expect("an address has a path");
        let (scheme, server) = before.rsplit_once('@').expect("an address has a user");
        let proxy = Proxy::start(server.to_owned()).await;
        let url = format!("{scheme}@127.0.0.1:{}/{path}", proxy.port);
        let options = PostgresOptions { url, ..database.options() };
        let clock = Arc::new(ManualClock::new(Ticks::new(1_000_000)));
        let store = open(&options, clock).await.expect("the way is free");
        Self { store, proxy, _database: database }
    }
}

pub(crate) fn box_id() -> BoxId {
    BoxId::from_uuid(Uuid::from_u128(7))
}

fn event(message: MessageId, number: u128) -> NewEvent {
    let (id, change) = match number {
        0 => {
            let party =
                |title: &str| Party { box_id: BoxId::ZERO, title: title.to_owned(), department: None };
            (message.first_event(), Change::Posted(Box::new(Posted::letter(party("from"), party("to")))))
        }
        _ => {
            let id = EventId::from_uuid(Uuid::from_u128(message.uuid().as_u128() + number));
            (id, Change::Patched(Box::new(Patched::by(Origin::Operator))))
        }
    };
    let event = Event { id, message_id: message, at: Ticks::new(5), change };
    let new = NewEvent::of_message(&event, Bytes::from_static(b"ready"), MessageType::Letter, Vec::new());
    NewEvent { deliver_to: vec![BoxId::ZERO], ..new }
}

pub(crate) fn append(message: MessageId, from: u32, to: u32) -> Append {
    let events = (from..to).map(|number| event(message, number.into())).collect();
    Append::new(box_id(), vec![StreamAppend::new(message, Revision(from), events)])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_append_whose_answer_is_lost_is_there_once() {
    let lossy = Lossy::open().await;
    for (nth, next) in [Next::LoseAnswer, Next::LoseCommit, Next::Pass].into_iter().enumerate() {
        let message = MessageId::from_uuid(Uuid::from_u128((nth as u128 + 1) << 64));
        for (from, to) in [(0, 1), (1, 4)] {
            lossy.proxy.arm(next);
            let appended = lossy.store.append(append(message, from, to)).await;
            let appended = appended.unwrap_or_else(|error| panic!("{next:?}: {error}"));
            assert!(lossy.proxy.is_done(), "{next:?}");
            assert_eq!(appended.streams[0].revision, Revision(to), "{next:?}");
            assert_eq!(appended.streams[0].keys.len(), (to - from) as usize, "{next:?}");
        }
        let found = lossy.store.streams(box_id(), &[Wanted::all(message)]).await.expect("readable");
        assert_eq!(found[0].as_ref().map(Vec::len), Some(4), "{next:?}");
    }
    let pending = potok_store::Outbox::pending(&lossy.store).await.expect("readable");
    assert_eq!(pending, 12, "each delivery is planned once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_does_not_make_an_operation_a_repeated_one() {
    let lossy = Lossy::open().await;
    let message = MessageId::from_uuid(Uuid::from_u128(1 << 64));
    let mut posted = append(message, 0, 1);
    let made = potok_store::EventPlace { stream: StreamId::from(message), event: message.first_event() };
    posted.operation =
        Some(NewOperation { operation: Operation { method: "PostMessage", id: "one".to_owned() }, made });
    lossy.proxy.arm(Next::LoseAnswer);
    lossy.store.append(posted.clone()).await.expect("it was done by this call");
    assert!(lossy.proxy.is_done());
    let again = lossy.store.append(posted).await.expect_err("it was done before");
    assert!(matches!(again, potok_store::AppendError::Repeated(_)), "{again}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_be_written_twice_is_settled_and_the_rest_is_told_as_unwritable() {
    let lossy = Lossy::open().await;
    for next in [Next::LoseAnswer, Next::LoseCommit, Next::Pass] {
        let client = ApiClient {
            id: format!("{next:?}"),
            name: "Программа".to_owned(),
            secret_hash: None,
            is_blocked: false,
            service_user: None,
            is_partner: false,
        };
        lossy.proxy.arm(next);
        lossy.store.put_api_client(&client).await.unwrap_or_else(|error| panic!("{next:?}: {error}"));
        assert!(lossy.proxy.is_done(), "{next:?}");
        assert_eq!(lossy.store.api_client(&client.id).await.expect("readable"), Some(client), "{next:?}");

        // Who took it cannot be told from who comes too late.
        lossy.proxy.arm(next);
        let taken = lossy.store.take_challenge(TokenHash([1; 32])).await;
        assert!(lossy.proxy.is_done(), "{next:?}");
        assert_eq!(
            taken.as_ref().err().is_some_and(|error| error.is_unwritable()),
            next != Next::Pass,
            "{next:?}: {taken:?}"
        );
    }
}

/// Ends all connections to the database but its own.
const CUT: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_are_cut_lose_and_double_nothing() {
    cut(Appends::Apart, |_| box_id()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nor_do_they_of_boxes_that_share_transactions() {
    cut(Appends::Together, |writer| BoxId::from_uuid(Uuid::from_u128(writer))).await;
}

/// Writers, each to its box, whose connections are cut.
async fn cut(appends: Appends, box_of: impl Fn(u128) -> BoxId) {
    const WRITERS: u128 = 6;
    const EVENTS: u32 = 12;
    let database = Cluster::shared().database();
    let clock = Arc::new(ManualClock::new(Ticks::new(1_000_000)));
    let options = PostgresOptions { appends, ..database.options() };
    let store = Arc::new(open(&options, clock).await.expect("it is up to date"));
    let (client, connection) =
        tokio_postgres::connect(database.url(), tokio_postgres::NoTls).await.expect("it runs");
    tokio::spawn(connection);
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let (store, box_id) = (Arc::clone(&store), box_of(writer));
        let append = move |message, from, to| Append { box_id, ..append(message, from, to) };
        writers.spawn(async move {
            let message = MessageId::from_uuid(Uuid::from_u128((writer + 1) << 64));
            let mut acknowledged = 0;
            for number in 0..EVENTS {
                // Cut again and again it may say that it does not know; the same append tells.
                let mut appended = store.append(append(message, number, number + 1)).await;
                for _ in 0..20 {
                    match &appended {
                        Err(potok_store::AppendError::Store(_)) => {
                            appended = store.append(append(message, number, number + 1)).await;
                        }
                        _ => break,
                    }
                }
                let is_there = match appended {
                    Ok(done) => done.streams[0].revision == Revision(number + 1),
                    // It was there before it was repeated by hand.
                    Err(potok_store::AppendError::Stale { found, .. }) => found == Revision(number + 1),
                    Err(_) => false,
                };
                acknowledged += u32::from(is_there);
            }
            acknowledged
        });
    }
    let mut cuts = 0;
    let mut acknowledged = Vec::new();
    while !writers.is_empty() {
        tokio::select! {
            Some(done) = writers.join_next() => acknowledged.push(done.expect("no writer panics")),
            cut = client.batch_execute(CUT), if cuts < 30 => {
                cut.expect("the superuser may");
                cuts += 1;
            }
        }
    }
    assert_eq!(acknowledged, [EVENTS; WRITERS as usize]);
    assert!(cuts > 2, "{cuts}");
    let mut count = 0;
    for box_id in (0..WRITERS).map(&box_of).collect::<std::collections::BTreeSet<_>>() {
        let page = store.page(FeedQuery { box_id, limit: 1000, ..everything() }).await.expect("readable");
        assert!(page.events.is_sorted_by_key(|event| event.key));
        count += page.events.len();
    }
    assert_eq!(count, (WRITERS as usize) * EVENTS as usize);
    assert_eq!(potok_store::Outbox::pending(&*store).await.expect("readable"), count as u64);
}

pub(crate) fn everything() -> FeedQuery {
    FeedQuery {
        box_id: box_id(),
        after: None,
        order: FeedOrder::Ascending,
        limit: 100,
        filter: FeedFilter::default(),
        count_up_to: 100_000,
    }
}
