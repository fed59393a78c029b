//! Reading the feed. Every page and every count starts with a search in an index, so that the end of a long feed costs
//! what its start costs.

use async_trait::async_trait;
use potok_store::{Feed, FeedEvent, FeedFilter, FeedOrder, FeedPage, FeedQuery, StoreError};
use potok_types::{BoxId, EventId, IndexKey};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::SqliteStore;
use crate::failure::Failure;
use crate::feed_scan::{Scan, Window};
use crate::profile::Unit;
use crate::readers::snapshot;
use crate::sql::guid;

fn page(conn: &Connection, query: &FeedQuery, unit: Unit) -> Result<FeedPage, Failure> {
    let Some(window) = Window::behind(query.after, query.order) else {
        return Ok(FeedPage { events: Vec::new(), total: 0, is_exact: true });
    };
    let scan = Scan::new(conn, query.box_id, &query.filter, window, unit)?;
    let counted = scan.count(query.count_up_to.saturating_add(1))?;
    let rows = scan.rows(query.order, query.limit, counted)?;
    let events = rows.into_iter().map(|row| read_row(conn, row)).collect::<Result<_, _>>()?;
    Ok(FeedPage { events, total: counted.min(query.count_up_to), is_exact: counted <= query.count_up_to })
}

fn last(conn: &Connection, box_id: BoxId, filter: &FeedFilter) -> Result<Option<FeedEvent>, Failure> {
    /// Enough to judge whether the events are rare.
    const COUNT_UP_TO: u64 = 1000;
    let scan = Scan::new(conn, box_id, filter, Window::ALL, Unit::Events)?;
    let counted = scan.count(COUNT_UP_TO)?;
    let rows = scan.rows(FeedOrder::Descending, 1, counted)?;
    rows.first().map(|row| read_row(conn, *row)).transpose()
}

fn feed_event(row: &Row<'_>) -> rusqlite::Result<FeedEvent> {
    Ok(FeedEvent {
        key: IndexKey::new(row.get(0)?),
        event_id: guid(row, 1)?,
        message_id: guid(row, 2)?,
        box_event: row.get::<_, Vec<u8>>(3)?.into(),
    })
}

/// The event whose row in the journal is `row`.
fn read_row(conn: &Connection, row: i64) -> Result<FeedEvent, Failure> {
    let mut statement =
        conn.prepare_cached("SELECT key, event_id, message_id, box_event FROM events WHERE id = ?1")?;
    Ok(statement.query_row([row], feed_event)?)
}

fn find(conn: &Connection, box_id: BoxId, event: EventId) -> Result<Option<FeedEvent>, Failure> {
    let mut first = conn.prepare_cached(
        "SELECT key, event_id, message_id, box_event FROM events
         WHERE box_id = ?1 AND message_id = ?2 AND revision = 1",
    )?;
    let found = first.query_row(params![box_id.as_bytes(), event.as_bytes()], feed_event).optional()?;
    if found.is_some() {
        return Ok(found);
    }
    let mut later = conn.prepare_cached(
        "SELECT key, event_id, message_id, box_event FROM events
         WHERE box_id = ?1 AND event_id = ?2 AND revision > 1",
    )?;
    Ok(later.query_row(params![box_id.as_bytes(), event.as_bytes()], feed_event).optional()?)
}

#[async_trait]
impl Feed for SqliteStore {
    async fn page(&self, query: FeedQuery) -> Result<FeedPage, StoreError> {
        self.read("read a page of the feed", move |conn| {
            snapshot(conn, |conn| page(conn, &query, Unit::Events))
        })
        .await
    }

    async fn page_by_documents(&self, query: FeedQuery) -> Result<FeedPage, StoreError> {
        self.read("read a page of docflow events", move |conn| {
            snapshot(conn, |conn| page(conn, &query, Unit::Documents))
        })
        .await
    }

    async fn event(&self, box_id: BoxId, event: EventId) -> Result<Option<FeedEvent>, StoreError> {
        self.read("read an event", move |conn| find(conn, box_id, event)).await
    }

    async fn last(&self, box_id: BoxId, filter: &FeedFilter) -> Result<Option<FeedEvent>, StoreError> {
        let filter = filter.clone();
        self.read("read the last event", move |conn| snapshot(conn, |conn| last(conn, box_id, &filter))).await
    }
}
