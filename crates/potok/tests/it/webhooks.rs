//! Real servers that send to a receiver while they are killed: everything arrives in order, and what comes twice comes under the
//! same id.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use potok_sdk::api::methods::OperationQuery;
use potok_store_postgres::cluster::Cluster;
use potok_types::IndexKey;
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::demo::{Demo, feed, organizations_by};
use crate::postgres::on;
use crate::process::{SERVE, Served, potok};

const ROUNDS: usize = 6;
const LETTERS: usize = 15;
/// A lease that died with its worker is given to the next one after two seconds.
const SETTINGS: &[&str] = &[
    "--requests-per-second",
    "0",
    "--log",
    "info",
    "--delivery-lease-seconds",
    "2",
    "--webhook-ranges",
    "127.0.0.1",
];

/// The ids that have come, in their order.
type Heard = Arc<Mutex<Vec<String>>>;

/// Takes everything, on a port of this machine.
async fn receiver() -> (String, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let heard = Heard::default();
    let into = Arc::clone(&heard);
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(take(socket, Arc::clone(&into)));
        }
    });
    (url, heard)
}

/// Message after message, until the connection ends, in the middle of one or not.
async fn take(socket: TcpStream, heard: Heard) {
    let mut socket = BufReader::new(socket);
    loop {
        let (mut id, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            match socket.read_line(&mut line).await {
                Ok(1..) => {}
                _ => return,
            }
            match line.trim_end().split_once(": ") {
                Some(("webhook-id", value)) => value.clone_into(&mut id),
                Some(("content-length", value)) => length = value.parse().unwrap(),
                _ if line == "\r\n" => break,
                _ => {}
            }
        }
        let mut body = vec![0; length];
        if socket.read_exact(&mut body).await.is_err() {
            return;
        }
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(body["data"]["EventId"], id);
        heard.lock().unwrap().push(id);
        if socket.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.is_err() {
            return;
        }
    }
}

fn admin(mut command: Command, words: &[&str]) -> Value {
    let output =
        command.args(["admin", "--json", "--webhook-ranges", "127.0.0.1"]).args(words).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Letters of a round: no two are the same, or the second would be a repeat of the first.
async fn post(demo: &Demo, server: &Served, round: usize, count: usize) {
    let client = demo.client(server, 0);
    for nth in 0..count {
        let letter = demo.letter(&format!("letter {nth} of round {round}"));
        client.post_message_v3(&OperationQuery::new(), letter).await.unwrap();
    }
}

/// Those that came for the first time, in their order.
fn first_times(heard: &Heard) -> Vec<String> {
    let mut seen = BTreeSet::new();
    heard.lock().unwrap().iter().filter(|id| seen.insert((*id).clone())).cloned().collect()
}

/// Kills a server in each round, while it sends what it was told to tell of box 0. `nodes` run at once.
async fn everything_arrives(nodes: usize, command: impl Fn(&Path) -> Command) {
    let folder = TempDir::new().unwrap();
    let demo = organizations_by(&mut command(folder.path()), folder.path());
    let (url, heard) = receiver().await;
    let side = &demo.sides[0];
    let box_id = side.box_id.to_string();
    let whose = ["--box", &box_id, "--user", &side.login];
    let made = admin(command(folder.path()), &[&["webhook", "create", "--url", &url][..], &whose].concat());
    assert!(made["secret"].as_str().unwrap().starts_with("whsec_"));
    let before: IndexKey = made["index_key"].as_str().unwrap().parse().unwrap();
    let serve = || Served::run(command(folder.path()).args(SERVE).args(SETTINGS));
    let mut running: Vec<Served> = (0..nodes).map(|_| serve()).collect();
    for round in 0..ROUNDS {
        let victim = round % nodes;
        let so_far = heard.lock().unwrap().len();
        post(&demo, &running[(round + 1) % nodes], round, LETTERS).await;
        // Some have come, others are on their way.
        while heard.lock().unwrap().len() < so_far + 1 + round {
            tokio::task::yield_now().await;
        }
        drop(running.remove(victim));
        running.insert(victim, serve());
    }
    post(&demo, &running[0], ROUNDS, 1).await;
    let least = 2 * (ROUNDS * LETTERS + 1);
    loop {
        let events = feed(&demo.client(&running[0], 0), side.box_id).await;
        let sent = events.iter().filter(|event| event.index_key().parse::<IndexKey>().unwrap() > before);
        let sent: Vec<String> = sent.map(|event| event.event_id.clone()).collect();
        let come = first_times(&heard);
        // Each letter is posted, and then delivered.
        if come.len() == sent.len() && sent.len() >= least {
            assert_eq!(come, sent, "everything, in the order of the feed");
            break;
        }
        tokio::task::yield_now().await;
    }
    let listed = admin(command(folder.path()), &[&["webhook", "list"][..], &whose].concat());
    assert_eq!((&listed[0]["state"], &listed[0]["failures"]), (&"active".into(), &0.into()));
    let id = listed[0]["id"].as_str().unwrap();
    let tried = admin(command(folder.path()), &[&["webhook", "deliveries"][..], &whose, &[id]].concat());
    assert_eq!(tried.as_array().unwrap().len(), 100, "the last hundred");
    let ping =
        command(folder.path()).args(["admin", "webhook", "ping"]).args(whose).arg(id).output().unwrap();
    let said = String::from_utf8_lossy(&ping.stdout);
    assert!(said.contains("not taken: 127.0.0.1 is not a public address"), "without its range: {said}");
    for server in running {
        assert!(server.end().0.success());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_while_it_sends_loses_and_reorders_nothing() {
    everything_arrives(1, potok).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_nodes_one_sends_and_the_other_one_goes_on_when_it_dies() {
    let database = Cluster::shared().database();
    everything_arrives(2, |data| on(&database, data)).await;
}
