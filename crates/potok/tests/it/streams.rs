//! Those who listen to feeds while servers are killed and started again, and who are themselves cut off at random: each hears every
//! event once, in the order of the feed.

use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use potok_sdk::api::methods::OperationQuery;
use potok_store_postgres::cluster::Cluster;
use potok_types::{BoxId, SeededEntropy};
use reqwest::RequestBuilder;
use serde_json::Value;
use tempfile::TempDir;

use crate::demo::{Demo, feed, organizations_by};
use crate::installation::http;
use crate::nodes::{Chance, given};
use crate::postgres::on;
use crate::process::{SERVE, Served, potok};

const ROUNDS: u64 = 4;
const SEED: u64 = 14;
/// Letters of a round, at most.
const LETTERS: u64 = 12;
/// Events that are heard before a listener dies, at most.
const LIFE: u64 = 9;
const SETTINGS: &[&str] = &["--requests-per-second", "0", "--log", "info", "--delivery-lease-seconds", "2"];

/// How somebody listens.
#[derive(Clone, Copy, Debug)]
enum How {
    Stream,
    Page,
}

/// What a listener has kept: the ids of events in the order in which they came, and the place behind the last one.
#[derive(Debug, Default)]
struct Kept {
    events: Vec<String>,
    after: String,
}

impl Kept {
    /// Keeps an event with its place, at once.
    fn keep(&mut self, event: &Value) {
        self.events.push(event["EventId"].as_str().unwrap().to_owned());
        event["IndexKey"].as_str().unwrap().clone_into(&mut self.after);
    }
}

/// Somebody who listens to a box, at any of the servers.
struct Listener {
    how: How,
    box_id: BoxId,
    token: String,
    servers: Arc<Mutex<Vec<String>>>,
    chance: Chance,
    kept: Arc<Mutex<Kept>>,
}

impl Listener {
    /// Lives again and again, each time behind what was kept.
    async fn listen(self) {
        loop {
            let servers = self.servers.lock().unwrap().clone();
            let server = &servers[self.chance.below(servers.len() as u64) as usize];
            let after = self.kept.lock().unwrap().after.clone();
            let life = 1 + self.chance.below(LIFE) as usize;
            // However it ended: the server died, or was not there.
            let _ended = match self.how {
                How::Stream => self.stream(server, &after, life).await,
                How::Page => self.page(server, &after, life).await,
            };
            tokio::task::yield_now().await;
        }
    }

    fn asks(&self, url: String) -> RequestBuilder {
        http().get(url).bearer_auth(&self.token).header("Accept", "application/json")
    }

