//! Large files on their way to the shelf and back, at the real binary: what they cost, and what is left of them when it dies.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use reqwest::{Client, RequestBuilder};
use tempfile::TempDir;

use crate::installation::http;
use crate::process::{Served, admin};

const MIB: usize = 1 << 20;

/// Somebody with a token, at a server that may be another one each time.
struct Somebody {
    http: Client,
    token: String,
}

impl Somebody {
    fn new(data: &Path) -> Self {
        let words = ["user", "create", "--login", "a@b.example", "--last-name", "А", "--first-name", "Б"];
        admin(data, &words).unwrap();
        let client = admin(data, &["client", "create", "--name", "Tests"]).unwrap();
        let client = client["client_id"].as_str().unwrap();
        let token = admin(data, &["token", "issue", "--user", "a@b.example", "--client", client]).unwrap();
        Self { http: http(), token: token["access_token"].as_str().unwrap().to_owned() }
    }

    fn post(&self, server: &str, path: &str, body: impl Into<reqwest::Body>) -> RequestBuilder {
        self.http.post(format!("{server}{path}")).bearer_auth(&self.token).body(body)
    }

    fn download(&self, server: &str, name: &str) -> RequestBuilder {
        self.http.get(format!("{server}/V2/ShelfDownload?fileName={name}")).bearer_auth(&self.token)
    }
}

/// The text of a good answer.
async fn text(request: RequestBuilder) -> String {
    let answer = request.send().await.unwrap();
    let (status, text) = (answer.status(), answer.text().await.unwrap());
    assert!(status.is_success(), "{status}: {text}");
    text
}

/// A line of `/proc/PID/status` in bytes.
#[cfg(target_os = "linux")]
fn memory(server: &Served, line: &str) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let found = status.lines().find_map(|it| it.strip_prefix(line)).unwrap();
    found.trim_start_matches(':').trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1024
}

/// The largest part of a file that the server takes.
const LARGEST_PART: usize = 70 * MIB;

/// Up in one call, in parts as clients send them and in the largest that there may be, and down again: never more than a piece of
/// it is in the memory of the server.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_largest_file_takes_little_memory() {
    let folder = TempDir::new().unwrap();
    let somebody = Somebody::new(folder.path());
    let server = Served::start(folder.path(), &["--requests-per-second", "0"]);
    let base = server.address();
    let at_rest = memory(&server, "VmRSS");

    let mut file = Vec::with_capacity(400 * MIB);
    (0..400).for_each(|number| file.extend_from_slice(&[number as u8; MIB]));
    let mut names = vec![text(somebody.post(&base, "/V2/ShelfUpload", file.clone())).await];
    for size in [3 * MIB, LARGEST_PART] {
        let parts: Vec<&[u8]> = file.chunks(size).collect();
        let name = text(somebody.post(&base, "/ShelfUploadPartInit", parts[0].to_vec())).await;
        for (number, part) in parts.iter().enumerate().skip(1) {
            let is_last = number + 1 == parts.len();
            let path = format!("/ShelfUploadPart?fileName={name}&partIndex={number}&isLastPart={is_last}");
            assert_eq!(text(somebody.post(&base, &path, part.to_vec())).await, "[]");
        }
        names.push(name);
    }
    for (number, part) in file.chunks(LARGEST_PART).enumerate() {
        let is_last = (number + 1) * LARGEST_PART >= file.len();
        let path = format!("/ShelfUpload?nameOnShelf=__userId__/own&partIndex={number}&isLastPart={is_last}");
        text(somebody.post(&base, &path, part.to_vec())).await;
    }
    names.push("own".to_owned());
    for name in names {
        let mut answer = somebody.download(&base, &name).send().await.unwrap();
        let mut place = 0;
        while let Some(piece) = answer.chunk().await.unwrap() {
            assert!(file[place..place + piece.len()] == piece[..], "at {place}");
            place += piece.len();
        }
        assert_eq!(place, file.len());
    }
    let most = memory(&server, "VmHWM");
    assert!(most < at_rest + 32 * MIB, "{} MiB above {} MiB", (most - at_rest) / MIB, at_rest / MIB);
    let one_more = somebody.post(&base, "/V2/ShelfUpload", [&file[..], b"x"].concat()).send().await;
    // The server answers before it has taken all, and a client that is still sending may lose the answer with the connection.
    assert!(one_more.map_or(true, |answer| answer.status() == 413), "400 MB is the most");
}

const PARTS: usize = 24;
const ROUNDS: usize = 6;

/// Every third one is written to a file as it comes, the others are not.
fn some_part(number: usize) -> Vec<u8> {
    let text = format!("part {number} ");
    let size = if number.is_multiple_of(3) { 6 * MIB } else { 100_000 };
    text.as_bytes().iter().copied().cycle().take(size).collect()
}

/// Parts that were acknowledged are there after the server was killed, and the upload goes on with the others.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_goes_on_after_the_server_was_killed() {
    let folder = TempDir::new().unwrap();
    let somebody = Arc::new(Somebody::new(folder.path()));
    let server = Served::start(folder.path(), &["--requests-per-second", "0"]);
    let name = text(somebody.post(&server.address(), "/ShelfUploadPartInit", some_part(0))).await;
    let acknowledged = Arc::new(Mutex::new(BTreeSet::from([0])));
    drop(server);
    for round in 1..=ROUNDS {
        let server = Served::start(folder.path(), &["--requests-per-second", "0"]);
        let count = Arc::new(AtomicUsize::new(0));
        let known = acknowledged.lock().unwrap().clone();
        let mut senders = tokio::task::JoinSet::new();
        for number in (1..PARTS).filter(|number| !known.contains(number)) {
            let is_last = number + 1 == PARTS;
            let path = format!("/ShelfUploadPart?fileName={name}&partIndex={number}&isLastPart={is_last}");
            let request = somebody.post(&server.address(), &path, some_part(number));
            let (acknowledged, count) = (Arc::clone(&acknowledged), Arc::clone(&count));
            senders.spawn(async move {
                if request.send().await.is_ok_and(|answer| answer.status() == 200) {
                    acknowledged.lock().unwrap().insert(number);
                    count.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        // Another number each time, so that death comes in other moments.
        while round < ROUNDS && count.load(Ordering::SeqCst) < 1 + round % 3 && !senders.is_empty() {
            tokio::task::yield_now().await;
            while senders.try_join_next().is_some() {}
        }
        if round == ROUNDS {
            senders.join_all().await;
            let mut whole = Vec::new();
            (0..PARTS).for_each(|number| whole.extend_from_slice(&some_part(number)));
            let answer = somebody.download(&server.address(), &name).send().await.unwrap();
            assert_eq!(answer.status(), 200, "{:?} were acknowledged", acknowledged.lock().unwrap());
            assert!(answer.bytes().await.unwrap() == whole);
        } else {
            drop(server);
            senders.join_all().await;
        }
    }
}
