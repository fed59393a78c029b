//! Copies that go to a bucket and come back: whole, or not taken for copies.

use std::process::Command;

use potok_content::{BucketOptions, Contents};
use potok_sdk::api::methods::OperationQuery;
use potok_store_postgres::cluster::Cluster;
use potok_types::MessageId;
use tempfile::TempDir;

use crate::backup::{Store, said, text};
use crate::bucket::{BUCKET, Moto, SIGNED, bytes, drafted};
use crate::demo::{Demo, check_letter, organizations_by};
use crate::installation::http;
use crate::process::{SERVE, Served, killed_after};

/// Of the bucket, the names of its objects and how many uploads are not ended.
async fn there(moto: &Moto) -> (Vec<String>, usize) {
    let ask = async |path: &str| {
        let asked = http().get(moto.of_bucket(path)).header("authorization", SIGNED).send().await.unwrap();
        asked.text().await.unwrap()
    };
    let listed = ask("?list-type=2").await;
    let names = listed.split("<Key>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned());
    (names.collect(), ask("?uploads").await.matches("<UploadId>").count())
}

/// Copies of one store in a bucket.
struct Copies {
    moto: Moto,
    secret: TempDir,
}

impl Copies {
    async fn new() -> Self {
        let (moto, secret) = (Moto::start().await, TempDir::new().unwrap());
        std::fs::write(secret.path().join("key"), "secret\n").unwrap();
        Self { moto, secret }
    }

    fn command(&self, store: &Store, words: [&str; 2], name: &str) -> Command {
        let mut command = store.command();
        let secret = self.secret.path().join("key");
        command.args(words).arg(format!("s3://{BUCKET}/copies/{name}"));
        command.args(["--s3-endpoint", &self.moto.endpoint, "--s3-access-key", "key"]);
        command.args(["--s3-secret-key-file", text(&secret)]);
        command
    }

    fn backup(&self, store: &Store, name: &str) -> Command {
        self.command(store, ["backup", "--to"], name)
    }

    fn restore(&self, store: &Store, name: &str) -> Command {
        self.command(store, ["restore", "--from"], name)
    }

    /// A part of a copy.
    fn part(&self, name: &str) -> Contents {
        Contents::in_bucket(&BucketOptions { prefix: format!("copies/{name}"), ..self.moto.options() })
            .unwrap()
    }
}

/// Letters whose texts are small and large, with what they say.
/// Sends letters of so many bytes each.
async fn letters(demo: &Demo, store: &Store, sizes: &[usize]) -> Vec<(MessageId, String)> {
    let served = Served::run(store.command().args(SERVE).args(["--requests-per-second", "0"]));
    let client = demo.client(&served, 0);
    let mut sent = Vec::new();
    for (nth, size) in sizes.iter().enumerate() {
        let text = format!("{nth} {}", "x".repeat(*size));
        let letter = client.post_message_v3(&OperationQuery::new(), demo.letter(&text)).await.unwrap();
        sent.push((letter.message_id.parse().unwrap(), text));
    }
    assert!(served.end().0.success());
    sent
}

async fn check(demo: &Demo, store: &Store, letters: &[(MessageId, String)]) {
    let served = Served::run(store.command().args(SERVE).args(["--requests-per-second", "0"]));
    let (client, box_id) = (demo.client(&served, 0), demo.sides[0].box_id);
    for (id, text) in letters {
        check_letter(&client, box_id, *id, text).await;
    }
    assert!(served.end().0.success());
}

async fn told(from: Store, to: Store) {
    let copies = Copies::new().await;
    let demo = organizations_by(&mut from.command(), from.folder.path());
    let sent = letters(&demo, &from, &[100, 60_000, 300_000].repeat(4)).await;

    let output = copies.restore(&to, "one").output().unwrap();
    assert!(!output.status.success() && said(&output).contains("is no whole copy"), "{}", said(&output));
    let output = copies.backup(&from, "one").output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("4 large contents"), "{}", said(&output));
    assert!(!from.folder.path().join("backup-files").exists(), "nothing is left of what passed through");
    let output = copies.backup(&from, "one").output().unwrap();
    assert!(!output.status.success() && said(&output).contains("holds a copy already"), "{}", said(&output));

    // A byte that is another one is found, whether of a content or of the database, and nothing is restored.
    let (names, uploads) = there(&copies.moto).await;
    assert_eq!(uploads, 0);
    assert!(names.iter().all(|name| name.starts_with("copies/one/")), "{names:?}");
    for part in ["/contents/", "/files/"] {
        let name = names.iter().find(|name| name.contains(part)).unwrap();
        let url = copies.moto.of_bucket(&format!("/{name}"));
        let whole =
            http().get(&url).header("authorization", SIGNED).send().await.unwrap().bytes().await.unwrap();
        let mut damaged = whole.to_vec();
        let middle = damaged.len() / 2;
        damaged[middle] ^= 1;
        for (bytes, is_whole) in [(damaged, false), (whole.to_vec(), true)] {
            http().put(&url).header("authorization", SIGNED).body(bytes).send().await.unwrap();
            if !is_whole {
                let output = copies.restore(&to, "one").output().unwrap();
                assert!(!output.status.success() && said(&output).contains("damaged"), "{}", said(&output));
                assert!(!to.folder.path().join("potok.db").exists(), "nothing is restored");
            }
        }
    }

    let output = copies.restore(&to, "one").arg("--verify").output().unwrap();
    assert!(output.status.success() && said(&output).contains(" 0 faults"), "{}", said(&output));
    assert!(!to.folder.path().join("backup-files").exists());
    check(&demo, &to, &sent).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_of_the_embedded_store_goes_to_a_bucket_and_comes_back() {
    told(Store::embedded(), Store::embedded()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_of_postgres_goes_to_a_bucket_and_comes_back() {
    let [from, to] = [Cluster::shared().database(), Cluster::shared().empty_database()];
    told(Store::postgres(from), Store::postgres(to)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_to_a_bucket_that_was_broken_off_is_none_and_goes_on() {
    let copies = Copies::new().await;
    let (from, to) = (Store::embedded(), Store::embedded());
    let demo = organizations_by(&mut from.command(), from.folder.path());
    // The database alone goes up in more than one part, and of large contents there are so many that they are told of twice.
    let sent = letters(&demo, &from, &[[60_000; 165].as_slice(), &[70_000; 105]].concat()).await;
    for (word, lines) in
        [("copies the database", 1), ("large contents", 1), ("large contents", 2), ("sends", 1)]
    {
        let is_done = killed_after(&mut copies.backup(&from, "one"), word, lines);
        assert!(!is_done, "it ended before it was killed at {word}");
        let output = copies.restore(&to, "one").output().unwrap();
        assert!(!output.status.success() && said(&output).contains("is no whole copy"), "{}", said(&output));
    }
    // As of a process that was killed between two parts.
    std::mem::forget(drafted(&copies.part("one/files"), &bytes(20 << 20)).await);
    while there(&copies.moto).await.1 == 0 {
        tokio::task::yield_now().await;
    }
    let output = copies.backup(&from, "one").output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let (names, uploads) = there(&copies.moto).await;
    assert_eq!(uploads, 0, "what was on its way is ended");
    assert!(!names.iter().any(|name| name.contains("/drafts/") || name.contains("/uploads/")), "{names:?}");
    let files = names.iter().filter(|name| name.contains("/files/")).count();
    let manifest = copies.part("one").note("backup.json").await.unwrap().unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    assert_eq!(files, manifest["files"].as_object().unwrap().len(), "no file of an attempt before is left");
    assert!(manifest["files"]["database/potok.db"]["bytes"].as_u64().unwrap() > 9 << 20);
    let output = copies.restore(&to, "one").arg("--verify").output().unwrap();
    assert!(output.status.success() && said(&output).contains(" 0 faults"), "{}", said(&output));
    let some: Vec<_> = sent.into_iter().step_by(9).collect();
    check(&demo, &to, &some).await;
}

#[tokio::test]
async fn what_a_copy_to_a_bucket_lacks_is_told() {
    let store = Store::embedded();
    for (to, words) in [
        ("s3://copies", "s3://BUCKET/NAME"),
        ("s3://copies/one", "needs --s3-endpoint, --s3-access-key and --s3-secret-key-file"),
    ] {
        let output = store.run(&["backup", "--to", to]);
        assert!(!output.status.success() && said(&output).contains(words), "{}", said(&output));
    }
}
