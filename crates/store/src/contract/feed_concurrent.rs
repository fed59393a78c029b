//! The feed while it grows.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use potok_types::{BoxId, IndexKey};

use super::fixture::{Open, StoreFixture, append, query};
use crate::{FeedEvent, FeedQuery};
use potok_domain::query::{FeedFilter, FeedOrder};

const WRITERS: usize = 6;
const MESSAGES: usize = 25;
const READERS: usize = 4;

/// Posts messages to both boxes by turns; the clock moves, stands and goes back at random.
async fn write(fixture: Arc<StoreFixture>, boxes: [BoxId; 2]) {
    for nth in 0..MESSAGES {
        let message = fixture.message();
        let mut events = vec![fixture.post(message)];
        events.extend((0..fixture.below(3)).map(|_| fixture.patch(message)));
        let count = events.len() as u32;
        let box_id = boxes[nth % 2];
        fixture.must(append(box_id, message, 0, events)).await;
        fixture.must(append(box_id, message, count, vec![fixture.patch(message)])).await;
        fixture.clock.advance(fixture.below(40) as i64 - 15);
    }
}

/// Reads on from the last seen event in pages of random size, and once more after the writers are done.
async fn follow(fixture: Arc<StoreFixture>, box_id: BoxId, done: Arc<AtomicBool>) -> Vec<FeedEvent> {
    let mut seen: Vec<FeedEvent> = Vec::new();
    loop {
        let is_over = done.load(Ordering::SeqCst);
        loop {
            let after = seen.last().map(|event| event.key);
            let limit = 1 + fixture.below(20);
            let page = fixture.page(FeedQuery { after, limit, ..query(box_id) }).await;
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
async fn look_back(fixture: Arc<StoreFixture>, box_id: BoxId, done: Arc<AtomicBool>) {
    let mut before: Vec<IndexKey> = Vec::new();
    while !done.load(Ordering::SeqCst) {
        let mut keys: Vec<_> = fixture
            .feed_by(box_id, FeedOrder::Descending, 1 + fixture.below(30))
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
    let fixture = Arc::new(StoreFixture::new(open).await);
    let boxes = [fixture.box_id(), fixture.box_id()];
    let done = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..WRITERS).map(|_| tokio::spawn(write(Arc::clone(&fixture), boxes))).collect();
    let followers: Vec<_> = (0..READERS)
        .map(|nth| tokio::spawn(follow(Arc::clone(&fixture), boxes[nth % 2], Arc::clone(&done))))
        .collect();
    let lookers: Vec<_> = boxes
        .into_iter()
        .map(|box_id| tokio::spawn(look_back(Arc::clone(&fixture), box_id, Arc::clone(&done))))
        .collect();
    for writer in writers {
        writer.await.expect("the writer is well");
    }
    done.store(true, Ordering::SeqCst);
    for looker in lookers {
        looker.await.expect("the reader is well");
    }
    let whole = [fixture.feed(boxes[0]).await, fixture.feed(boxes[1]).await];
    assert!(whole.iter().map(Vec::len).sum::<usize>() >= WRITERS * MESSAGES * 2);
    for (nth, follower) in followers.into_iter().enumerate() {
        assert_eq!(follower.await.expect("the reader is well"), whole[nth % 2]);
    }
}

/// Nothing appears before the last event that somebody was shown, so its key can be followed.
pub async fn the_last_event_of_a_moving_feed_is_a_bookmark(open: impl Open) {
    let fixture = Arc::new(StoreFixture::new(open).await);
    let boxes = [fixture.box_id(); 2];
    let writers: Vec<_> = (0..WRITERS).map(|_| tokio::spawn(write(Arc::clone(&fixture), boxes))).collect();
    let mut shown = Vec::new();
    while !writers.iter().all(tokio::task::JoinHandle::is_finished) {
        let last = fixture.store.last(boxes[0], &FeedFilter::default()).await.expect("readable");
        if let Some(last) = last {
            let page = fixture
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
    let keys = fixture.keys(boxes[0]).await;
    for (key, before) in shown {
        let at = keys.binary_search(&key).expect("what was shown is still there");
        assert_eq!(at as u64, before, "an event appeared before one that was shown as the last");
    }
}
