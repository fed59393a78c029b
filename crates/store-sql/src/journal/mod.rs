//! The journal.

mod append;
mod foresee;
mod repeat;

use async_trait::async_trait;
use bytes::Bytes;
use potok_domain::{DocumentRef, Revision};
use potok_store::{
    Append, AppendError, Appended, EventPlace, Journal, Operation, SmallContent, StoreError, StreamId,
    StreamKind, Wanted,
};
use potok_types::{BoxId, ContentHash};
use uuid::Uuid;

use crate::{Asking, Backend, Batch, Failure, JournalStmt, Row, Sql, SqlStore, args};
pub(crate) use append::revision;
pub use append::{Prepared, append};
pub use foresee::foresee;
pub use repeat::find_appended;

/// The stream whose kind is in `column` and whose id in the one after it.
pub(crate) fn stream_id(row: &dyn Row, column: usize) -> Result<StreamId, Failure> {
    Ok(StreamId { kind: StreamKind::new(row.get(column)?), id: row.get(column + 1)? })
}

/// What the operation did, if it was done before.
async fn find_operation(
    sql: &mut impl Sql,
    box_id: BoxId,
    operation: &Operation,
) -> Result<Option<EventPlace>, Failure> {
    let args = args![box_id, operation.method, &operation.id];
    let read = |row: &dyn Row| Ok(EventPlace { stream: stream_id(row, 0)?, event: row.get(2)? });
    sql.row(JournalStmt::Operation, &args, read).await
}

/// The stored forms of the wanted events.
async fn streams(
    sql: &mut impl Sql,
    box_id: BoxId,
    wanted: &[Wanted],
) -> Result<Vec<Option<Vec<Bytes>>>, Failure> {
    let questions: Batch<'_> = wanted
        .iter()
        .map(|Wanted { stream, after, up_to }| {
            args![box_id, stream.kind.number(), stream.id, after.0, up_to.0]
        })
        .collect();
    let mut found: Vec<Option<Vec<Bytes>>> = vec![None; wanted.len()];
    sql.each_of(JournalStmt::Events, &questions, |place, row| {
        let stored: Option<Vec<u8>> = row.get(1)?;
        found[place].get_or_insert_default().extend(stored.map(Bytes::from));
        Ok(())
    })
    .await?;
    Ok(found)
}

/// Pairs (base, referrer), oldest first.
async fn referrers(
    sql: &mut impl Sql,
    box_id: BoxId,
    bases: &[DocumentRef],
) -> Result<Vec<(DocumentRef, DocumentRef)>, Failure> {
    let questions: Batch<'_> =
        bases.iter().map(|base| args![box_id, base.message_id, base.entity_id]).collect();
    let mut found: Vec<(i64, DocumentRef, DocumentRef)> = Vec::new();
    sql.each_of(JournalStmt::Referrers, &questions, |place, row| {
        let referrer = DocumentRef { message_id: row.get(1)?, entity_id: row.get(2)? };
        found.push((row.get(0)?, bases[place], referrer));
        Ok(())
    })
    .await?;
    found.sort_by_key(|(id, ..)| *id);
    found.dedup_by_key(|(id, ..)| *id);
    Ok(found.into_iter().map(|(_, base, referrer)| (base, referrer)).collect())
}

async fn small_contents(
    sql: &mut impl Sql,
    box_id: BoxId,
    hashes: &[ContentHash],
) -> Result<Vec<SmallContent>, Failure> {
    let questions: Batch<'_> = hashes.iter().map(|hash| args![box_id, hash]).collect();
    let mut found = Vec::with_capacity(hashes.len());
    sql.each_of(JournalStmt::Content, &questions, |_, row| {
        found.push(SmallContent { hash: row.get(0)?, bytes: row.get::<Vec<u8>>(1)?.into() });
        Ok(())
    })
    .await?;
    Ok(found)
}

#[async_trait]
impl<B: Backend> Journal for SqlStore<B> {
    async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        const ACTION: &str = "append events";
        let prepared = Prepared::new(append).map_err(|failure| failure.during(ACTION))?;
        self.backend().append(prepared).await.map_err(|failure| failure.during(ACTION))?
    }

    async fn streams(&self, box_id: BoxId, wanted: &[Wanted]) -> Result<Vec<Option<Vec<Bytes>>>, StoreError> {
        const ACTION: &str = "read events";
        let work: Asking<B::Reader, (BoxId, Vec<Wanted>), Vec<Option<Vec<Bytes>>>> =
            |sql, (box_id, wanted)| Box::pin(streams(sql, *box_id, wanted));
        let asked = (box_id, wanted.to_vec());
        // Whether a copy has caught up costs as much as the end of one stream: only lists are worth that question.
        match wanted.len() {
            ..=1 => self.view(ACTION, asked, work).await,
            _ => self.view_of(ACTION, box_id, asked, work).await,
        }
    }

    async fn revision(&self, box_id: BoxId, stream: StreamId) -> Result<Revision, StoreError> {
        self.ask("read the revision of a stream", (box_id, stream), |sql, (box_id, stream)| {
            Box::pin(async move {
                let args = args![*box_id, stream.kind.number(), stream.id];
                let found = sql.row(JournalStmt::Revision, &args, revision).await?;
                Ok(found.flatten().unwrap_or(Revision(0)))
            })
        })
        .await
    }

    async fn stream_ids(
        &self,
        box_id: BoxId,
        kind: StreamKind,
        after: Uuid,
        limit: usize,
    ) -> Result<Vec<Uuid>, StoreError> {
        self.ask("list streams", (box_id, kind, after, limit), |sql, (box_id, kind, after, limit)| {
            Box::pin(async move {
                let args = args![*box_id, kind.number(), *after, *limit];
                sql.rows(JournalStmt::StreamIds, &args, |row| row.get(0)).await
            })
        })
        .await
    }

    async fn operation(
        &self,
        box_id: BoxId,
        operation: &Operation,
    ) -> Result<Option<EventPlace>, StoreError> {
        self.ask("find an operation", (box_id, operation.clone()), |sql, (box_id, operation)| {
            Box::pin(find_operation(sql, *box_id, operation))
        })
        .await
    }

    async fn referrers(
        &self,
        box_id: BoxId,
        bases: &[DocumentRef],
    ) -> Result<Vec<(DocumentRef, DocumentRef)>, StoreError> {
        self.ask("find referring documents", (box_id, bases.to_vec()), |sql, (box_id, bases)| {
            Box::pin(referrers(sql, *box_id, bases))
        })
        .await
    }

    async fn small_contents(
        &self,
        box_id: BoxId,
        hashes: &[ContentHash],
    ) -> Result<Vec<SmallContent>, StoreError> {
        self.ask("read contents", (box_id, hashes.to_vec()), |sql, (box_id, hashes)| {
            Box::pin(small_contents(sql, *box_id, hashes))
        })
        .await
    }
}
