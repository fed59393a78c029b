//! Large contents in a bucket, at a server that speaks like S3.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use bytes::Bytes;
use potok_content::{BucketOptions, ContentError, Contents, Draft};
use potok_sdk::api::methods::OperationQuery;
use potok_types::{Clock, ContentHash, ContentRef, MessageId, SystemClock};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::demo::{check_letter, organizations};
use crate::installation::http;
use crate::process::{Served, admin, potok};

pub(crate) const BUCKET: &str = "potok";
/// This server asks for a signature and does not look whether it is good.
pub(crate) const SIGNED: &str =
    "AWS4-HMAC-SHA256 Credential=key/20261129/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";
const HOUR: i64 = 3600;

/// A server of one test, with an empty bucket.
pub(crate) struct Moto {
    process: Child,
    pub(crate) endpoint: String,
}

impl Moto {
    pub(crate) async fn start() -> Self {
        let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/clients/moto");
        assert!(installed.exists(), "this test needs the server of `make tools`: {}", installed.display());
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = Command::new("python3")
            .args(["-m", "moto.server", "-H", "127.0.0.1", "-p", &port.to_string()])
            .env("PYTHONPATH", installed)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let made = Self { process, endpoint: format!("http://127.0.0.1:{port}") };
        while http().put(made.of_bucket("")).send().await.is_err() {
            tokio::task::yield_now().await;
        }
        made
    }

    pub(crate) fn of_bucket(&self, path: &str) -> String {
        format!("{}/{BUCKET}{path}", self.endpoint)
    }

    pub(crate) fn options(&self) -> BucketOptions {
        BucketOptions {
            endpoint: self.endpoint.clone(),
            bucket: BUCKET.to_owned(),
            region: "us-east-1".to_owned(),
            access_key: "key".to_owned(),
            secret_key: "secret".to_owned().into(),
            prefix: String::new(),
        }
    }

