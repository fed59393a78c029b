//! What happened in the streams of one kind, in the order of the keys of events.

use async_trait::async_trait;
use bytes::Bytes;
use potok_domain::query::FeedOrder;
use potok_types::{BoxId, IndexKey};
use uuid::Uuid;

use crate::{StoreError, StreamKind};

/// A page of the events of all streams of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamFeedQuery {
    /// The box.
    pub box_id: BoxId,
    /// The kind. Messages have a feed of their own ([`Feed`](crate::Feed)), and nothing here.
    pub kind: StreamKind,
    /// Exclusive start.
    pub after: Option<IndexKey>,
    /// Not before this key, and not behind that one, in whatever order.
    pub between: (IndexKey, IndexKey),
    /// From which end.
    pub order: FeedOrder,
    /// Events on the page.
    pub limit: usize,
    /// Counting stops here.
    pub count_up_to: u64,
}

impl StreamFeedQuery {
    /// The keys that match: behind the first one, and up to the second.
    #[must_use]
    pub fn range(&self) -> (i64, i64) {
        let (from, to) = (self.between.0.get().saturating_sub(1), self.between.1.get());
        match (self.order, self.after) {
            (_, None) => (from, to),
            (FeedOrder::Ascending, Some(after)) => (from.max(after.get()), to),
            (FeedOrder::Descending, Some(after)) => (from, to.min(after.get().saturating_sub(1))),
        }
    }
}

/// A page of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamFeedPage {
    /// In the order that was asked for.
    pub events: Vec<StreamFeedEvent>,
    /// Events behind the start, this page included, counted up to `count_up_to`.
    pub total: u64,
    /// Counting did not stop early.
    pub is_exact: bool,
}

/// One event of one stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamFeedEvent {
    /// Its key.
    pub key: IndexKey,
    /// The id of its stream.
    pub stream: Uuid,
    /// The event in its stored form.
    pub stored: Bytes,
}

/// Reading the streams of a kind together. A page costs the same wherever it lies.
#[async_trait]
pub trait StreamFeed: Send + Sync {
    /// The page of events behind the given key.
    async fn stream_events(&self, query: StreamFeedQuery) -> Result<StreamFeedPage, StoreError>;
}
