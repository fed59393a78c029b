//! What was answered is there after the power was lost at any moment, whatever the disk had written of what it was not told to.
//!
//! A store is written to while every write and sync of its files is noted (`shim`). Then the files are made as a disk may have them that
//! lost its power at one of these moments (`disk`), a store is opened on them, and everything is held to what was acknowledged by
//! then. The next store begins on one of those disks. `POTOK_TORN_ROUNDS` and `POTOK_TORN_SEED` make more rounds and others (`make torn`);
//! a failure names its round and seed.

mod disk;
mod shim;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use potok_store::{Continuity as _, Journal as _, Wanted};
use potok_store_sqlite::{SqliteOptions, SqliteStore};
use potok_types::{BoxId, MessageId, SeededEntropy};
use uuid::Uuid;

use crate::made::{clock, message_of, post, try_feed};
use disk::{Chance, Files, crashed, put};
use shim::Step;

/// In the ordinary run.
const ROUNDS: u64 = 60;
const SEED: u64 = 1;
/// Losses of power for each store that is written to.
const POINTS: usize = 12;
const BOXES: u128 = 3;

fn given(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).map_or(otherwise, |text| text.parse().expect("a number"))
}

fn box_id(number: u128) -> BoxId {
    BoxId::from_uuid(Uuid::from_u128(1 + number % BOXES))
}

fn opened(folder: &Path) -> Result<SqliteStore, String> {
    // A small log, so that it is folded into the file again and again.
    let options = SqliteOptions { checkpoint_pages: 30, ..SqliteOptions::default() };
    potok_store_sqlite::open(&folder.join("potok.db"), clock(), options).map_err(|error| format!("{error:?}"))
}

/// Writes to a store on these files from many callers; what was done to the files meanwhile.
async fn written(before: &Files, chance: &Chance, ids: &Arc<SeededEntropy>) -> Vec<Step> {
    // One folder is watched at a time.
    static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let _alone = ALONE.lock().await;
    let folder = tempfile::tempdir().expect("writable");
    put(before, folder.path());
    shim::record(folder.path());
    let store = Arc::new(opened(folder.path()).expect("it was opened before"));
    let mut callers = tokio::task::JoinSet::new();
    for number in 0..4 {
        let (store, ids, letters) = (Arc::clone(&store), Arc::clone(ids), 1 + chance.below(8));
        callers.spawn(async move {
            for _ in 0..letters {
                let post = post(&ids, box_id(number), 2000);
                let message = message_of(&post);
                store.append(post).await.expect("the disk has room");
                shim::acknowledge(message);
            }
        });
    }
    while let Some(ended) = callers.join_next().await {
        ended.expect("no caller panics");
    }
    // The end of a store is a moment too.
    let is_closed = chance.below(2) == 0;
    if is_closed {
        store.close().await;
    }
    let steps = shim::recorded();
    if !is_closed {
        store.close().await;
    }
    steps
}

/// Opens a store on these files and holds it to what was acknowledged.
async fn check(files: &Files, acknowledged: &BTreeSet<MessageId>) -> Result<(), String> {
    let folder = tempfile::tempdir().expect("writable");
    put(files, folder.path());
    let store = opened(folder.path())?;
    let checked = check_store(&store, acknowledged).await;
    store.close().await;
    checked?;
    let database =
        rusqlite::Connection::open(folder.path().join("potok.db")).map_err(|error| error.to_string())?;
    let found: String = database
        .pragma_query_value(None, "integrity_check", |row| row.get(0))
        .map_err(|error| error.to_string())?;
    if found == "ok" { Ok(()) } else { Err(found) }
}

