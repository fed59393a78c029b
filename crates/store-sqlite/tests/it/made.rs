//! What the tests write.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use potok_domain::query::{FeedFilter, FeedOrder};
use potok_domain::{Change, Event, MessageType, Origin, Party, Patched, Posted, Revision};
use potok_store::{Append, Feed as _, FeedEvent, FeedQuery, NewEvent, StoreError, StreamAppend};
use potok_store_sqlite::{SqliteOptions, SqliteStore};
use potok_types::{
    BoxId, Clock, Entropy as _, EventId, IndexKey, ManualClock, MessageId, SeededEntropy, Ticks,
};

pub(crate) const START: Ticks = Ticks::new(638_900_000_000_000_000);

pub(crate) fn clock() -> Arc<dyn Clock> {
    Arc::new(ManualClock::new(START))
}

pub(crate) fn open(folder: &Path) -> SqliteStore {
    open_with(folder, SqliteOptions::default())
}

pub(crate) fn open_with(folder: &Path, options: SqliteOptions) -> SqliteStore {
    potok_store_sqlite::open(&folder.join("potok.db"), clock(), options).expect("the folder is writable")
}

fn new_event(event: Event, bytes: usize) -> NewEvent {
    let ready = Bytes::from(event.id.as_bytes().repeat(bytes.div_ceil(16)));
    NewEvent::of_message(&event, ready, MessageType::Letter, Vec::new())
}

/// A new message of two events.
pub(crate) fn post(ids: &SeededEntropy, box_id: BoxId, bytes: usize) -> Append {
    let message_id = MessageId::from_uuid(ids.uuid());
    let party = || Party { box_id, title: "ООО «Ромашка»".to_owned(), department: None };
    let posted = Event {
        id: message_id.first_event(),
        message_id,
        at: START,
        change: Change::Posted(Box::new(Posted::letter(party(), party()))),
    };
    let patched = Event {
        id: EventId::from_uuid(ids.uuid()),
        message_id,
        at: START,
        change: Change::Patched(Box::new(Patched::by(Origin::Operator))),
    };
    let events = vec![new_event(posted, bytes), new_event(patched, bytes)];
    Append::new(box_id, vec![StreamAppend::new(message_id, Revision(0), events)])
}

/// The message that `post` makes.
pub(crate) fn message_of(post: &Append) -> MessageId {
    post.streams[0].stream.message().expect("it is a message")
}

/// The whole feed, which must be in order and without repetition.
pub(crate) async fn feed(store: &SqliteStore, box_id: BoxId) -> Vec<FeedEvent> {
    try_feed(store, box_id).await.expect("readable")
}

/// The same of a store that may be damaged.
pub(crate) async fn try_feed(store: &SqliteStore, box_id: BoxId) -> Result<Vec<FeedEvent>, StoreError> {
    let mut feed: Vec<FeedEvent> = Vec::new();
    loop {
        let page = store.page(FeedQuery {
            box_id,
            after: feed.last().map(|event| event.key),
            order: FeedOrder::Ascending,
            limit: 100,
            filter: FeedFilter::default(),
            count_up_to: 100_000,
        });
        let page = page.await?;
        if page.events.is_empty() {
            break;
        }
        feed.extend(page.events);
    }
    assert!(feed.is_sorted_by(|a, b| a.key < b.key));
    Ok(feed)
}

pub(crate) fn keys(feed: &[FeedEvent]) -> Vec<IndexKey> {
    feed.iter().map(|event| event.key).collect()
}
