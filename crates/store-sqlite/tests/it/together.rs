//! Callers that share a transaction share its success, and not each other's mistakes.

use std::sync::Arc;

use potok_domain::query::{FeedFilter, FeedOrder};
use potok_store::{AppendError, Feed as _, FeedQuery, Journal as _};
use potok_store_sqlite::{SqliteOptions, SqliteStore};
use potok_types::{BoxId, Entropy as _, SeededEntropy};

use crate::made::{feed, open_with, post};

/// The total is counted from running totals, so it shows whether they still agree with the events.
async fn check_totals(store: &SqliteStore, box_id: BoxId, events: usize) {
    assert_eq!(feed(store, box_id).await.len(), events);
    let page = store.page(FeedQuery {
        box_id,
        after: None,
        order: FeedOrder::Ascending,
        limit: 1,
        filter: FeedFilter::default(),
        count_up_to: 100_000,
    });
    assert_eq!(page.await.expect("readable").total, events as u64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_append_fails_alone() {
    let folder = tempfile::tempdir().expect("writable");
    let store = Arc::new(open_with(folder.path(), SqliteOptions::default()));
    let ids = SeededEntropy::new(1);
    let box_id = BoxId::from_uuid(ids.uuid());
    let first = post(&ids, box_id, 100);
    let taken = first.streams[0].events[1].id;
    store.append(first).await.expect("nothing against it");

    let mut good = 0;
    for round in 0..10 {
        let calls: Vec<_> = (0..40)
            .map(|number| {
                let mut post = post(&ids, box_id, 100);
                let is_broken = number % 7 == round % 7;
                if is_broken {
                    // Its second event has an id that is in the box already: that is found out in the middle of
                    // writing, after the first event is in its place.
                    post.streams[0].events[1].id = taken;
                }
                let store = Arc::clone(&store);
                tokio::spawn(async move { (is_broken, store.append(post).await) })
            })
            .collect();
        for call in calls {
            let (is_broken, answer) = call.await.expect("no panic");
            match answer {
                Ok(_) => good += 1,
                Err(AppendError::Store(_)) => assert!(is_broken),
                Err(other) => panic!("{other}"),
            }
            assert!(answer.is_ok() != is_broken);
        }
    }
    check_totals(&store, box_id, 2 + 2 * good).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_transaction_fails_everybody_hears_of_it_and_may_repeat() {
    let folder = tempfile::tempdir().expect("writable");
    let options = SqliteOptions { busy_timeout_ms: 20, ..SqliteOptions::default() };
    let store = open_with(folder.path(), options);
    let ids = SeededEntropy::new(1);
    let box_id = BoxId::from_uuid(ids.uuid());
    store.append(post(&ids, box_id, 100)).await.expect("nothing against it");

    // Somebody holds the lock for longer than the store is willing to wait.
    let intruder = rusqlite::Connection::open(folder.path().join("potok.db")).expect("it is there");
    intruder.execute_batch("BEGIN IMMEDIATE").expect("nobody writes now");
    let refused = [post(&ids, box_id, 100), post(&ids, box_id, 100), post(&ids, box_id, 100)];
    let answers = tokio::join!(
        store.append(refused[0].clone()),
        store.append(refused[1].clone()),
        store.append(refused[2].clone()),
    );
    for answer in [answers.0, answers.1, answers.2] {
        assert!(matches!(answer, Err(AppendError::Store(_))), "{answer:?}");
    }
    check_totals(&store, box_id, 2).await;
    intruder.execute_batch("ROLLBACK").expect("it began");
    for append in refused {
        store.append(append).await.expect("the lock is free");
    }
    check_totals(&store, box_id, 8).await;
}
