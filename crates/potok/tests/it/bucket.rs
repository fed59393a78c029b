//! Large contents in a bucket, at a server that speaks like S3.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use bytes::Bytes;
use potok_content::{BucketOptions, ContentError, Contents};
use potok_sdk::api::methods::{EntityQuery, GetMessageQuery, OperationQuery};
use potok_types::{Clock, ContentHash, EntityId, MessageId, SystemClock};
use tempfile::TempDir;

use crate::demo::organizations;
use crate::installation::http;
use crate::process::{Served, admin, potok};

const BUCKET: &str = "potok";
/// This server asks for a signature and does not look whether it is good.
const SIGNED: &str =
    "AWS4-HMAC-SHA256 Credential=key/20261129/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";
const HOUR: i64 = 3600;

/// A server of one test, with an empty bucket.
struct Moto {
    process: Child,
    endpoint: String,
}

impl Moto {
    async fn start() -> Self {
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

    fn of_bucket(&self, path: &str) -> String {
        format!("{}/{BUCKET}{path}", self.endpoint)
    }

    fn options(&self) -> BucketOptions {
        BucketOptions {
            endpoint: self.endpoint.clone(),
            bucket: BUCKET.to_owned(),
            region: "us-east-1".to_owned(),
            access_key: "key".to_owned(),
            secret_key: "secret".to_owned().into(),
        }
    }

    fn contents(&self) -> Contents {
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
    let message = client.get_message_v6(&GetMessageQuery::new(box_id, id)).await.unwrap();
    let document: EntityId = message.entities[0].entity_id.parse().unwrap();
    let bytes = client.get_entity_content_v4(&EntityQuery::new(box_id, id, document)).await.unwrap();
    assert!(bytes.0 == text.as_bytes());
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
