//! Names of contents, noted after the events that name them.

use std::collections::BTreeSet;

use async_trait::async_trait;
use potok_store::stored::decode_event;
use potok_store::{ContentNames, LostNames, StoreError};
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

async fn place(sql: &mut impl Sql) -> Result<i64, Failure> {
    Ok(sql.row(ContentStmt::Place, &[], |row| row.get::<i64>(0)).await?.unwrap_or_default())
}

async fn find(sql: &mut impl Sql, limit: usize) -> Result<Found, Failure> {
    let from = place(sql).await?;
    find_between(sql, (from, i64::MAX), limit).await
}

/// Of the events behind the row `from`, up to the row `until`.
async fn find_between(sql: &mut impl Sql, (from, until): (i64, i64), limit: usize) -> Result<Found, Failure> {
    let args = args![from, limit];
    let rows = sql.rows(ContentStmt::EventsAfter, &args, |row| {
        Ok((row.get::<i64>(0)?, row.get::<BoxId>(1)?, row.get::<Vec<u8>>(2)?))
    });
    let rows = rows.await?;
    let mut found = Found { from, to: from, is_end: rows.len() < limit, ..Found::default() };
    for (id, box_id, stored) in rows {
        if id > until {
            found.is_end = true;
            break;
        }
        let event = decode_event(&stored)?;
        found.names.extend(event.contents().map(|content| (box_id, content.hash)));
        found.to = id;
    }
    Ok(found)
}

/// Notes what was found, unless somebody else did meanwhile.
async fn note(sql: &mut impl SqlWrite, found: &Found) -> Result<(), Failure> {
    if place(sql).await? != found.from {
        return Ok(());
    }
    let calls: Batch<'_> = found.names.iter().map(|(box_id, hash)| args![*box_id, hash]).collect();
    sql.execute_each(ContentStmt::Note, &calls).await?;
    sql.execute(ContentStmt::PutPlace, &args![found.to]).await.map(drop)
}

async fn lost(sql: &mut impl Sql, after: i64, limit: usize) -> Result<LostNames, Failure> {
    let noted = place(sql).await?;
    let last = sql.row(ContentStmt::LastEvent, &[], |row| row.get::<i64>(0)).await?;
    let found = find_between(sql, (after, noted), limit).await?;
    let names: Vec<(BoxId, ContentHash)> = found.names.into_iter().collect();
    let mut is_known = vec![false; names.len()];
    let by_name: Batch<'_> = names.iter().map(|(_, hash)| args![hash]).collect();
    let in_box: Batch<'_> = names.iter().map(|(box_id, hash)| args![*box_id, hash]).collect();
    for (stmt, questions) in [(ContentStmt::IsNoted, &by_name), (ContentStmt::IsInBox, &in_box)] {
        sql.each_of(stmt, questions, |place, _| {
            is_known[place] = true;
            Ok(())
        })
        .await?;
    }
    let mut lost: Vec<(BoxId, ContentHash)> =
        names.into_iter().zip(is_known).filter(|(_, is_known)| !is_known).map(|(it, _)| it).collect();
    // The same content may be named in several boxes, and one name is enough.
    lost.sort_unstable_by_key(|(_, hash)| *hash);
    lost.dedup_by_key(|(_, hash)| *hash);
    Ok(LostNames {
        names: lost,
        next: if found.is_end { None } else { u64::try_from(found.to).ok() },
        is_ahead: found.is_end && noted > last.unwrap_or_default(),
    })
}

async fn put_again(sql: &mut impl SqlWrite, names: &[(BoxId, ContentHash)]) -> Result<(), Failure> {
    let calls: Batch<'_> = names.iter().map(|(box_id, hash)| args![*box_id, hash]).collect();
    sql.execute_each(ContentStmt::Note, &calls).await?;
    sql.execute(ContentStmt::HoldPlace, &[]).await.map(drop)
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
                session.touches_nothing();
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

    async fn lost_content_names(&self, after: u64, limit: usize) -> Result<LostNames, StoreError> {
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        self.view("look for lost names of contents", (after, limit.max(1)), |sql, (after, limit)| {
            Box::pin(lost(sql, *after, *limit))
        })
        .await
    }

    async fn put_content_names(&self, names: &[(BoxId, ContentHash)]) -> Result<(), StoreError> {
        self.write("note names of contents again", names.to_vec(), |session, names| {
            session.touches_nothing();
            Box::pin(put_again(&mut session.sql, names))
        })
        .await
    }
}
