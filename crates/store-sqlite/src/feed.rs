//! Reading the feed.

use async_trait::async_trait;
use potok_store::{Feed, FeedEvent, FeedFilter, FeedPage, FeedQuery, StoreError};
use potok_store_sql::feed::{self, Unit};
use potok_types::{BoxId, EventId};

use crate::SqliteStore;

#[async_trait]
impl Feed for SqliteStore {
    async fn page(&self, query: FeedQuery) -> Result<FeedPage, StoreError> {
        self.view("read a page of the feed", query, |sql, query| {
            Box::pin(feed::page(sql, query, Unit::Events))
        })
        .await
    }

    async fn page_by_documents(&self, query: FeedQuery) -> Result<FeedPage, StoreError> {
        self.view("read a page of docflow events", query, |sql, query| {
            Box::pin(feed::page(sql, query, Unit::Documents))
        })
        .await
    }

    async fn event(&self, box_id: BoxId, event: EventId) -> Result<Option<FeedEvent>, StoreError> {
        self.ask("read an event", (box_id, event), |sql, (box_id, event)| {
            Box::pin(feed::event(sql, *box_id, *event))
        })
        .await
    }

    async fn last(&self, box_id: BoxId, filter: &FeedFilter) -> Result<Option<FeedEvent>, StoreError> {
        self.view("read the last event", (box_id, filter.clone()), |sql, (box_id, filter)| {
            Box::pin(feed::last(sql, *box_id, filter))
        })
        .await
    }
}
