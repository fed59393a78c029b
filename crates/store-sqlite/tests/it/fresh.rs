//! Words of documents that are put in their places many at a time are found at every moment.

use std::ops::Range;
use std::path::Path;

use potok_domain::access::Scope;
use potok_domain::{DocumentRef, Revision};
use potok_store::moving::Source as _;
use potok_store::{Append, Journal as _, Search as _, SearchQuery, SearchWords, StreamAppend};
use potok_store_sqlite::{Side, SqliteOptions, SqliteStore};
use potok_types::{BoxId, EntityId, Entropy as _, SeededEntropy};
use rusqlite::Connection;

use crate::made::{message_of, open_with, post};
use crate::questions::{others, row};

/// Words of each document.
const WORDS: usize = 2;
const TOGETHER: u32 = 8;

fn opened(folder: &Path) -> SqliteStore {
    open_with(folder, SqliteOptions { fresh_documents: TOGETHER, ..SqliteOptions::default() })
}

/// Posts documents of these numbers, in this order.
async fn posted(
    store: &SqliteStore,
    ids: &SeededEntropy,
    box_id: BoxId,
    numbers: Range<usize>,
) -> Vec<Append> {
    let others = others(ids);
    let mut all = Vec::new();
    for nth in numbers {
        let mut append = post(ids, box_id, 16);
        let document =
            DocumentRef { message_id: message_of(&append), entity_id: EntityId::from_uuid(ids.uuid()) };
        append.streams[0].documents = vec![row(document, nth, &others)];
        store.append(append.clone()).await.expect("nothing against it");
        all.push(append);
    }
    all
}

async fn found(store: &SqliteStore, box_id: BoxId, word: &str) -> usize {
    let query = SearchQuery {
        box_id,
        words: SearchWords::Any(vec![word.to_owned()]),
        direction: None,
        is_deleted: None,
        within: Scope::All,
        skip: 0,
        limit: 1000,
    };
    store.search(query).await.expect("readable").len()
}

/// Rows of both tables of words.
fn kept(folder: &Path) -> (usize, usize) {
    let conn = Connection::open(folder.join("potok.db")).expect("it is a database");
    let count = |table: &str| {
        let sql = format!("SELECT count(*) FROM {table}");
        conn.query_row(&sql, [], |row| row.get::<_, u32>(0)).expect("readable") as usize
    };
    (count("fresh_words"), count("document_tokens"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_are_found_wherever_their_words_are() {
    let folder = tempfile::tempdir().expect("writable");
    let ids = SeededEntropy::new(28);
    let box_id = BoxId::from_uuid(ids.uuid());
    let store = opened(folder.path());
    for count in 1..=40 {
        posted(&store, &ids, box_id, count - 1..count).await;
        assert_eq!(found(&store, box_id, "договор").await, count);
    }
    let other = BoxId::from_uuid(ids.uuid());
    assert_eq!(found(&store, other, "договор").await, 0, "of another box");
    assert_eq!(found(&store, box_id, "дого").await, 0, "a part of a word");
    assert_eq!(found(&store, box_id, "17 договор").await, 0, "two words are none");
    store.close().await;
    let (fresh, placed) = kept(folder.path());
    assert_eq!(fresh * WORDS + placed, 40 * WORDS, "each word is in one place");
    assert!(fresh <= TOGETHER as usize + TOGETHER as usize / 2, "{fresh} wait");
    // Another process finds them, and so does one that lets none wait.
    let store = open_with(folder.path(), SqliteOptions { fresh_documents: 0, ..SqliteOptions::default() });
    assert_eq!(found(&store, box_id, "договор").await, 40);
    posted(&store, &ids, box_id, 40..41).await;
    assert_eq!(found(&store, box_id, "договор").await, 41);
    store.close().await;
    assert_eq!(kept(folder.path()), (fresh, placed + WORDS));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_that_are_taken_back_wait_no_more() {
    let folder = tempfile::tempdir().expect("writable");
    let ids = SeededEntropy::new(29);
    let box_id = BoxId::from_uuid(ids.uuid());
    let store = opened(folder.path());
    let all = posted(&store, &ids, box_id, 0..3).await;
    for append in &all {
        let of_stream = &append.streams[0];
        let mut rows = of_stream.documents.clone();
        rows[0].tokens = vec!["счёт".to_owned()];
        let revision = Revision(of_stream.events.len() as u32);
        let mut again = StreamAppend::new(message_of(append), revision, Vec::new());
        again.documents = rows;
        store.append(Append::new(box_id, vec![again])).await.expect("nothing against it");
    }
    assert_eq!(found(&store, box_id, "договор").await, 0);
    assert_eq!(found(&store, box_id, "счёт").await, 3);
    store.close().await;
    assert_eq!(kept(folder.path()), (3, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_finds_all_words_in_their_places() {
    let folder = tempfile::tempdir().expect("writable");
    let ids = SeededEntropy::new(30);
    let box_id = BoxId::from_uuid(ids.uuid());
    let store = opened(folder.path());
    posted(&store, &ids, box_id, 0..3).await;
    assert_eq!(kept(folder.path()), (3, 0));
    let mut side = Side::open(&folder.path().join("potok.db")).expect("it is a database");
    side.lock().await.expect("nobody writes");
    let table = |name| potok_store::moving::TABLES.iter().find(|it| it.name == name).expect("it is copied");
    let tokens = potok_store::moving::Rows::count(&mut side, table("document_tokens")).await;
    assert_eq!(tokens.expect("readable"), 3 * WORDS as u64);
    drop(side);
    assert_eq!(kept(folder.path()), (3, 0), "what was not ended was not done");
    assert_eq!(found(&store, box_id, "договор").await, 3);
    store.close().await;
}
