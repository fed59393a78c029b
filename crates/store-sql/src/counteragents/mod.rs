//! The list of counteragents.

mod compare;
mod page;
mod tasks;

use async_trait::async_trait;
use bytes::Bytes;
use potok_store::{
    Counteragent, CounteragentPage, CounteragentQuery, CounteragentRow, Counteragents, Difference, StoreError,
};
use potok_types::{BoxId, IndexKey};

use crate::{Backend, Batch, CounteragentStmt, Failure, Row, Sql, SqlStore, SqlWrite, args};

/// The event that put a box where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) key: IndexKey,
    /// Its row in the journal.
    pub(crate) event: i64,
}

/// Writes where a box stands now.
pub(crate) async fn put(
    sql: &mut impl SqlWrite,
    box_id: BoxId,
    counteragent: BoxId,
    row: CounteragentRow,
    place: Place,
) -> Result<(), Failure> {
    match row.status {
        Some(status) => {
            let args = args![box_id, counteragent, place.key, place.event, status as i32, row.group];
            sql.put(CounteragentStmt::Put, &args).await
        }
        None => sql.execute(CounteragentStmt::Delete, &args![box_id, counteragent]).await.map(drop),
    }
}

fn counteragent(row: &dyn Row) -> Result<Counteragent, Failure> {
    Ok(Counteragent {
        box_id: row.get(0)?,
        key: row.get(1)?,
        last_event: Bytes::from(row.get::<Vec<u8>>(2)?),
    })
}

async fn all_of(
    sql: &mut impl Sql,
    box_id: BoxId,
    others: &[BoxId],
) -> Result<Vec<Option<Counteragent>>, Failure> {
    let questions: Batch<'_> = others.iter().map(|other| args![box_id, *other]).collect();
    let mut found = vec![None; others.len()];
    sql.each_of(CounteragentStmt::One, &questions, |place, row| {
        found[place] = Some(counteragent(row)?);
        Ok(())
    })
    .await?;
    Ok(found)
}

impl<B: Backend> SqlStore<B> {
    /// See [`potok_store::ReadModels::compare_counteragents`].
    pub(crate) async fn compare_places(
        &self,
        box_id: BoxId,
        after: Option<BoxId>,
        is_put_right: bool,
    ) -> Result<(Vec<Difference>, Option<BoxId>), StoreError> {
        if is_put_right {
            self.rewrite("put counteragents right", (box_id, after), |session, (box_id, after)| {
                Box::pin(compare::put_right(&mut session.sql, *box_id, *after))
            })
            .await
        } else {
            self.view("compare counteragents", (box_id, after), |sql, (box_id, after)| {
                Box::pin(async move {
                    let (differing, next) = compare::compare(sql, *box_id, *after).await?;
                    Ok((differing.iter().map(compare::Differing::difference).collect(), next))
                })
            })
            .await
        }
    }
}

#[async_trait]
impl<B: Backend> Counteragents for SqlStore<B> {
    async fn counteragent(&self, box_id: BoxId, other: BoxId) -> Result<Option<Counteragent>, StoreError> {
        self.ask("find a counteragent", (box_id, other), |sql, (box_id, other)| {
            Box::pin(
                async move { sql.row(CounteragentStmt::One, &args![*box_id, *other], counteragent).await },
            )
        })
        .await
    }

    async fn counteragents_of(
        &self,
        box_id: BoxId,
        others: &[BoxId],
    ) -> Result<Vec<Option<Counteragent>>, StoreError> {
        self.ask("find counteragents", (box_id, others.to_vec()), |sql, (box_id, others)| {
            Box::pin(all_of(sql, *box_id, others))
        })
        .await
    }

    async fn counteragents(&self, query: CounteragentQuery) -> Result<CounteragentPage, StoreError> {
        self.view_of("list counteragents", query.box_id, query, |sql, query| Box::pin(page::page(sql, query)))
            .await
    }
}
