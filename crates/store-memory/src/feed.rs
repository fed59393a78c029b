//! The feed: the events of messages, filtered one by one.

use async_trait::async_trait;
use potok_domain::query::{FeedFilter, FeedOrder};
use potok_store::{Feed, FeedEntry, FeedEvent, FeedPage, FeedQuery, StoreError};
use potok_types::limits::FEED_PAGE_BYTES;
use potok_types::{BoxId, EventId};

use crate::MemoryStore;
use crate::journal::{BoxRecord, Kept};

/// How many documents of the event match; one for an event that matches where nothing is asked of documents.
fn weight(filter: &FeedFilter, entry: &FeedEntry, of_documents: bool) -> u64 {
    let asks_documents = of_documents
        || !filter.types.is_empty()
        || !filter.directions.is_empty()
        || filter.counteragent.is_some()
        || !filter.within.sees_all();
    let is_wanted = (filter.message_types.is_empty() || filter.message_types.contains(&entry.message_type))
        && filter.from.is_none_or(|from| from <= entry.at)
        && filter.to.is_none_or(|to| entry.at <= to);
    if !is_wanted {
        0
    } else if asks_documents {
        entry.concerned.iter().filter(|document| filter.accepts_document(document)).count() as u64
    } else {
        1
    }
}

fn shown(kept: &Kept) -> Option<FeedEvent> {
    let message_id = kept.stream.message()?;
    Some(FeedEvent { key: kept.key, event_id: kept.id, message_id, box_event: kept.ready.clone() })
}

/// The events that match, in order, each with its weight.
fn matching<'a>(record: &'a BoxRecord, query: &'a FeedQuery, of_documents: bool) -> Vec<(&'a Kept, u64)> {
    let is_behind = |kept: &&Kept| match (query.after, query.order) {
        (None, _) => true,
        (Some(after), FeedOrder::Ascending) => kept.key > after,
        (Some(after), FeedOrder::Descending) => kept.key < after,
    };
    let weighed = record.events.iter().filter(is_behind).filter_map(|kept| {
        let weight = weight(&query.filter, kept.feed.as_ref()?, of_documents);
        (weight > 0).then_some((kept, weight))
    });
    let mut found: Vec<_> = weighed.collect();
    if query.order == FeedOrder::Descending {
        found.reverse();
    }
    found
}

impl MemoryStore {
    fn feed_page(&self, query: &FeedQuery, of_documents: bool) -> FeedPage {
        let state = self.state();
        let empty = BoxRecord::default();
        let record = state.boxes.get(&query.box_id).unwrap_or(&empty);
        let found = matching(record, query, of_documents);
        // Documents are counted by profiles, and an event counts once where nothing is asked of them.
        let total = found.iter().map(|(_, weight)| if of_documents { *weight } else { 1 }).sum::<u64>();
        let mut bytes = 0;
        let fits = |event: &FeedEvent| {
            let is_first = bytes == 0;
            bytes += event.box_event.len();
            of_documents || is_first || bytes <= FEED_PAGE_BYTES
        };
        FeedPage {
            events: found
                .iter()
                .take(query.limit)
                .filter_map(|(kept, _)| shown(kept))
                .take_while(fits)
                .collect(),
            total: total.min(query.count_up_to),
            is_exact: total <= query.count_up_to,
        }
    }
}

#[async_trait]
impl Feed for MemoryStore {
    async fn page(&self, query: FeedQuery) -> Result<FeedPage, StoreError> {
        Ok(self.feed_page(&query, false))
    }

    async fn page_by_documents(&self, query: FeedQuery) -> Result<FeedPage, StoreError> {
        Ok(self.feed_page(&query, true))
    }

    async fn event(&self, box_id: BoxId, event: EventId) -> Result<Option<FeedEvent>, StoreError> {
        let state = self.state();
        let mut events = state.boxes.get(&box_id).into_iter().flat_map(|record| &record.events);
        Ok(events.find(|kept| kept.id == event && kept.stream.message().is_some()).and_then(shown))
    }

    async fn last(&self, box_id: BoxId, filter: &FeedFilter) -> Result<Option<FeedEvent>, StoreError> {
        let query = FeedQuery {
            box_id,
            after: None,
            order: FeedOrder::Descending,
            limit: 1,
            filter: filter.clone(),
            count_up_to: 1,
        };
        Ok(self.feed_page(&query, false).events.pop())
    }
}