async fn check_store(store: &SqliteStore, acknowledged: &BTreeSet<MessageId>) -> Result<(), String> {
    let told = |error: potok_store::StoreError| format!("{error:?}");
    let mut found = BTreeMap::new();
    for number in 0..BOXES {
        let feed = try_feed(store, box_id(number)).await.map_err(told)?;
        let mut here: BTreeMap<MessageId, usize> = BTreeMap::new();
        for event in &feed {
            if event.box_event.len() != 2000 {
                return Err(format!("an event has {} bytes", event.box_event.len()));
            }
            *here.entry(event.message_id).or_default() += 1;
        }
        if let Some((message, events)) = here.iter().find(|(_, events)| **events != 2) {
            return Err(format!("message {message} has {events} of 2 events"));
        }
        let wanted: Vec<_> = here.keys().map(|message| Wanted::all(*message)).collect();
        let tails = store.messages(box_id(number), &wanted).await.map_err(|error| format!("{error:?}"))?;
        if tails.iter().any(|tail| tail.events.len() != 2) {
            return Err("the journal has half a message".to_owned());
        }
        if let Some(gap) = store.gaps(box_id(number)).await.map_err(told)?.first() {
            return Err(format!("{gap}"));
        }
        found.extend(here);
    }
    let lost: Vec<_> = acknowledged.iter().filter(|message| !found.contains_key(message)).collect();
    if !lost.is_empty() {
        return Err(format!("{lost:?} were acknowledged and are lost"));
    }
    // It takes new ones.
    let post = post(&SeededEntropy::new(u64::MAX), box_id(0), 2000);
    store.append(post).await.map_err(|error| format!("{error:?}"))?;
    Ok(())
}

fn acknowledged_by(steps: &[Step]) -> impl Iterator<Item = MessageId> + '_ {
    steps.iter().filter_map(|step| match step {
        Step::Acknowledged(message) => Some(*message),
        _ => None,
    })
}

/// A moment: any, or right behind an answer.
fn moment(steps: &[Step], chance: &Chance) -> usize {
    let any = chance.below(steps.len() + 1);
    let behind_an_answer = steps[..any].iter().rposition(|step| matches!(step, Step::Acknowledged(_)));
    behind_an_answer.filter(|_| chance.below(3) == 0).map_or(any, |nth| nth + 1)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_survives_writes_that_are_torn_or_dropped() {
    let (rounds, seed) = (given("POTOK_TORN_ROUNDS", ROUNDS), given("POTOK_TORN_SEED", SEED));
    println!("{rounds} rounds of seed {seed}");
    let ids = Arc::new(SeededEntropy::new(seed));
    let (mut files, mut acknowledged) = (Files::new(), BTreeSet::new());
    let mut round = 0;
    while round < rounds {
        let chance = Chance::new(seed.wrapping_mul(1_000_003) ^ round);
        // Not too large, so that many are tried.
        if files.values().map(Vec::len).sum::<usize>() > 2 << 20 {
            (files, acknowledged) = (Files::new(), BTreeSet::new());
        }
        let steps = written(&files, &chance, &ids).await;
        assert!(steps.iter().any(|step| matches!(step, Step::Sync { .. })), "the shim saw the store");
        let mut last = None;
        for _ in 0..POINTS {
            round += 1;
            let at = moment(&steps, &chance);
            let after = crashed(&files, &steps[..at], &chance);
            let mut expected = acknowledged.clone();
            expected.extend(acknowledged_by(&steps[..at]));
            if let Err(why) = check(&after, &expected).await {
                panic!("round {round} of seed {seed}, power lost at {at} of {} steps: {why}", steps.len());
            }
            last = Some((after, expected));
        }
        (files, acknowledged) = last.expect("there was a point");
    }
}

/// The same with a disk that lies about what it wrote, which nobody promises anything about: it is seen that something is lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_disk_loses_that_lies_is_found() {
    let ids = Arc::new(SeededEntropy::new(SEED));
    let steps = written(&Files::new(), &Chance::new(SEED), &ids).await;
    let expected: BTreeSet<MessageId> = acknowledged_by(&steps).collect();
    let lies: Vec<Step> = steps.into_iter().filter(|step| !matches!(step, Step::Sync { .. })).collect();
    let mut lost = 0;
    for seed in 0..20 {
        lost +=
            usize::from(check(&crashed(&Files::new(), &lies, &Chance::new(seed)), &expected).await.is_err());
    }
    assert!(lost > 10, "{lost} of 20");
}
