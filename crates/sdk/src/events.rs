//! Reading the feed of a box to its end, and on.

use std::collections::VecDeque;

use futures_util::stream::{Stream, unfold};
use potok_api::methods::GetNewEventsQuery;
use potok_types::{BoxId, EventId, IndexKey};
use potok_wire::proto::events::BoxEvent;

use crate::{Client, Error};

/// Where in a feed to begin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Position {
    /// With the oldest event.
    #[default]
    Start,
    /// With the event after this key.
    After(IndexKey),
    /// With the event after this one.
    AfterEvent(EventId),
}

/// The events of one box from a position on, page by page (`GetNewEvents` V8).
///
/// Nothing waits for new events: at the end of the feed [`Events::next`] says `None`, and may be asked again later.
/// Save [`Events::bookmark`] after an event is processed: whoever starts there sees it never again and misses none.
#[derive(Clone, Debug)]
pub struct Events {
    client: Client,
    query: GetNewEventsQuery,
    page: VecDeque<BoxEvent>,
    bookmark: Option<IndexKey>,
}

impl Client {
    /// The events of a box from a position on.
    pub fn events(&self, box_id: BoxId, from: Position) -> Events {
        self.events_with(GetNewEventsQuery::new(box_id), from)
    }

    /// The events of a box that pass the filters of `query`, from a position on.
    pub fn events_with(&self, mut query: GetNewEventsQuery, from: Position) -> Events {
        (query.after_index_key, query.after_event_id) = match from {
            Position::Start => (None, None),
            Position::After(key) => (Some(key), None),
            Position::AfterEvent(event) => (None, Some(event)),
        };
        let bookmark = query.after_index_key;
        Events { client: self.clone(), query, page: VecDeque::new(), bookmark }
    }
}

impl Events {
    /// The next page; empty at the end of the feed. What is left of the page before is handed out first.
    ///
    /// # Errors
    /// As [`Client::call`]; the position does not move then.
    pub async fn next_page(&mut self) -> Result<Vec<BoxEvent>, Error> {
        if self.page.is_empty() {
            self.fetch().await?;
        }
        let page = Vec::from(std::mem::take(&mut self.page));
        if let Some(key) = page.last().and_then(key) {
            self.bookmark = Some(key);
        }
        Ok(page)
    }

    /// The next event; `None` at the end of the feed.
    ///
    /// # Errors
    /// As [`Client::call`]; the position does not move then.
    pub async fn next(&mut self) -> Result<Option<BoxEvent>, Error> {
        if self.page.is_empty() {
            self.fetch().await?;
        }
        let event = self.page.pop_front();
        if let Some(key) = event.as_ref().and_then(key) {
            self.bookmark = Some(key);
        }
        Ok(event)
    }

    /// The position after the last event that was handed out; `None` before the first one from [`Position::Start`] or
    /// [`Position::AfterEvent`].
    pub fn bookmark(&self) -> Option<IndexKey> {
        self.bookmark
    }

    /// The same as a stream, which ends at the end of the feed or after the first error.
    pub fn into_stream(self) -> impl Stream<Item = Result<BoxEvent, Error>> + Send {
        unfold(Some(self), |events| async {
            let mut events = events?;
            match events.next().await {
                Ok(event) => Some((Ok(event?), Some(events))),
                Err(error) => Some((Err(error), None)),
            }
        })
    }

    /// Reads on after the last event that was read, which need not be handed out yet.
    async fn fetch(&mut self) -> Result<(), Error> {
        let list = self.client.get_new_events_v8(&self.query).await?;
        if let Some(last) = list.events.last() {
            // The API takes only one of both. An event without a key comes from a server older than keys.
            (self.query.after_index_key, self.query.after_event_id) = match key(last) {
                Some(key) => (Some(key), None),
                None => (None, last.event_id.parse().ok()),
            };
        }
        self.page = list.events.into();
        Ok(())
    }
}

fn key(event: &BoxEvent) -> Option<IndexKey> {
    event.index_key.as_deref()?.parse().ok()
}
