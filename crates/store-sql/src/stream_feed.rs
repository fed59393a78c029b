//! The events of all streams of a kind, by their keys.

use async_trait::async_trait;
use bytes::Bytes;
use potok_domain::query::FeedOrder;
use potok_store::{StoreError, StreamFeed, StreamFeedEvent, StreamFeedPage, StreamFeedQuery};

use crate::{Backend, Failure, JournalStmt, Sql, SqlStore, args};

async fn page(sql: &mut impl Sql, query: &StreamFeedQuery) -> Result<StreamFeedPage, Failure> {
    let (after, up_to) = query.range();
    let statement = match query.order {
        FeedOrder::Ascending => JournalStmt::OfKind,
        FeedOrder::Descending => JournalStmt::OfKindBackwards,
    };
    let kind = query.kind.number();
    let events = sql
        .rows(statement, &args![query.box_id, kind, after, up_to, query.limit], |row| {
            let stored = Bytes::from(row.get::<Vec<u8>>(2)?);
            Ok(StreamFeedEvent { key: row.get(0)?, stream: row.get(1)?, stored })
        })
        .await?;
    let counted = i64::try_from(query.count_up_to).unwrap_or(i64::MAX - 1);
    let asked = args![query.box_id, kind, after, up_to, counted + 1];
    let count: Option<i64> = sql.row(JournalStmt::CountOfKind, &asked, |row| row.get(0)).await?;
    let count = count.unwrap_or(0);
    Ok(StreamFeedPage { events, total: count.min(counted).unsigned_abs(), is_exact: count <= counted })
}

#[async_trait]
impl<B: Backend> StreamFeed for SqlStore<B> {
    async fn stream_events(&self, query: StreamFeedQuery) -> Result<StreamFeedPage, StoreError> {
        self.view_of("list events of streams", query.box_id, query, |sql, query| Box::pin(page(sql, query)))
            .await
    }
}
