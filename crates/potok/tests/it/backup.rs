//! Copies taken under load, put in another place, and read there through the public API.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use potok_sdk::Client;
use potok_sdk::api::methods::OperationQuery;
use potok_store_postgres::cluster::{Cluster, Database};
use potok_types::MessageId;
use tempfile::TempDir;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use crate::demo::{Demo, check_letter, feed, organizations_by};
use crate::kill::check_feed;
use crate::postgres::on;
use crate::process::{SERVE, Served, potok};

const SENDERS: usize = 4;
const SETTINGS: &[&str] = &["--requests-per-second", "0", "--log", "info"];

/// Where a store is: in a folder, or in a database beside one.
pub(crate) struct Store {
    pub(crate) database: Option<Database>,
    pub(crate) folder: TempDir,
}

impl Store {
    pub(crate) fn embedded() -> Self {
        Self { database: None, folder: TempDir::new().unwrap() }
    }

    pub(crate) fn postgres(database: Database) -> Self {
        Self { database: Some(database), folder: TempDir::new().unwrap() }
    }

    pub(crate) fn command(&self) -> Command {
        match &self.database {
            Some(database) => on(database, self.folder.path()),
            None => potok(self.folder.path()),
        }
    }

    pub(crate) fn run(&self, words: &[&str]) -> Output {
        self.command().args(words).output().unwrap()
    }
}

pub(crate) fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The text of each acknowledged document, by message.
pub(crate) type Acknowledged = Arc<Mutex<BTreeMap<MessageId, String>>>;

/// Sends until nothing is taken any more.
pub(crate) async fn send(
    demo: Arc<Demo>,
    client: Client,
    name: String,
    sent: Acknowledged,
    count: Arc<AtomicUsize>,
) {
    for letter in 0.. {
        // Every third content is large, so that it lies beside the database.
        let size = if letter % 3 == 2 { 100_000 } else { 100 };
        let text = format!("{name} {letter} {}", "x".repeat(size));
        let Ok(message) = client.post_message_v3(&OperationQuery::new(), demo.letter(&text)).await else {
            return;
        };
        sent.lock().await.insert(message.message_id.parse().unwrap(), text);
        count.fetch_add(1, Ordering::SeqCst);
    }
}

/// Every acknowledged letter is there with its bytes, and the feed is whole.
async fn check(demo: &Demo, server: &Served, acknowledged: &BTreeMap<MessageId, String>) {
    let (client, box_id) = (demo.client(server, 0), demo.sides[0].box_id);
    let here = check_feed(&feed(&client, box_id).await);
    for (id, text) in acknowledged {
        assert!(here.contains(id), "{id} was acknowledged before the copy began");
        check_letter(&client, box_id, *id, text).await;
    }
}

/// A copy during which letters were acknowledged, and those that were before it. On a busy machine a copy may fall between two
/// letters, but not one after the other: then the server has waited for them.
async fn copied_while_sending(
    from: &Store,
    place: &Path,
    sent: &Acknowledged,
    count: &AtomicUsize,
) -> (PathBuf, BTreeMap<MessageId, String>) {
    for number in 0..10 {
        let copied = place.join(number.to_string());
        let acknowledged = sent.lock().await.clone();
        let mut command = from.command();
        command.args(["backup", "--to", text(&copied)]);
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        assert!(output.status.success(), "{}", said(&output));
        if count.load(Ordering::SeqCst) > acknowledged.len() {
            return (copied, acknowledged);
        }
    }
    panic!("the server does not go on while copies are taken");
}

