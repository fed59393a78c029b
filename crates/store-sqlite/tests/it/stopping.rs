//! Stopping and starting again, and the log in between.

use std::sync::Arc;

use potok_store::{Journal as _, Outbox as _};
use potok_store_sqlite::SqliteOptions;
use potok_types::{BoxId, Entropy as _, SeededEntropy};

use crate::made::{feed, keys, open, open_with, post};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_store_opens_with_everything_and_goes_on() {
    let folder = tempfile::tempdir().expect("writable");
    let ids = SeededEntropy::new(1);
    let box_id = BoxId::from_uuid(ids.uuid());
    let mut written = Vec::new();
    for _ in 0..3 {
        let store = open(folder.path());
        // The clock begins anew each time, so these keys can only rise if the last one was read from the database.
        let appended = store.append(post(&ids, box_id, 100)).await.expect("nothing against it");
        written.extend(appended.keys());
        store.close().await;
    }
    assert!(!folder.path().join("potok.db-wal").exists(), "a closed store leaves one file");
    let store = open(folder.path());
    assert_eq!(keys(&feed(&store, box_id).await), written);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_dropped_without_closing_keeps_what_was_answered() {
    let folder = tempfile::tempdir().expect("writable");
    let ids = SeededEntropy::new(1);
    let box_id = BoxId::from_uuid(ids.uuid());
    let mut written = Vec::new();
    for _ in 0..5 {
        let store = open(folder.path());
        let appended = store.append(post(&ids, box_id, 100)).await.expect("nothing against it");
        written.extend(appended.keys());
        drop(store);
        assert_eq!(keys(&feed(&open(folder.path()), box_id).await), written);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_finishes_what_was_accepted_and_refuses_the_rest() {
    let folder = tempfile::tempdir().expect("writable");
    let ids = Arc::new(SeededEntropy::new(1));
    let box_id = BoxId::from_uuid(ids.uuid());
    let store = Arc::new(open(folder.path()));
    let callers: Vec<_> = (0..20)
        .map(|_| {
            let (store, ids) = (Arc::clone(&store), Arc::clone(&ids));
            tokio::spawn(async move {
                let mut answered = Vec::new();
                while let Ok(appended) = store.append(post(&ids, box_id, 2000)).await {
                    answered.extend(appended.keys());
                }
                answered
            })
        })
        .collect();
    store.append(post(&ids, box_id, 2000)).await.expect("not closed yet");
    store.close().await;
    let mut answered = Vec::new();
    for caller in callers {
        answered.extend(caller.await.expect("no panic"));
    }
    let refused = store.pending().await.expect_err("it is closed");
    assert_eq!(refused.action, "count deliveries");
    store.close().await;

    let kept = keys(&feed(&open(folder.path()), box_id).await);
    assert_eq!(kept.len(), answered.len() + 2);
    assert!(answered.iter().all(|key| kept.binary_search(key).is_ok()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_does_not_grow_without_end() {
    const PAGES: u32 = 50;
    let folder = tempfile::tempdir().expect("writable");
    let options = SqliteOptions { checkpoint_pages: PAGES, ..SqliteOptions::default() };
    let store = open_with(folder.path(), options.clone());
    let ids = SeededEntropy::new(1);
    let box_id = BoxId::from_uuid(ids.uuid());
    let mut longest = 0;
    for _ in 0..600 {
        store.append(post(&ids, box_id, 2000)).await.expect("nothing against it");
        let log = std::fs::metadata(folder.path().join("potok.db-wal")).expect("it is there");
        longest = longest.max(log.len() / u64::from(options.page_bytes));
    }
    // Each append writes some eight pages: without checkpoints there would be nearly five thousand.
    assert!(longest < 20 * u64::from(PAGES), "the log grew to {longest} pages");
    assert_eq!(feed(&store, box_id).await.len(), 1200);
}
