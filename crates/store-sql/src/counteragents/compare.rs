//! Where boxes stand in the list, compared with the last events of their relations.

use std::collections::BTreeMap;

use potok_domain::relation::Told;
use potok_store::stored::decode_relation_event;
use potok_store::{CounteragentRow, Difference};
use potok_types::{BoxId, EventId, GroupId, IndexKey};
use uuid::Uuid;

use super::{Place, put};
use crate::{Batch, CounteragentStmt, Failure, RebuildStmt, Sql, SqlWrite, Value, args};

/// Boxes that are compared together.
const PIECE: usize = 256;

/// A row that is not as it should be.
pub(super) enum Differing {
    /// This box stands elsewhere.
    Elsewhere(BoxId, CounteragentRow, Place),
    /// This box stands there, and has no relation.
    Alone(BoxId),
    /// What stands there is no id of a box.
    Nobody(Vec<u8>),
    /// This event, in this row of the journal, has something ready that nobody made.
    OddlyReady(i64, EventId),
}

impl Differing {
    pub(super) const fn difference(&self) -> Difference {
        match self {
            Self::Elsewhere(counteragent, ..) | Self::Alone(counteragent) => {
                Difference::Counteragent(*counteragent)
            }
            Self::Nobody(_) => Difference::Counteragent(BoxId::ZERO),
            Self::OddlyReady(_, event) => Difference::Ready(*event),
        }
    }
}

/// What is kept, however wrong it is.
type Kept = (Option<IndexKey>, Option<i64>, Option<i32>, Option<GroupId>);

/// A piece of the list behind `after`, with the box after which to go on.
pub(super) async fn compare(
    sql: &mut impl Sql,
    box_id: BoxId,
    after: Option<BoxId>,
) -> Result<(Vec<Differing>, Option<BoxId>), Failure> {
    let args = args![box_id, after.map_or(Value::Bytes(&[]), Value::from), PIECE];
    let relations: Vec<BoxId> = sql.rows(CounteragentStmt::Relations, &args, |row| row.get(0)).await?;
    let mut is_cut = relations.len() == PIECE;
    let mut kept: BTreeMap<BoxId, Kept> = BTreeMap::new();
    let (mut rows, mut differing) = (0, Vec::new());
    if after.is_none() {
        sql.each(CounteragentStmt::OddlyReady, &args![box_id], |row| {
            differing.push(Differing::OddlyReady(row.get(0)?, row.get(1)?));
            Ok(())
        })
        .await?;
    }
    sql.each(CounteragentStmt::Rows, &args, |row| {
        rows += 1;
        let Ok(id) = row.get::<Uuid>(0) else {
            differing.push(Differing::Nobody(row.get(0)?));
            return Ok(());
        };
        let place = (row.get(1).ok(), row.get(2).ok(), row.get(3).ok(), row.get(4).ok());
        kept.insert(BoxId::from_uuid(id), place);
        Ok(())
    })
    .await?;
    // Of two lists the one that was cut off earlier says how far both were read.
    let mut last = relations.last().copied().filter(|_| is_cut);
    if rows == PIECE {
        is_cut = true;
        let furthest = kept.keys().last().copied();
        last = last.into_iter().chain(furthest).min();
    }
    let is_read = |other: &BoxId| last.is_none_or(|last| *other <= last);
    let relations: Vec<BoxId> = relations.into_iter().filter(is_read).collect();
    kept.retain(|other, _| is_read(other));
    let expected = expected(sql, box_id, &relations).await?;
    for (counteragent, (row, place)) in expected {
        let found = kept.remove(&counteragent);
        let wanted: Option<Kept> = row
            .status
            .map(|status| (Some(place.key), Some(place.event), Some(status as i32), Some(row.group)));
        if found != wanted {
            differing.push(Differing::Elsewhere(counteragent, row, place));
        }
    }
    differing.extend(kept.into_keys().map(Differing::Alone));
    Ok((differing, last.filter(|_| is_cut)))
}

async fn expected(
    sql: &mut impl Sql,
    box_id: BoxId,
    relations: &[BoxId],
) -> Result<Vec<(BoxId, (CounteragentRow, Place))>, Failure> {
    let questions: Batch<'_> = relations.iter().map(|other| args![box_id, *other]).collect();
    let mut expected = Vec::with_capacity(relations.len());
    sql.each_of(CounteragentStmt::LastEvent, &questions, |nth, row| {
        let place = Place { event: row.get(0)?, key: row.get(1)? };
        let told: Told = decode_relation_event(row.get(2)?)
            .map_err(|error| Failure::Invalid(format!("the relation to box {}: {error}", relations[nth])))?
            .told;
        expected.push((relations[nth], (CounteragentRow::from(&told), place)));
        Ok(())
    })
    .await?;
    Ok(expected)
}

pub(super) async fn put_right(
    sql: &mut impl SqlWrite,
    box_id: BoxId,
    after: Option<BoxId>,
) -> Result<(Vec<Difference>, Option<BoxId>), Failure> {
    sql.enter(box_id).await?;
    let (differing, next) = compare(sql, box_id, after).await?;
    for it in &differing {
        let gone = match it {
            Differing::Elsewhere(counteragent, row, place) => {
                put(sql, box_id, *counteragent, *row, *place).await?;
                continue;
            }
            Differing::OddlyReady(row, _) => {
                sql.execute(RebuildStmt::ReplaceReady, &args![box_id, *row, Value::Bytes(&[])]).await?;
                continue;
            }
            Differing::Alone(counteragent) => Value::from(*counteragent),
            Differing::Nobody(bytes) => Value::from(bytes),
        };
        sql.execute(CounteragentStmt::Delete, &args![box_id, gone]).await?;
    }
    Ok((differing.iter().map(Differing::difference).collect(), next))
}
