//! `potok admin rebuild` beside a running server that takes posts meanwhile.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use potok_sdk::api::methods::OperationQuery;
use potok_sdk::proto::events::BoxEvent;
use potok_store_sqlite::damage::Bypass;
use serde_json::Value;
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::demo::{Demo, feed, organizations};
use crate::process::{Served, potok};

/// Enough for several pages of a rebuild, and for progress that is told in tenths.
const MESSAGES: usize = 350;
const SERVE: &[&str] = &["--requests-per-second", "0"];

fn rebuild(data: &Path, words: &[&str]) -> Command {
    let mut command = potok(data);
    command.arg("admin").args(words);
    command
}

/// What a check says: its exit code and its answer.
fn check(data: &Path) -> (Option<i32>, Value) {
    let output = rebuild(data, &["--json", "rebuild", "--check"]).output().unwrap();
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap())
}

/// Senders that post until they are told to stop.
struct Senders {
    count: Arc<AtomicUsize>,
    is_over: Arc<AtomicBool>,
    all: JoinSet<()>,
}

impl Senders {
    fn start(demo: &Arc<Demo>, server: &Served, round: u32) -> Self {
        let (count, is_over) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let mut all = JoinSet::new();
        for sender in 0..4 {
            let (demo, client) = (Arc::clone(demo), demo.client(server, 0));
            let (count, is_over) = (Arc::clone(&count), Arc::clone(&is_over));
            all.spawn(async move {
                // The same body twice would be the same call.
                for n in 0.. {
                    if is_over.load(Ordering::SeqCst) {
                        return;
                    }
                    let letter = demo.letter(&format!("{round} {sender} {n}"));
                    client.post_message_v3(&OperationQuery::new(), letter).await.unwrap();
                    count.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        Self { count, is_over, all }
    }

    async fn reach(&mut self, enough: usize) {
        while self.count.load(Ordering::SeqCst) < enough {
            tokio::task::yield_now().await;
            while let Some(ended) = self.all.try_join_next() {
                ended.unwrap();
            }
        }
    }

    /// Ends them; how many messages were posted.
    async fn end(self) -> usize {
        self.is_over.store(true, Ordering::SeqCst);
        self.all.join_all().await;
        self.count.load(Ordering::SeqCst)
    }
}

/// Both feeds, when `count` messages have arrived in both boxes and both know it.
async fn feeds(demo: &Demo, server: &Served, count: usize) -> [Vec<BoxEvent>; 2] {
    let read = async |side: usize| feed(&demo.client(server, side), demo.sides[side].box_id).await;
    loop {
        let (sent, arrived) = (read(0).await, read(1).await);
        let opened = |events: &[BoxEvent]| events.iter().filter(|it| it.message.is_some()).count();
        let is_told = sent.len() >= 2 * opened(&sent);
        if opened(&arrived) >= count && is_told {
            return [sent, arrived];
        }
        tokio::task::yield_now().await;
    }
}

/// The next line of progress: how many messages of how many.
fn progress(line: &str) -> Option<(u64, u64)> {
    let (done, all) = line.strip_suffix(" messages")?.split_once(" of ")?;
    Some((done.parse().ok()?, all.parse().ok()?))
}

fn lines(child: &mut Child) -> impl Iterator<Item = String> + use<> {
    BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuild_works_beside_posts_is_seen_and_goes_on_where_it_was_killed() {
    let folder = TempDir::new().unwrap();
    let data = folder.path();
    let demo = Arc::new(organizations(data));
    let server = Served::start(data, SERVE);
    let mut senders = Senders::start(&demo, &server, 1);
    senders.reach(MESSAGES).await;
    let posted = senders.end().await;
    let whole = feeds(&demo, &server, posted).await;
    let (code, said) = check(data);
    assert_eq!((code, &said["differences"], &said["named"]), (Some(0), &0.into(), &Value::Array(Vec::new())));
    let messages = said["messages"].as_u64().unwrap();

    let bypass = Bypass::open(&data.join("potok.db")).unwrap();
    bypass.run("UPDATE events SET ready = x'07'").unwrap();
    bypass.run("DELETE FROM document_words").unwrap();
    let damaged = check(data);
    assert_eq!(damaged.0, Some(1), "a script sees it by the exit code");
    assert!(damaged.1["differences"].as_u64().unwrap() > messages, "{:?}", damaged.1["differences"]);
    let named = damaged.1["named"][0].as_str().unwrap();
    assert!(named.contains("the ready bytes of event") && named.contains("message"), "{named}");
    assert_eq!(check(data), damaged, "checking changes nothing");

    let senders = Senders::start(&demo, &server, 2);
    let mut child = rebuild(data, &["rebuild"]).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let (done, all) = lines(&mut child).find_map(|line| progress(&line)).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(done < all && all >= messages, "{done} of {all}");

    // More than a pipe holds while nobody reads it.
    let answer = data.join("answer");
    let mut child = rebuild(data, &["rebuild"])
        .stderr(Stdio::piped())
        .stdout(File::create(&answer).unwrap())
        .spawn()
        .unwrap();
    let told: Vec<String> = lines(&mut child).collect();
    let goes_on = told[0].strip_prefix("goes on behind ").and_then(progress).unwrap();
    assert!(goes_on.0 > 0 && goes_on.0 < goes_on.1, "{told:?}");
    let steps: Vec<u64> = told[1..].iter().map(|line| progress(line).unwrap().0).collect();
    assert!(steps.len() > 2 && steps.is_sorted(), "{told:?}");
    assert!(child.wait().unwrap().success());
    let answer = std::fs::read_to_string(answer).unwrap();
    assert!(answer.trim_end().ends_with("things were put right"), "{answer}");

    let (code, said) = check(data);
    assert_eq!((code, &said["differences"]), (Some(0), &0.into()), "{said}");
    assert!(said["messages"].as_u64().unwrap() > messages, "posts went on meanwhile");
    let more = senders.end().await;
    let now = feeds(&demo, &server, posted + more).await;
    for (whole, now) in whole.iter().zip(&now) {
        assert!(now.starts_with(whole), "what was put right reads as it did before");
        assert!(now.len() > whole.len());
    }
    on_a_terminal(data);
    assert!(server.end().0.success());
}

/// A terminal shows a bar.
fn on_a_terminal(data: &Path) {
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&ours).unwrap();
    unlockpt(&ours).unwrap();
    let theirs = ptsname(&ours, Vec::new()).unwrap();
    let theirs = File::options().read(true).write(true).open(theirs.to_str().unwrap()).unwrap();
    let mut command = rebuild(data, &["rebuild", "--check"]);
    let mut child =
        command.env("TERM", "xterm").stdout(Stdio::null()).stderr(Stdio::from(theirs)).spawn().unwrap();
    // Else it would stay open on this side.
    drop(command);
    let mut shown = Vec::new();
    // A terminal ends with an error when nobody writes to it any more.
    let _closed = File::from(ours).read_to_end(&mut shown);
    assert!(child.wait().unwrap().success());
    let shown = String::from_utf8_lossy(&shown);
    assert!(shown.contains("messages, ") && shown.contains('█'), "{shown:?}");
}