async fn told(from: Store, to: Store, database_file: &str) {
    let copy = TempDir::new().unwrap();
    let demo = Arc::new(organizations_by(&mut from.command(), from.folder.path()));
    let served = Served::run(from.command().args(SERVE).args(SETTINGS));
    let (sent, count) = (Acknowledged::default(), Arc::new(AtomicUsize::new(0)));
    let mut senders = JoinSet::new();
    for sender in 0..SENDERS {
        let client = demo.client(&served, 0);
        senders.spawn(send(
            Arc::clone(&demo),
            client,
            sender.to_string(),
            Arc::clone(&sent),
            Arc::clone(&count),
        ));
    }
    while count.load(Ordering::SeqCst) < 20 {
        tokio::task::yield_now().await;
    }
    let (copied, acknowledged) = copied_while_sending(&from, copy.path(), &sent, &count).await;
    drop(served);
    while let Some(ended) = senders.join_next().await {
        ended.unwrap();
    }
    let again = from.run(&["backup", "--to", text(&copied)]);
    assert!(!again.status.success() && said(&again).contains("holds a copy already"), "{}", said(&again));

    // A byte that is another one is found, wherever it lies.
    let large = file_under(&copied.join("contents"));
    for damaged in [copied.join("database").join(database_file), large] {
        let whole = std::fs::read(&damaged).unwrap();
        let mut bytes = whole.clone();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&damaged, bytes).unwrap();
        let refused = to.run(&["restore", "--from", text(&copied)]);
        assert!(!refused.status.success(), "{}", said(&refused));
        let name = damaged.file_name().unwrap().to_str().unwrap();
        assert!(said(&refused).contains(name) && said(&refused).contains("damaged"), "{}", said(&refused));
        std::fs::write(&damaged, whole).unwrap();
    }

    let restored = to.run(&["restore", "--from", text(&copied), "--verify"]);
    assert!(restored.status.success(), "{}", said(&restored));
    assert!(said(&restored).contains(" 0 faults"), "{}", said(&restored));
    let over = to.run(&["restore", "--from", text(&copied)]);
    assert!(!over.status.success() && said(&over).contains("already"), "{}", said(&over));
    let served = Served::run(to.command().args(SERVE).args(SETTINGS));
    check(&demo, &served, &acknowledged).await;
    // It takes new ones, whose places are behind those that were restored.
    let client = demo.client(&served, 0);
    client.post_message_v3(&OperationQuery::new(), demo.letter("after")).await.unwrap();
    check(&demo, &served, &acknowledged).await;
    assert!(served.end().0.success());
}

fn file_under(folder: &Path) -> PathBuf {
    let mut place = folder.to_owned();
    while place.is_dir() {
        place = std::fs::read_dir(&place).unwrap().next().expect("something is there").unwrap().path();
    }
    place
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_of_the_embedded_store_taken_under_load_has_what_was_acknowledged_before() {
    told(Store::embedded(), Store::embedded(), "potok.db").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_of_postgres_taken_under_load_has_what_was_acknowledged_before() {
    let [from, to] = [Cluster::shared().database(), Cluster::shared().empty_database()];
    told(Store::postgres(from), Store::postgres(to), "events.copy").await;
}

/// Something that files and digests do not show: a row that somebody took out of the database itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_missing_in_the_database_itself_is_named() {
    let [from, to] = [Cluster::shared().database(), Cluster::shared().empty_database()].map(Store::postgres);
    organizations_by(&mut from.command(), from.folder.path());
    let database = from.database.as_ref().unwrap();
    let (client, connection) = tokio_postgres::connect(database.url(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    // The first event of a stream of two, a place in a feed, and a byte of a content.
    client
        .batch_execute(
            "DELETE FROM events WHERE (box_id, id) IN (SELECT box_id, id FROM events WHERE kind = 1 AND revision = 1 LIMIT 1);
             DELETE FROM feed WHERE (box_id, key) IN (SELECT box_id, key FROM feed WHERE seq = 2 LIMIT 1);
             UPDATE small_contents SET bytes = set_byte(bytes, 0, get_byte(bytes, 0) # 1)
                 WHERE (box_id, hash) IN (SELECT box_id, hash FROM small_contents LIMIT 1)",
        )
        .await
        .unwrap();
    drop(client);
    let copy = TempDir::new().unwrap();
    let copied = copy.path().join("copy");
    assert!(from.run(&["backup", "--to", text(&copied)]).status.success());
    let restored = to.run(&["restore", "--from", text(&copied), "--verify"]);
    assert_eq!(restored.status.code(), Some(1), "{}", said(&restored));
    for words in [" events of ", "the feed lacks something before", "is not in the feed", "is damaged"] {
        assert!(said(&restored).contains(words), "{words}: {}", said(&restored));
    }
}
