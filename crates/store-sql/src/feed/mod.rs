//! Reading the feed. Every page and every count starts with a search in an index, so that the end of a long feed costs
//! what its start costs.

mod scan;
mod selection;
mod write;

use async_trait::async_trait;
use potok_domain::query::{FeedFilter, FeedOrder};
use potok_store::{Feed, FeedEvent, FeedPage, FeedQuery, StoreError};
use potok_types::limits::FEED_PAGE_BYTES;
use potok_types::{BoxId, EventId};

use crate::{Backend, Batch, Failure, FeedStmt, Row, Sql, SqlStore, args};
use scan::{Scan, Window};
use selection::Unit;
pub(crate) use write::{insert, profile_digest, profile_of, put_profile};

/// The page after the bookmark, counted in `unit`.
async fn page(sql: &mut impl Sql, query: &FeedQuery, unit: Unit) -> Result<FeedPage, Failure> {
    let Some(window) = Window::behind(query.after, query.order) else {
        return Ok(FeedPage { events: Vec::new(), total: 0, is_exact: true });
    };
    let scan = Scan::new(sql, query.box_id, &query.filter, window, unit).await?;
    let counted = scan.count(sql, query.count_up_to.saturating_add(1)).await?;
    if scan.is_of_everything() {
        let events = read_page(sql, query, window, counted).await?;
        return Ok(FeedPage {
            events,
            total: counted.min(query.count_up_to),
            is_exact: counted <= query.count_up_to,
        });
    }
    let rows = scan.rows(sql, query.order, query.limit, counted).await?;
    let events = match unit {
        Unit::Events => read_up_to(sql, query.box_id, &rows, FEED_PAGE_BYTES).await?,
        Unit::Documents => read(sql, query.box_id, &rows).await?,
    };
    Ok(FeedPage { events, total: counted.min(query.count_up_to), is_exact: counted <= query.count_up_to })
}

/// The newest event that matches.
async fn last(sql: &mut impl Sql, box_id: BoxId, filter: &FeedFilter) -> Result<Option<FeedEvent>, Failure> {
    /// Enough to judge whether the events are rare.
    const COUNT_UP_TO: u64 = 1000;
    let scan = Scan::new(sql, box_id, filter, Window::ALL, Unit::Events).await?;
    let counted = scan.count(sql, COUNT_UP_TO).await?;
    let rows = scan.rows(sql, FeedOrder::Descending, 1, counted).await?;
    Ok(read(sql, box_id, &rows).await?.pop())
}

/// The event `event` of the box.
async fn find(sql: &mut impl Sql, box_id: BoxId, event: EventId) -> Result<Option<FeedEvent>, Failure> {
    let args = args![box_id, event];
    match sql.row(FeedStmt::FirstEvent, &args, feed_event).await? {
        Some(first) => Ok(Some(first)),
        None => sql.row(FeedStmt::LaterEvent, &args, feed_event).await,
    }
}

/// The events of a page whose filter lets everything through, by one statement: most pages are of this kind.
async fn read_page(
    sql: &mut impl Sql,
    query: &FeedQuery,
    window: Window,
    counted: u64,
) -> Result<Vec<FeedEvent>, Failure> {
    if counted == 0 || query.limit == 0 {
        return Ok(Vec::new());
    }
    let stmt = match query.order {
        FeedOrder::Ascending => FeedStmt::Page,
        FeedOrder::Descending => FeedStmt::PageDescending,
    };
    let (low, high) = window.bounds();
    let mut events: Vec<FeedEvent> = Vec::with_capacity(query.limit.min(counted as usize));
    let (mut bytes, mut is_full) = (0, false);
    sql.each(stmt, &args![query.box_id, low, high, query.limit], |row| {
        // What does not fit is stepped over, and its bytes are not even looked for.
        if !is_full {
            let event = feed_event(row)?;
            bytes += event.box_event.len();
            is_full = bytes > FEED_PAGE_BYTES && !events.is_empty();
            events.extend((!is_full).then_some(event));
        }
        Ok(())
    })
    .await?;
    Ok(events)
}

/// Events that are read before their size is looked at.
const AT_ONCE: usize = 8;

/// The first of these events, until they have `most_bytes` together; at least one.
async fn read_up_to(
    sql: &mut impl Sql,
    box_id: BoxId,
    rows: &[i64],
    most_bytes: usize,
) -> Result<Vec<FeedEvent>, Failure> {
    let mut events: Vec<FeedEvent> = Vec::with_capacity(rows.len());
    let mut bytes = 0;
    for rows in rows.chunks(AT_ONCE) {
        for event in read(sql, box_id, rows).await? {
            bytes += event.box_event.len();
            if bytes > most_bytes && !events.is_empty() {
                return Ok(events);
            }
            events.push(event);
        }
    }
    Ok(events)
}

/// The events whose rows in the journal are `rows`.
async fn read(sql: &mut impl Sql, box_id: BoxId, rows: &[i64]) -> Result<Vec<FeedEvent>, Failure> {
    let questions: Batch<'_> = rows.iter().map(|row| args![box_id, *row]).collect();
    let mut events = Vec::with_capacity(rows.len());
    sql.each_of(FeedStmt::Event, &questions, |_, row| {
        events.push(feed_event(row)?);
        Ok(())
    })
    .await?;
    Ok(events)
}

fn feed_event(row: &dyn Row) -> Result<FeedEvent, Failure> {
    Ok(FeedEvent {
        key: row.get(0)?,
        event_id: row.get(1)?,
        message_id: row.get(2)?,
        box_event: row.get::<Vec<u8>>(3)?.into(),
    })
}

#[async_trait]
impl<B: Backend> Feed for SqlStore<B> {
    async fn page(&self, query: FeedQuery) -> Result<FeedPage, StoreError> {
        self.view_of("read a page of the feed", query.box_id, query, |sql, query| {
            Box::pin(page(sql, query, Unit::Events))
        })
        .await
    }

    async fn page_by_documents(&self, query: FeedQuery) -> Result<FeedPage, StoreError> {
        self.view_of("read a page of docflow events", query.box_id, query, |sql, query| {
            Box::pin(page(sql, query, Unit::Documents))
        })
        .await
    }

    async fn event(&self, box_id: BoxId, event: EventId) -> Result<Option<FeedEvent>, StoreError> {
        self.ask("read an event", (box_id, event), |sql, (box_id, event)| {
            Box::pin(find(sql, *box_id, *event))
        })
        .await
    }

    async fn last(&self, box_id: BoxId, filter: &FeedFilter) -> Result<Option<FeedEvent>, StoreError> {
        self.view_of("read the last event", box_id, (box_id, filter.clone()), |sql, (box_id, filter)| {
            Box::pin(last(sql, *box_id, filter))
        })
        .await
    }
}
