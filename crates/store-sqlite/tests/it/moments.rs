//! Whoever remembers what was read, and asks whether it is still so, never has anything else than the store.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use potok_domain::{Change, Event, MessageType, Origin, Patched, Revision};
use potok_store::{
    Append, Journal as _, Moment, Moments as _, NewEvent, Part, Shelf as _, StreamAppend, Wanted,
};
use potok_store_sqlite::{SqliteOptions, SqliteStore};
use potok_types::{BoxId, Entropy as _, EventId, MessageId, SeededEntropy};

use crate::made::{START, feed, keys, message_of, open, open_with, post};

const BOXES: usize = 3;

/// As the server opens it.
fn server(folder: &std::path::Path) -> SqliteStore {
    open_with(folder, SqliteOptions { tells_others: false, ..SqliteOptions::default() })
}

/// What is read of a part.
async fn read(store: &SqliteStore, part: Part) -> String {
    match part {
        Part::Box(box_id) => format!("{:?}", keys(&feed(store, box_id).await)),
        Part::Stream(box_id, stream) => {
            let wanted = Wanted::all(stream);
            format!("{:?}", store.streams(box_id, &[wanted]).await.expect("readable"))
        }
    }
}

fn below(ids: &SeededEntropy, bound: usize) -> usize {
    let mut bytes = [0; 8];
    ids.fill(&mut bytes);
    (u64::from_le_bytes(bytes) % bound as u64) as usize
}

/// One more event of a message.
fn patch(ids: &SeededEntropy, box_id: BoxId, message_id: MessageId, revision: u32) -> Append {
    let event = Event {
        id: EventId::from_uuid(ids.uuid()),
        message_id,
        at: START,
        change: Change::Patched(Box::new(Patched::by(Origin::Operator))),
    };
    let new = NewEvent::of_message(&event, b"ready".as_slice().into(), MessageType::Letter, Vec::new());
    Append::new(box_id, vec![StreamAppend::new(message_id, Revision(revision), vec![new])])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_to_be_unchanged_is_unchanged_whoever_writes() {
    let folder = tempfile::tempdir().expect("writable");
    let stores = [server(folder.path()), open(folder.path())];
    let [serving, _] = &stores;
    let ids = SeededEntropy::new(5);
    let boxes: Vec<BoxId> = (0..BOXES).map(|_| BoxId::from_uuid(ids.uuid())).collect();
    let mut messages: Vec<(BoxId, MessageId, u32)> = Vec::new();
    let mut remembered: BTreeMap<String, (Part, Moment, String)> = BTreeMap::new();
    let (mut kept, mut kept_beside_changes, mut forgotten) = (0, 0, 0);
    for step in 0..200 {
        // Mostly the server itself.
        let store = &stores[usize::from(below(&ids, 8) == 0)];
        let mut has_written = true;
        match below(&ids, 4) {
            0 => {
                let box_id = boxes[below(&ids, BOXES)];
                let append = post(&ids, box_id, 50);
                messages.push((box_id, message_of(&append), 2));
                store.append(append).await.expect("nothing against it");
            }
            1 | 2 if !messages.is_empty() => {
                let nth = below(&ids, messages.len());
                let (box_id, message, revision) = &mut messages[nth];
                store.append(patch(&ids, *box_id, *message, *revision)).await.expect("nobody else");
                *revision += 1;
            }
            // A transaction about no box.
            _ => {
                store.forget_expired_files(START).await.expect("writable");
                has_written = false;
            }
        }
        let parts = boxes.iter().map(|box_id| Part::Box(*box_id));
        let streams = messages.iter().map(|(box_id, message, _)| Part::Stream(*box_id, (*message).into()));
        for part in parts.chain(streams) {
            let now = serving.moment().expect("nobody is in the way");
            let fresh = read(serving, part).await;
            let known = remembered.get(&format!("{part:?}"));
            if let Some((_, _, text)) =
                known.filter(|(part, since, _)| !serving.has_changed(*part, *since, now))
            {
                assert_eq!(*text, fresh, "step {step}: {part:?}");
                kept += 1;
                kept_beside_changes += usize::from(has_written);
                continue;
            }
            forgotten += usize::from(known.is_some());
            remembered.insert(format!("{part:?}"), (part, now, fresh));
        }
    }
    assert!(
        kept > 1000 && kept_beside_changes > 500 && forgotten > 100,
        "{kept} {kept_beside_changes} {forgotten}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_remembered_lacks_nothing_that_was_acknowledged_before_the_question() {
    const EACH: usize = 60;
    let folder = tempfile::tempdir().expect("writable");
    let serving = Arc::new(server(folder.path()));
    let beside = Arc::new(open(folder.path()));
    let box_id = BoxId::from_uuid(SeededEntropy::new(1).uuid());
    let acknowledged = Arc::new(AtomicUsize::new(0));
    let writers: Vec<_> = [&serving, &serving, &beside]
        .into_iter()
        .enumerate()
        .map(|(number, store)| {
            let (store, acknowledged) = (Arc::clone(store), Arc::clone(&acknowledged));
            tokio::spawn(async move {
                let ids = SeededEntropy::new(100 + number as u64);
                for _ in 0..EACH {
                    store.append(post(&ids, box_id, 50)).await.expect("nothing against it");
                    acknowledged.fetch_add(2, Ordering::SeqCst);
                }
            })
        })
        .collect();
    let part = Part::Box(box_id);
    let mut remembered: Option<(Moment, usize)> = None;
    let mut known = 0;
    while known < 2 * 3 * EACH {
        let least = acknowledged.load(Ordering::SeqCst);
        let now = serving.moment().expect("nobody is in the way");
        let kept = remembered.filter(|(since, _)| !serving.has_changed(part, *since, now));
        let (_, events) = match kept {
            Some(kept) => kept,
            None => (now, feed(&serving, box_id).await.len()),
        };
        assert!(events >= least, "{least} events were acknowledged, {events} are known");
        if kept.is_none() {
            remembered = Some((now, events));
        }
        known = events;
        tokio::task::yield_now().await;
    }
    for writer in writers {
        writer.await.expect("no panic");
    }
}
