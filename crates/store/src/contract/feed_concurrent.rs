//! The feed while it grows.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use potok_types::{BoxId, IndexKey};

use super::world::{Open, World, append, query};
use crate::{FeedEvent, FeedQuery};
use potok_domain::query::{FeedFilter, FeedOrder};

const WRITERS: usize = 6;
const MESSAGES: usize = 25;
const READERS: usize = 4;

/// Posts messages to both boxes by turns; the clock moves, stands and goes back at random.
async fn write(world: Arc<World>, boxes: [BoxId; 2]) {
    for nth in 0..MESSAGES {
        let message = world.message();
        let mut events = vec![world.post(message)];
        events.extend((0..world.below(3)).map(|_| world.patch(message)));
        let count = events.len() as u32;
        let box_id = boxes[nth % 2];
        world.must(append(box_id, message, 0, events)).await;
        world.must(append(box_id, message, count, vec![world.patch(message)])).await;
        world.clock.advance(world.below(40) as i64 - 15);
    }
}

/// Reads on from the last seen event in pages of random size, and once more after the writers are done.
async fn follow(world: Arc<World>, box_id: BoxId, done: Arc<AtomicBool>) -> Vec<FeedEvent> {
    let mut seen: Vec<FeedEvent> = Vec::new();
    loop {
        let is_over = done.load(Ordering::SeqCst);
        loop {
            let after = seen.last().map(|event| event.key);
            let limit = 1 + world.below(20);
            let page = world.page(FeedQuery { after, limit, ..query(box_id) }).await;
            assert!(page.total >= page.events.len() as u64);
            if page.events.is_empty() {
                break;
            }
            seen.extend(page.events);
        }
        if is_over {
            return seen;
        }
        tokio::task::yield_now().await;
    }
}

/// Reads from the end backwards again and again: each reading must hold everything the one before it held.
async fn look_back(world: Arc<World>, box_id: BoxId, done: Arc<AtomicBool>) {
    let mut before: Vec<IndexKey> = Vec::new();
    while !done.load(Ordering::SeqCst) {
        let mut keys: Vec<_> = world
            .feed_by(box_id, FeedOrder::Descending, 1 + world.below(30))
            .await
            .into_iter()
            .map(|event| event.key)
            .collect();
        keys.reverse();
        assert!(keys.is_sorted_by(|a, b| a < b), "out of order");
        assert!(keys.starts_with(&before), "an event appeared behind one that was seen already");
        before = keys;
        tokio::task::yield_now().await;
    }
}

/// Whatever readers have seen stays, and new events come after it: no gap, no repetition, no other order.
pub async fn readers_see_growing_prefixes_while_writers_write(open: impl Open) {
    let world = Arc::new(World::new(open).await);
    let boxes = [world.box_id(), world.box_id()];
    let done = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..WRITERS).map(|_| tokio::spawn(write(Arc::clone(&world), boxes))).collect();
    let followers: Vec<_> = (0..READERS)
        .map(|nth| tokio::spawn(follow(Arc::clone(&world), boxes[nth % 2], Arc::clone(&done))))
        .collect();
    let lookers: Vec<_> = boxes
        .into_iter()
        .map(|box_id| tokio::spawn(look_back(Arc::clone(&world), box_id, Arc::clone(&done))))
        .collect();
    for writer in writers {
        writer.await.expect("the writer is well");
    }
    done.store(true, Ordering::SeqCst);
    for looker in lookers {
        looker.await.expect("the reader is well");
    }
    let whole = [world.feed(boxes[0]).await, world.feed(boxes[1]).await];
    assert!(whole.iter().map(Vec::len).sum::<usize>() >= WRITERS * MESSAGES * 2);
    for (nth, follower) in followers.into_iter().enumerate() {
        assert_eq!(follower.await.expect("the reader is well"), whole[nth % 2]);
    }
}

/// Nothing appears before the last event that somebody was shown, so its key can be followed.
pub async fn the_last_event_of_a_moving_feed_is_a_bookmark(open: impl Open) {
    let world = Arc::new(World::new(open).await);
    let boxes = [world.box_id(); 2];
    let writers: Vec<_> = (0..WRITERS).map(|_| tokio::spawn(write(Arc::clone(&world), boxes))).collect();
    let mut shown = Vec::new();
    while !writers.iter().all(tokio::task::JoinHandle::is_finished) {
        let last = world.store.last(boxes[0], &FeedFilter::default()).await.expect("readable");
        if let Some(last) = last {
            let page = world
                .page(FeedQuery {
                    after: Some(last.key),
                    order: FeedOrder::Descending,
                    limit: 1,
                    ..query(boxes[0])
                })
                .await;
            shown.push((last.key, page.total));
        }
    }
    for writer in writers {
        writer.await.expect("the writer is well");
    }
    let keys = world.keys(boxes[0]).await;
    for (key, before) in shown {
        let at = keys.binary_search(&key).expect("what was shown is still there");
        assert_eq!(at as u64, before, "an event appeared before one that was shown as the last");
    }
}