    /// Hears `life` events of a stream, and is cut off in the middle of what follows.
    async fn stream(&self, server: &str, after: &str, life: usize) -> reqwest::Result<()> {
        let mut asked = self.asks(format!("{server}/potok/v1/boxes/{}/events", self.box_id));
        if !after.is_empty() {
            asked = asked.header("Last-Event-ID", after);
        }
        let mut answer = asked.send().await?.error_for_status()?;
        let (mut bytes, mut heard) = (Vec::new(), 0);
        while let Some(piece) = answer.chunk().await? {
            bytes.extend_from_slice(&piece);
            while let Some(end) = bytes.windows(2).position(|two| two == b"\n\n") {
                let rest = bytes.split_off(end + 2);
                let event = std::mem::replace(&mut bytes, rest);
                let text = String::from_utf8(event).unwrap();
                let data = text.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
                self.kept.lock().unwrap().keep(&serde_json::from_str(data).unwrap());
                heard += 1;
                if heard == life {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Keeps the first events of a page that waits.
    async fn page(&self, server: &str, after: &str, life: usize) -> reqwest::Result<()> {
        let mut url = format!("{server}/V8/GetNewEvents?boxId={}", self.box_id);
        if !after.is_empty() {
            url = format!("{url}&afterIndexKey={after}");
        }
        let answer = self.asks(url).header("Prefer", "wait=20").send().await?.error_for_status()?;
        let page: Value = serde_json::from_slice(&answer.bytes().await?).unwrap();
        for event in page["Events"].as_array().unwrap().iter().take(life) {
            self.kept.lock().unwrap().keep(event);
        }
        Ok(())
    }
}

/// A token of somebody who sees all documents of a side.
fn token(mut command: Command, demo: &Demo, side: usize) -> String {
    let words =
        ["admin", "--json", "token", "issue", "--client", &demo.client_id, "--user", &demo.sides[side].login];
    let output = command.args(words).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let issued: Value = serde_json::from_slice(&output.stdout).unwrap();
    issued["access_token"].as_str().unwrap().to_owned()
}

/// `nodes` run at once; in each round one of them, any, is killed in the middle of its work.
async fn everything_is_heard(nodes: usize, command: impl Fn(&Path) -> Command) {
    let (rounds, seed) = (given("POTOK_CRASH_ROUNDS", ROUNDS), given("POTOK_CRASH_SEED", SEED));
    let chance = Chance(SeededEntropy::new(seed));
    let folder = TempDir::new().unwrap();
    let demo = organizations_by(&mut command(folder.path()), folder.path());
    let serve = || Served::run(command(folder.path()).args(SERVE).args(SETTINGS));
    let mut running: Vec<Served> = (0..nodes).map(|_| serve()).collect();
    let addresses = |running: &[Served]| running.iter().map(Served::address).collect::<Vec<_>>();
    let servers = Arc::new(Mutex::new(addresses(&running)));
    let tokens = [0, 1].map(|side| token(command(folder.path()), &demo, side));
    let mut listeners = Vec::new();
    let mut listening = tokio::task::JoinSet::new();
    for number in 0..8 {
        let (side, how) = (number % 2, if number < 5 { How::Stream } else { How::Page });
        let kept = Arc::<Mutex<Kept>>::default();
        listeners.push((side, how, Arc::clone(&kept)));
        let listener = Listener {
            how,
            box_id: demo.sides[side].box_id,
            token: tokens[side].clone(),
            servers: Arc::clone(&servers),
            chance: Chance(SeededEntropy::new(seed * 100 + number as u64)),
            kept,
        };
        listening.spawn(listener.listen());
    }
    for round in 0..rounds {
        let client = demo.client(&running[chance.below(nodes as u64) as usize], 0);
        for nth in 0..1 + chance.below(LETTERS) {
            let letter = demo.letter(&format!("letter {nth} of round {round}"));
            client.post_message_v3(&OperationQuery::new(), letter).await.unwrap();
        }
        let victim = chance.below(nodes as u64) as usize;
        drop(running.remove(victim));
        running.insert(victim, serve());
        *servers.lock().unwrap() = addresses(&running);
    }
    let last = demo.letter("the last one");
    demo.client(&running[0], 0).post_message_v3(&OperationQuery::new(), last).await.unwrap();
    for (side, how, kept) in &listeners {
        let client = demo.client(&running[0], *side);
        loop {
            let events = feed(&client, demo.sides[*side].box_id).await;
            let all: Vec<String> = events.into_iter().map(|event| event.event_id).collect();
            let heard = kept.lock().unwrap().events.clone();
            let both = all.len().min(heard.len());
            assert_eq!(
                heard[..both],
                all[..both],
                "{how:?} of side {side}: each event once, in the order of the feed"
            );
            if both == all.len() {
                break;
            }
            assert!(listening.try_join_next().is_none(), "a listener failed");
            tokio::task::yield_now().await;
        }
    }
    // Each heard more than the last letter.
    let counts: Vec<usize> = listeners.iter().map(|(.., kept)| kept.lock().unwrap().events.len()).collect();
    assert!(counts.iter().all(|count| *count > rounds as usize), "{counts:?}");
    listening.shutdown().await;
    for server in running {
        assert!(server.end().0.success());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_while_many_listen_loses_and_reorders_nothing() {
    everything_is_heard(1, potok).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_listens_at_two_nodes_that_die_in_turn_hears_everything_once() {
    let database = Cluster::shared().database();
    everything_is_heard(2, |data| on(&database, data)).await;
}
