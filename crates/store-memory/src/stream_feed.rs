//! The events of all streams of a kind.

use async_trait::async_trait;
use potok_domain::query::FeedOrder;
use potok_store::{StoreError, StreamFeed, StreamFeedEvent, StreamFeedPage, StreamFeedQuery, StreamKind};

use crate::MemoryStore;
use crate::journal::Kept;

#[async_trait]
impl StreamFeed for MemoryStore {
    async fn stream_events(&self, query: StreamFeedQuery) -> Result<StreamFeedPage, StoreError> {
        let state = self.state();
        let events = state.boxes.get(&query.box_id).into_iter().flat_map(|record| &record.events);
        let (from, to) = query.between;
        let is_behind = |kept: &Kept| match (query.after, query.order) {
            (None, _) => true,
            (Some(after), FeedOrder::Ascending) => kept.key > after,
            (Some(after), FeedOrder::Descending) => kept.key < after,
        };
        let is_of_kind = |kept: &Kept| kept.stream.kind == query.kind && query.kind != StreamKind::MESSAGE;
        let is_wanted = |kept: &&Kept| is_of_kind(kept) && is_behind(kept) && (from..=to).contains(&kept.key);
        let shown = |kept: &Kept| StreamFeedEvent {
            key: kept.key,
            stream: kept.stream.id,
            stored: kept.stored.clone(),
        };
        let mut events: Vec<_> = events.filter(is_wanted).map(shown).collect();
        events.sort_by_key(|event| event.key);
        if query.order == FeedOrder::Descending {
            events.reverse();
        }
        let total = events.len() as u64;
        events.truncate(query.limit);
        let is_exact = total <= query.count_up_to;
        Ok(StreamFeedPage { events, total: total.min(query.count_up_to), is_exact })
    }
}
