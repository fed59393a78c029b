//! The feed of a box: its events in the order in which they were written.

use async_trait::async_trait;
use bytes::Bytes;
use potok_domain::query::{FeedFilter, FeedOrder};
use potok_types::{BoxId, EventId, IndexKey, MessageId};

use crate::StoreError;

/// A page to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedQuery {
    /// The box.
    pub box_id: BoxId,
    /// Exclusive start; `None` is the start (descending: the end) of the feed.
    pub after: Option<IndexKey>,
    /// Which way.
    pub order: FeedOrder,
    /// 1…100.
    pub limit: usize,
    /// Which events.
    pub filter: FeedFilter,
    /// Counting stops here.
    pub count_up_to: u64,
}

/// One event as it was rendered when it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedEvent {
    /// Its position.
    pub key: IndexKey,
    /// Its id.
    pub event_id: EventId,
    /// Its message.
    pub message_id: MessageId,
    /// The ready `BoxEvent` in protobuf, without `IndexKey`.
    pub box_event: Bytes,
}

/// A page with the number of events behind the bookmark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedPage {
    /// At most `limit`; fewer at the end, and where the next one would be over what a page of events may have
    /// (`limits::FEED_PAGE_BYTES`).
    pub events: Vec<FeedEvent>,
    /// Matching events after the bookmark, this page included, counted up to `count_up_to`.
    pub total: u64,
    /// Counting did not stop early.
    pub is_exact: bool,
}

/// Reading what happened in a box. Cost does not depend on how far into the feed a page lies.
#[async_trait]
pub trait Feed: Send + Sync {
    /// The page after the bookmark.
    async fn page(&self, query: FeedQuery) -> Result<FeedPage, StoreError>;

    /// The same page of events, but the number of pairs of a matching event and a document of it that matches the
    /// document filters: what the docflow events of the page are counted by. Events without documents are left out.
    async fn page_by_documents(&self, query: FeedQuery) -> Result<FeedPage, StoreError>;

    /// The event `event` of the box.
    async fn event(&self, box_id: BoxId, event: EventId) -> Result<Option<FeedEvent>, StoreError>;

    /// The newest event that matches.
    async fn last(&self, box_id: BoxId, filter: &FeedFilter) -> Result<Option<FeedEvent>, StoreError>;
}
