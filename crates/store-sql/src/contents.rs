//! Names of contents, noted after the events that name them.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use futures_util::future::try_join_all;
use potok_store::stored::decode_event;
use potok_store::{ContentNames, LostNames, NamesPlace, StoreError};
use potok_types::{BoxId, ContentHash};

use crate::{Backend, Batch, ContentStmt, Failure, Sql, SqlStore, SqlWrite, Value, args};

/// What some events name.
#[derive(Clone, Debug, Default)]
struct Found {
    names: BTreeSet<(BoxId, ContentHash)>,
    /// The last of the events of each box.
    last_of: BTreeMap<BoxId, i64>,
    /// The last of all, in the order of the dialect.
    last: Option<NamesPlace>,
    /// There are no more events.
    is_end: bool,
}

/// Of events that a statement gives.
async fn find(
    sql: &mut impl Sql,
    stmt: ContentStmt,
    args: &[Value<'_>],
    limit: usize,
) -> Result<Found, Failure> {
    let rows =
        sql.rows(stmt, args, |row| Ok((row.get::<i64>(0)?, row.get::<BoxId>(1)?, row.get::<Vec<u8>>(2)?)));
    let rows = rows.await?;
    let mut found = Found { is_end: rows.len() < limit, ..Found::default() };
    for (id, box_id, stored) in rows {
        let event = decode_event(&stored)?;
        found.names.extend(event.contents().map(|content| (box_id, content.hash)));
        found.last_of.insert(box_id, id);
        found.last = Some(NamesPlace { box_id, event: id.unsigned_abs() });
    }
    Ok(found)
}

impl Found {
    fn names_by_box(&self) -> BTreeMap<BoxId, Vec<ContentHash>> {
        let mut names: BTreeMap<BoxId, Vec<ContentHash>> = BTreeMap::new();
        self.names.iter().for_each(|(box_id, hash)| names.entry(*box_id).or_default().push(*hash));
        names
    }
}

async fn note(sql: &mut impl SqlWrite, box_id: BoxId, names: &[ContentHash]) -> Result<(), Failure> {
    sql.enter(box_id).await?;
    let calls: Batch<'_> = names.iter().map(|hash| args![box_id, hash]).collect();
    sql.execute_each(ContentStmt::Note, &calls).await
}

async fn put_place(sql: &mut impl SqlWrite, box_id: BoxId, last: i64) -> Result<(), Failure> {
    sql.enter(box_id).await?;
    sql.execute(ContentStmt::PutPlace, &args![box_id, last]).await.map(drop)
}

async fn lost(sql: &mut impl Sql, after: NamesPlace, limit: usize) -> Result<LostNames, Failure> {
    let event = i64::try_from(after.event).unwrap_or(i64::MAX);
    let found = find(sql, ContentStmt::Noted, &args![after.box_id, event, limit], limit).await?;
    let names: Vec<(BoxId, ContentHash)> = found.names.into_iter().collect();
    let mut is_known = vec![false; names.len()];
    let questions: Batch<'_> = names.iter().map(|(box_id, hash)| args![*box_id, hash]).collect();
    for stmt in [ContentStmt::IsNotedOfBox, ContentStmt::IsInBox] {
        sql.each_of(stmt, &questions, |place, _| {
            is_known[place] = true;
            Ok(())
        })
        .await?;
    }
    // Each box has names of its own: when one of them forgets a content, the others have it.
    let lost = names.into_iter().zip(is_known).filter(|(_, is_known)| !is_known).map(|(it, _)| it);
    Ok(LostNames {
        names: lost.collect(),
        next: if found.is_end { None } else { found.last },
        is_ahead: found.is_end && sql.exists(ContentStmt::IsAhead, &[]).await?,
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
        let found = self.view("look for names of contents", limit.max(1), |sql, limit| {
            Box::pin(async move { find(sql, ContentStmt::Unnoted, &args![*limit], *limit).await })
        });
        let found = found.await?;
        let is_end = found.is_end;
        // A transaction of each box, all at once, so that a dialect may write them together; and no place before all names, for
        // a dialect may have one place for all boxes.
        let names = found.names_by_box().into_iter().map(|of_box| {
            self.rewrite("note names of contents", of_box, |session, (box_id, names)| {
                session.touches_nothing();
                Box::pin(note(&mut session.sql, *box_id, names))
            })
        });
        try_join_all(names).await?;
        let places = found.last_of.into_iter().map(|of_box| {
            self.rewrite("note names of contents", of_box, |session, (box_id, last)| {
                session.touches_nothing();
                Box::pin(put_place(&mut session.sql, *box_id, *last))
            })
        });
        try_join_all(places).await?;
        Ok(is_end)
    }

    async fn unnamed_contents(&self, hashes: &[ContentHash]) -> Result<Vec<ContentHash>, StoreError> {
        self.view("look for contents without a name", hashes.to_vec(), |sql, hashes| {
            Box::pin(unnamed(sql, hashes))
        })
        .await
    }

    async fn lost_content_names(&self, after: NamesPlace, limit: usize) -> Result<LostNames, StoreError> {
        self.view("look for lost names of contents", (after, limit.max(1)), |sql, (after, limit)| {
            Box::pin(lost(sql, *after, *limit))
        })
        .await
    }

    async fn put_content_names(&self, names: &[(BoxId, ContentHash)]) -> Result<(), StoreError> {
        self.rewrite("note names of contents again", names.to_vec(), |session, names| {
            session.touches_nothing();
            Box::pin(put_again(&mut session.sql, names))
        })
        .await
    }
}
