//! A store that is moved to one of the other kind while a server works on it: cut off again and again, and switched under load.

use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::TryStreamExt as _;
use potok_sdk::api::methods::OperationQuery;
use potok_store_postgres::cluster::{Cluster, Database};
use potok_types::MessageId;
use serde_json::Value;
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::backup::{Acknowledged, send};
use crate::bucket::{BUCKET, Moto};
use crate::demo::{Demo, check_letter, feed, organizations_by};
use crate::installation::http;
use crate::kill::check_feed;
use crate::process::{SERVE, Served, killed_after, potok};

const SENDERS: usize = 3;
const LIMITS: &[&str] = &["--requests-per-second", "0", "--log", "info"];

/// A store as its settings file names it.
struct Store {
    folder: TempDir,
    settings: PathBuf,
    _database: Option<Database>,
}

impl Store {
    fn new(database: Option<Database>) -> Self {
        let folder = TempDir::new().unwrap();
        let settings = folder.path().join("potok.toml");
        let mut text = format!("data = {:?}\n", folder.path().join("data"));
        if let Some(database) = &database {
            text += &format!("store = {:?}\nstore_unsafe = true\n", database.url());
        }
        std::fs::write(&settings, text).unwrap();
        Self { folder, settings, _database: database }
    }

    /// The same with its large contents in a bucket.
    fn in_bucket(database: Option<Database>, moto: &Moto) -> Self {
        let store = Self::new(database);
        let secret = store.folder.path().join("secret");
        std::fs::write(&secret, "secret\n").unwrap();
        let mut text = std::fs::read_to_string(&store.settings).unwrap();
        text += &format!("contents_endpoint = {:?}\ncontents_bucket = {BUCKET:?}\n", moto.endpoint);
        text += &format!("contents_access_key = \"key\"\ncontents_secret_key_file = {secret:?}\n");
        std::fs::write(&store.settings, text).unwrap();
        store
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = potok(&self.data());
        command.env("POTOK_CONFIG", &self.settings).args(words);
        command
    }

    fn serve(&self) -> Served {
        Served::run(self.command(&SERVE).args(LIMITS))
    }

    /// What a server says that is not to start.
    fn refused(&self) -> String {
        let output = self.command(&SERVE).output().unwrap();
        assert!(!output.status.success());
        said(&output)
    }
}

