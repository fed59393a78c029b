//! A stream of events as a real client library hears it (`eventsource` of npm, in the version of `crates/e2e/clients`).

use std::path::Path;
use std::process::Stdio;

use potok_testkit::{Letter, Org, World};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// A program that listens.
struct Listener {
    _program: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Listener {
    fn start(url: &str, token: &str) -> Self {
        let clients = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/clients/node");
        assert!(clients.exists(), "{} is missing: `make tools` puts it there", clients.display());
        // A module finds its libraries in the folders above it.
        let script = clients.join("events.mjs");
        std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/events.mjs"), &script).unwrap();
        let mut program = Command::new("node")
            .arg(script)
            .arg(json!({"url": url, "token": token}).to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("node runs");
        let lines = BufReader::new(program.stdout.take().unwrap()).lines();
        Self { _program: program, lines }
    }

    async fn said(&mut self) -> Value {
        let line = self.lines.next_line().await.unwrap().expect("the program goes on");
        serde_json::from_str(&line).unwrap()
    }

    /// The keys of the next `count` events.
    async fn keys(&mut self, count: usize) -> Vec<String> {
        let mut keys = Vec::new();
        while keys.len() < count {
            let said = self.said().await;
            if let Some(key) = said["key"].as_str() {
                assert_eq!(said["id"], key, "the id is the position");
                keys.push(key.to_owned());
            }
        }
        keys
    }
}

async fn post(world: &World, from: &Org, to: &Org, comment: &str) {
    from.boss.post(&Letter::new(from.box_id(), to.box_id()).comment(comment)).await.unwrap();
    world.drain().await;
}

#[tokio::test]
async fn a_real_client_hears_every_event_once_and_goes_on_where_it_was() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let url = format!("{}/potok/v1/boxes/{}/events", world.base_url(), b.box_id());
    let token = &b.boss.access_token;
    let mut listener = Listener::start(&url, token);
    assert_eq!(listener.said().await["opened"], true);
    for comment in ["1", "2", "3"] {
        post(&world, &a, &b, comment).await;
    }
    let all = listener.keys(3).await;
    assert!(all.is_sorted(), "{all:?}");
    drop(listener);
    post(&world, &a, &b, "4").await;
    // Another one that begins behind the first event hears the rest, also what happened while nobody listened.
    let mut again = Listener::start(&format!("{url}?afterIndexKey={}", all[0]), token);
    let rest = again.keys(3).await;
    assert_eq!(rest[..2], all[1..3]);
    assert!(rest[2] > all[2]);
    // Whoever may not listen is told so once, and does not come again.
    let mut refused = Listener::start(&url, "wrong");
    assert_eq!(refused.said().await["failed"], 401);
    world.end().await;
}
