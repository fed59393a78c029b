//! What was answered is there after the process was killed at any moment.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use potok_store::{Journal as _, Wanted};
use potok_store_sqlite::SqliteOptions;
use potok_types::{BoxId, MessageId, SeededEntropy};
use uuid::Uuid;

use crate::made::{feed, message_of, open, open_with, post};

const FOLDER: &str = "POTOK_TEST_CRASH_FOLDER";
const SEED: &str = "POTOK_TEST_CRASH_SEED";
const ANSWERED: &str = "answered ";
const BOXES: u128 = 3;
const TEST: &str = "what_was_answered_survives_a_kill_and_nothing_is_there_by_half_or_twice";

fn box_id(number: u128) -> BoxId {
    BoxId::from_uuid(Uuid::from_u128(1 + number % BOXES))
}

/// What the program does that is killed: it writes from many callers and says what was answered.
#[expect(clippy::print_stdout, reason = "the one who kills it listens")]
async fn write_until_killed(folder: &Path, seed: u64) -> ! {
    let ids = Arc::new(SeededEntropy::new(seed));
    // A small log, so that checkpoints are among the moments at which the program dies.
    let options = SqliteOptions { checkpoint_pages: 60, ..SqliteOptions::default() };
    let store = Arc::new(open_with(folder, options));
    let mut callers = tokio::task::JoinSet::new();
    for number in 0..12 {
        let (store, ids) = (Arc::clone(&store), Arc::clone(&ids));
        callers.spawn(async move {
            loop {
                let post = post(&ids, box_id(number), 2000);
                let message = message_of(&post);
                if let Err(error) = store.append(post).await {
                    break error;
                }
                println!("{ANSWERED}{message}");
            }
        });
    }
    let ended = callers.join_next().await;
    panic!("nobody ends before the program is killed: {ended:?}");
}

/// Kills it after `answers` answers and returns all answers that were given.
fn run_and_kill(folder: &Path, seed: u64, answers: usize) -> Vec<MessageId> {
    let mut child = Command::new(std::env::current_exe().expect("this program has a path"))
        .args(["--exact", &format!("crash::{TEST}"), "--nocapture"])
        .env(FOLDER, folder)
        .env(SEED, seed.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("this program can be started");
    let mut answered = Vec::new();
    let lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    for line in lines {
        // The last line may be torn.
        let Ok(line) = line else { break };
        let Some((_, id)) = line.split_once(ANSWERED) else { continue };
        let Ok(id) = id.parse() else { continue };
        answered.push(id);
        if answered.len() == answers {
            child.kill().expect("it is still running");
        }
    }
    child.wait().expect("it was started here");
    answered
}

/// The program that is killed is this same test, told by the environment to write: see [`write_until_killed`].
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_survives_a_kill_and_nothing_is_there_by_half_or_twice() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        let seed =
            std::env::var(SEED).ok().and_then(|seed| seed.parse().ok()).expect("the seed is given too");
        write_until_killed(Path::new(&folder), seed).await;
    }
    let folder = tempfile::tempdir().expect("writable");
    let mut answered = BTreeSet::new();
    for (round, answers) in (1..).zip([1, 40, 150, 400, 90]) {
        let new = run_and_kill(folder.path(), round, answers);
        assert!(new.len() >= answers, "round {round} ended by itself after {} answers", new.len());
        answered.extend(new);

        let store = open(folder.path());
        let mut found = BTreeMap::new();
        for number in 0..BOXES {
            for event in feed(&store, box_id(number)).await {
                assert_eq!(event.box_event.len(), 2000);
                *found.entry(event.message_id).or_insert(0) += 1;
            }
        }
        assert!(found.values().all(|events| *events == 2), "a message is there by half or twice");
        let lost: Vec<_> = answered.iter().filter(|message| !found.contains_key(message)).collect();
        assert!(lost.is_empty(), "round {round} lost {lost:?}");
        for number in 0..BOXES {
            let wanted: Vec<_> = found.keys().map(|id| Wanted::all(*id)).collect();
            let tails = store.messages(box_id(number), &wanted).await.expect("readable");
            assert!(tails.iter().all(|tail| tail.events.len() == 2));
        }
        store.close().await;
    }
}