fn copy(from: &Store, to: &Store, words: &[&str]) -> Command {
    let mut command = potok(&from.data());
    command.arg("copy").arg("--from").arg(&from.settings).arg("--to").arg(&to.settings).args(words);
    command
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

async fn ended(mut command: Command) -> Output {
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

/// Lets a copy go on until it has said so many lines, and kills it there. Whether it ended by itself before.
async fn copied_until(mut command: Command, lines: usize) -> bool {
    tokio::task::spawn_blocking(move || killed_after(&mut command, "", lines)).await.unwrap()
}

/// The feeds of both sides page by page, as they come over the wire.
async fn pages(served: &Served, demo: &Demo, tokens: &[String], keys: &[Vec<String>]) -> Vec<Vec<u8>> {
    let mut pages = Vec::new();
    for ((side, keys), token) in demo.sides.iter().zip(keys).zip(tokens) {
        for after in keys {
            let url = format!(
                "{}/V8/GetNewEvents?boxId={}&limit=7&afterIndexKey={after}",
                served.address(),
                side.box_id
            );
            let page = http().get(url).bearer_auth(token).send().await.unwrap();
            pages.push(format!("{} ", page.status()).into_bytes());
            pages.push(page.bytes().await.unwrap().to_vec());
        }
    }
    pages
}

async fn told(from: &Store, to: &Store) {
    let mut command = from.command(&[]);
    let demo = Arc::new(organizations_by(&mut command, &from.data()));
    let tokens = demo.sides.each_ref().map(|side| {
        let words = ["admin", "--json", "token", "issue", "--user", &side.login, "--client", &demo.client_id];
        let output = from.command(&words).output().unwrap();
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        answer["access_token"].as_str().unwrap().to_owned()
    });
    let served = from.serve();
    let (sent, count) = (Acknowledged::default(), Arc::new(AtomicUsize::new(0)));
    let mut senders = JoinSet::new();
    for sender in 0..SENDERS {
        let client = demo.client(&served, 0);
        let (demo, sent, count) = (Arc::clone(&demo), Arc::clone(&sent), Arc::clone(&count));
        senders.spawn(send(demo, client, sender.to_string(), sent, count));
    }
    while count.load(Ordering::SeqCst) < 20 {
        tokio::task::yield_now().await;
    }

    // Killed in more and more places, it goes on.
    let mut kills = 0;
    while !copied_until(copy(from, to, &[]), 1 + kills * 7).await {
        kills += 1;
    }
    assert!(kills > 2, "it was cut off {kills} times");
    assert!(to.refused().contains("not whole yet"), "{}", to.refused());
    let elsewhere = Store::new(None);
    let other = ended(copy(from, &elsewhere, &[])).await;
    assert!(!other.status.success() && said(&other).contains("to another store"), "{}", said(&other));
    let stranger = Store::new(None);
    organizations_by(&mut stranger.command(&[]), &stranger.data());
    let other = ended(copy(&stranger, to, &[])).await;
    assert!(!other.status.success() && said(&other).contains("a copy of another store"), "{}", said(&other));
    let other = ended(copy(from, &stranger, &[])).await;
    assert!(!other.status.success() && said(&other).contains("give an empty store"), "{}", said(&other));

    // Under load to the last moment: what was acknowledged by then is in the copy, and nothing is acknowledged later.
    let before = count.load(Ordering::SeqCst);
    while count.load(Ordering::SeqCst) < before + 10 {
        tokio::task::yield_now().await;
    }
    let output = ended(copy(from, to, &["--finish", "--compare"])).await;
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("servers start on the copy"), "{}", said(&output));
    while let Some(ended) = senders.join_next().await {
        ended.unwrap();
    }
    let acknowledged = sent.lock().await.clone();
    let again = ended(copy(from, to, &["--finish"])).await;
    assert!(!again.status.success() && said(&again).contains("in use already"), "{}", said(&again));

    let told = http().get(format!("{}/readyz", served.address())).send().await.unwrap();
    assert_eq!(told.status(), 503);
    assert!(told.text().await.unwrap().contains("copied to another one"), "which server to take out");

    // The old server still reads: both feeds are the same, byte for byte. The tokens were issued before, and open both.
    let quiet = Served::run(to.command(&SERVE).args(LIMITS).args(["--delivery-workers", "0"]));
    let mut keys = Vec::new();
    for side in 0..2 {
        let events = feed(&demo.client(&quiet, side), demo.sides[side].box_id).await;
        let each = events.iter().skip(6).step_by(7).map(|event| event.index_key().to_owned());
        keys.push(std::iter::once(String::new()).chain(each).collect::<Vec<String>>());
    }
    let old = pages(&served, &demo, &tokens, &keys).await;
    let new = pages(&quiet, &demo, &tokens, &keys).await;
    assert!(old.len() > 8 && old == new, "{} pages", old.len());
    assert!(old[0] == b"200 OK ", "{}", String::from_utf8_lossy(&old[0]));
    drop(served);
    assert!(from.refused().contains("copied to another store"), "{}", from.refused());
    assert!(quiet.end().0.success());
    let served = to.serve();
    let (client, box_id) = (demo.client(&served, 0), demo.sides[0].box_id);
    let here = check_feed(&feed(&client, box_id).await);
    for (id, text) in &acknowledged {
        assert!(here.contains(id), "{id} was acknowledged");
        check_letter(&client, box_id, *id, text).await;
    }
    // It takes new ones, and what its read models say is what its journal says.
    client.post_message_v3(&OperationQuery::new(), demo.letter("after")).await.unwrap();
    assert!(served.end().0.success());
    let rebuilt = to.command(&["admin", "rebuild", "--check"]).output().unwrap();
    assert!(rebuilt.status.success(), "{}", said(&rebuilt));

    // Whoever regrets it goes back to what there was.
    let mut back = potok(&from.data());
    let back = back.arg("copy").arg("--from").arg(&from.settings).arg("--give-up").output().unwrap();
    assert!(back.status.success(), "{}", said(&back));
    let served = from.serve();
    demo.client(&served, 0).post_message_v3(&OperationQuery::new(), demo.letter("back")).await.unwrap();
    assert!(served.end().0.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_embedded_store_is_moved_to_postgres_while_it_is_served() {
    told(&Store::new(None), &Store::new(Some(Cluster::shared().empty_database()))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_is_moved_to_an_embedded_store_while_it_is_served() {
    told(&Store::new(Some(Cluster::shared().database())), &Store::new(None)).await;
}

/// Moves a store with its large contents, in two steps, and reads everything there. Nobody writes without end meanwhile: a server for
/// tests takes contents more slowly than ours makes them.
async fn moved(from: &Store, to: &Store) {
    let demo = organizations_by(&mut from.command(&[]), &from.data());
    let served = from.serve();
    let client = demo.client(&served, 0);
    let mut sent: Vec<(MessageId, String)> = Vec::new();
    for words in [&[][..], &["--finish", "--compare"]] {
        for _ in 0..10 {
            let size = if sent.len() % 2 == 1 { 100_000 } else { 100 };
            let text = format!("{} {}", sent.len(), "x".repeat(size));
            let letter = client.post_message_v3(&OperationQuery::new(), demo.letter(&text)).await.unwrap();
            sent.push((letter.message_id.parse().unwrap(), text));
        }
        let output = ended(copy(from, to, words)).await;
        assert!(output.status.success(), "{}", said(&output));
    }
    drop(served);
    let served = to.serve();
    let (client, box_id) = (demo.client(&served, 0), demo.sides[0].box_id);
    for (id, text) in &sent {
        check_letter(&client, box_id, *id, text).await;
    }
    client.post_message_v3(&OperationQuery::new(), demo.letter("after")).await.unwrap();
    assert!(served.end().0.success());
}

/// Contents in the bucket.
async fn in_bucket(moto: &Moto) -> usize {
    moto.contents().all_names().try_collect::<Vec<_>>().await.unwrap().len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_contents_move_from_a_folder_to_a_bucket_with_their_store() {
    let moto = Moto::start().await;
    let to = Store::in_bucket(Some(Cluster::shared().empty_database()), &moto);
    moved(&Store::new(None), &to).await;
    assert!(in_bucket(&moto).await >= 10, "every second letter has a large content");
    assert!(!to.data().join("contents").exists(), "nothing lies beside");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_contents_move_from_a_bucket_to_a_folder_with_their_store() {
    let moto = Moto::start().await;
    let from = Store::in_bucket(Some(Cluster::shared().database()), &moto);
    moved(&from, &Store::new(None)).await;
    assert!(in_bucket(&moto).await >= 10, "they stay where they were");
    assert!(!from.data().join("contents").exists(), "nothing lay beside");
}