    pub(crate) fn contents(&self) -> Contents {
        Contents::in_bucket(&self.options()).unwrap()
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn path(hash: ContentHash) -> String {
    let name = hash.to_string();
    format!("/{}/{}/{name}", &name[..2], &name[2..4])
}

#[tokio::test]
async fn contents_are_kept_in_a_bucket_and_damage_is_found_there() {
    let moto = Moto::start().await;
    let [one, other] = [(); 2].map(|()| moto.contents());
    let now = SystemClock.now();
    one.check_writable().await.unwrap();
    for bytes in
        [Bytes::from_static(b"a"), Bytes::from((0..700_001_u32).map(|n| n as u8).collect::<Vec<_>>())]
    {
        let content = one.put(bytes.clone(), now).await.unwrap();
        assert_eq!(one.put(bytes.clone(), now).await.unwrap(), content, "a repeat is the same object");
        assert_eq!(other.get(content.hash).await.unwrap(), Some(bytes.clone()));
        let mut read = Vec::new();
        let mut pieces = other.pieces([content]);
        while let Some(piece) = pieces.next().await.unwrap() {
            read.extend_from_slice(&piece);
        }
        assert!(read == bytes, "piece by piece");
        assert_eq!(one.names(content.hash.as_bytes()[0]).await.unwrap(), [content.hash]);
        // Another byte at the server.
        let mut damaged = bytes.to_vec();
        damaged[0] ^= 1;
        let put =
            http().put(moto.of_bucket(&path(content.hash))).header("authorization", SIGNED).body(damaged);
        let put = put.send().await.unwrap();
        assert_eq!(put.status(), 200);
        let read = one.get(content.hash).await;
        assert!(matches!(read, Err(ContentError::Damaged { .. })), "{read:?}");
        // The same bytes heal it.
        one.put(bytes.clone(), now).await.unwrap();
        assert_eq!(other.get(content.hash).await.unwrap(), Some(bytes));
    }
    assert_eq!(one.get(ContentHash::of(b"never put")).await.unwrap(), None);
}

#[tokio::test]
async fn what_nobody_put_for_an_hour_is_taken_away_whoever_put_it() {
    let moto = Moto::start().await;
    let [one, other] = [(); 2].map(|()| moto.contents());
    let now = SystemClock.now();
    let hash = one.put(Bytes::from_static(b"contract"), now).await.unwrap().hash;
    let top = hash.as_bytes()[0];
    assert_eq!(other.idle(top, now).await.unwrap(), []);
    assert!(!other.remove(hash, now).await.unwrap());
    let later = now.plus_seconds(HOUR + 60);
    assert_eq!(other.idle(top, later).await.unwrap(), [hash]);
    assert!(other.remove(hash, later).await.unwrap());
    assert_eq!(one.get(hash).await.unwrap(), None);
    assert_eq!(other.idle(top, later).await.unwrap(), []);
}

/// Bytes in no order that anything would cut short.
pub(crate) fn bytes(length: u64) -> Bytes {
    (0..length).map(|nth| (nth.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect::<Vec<_>>().into()
}

pub(crate) async fn drafted(contents: &Contents, bytes: &Bytes) -> Draft {
    let mut draft = contents.draft(SystemClock.now());
    for start in (0..bytes.len()).step_by(1 << 20) {
        draft.write(bytes.slice(start..bytes.len().min(start + (1 << 20)))).await.unwrap();
    }
    draft
}

/// What the bucket holds besides contents: drafts, notes of uploads, uploads that are not ended.
async fn left(moto: &Moto) -> (usize, usize) {
    let ask = async |path: &str, word: &str| {
        let asked = http().get(moto.of_bucket(path)).header("authorization", SIGNED).send().await.unwrap();
        asked.text().await.unwrap().matches(word).count()
    };
    let objects = ask("?list-type=2&prefix=drafts/", "<Key>").await
        + ask("?list-type=2&prefix=uploads/", "<Key>").await;
    (objects, ask("?uploads", "<UploadId>").await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_content_goes_up_in_parts_and_nothing_is_left_of_one_that_was_broken_off() {
    let moto = Moto::start().await;
    let [one, other] = [(); 2].map(|()| moto.contents());
    // Parts of 8 MiB: a whole number of them, some more, and what is sent at once.
    for length in [16 << 20, (20 << 20) + 1, 1 << 20] {
        let bytes = bytes(length);
        for _ in 0..2 {
            let kept = drafted(&one, &bytes).await.keep().await.unwrap();
            assert_eq!(kept, ContentRef::of(&bytes), "{length}");
            assert_eq!(other.get(kept.hash).await.unwrap().as_ref(), Some(&bytes), "{length}");
        }
        assert_eq!(left(&moto).await, (0, 0), "{length}");
    }
    assert!(one.draft_memory(1 << 40) < 32 << 20);
    // Given up, it is ended at once.
    let bytes = bytes(20 << 20);
    drop(drafted(&one, &bytes).await);
    while left(&moto).await != (0, 0) {
        tokio::task::yield_now().await;
    }
    // Of a process that died somebody else ends it, but not before it may be dead.
    std::mem::forget(drafted(&one, &bytes).await);
    while left(&moto).await != (1, 1) {
        tokio::task::yield_now().await;
    }
    let now = SystemClock.now();
    assert_eq!(other.remove_drafts(0, now).await.unwrap(), 0, "it may be on its way");
    assert_eq!(other.remove_drafts(0, now.plus_seconds(HOUR + 60)).await.unwrap(), 1);
    assert_eq!(left(&moto).await, (0, 0));
}

/// Between a node and its bucket, cutting the connection in the middle of what is sent, so many times.
async fn cutting(to: String, after: usize, mut cuts: usize) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            let mut far = tokio::net::TcpStream::connect(&to).await.unwrap();
            let limit = if cuts > 0 { after } else { usize::MAX };
            cuts = cuts.saturating_sub(1);
            tokio::spawn(async move {
                let (mut near_in, mut near_out) = near.split();
                let (mut far_in, mut far_out) = far.split();
                let up = async {
                    let mut sent = 0;
                    let mut piece = vec![0; 64 << 10];
                    while let Ok(read @ 1..) = near_in.read(&mut piece).await {
                        sent += read;
                        if sent > limit {
                            return;
                        }
                        if far_out.write_all(&piece[..read]).await.is_err() {
                            return;
                        }
                    }
                };
                tokio::select! {
                    () = up => {}
                    _ = tokio::io::copy(&mut far_in, &mut near_out) => {}
                }
            });
        }
    });
    format!("http://{address}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parts_that_are_cut_off_are_sent_again() {
    let moto = Moto::start().await;
    let to = moto.endpoint.trim_start_matches("http://").to_owned();
    // The connection goes in the middle of a part, three times.
    let endpoint = cutting(to, 3 << 20, 3).await;
    let contents = Contents::in_bucket(&BucketOptions { endpoint, ..moto.options() }).unwrap();
    let bytes = bytes(20 << 20);
    let kept = drafted(&contents, &bytes).await.keep().await.unwrap();
    assert_eq!(moto.contents().get(kept.hash).await.unwrap(), Some(bytes));
    assert_eq!(left(&moto).await, (0, 0));
}

/// A bucket has no lock: who takes a content away marks it, and who puts it meanwhile waits for that and puts it again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_put_while_it_is_taken_away_is_there_afterwards() {
    let moto = Moto::start().await;
    let [one, other] = [(); 2].map(|()| moto.contents());
    let bytes = Bytes::from_static(b"contract");
    let hash = ContentHash::of(&bytes);
    let mark = moto.of_bucket(&format!("/swept/{hash}"));
    let signed = |request: reqwest::RequestBuilder| request.header("authorization", SIGNED).send();
    signed(http().put(&mark).body("swept")).await.unwrap();
    let put = tokio::spawn({
        let bytes = bytes.clone();
        async move { one.put(bytes, SystemClock.now()).await }
    });
    // The one that takes it away has looked before these bytes came, and deletes them.
    while other.get(hash).await.unwrap().is_none() {
        tokio::task::yield_now().await;
    }
    assert!(!put.is_finished(), "it waits for the mark");
    signed(http().delete(moto.of_bucket(&path(hash)))).await.unwrap();
    signed(http().delete(&mark)).await.unwrap();
    put.await.unwrap().unwrap();
    assert_eq!(other.get(hash).await.unwrap(), Some(bytes.clone()));
    // A mark of somebody who died over it is lifted.
    signed(http().put(&mark).body("swept")).await.unwrap();
    other.put(bytes.clone(), SystemClock.now().plus_seconds(HOUR)).await.unwrap();
    assert_eq!(other.get(hash).await.unwrap(), Some(bytes));
    assert_eq!(signed(http().head(&mark)).await.unwrap().status(), 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_keeps_its_large_contents_in_a_bucket() {
    let moto = Moto::start().await;
    let folder = TempDir::new().unwrap();
    let data = folder.path();
    let demo = organizations(data);
    let secret: PathBuf = data.join("secret");
    std::fs::write(&secret, "secret\n").unwrap();
    let words = [
        "--contents-endpoint",
        &moto.endpoint,
        "--contents-bucket",
        BUCKET,
        "--contents-access-key",
        "key",
        "--contents-secret-key-file",
        secret.to_str().unwrap(),
    ];
    let half = potok(data).args(["serve", "--listen", "127.0.0.1:0"]).args(&words[..4]).output().unwrap();
    assert!(String::from_utf8_lossy(&half.stderr).contains("go together"));
    let served = Served::start(data, &words);
    let (client, box_id) = (demo.client(&served, 0), demo.sides[0].box_id);
    let text = "x".repeat(300_000);
    let sent = client.post_message_v3(&OperationQuery::new(), demo.letter(&text)).await.unwrap();
    let id: MessageId = sent.message_id.parse().unwrap();
    check_letter(&client, box_id, id, &text).await;
    assert_eq!(
        moto.contents().get(ContentHash::of(text.as_bytes())).await.unwrap(),
        Some(text.clone().into())
    );
    assert_eq!(http().get(format!("{}/readyz", served.address())).send().await.unwrap().status(), 200);

    // A copy has them, and an empty place gets them back.
    let copy = data.join("copy");
    let copied = potok(data).args(["backup", "--to", copy.to_str().unwrap()]).args(words).output().unwrap();
    assert!(copied.status.success(), "{}", String::from_utf8_lossy(&copied.stderr));
    assert!(served.end().0.success());
    let place = TempDir::new().unwrap();
    let restored =
        potok(place.path()).args(["restore", "--verify", "--from", copy.to_str().unwrap()]).output().unwrap();
    let said = String::from_utf8_lossy(&restored.stdout);
    assert!(restored.status.success() && said.contains(" 0 faults"), "{said}");
    admin(place.path(), &["organization", "list"]).unwrap();
}
