//! Whether a box holds together, read row by row.

mod erased;

use std::collections::BTreeMap;

use async_trait::async_trait;
use potok_domain::Revision;
use potok_store::stored::decode_event;
use potok_store::{ContentsPage, Continuity, Erased, EventMark, EventsPage, Gap, StoreError, StreamKind};
use potok_types::{BoxId, ContentHash, ContentRef};

use crate::journal::stream_id;
use crate::{Backend, Batch, ContentStmt, ErasureStmt, Failure, RebuildStmt, Row, Sql, SqlStore, args};

/// Rows that are read together.
const PAGE: usize = 500;

async fn gaps(sql: &mut impl Sql, box_id: BoxId) -> Result<Vec<Gap>, Failure> {
    let args = args![box_id];
    let streams = sql.rows(RebuildStmt::StreamGaps, &args, |row| {
        let events: i64 = row.get(2)?;
        let (stream, revision) = (stream_id(row, 0)?, Revision(row.get(3)?));
        Ok(Gap::Stream { stream, events: events.unsigned_abs(), revision })
    });
    let mut gaps = streams.await?;
    let args = args![box_id, PAGE];
    gaps.extend(sql.rows(RebuildStmt::FeedGaps, &args, |row| Ok(Gap::Feed(row.get(0)?))).await?);
    gaps.extend(sql.rows(RebuildStmt::NotInFeed, &args, |row| Ok(Gap::NotInFeed(row.get(0)?))).await?);
    gaps.extend(erased::erased(sql, box_id).await?.gaps);
    Ok(gaps)
}

fn mark(row: &dyn Row, stored: ContentHash) -> Result<EventMark, Failure> {
    let (stream, revision) = (stream_id(row, 1)?, Revision(row.get(3)?));
    Ok(EventMark { stream, revision, event: row.get(4)?, key: row.get(0)?, stored })
}

async fn events(sql: &mut impl Sql, box_id: BoxId, after: i64) -> Result<EventsPage, Failure> {
    let args = args![box_id, after, PAGE];
    let rows = sql.rows(RebuildStmt::EventsBehind, &args, |row| {
        let stored: Vec<u8> = row.get(5)?;
        Ok((mark(row, ContentHash::of(&stored))?, Some(stored)))
    });
    let mut rows = rows.await?;
    // Each of the two pages has everything up to its last event, and so have the first of both together.
    rows.extend(sql.rows(ErasureStmt::Behind, &args, |row| Ok((mark(row, row.get(5)?)?, None))).await?);
    rows.sort_unstable_by_key(|(mark, _)| mark.key);
    rows.truncate(PAGE);
    let next = if rows.len() < PAGE { None } else { rows.last().map(|(mark, _)| mark.key.get()) };
    let mut page = EventsPage { next, ..EventsPage::default() };
    let mut named: BTreeMap<ContentHash, ContentRef> = BTreeMap::new();
    for (mark, stored) in rows {
        page.marks.push(mark);
        let Some(stored) = stored.filter(|_| mark.stream.kind == StreamKind::MESSAGE) else { continue };
        match decode_event(&stored) {
            Ok(event) => named.extend(event.contents().map(|content| (content.hash, content))),
            Err(_) => page.gaps.push(Gap::Event(mark.event)),
        }
    }
    let questions: Batch<'_> = named.keys().map(|hash| args![box_id, hash]).collect();
    let mut is_small = vec![false; named.len()];
    sql.each_of(ContentStmt::IsInBox, &questions, |place, _| {
        is_small[place] = true;
        Ok(())
    })
    .await?;
    page.large = named.into_values().zip(is_small).filter(|(_, small)| !small).map(|(it, _)| it).collect();
    Ok(page)
}

async fn small_contents(
    sql: &mut impl Sql,
    box_id: BoxId,
    after: Option<ContentHash>,
) -> Result<ContentsPage, Failure> {
    // Before every hash.
    let after = after.map_or_else(Vec::new, |hash| hash.as_bytes().to_vec());
    let args = args![box_id, &after[..], PAGE];
    let rows = sql.rows(RebuildStmt::SmallContents, &args, |row| {
        Ok((row.get::<ContentHash>(0)?, row.get::<Vec<u8>>(1)?))
    });
    let rows = rows.await?;
    let next = if rows.len() < PAGE { None } else { rows.last().map(|(hash, _)| *hash) };
    let damaged = rows.into_iter().filter(|(hash, bytes)| ContentHash::of(bytes) != *hash);
    Ok(ContentsPage { gaps: damaged.map(|(hash, _)| Gap::SmallContent(hash)).collect(), next })
}

#[async_trait]
impl<B: Backend> Continuity for SqlStore<B> {
    async fn gaps(&self, box_id: BoxId) -> Result<Vec<Gap>, StoreError> {
        self.view("look for gaps", box_id, |sql, box_id| Box::pin(gaps(sql, *box_id))).await
    }

    async fn erased(&self, box_id: BoxId) -> Result<Erased, StoreError> {
        self.view("look at what was erased", box_id, |sql, box_id| Box::pin(erased::erased(sql, *box_id)))
            .await
    }

    async fn events(&self, box_id: BoxId, after: i64) -> Result<EventsPage, StoreError> {
        self.view("read events", (box_id, after), |sql, (box_id, after)| {
            Box::pin(events(sql, *box_id, *after))
        })
        .await
    }

    async fn small_contents(
        &self,
        box_id: BoxId,
        after: Option<ContentHash>,
    ) -> Result<ContentsPage, StoreError> {
        self.view("read contents", (box_id, after), |sql, (box_id, after)| {
            Box::pin(small_contents(sql, *box_id, *after))
        })
        .await
    }
}
