//! Names of contents, noted after the events that name them.

use std::collections::BTreeSet;

use async_trait::async_trait;
use potok_store::stored::decode_event;
use potok_store::{ContentNames, StoreError};
use potok_types::{BoxId, ContentHash};

use crate::{Backend, Batch, ContentStmt, Failure, Sql, SqlStore, SqlWrite, args};

/// What the next events of the journal name.
#[derive(Clone, Debug, Default)]
struct Found {
    /// The number of the row of the last event that was noted before.
    from: i64,
    /// The same after these.
    to: i64,
    names: BTreeSet<(BoxId, ContentHash)>,
    /// There are no more events.
    is_end: bool,
}

async fn find(sql: &mut impl Sql, limit: usize) -> Result<Found, Failure> {
    let from = sql.row(ContentStmt::Place, &[], |row| row.get::<i64>(0)).await?.unwrap_or_default();
    let args = args![from, limit];
    let rows = sql.rows(ContentStmt::EventsAfter, &args, |row| {
        Ok((row.get::<i64>(0)?, row.get::<BoxId>(1)?, row.get::<Vec<u8>>(2)?))
    });
    let rows = rows.await?;
    let mut found = Found { from, to: from, is_end: rows.len() < limit, ..Found::default() };
    for (id, box_id, stored) in rows {
        let event = decode_event(&stored)?;
        found.names.extend(event.contents().map(|content| (box_id, content.hash)));
        found.to = id;
    }
    Ok(found)
}

/// Notes what was found, unless somebody else did meanwhile.
async fn note(sql: &mut impl SqlWrite, found: &Found) -> Result<(), Failure> {
    let from = sql.row(ContentStmt::Place, &[], |row| row.get::<i64>(0)).await?.unwrap_or_default();
    if from != found.from {
        return Ok(());
    }
    let calls: Batch<'_> = found.names.iter().map(|(box_id, hash)| args![*box_id, hash]).collect();
    sql.execute_each(ContentStmt::Note, &calls).await?;
    sql.execute(ContentStmt::PutPlace, &args![found.to]).await.map(drop)
}

async fn unnamed(sql: &mut impl Sql, hashes: &[ContentHash]) -> Result<Vec<ContentHash>, Failure> {
    let questions: Batch<'_> = hashes.iter().map(|hash| args![hash]).collect();
    let mut is_named = vec![false; hashes.len()];
    for stmt in [ContentStmt::IsNoted, ContentStmt::IsOnShelf] {
        sql.each_of(stmt, &questions, |place, _| {
            is_named[place] = true;
            Ok(())
        })
        .await?;
    }
    Ok(hashes.iter().zip(is_named).filter(|(_, is_named)| !is_named).map(|(hash, _)| *hash).collect())
}

#[async_trait]
impl<B: Backend> ContentNames for SqlStore<B> {
    async fn note_content_names(&self, limit: usize) -> Result<bool, StoreError> {
        let found =
            self.view("look for names of contents", limit.max(1), |sql, limit| Box::pin(find(sql, *limit)));
        let found = found.await?;
        let is_end = found.is_end;
        if found.to != found.from {
            self.write("note names of contents", found, |session, found| {
                Box::pin(note(&mut session.sql, found))
            })
            .await?;
        }
        Ok(is_end)
    }

    async fn unnamed_contents(&self, hashes: &[ContentHash]) -> Result<Vec<ContentHash>, StoreError> {
        self.view("look for contents without a name", hashes.to_vec(), |sql, hashes| {
            Box::pin(unnamed(sql, hashes))
        })
        .await
    }
}
