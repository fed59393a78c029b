//! The feed of a box as a whole: places of events, and running totals.

use std::collections::HashMap;

use potok_domain::MessageType;
use potok_store::{Difference, FeedEntry};
use potok_types::{BoxId, EventId, IndexKey};

use crate::heads::BoxHead;
use crate::{Batch, Failure, FeedStmt, RebuildStmt, Row, Session, Sql, SqlWrite, args, feed};

/// Rows of the feed that are read at once.
const PIECE: usize = 1024;

/// Rows that are not what the feed adds up to.
#[derive(Default)]
pub(super) struct Differing {
    /// Keys with the totals that they should have.
    totals: Vec<(i64, Totals)>,
    /// Keys of rows that belong to no event.
    strays: Vec<i64>,
}

/// The running totals at one row.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Totals {
    seq: i64,
    letters: i64,
    drafts: i64,
    nth: i64,
    max_lead: i64,
    max_lag: i64,
}

impl Differing {
    pub(super) fn differences(&self) -> Vec<Difference> {
        let keys = self.totals.iter().map(|(key, _)| key).chain(&self.strays);
        let mut differences: Vec<Difference> =
            keys.map(|key| Difference::Totals(IndexKey::new(*key))).collect();
        differences.sort_unstable();
        differences
    }
}

/// Adds up the feed from its start.
pub(super) async fn differing(sql: &mut impl Sql, box_id: BoxId) -> Result<Differing, Failure> {
    let mut found = Differing::default();
    let mut head = BoxHead::EMPTY;
    let mut of_profiles: HashMap<i64, i64> = HashMap::new();
    let mut after = i64::MIN;
    loop {
        let mut seen = 0;
        sql.each(RebuildStmt::FeedRows, &args![box_id, after, PIECE], |row| {
            seen += 1;
            after = row.get(0)?;
            if row.get::<Option<i64>>(10)? != Some(after) {
                found.strays.push(after);
                return Ok(());
            }
            let nth = of_profiles.entry(row.get(3)?).or_default();
            *nth += 1;
            head.count(after, row.get(1)?, row.get(2)?);
            let BoxHead { seq, letters, drafts, max_lead, max_lag, .. } = head;
            let expected = Totals { seq, letters, drafts, nth: *nth, max_lead, max_lag };
            if totals(row)? != expected {
                found.totals.push((after, expected));
            }
            Ok(())
        })
        .await?;
        if seen < PIECE {
            return Ok(found);
        }
    }
}

fn totals(row: &dyn Row) -> Result<Totals, Failure> {
    Ok(Totals {
        seq: row.get(4)?,
        letters: row.get(5)?,
        drafts: row.get(6)?,
        nth: row.get(7)?,
        max_lead: row.get(8)?,
        max_lag: row.get(9)?,
    })
}

impl BoxHead {
    /// Counts one event more, of a kind of message that a row says.
    fn count(&mut self, key: i64, at: i64, message_type: i64) {
        self.seq += 1;
        self.letters += i64::from(message_type == i64::from(MessageType::Letter as i32));
        self.drafts += i64::from(message_type == i64::from(MessageType::Draft as i32));
        self.max_lead = self.max_lead.max(at.saturating_sub(key));
        self.max_lag = self.max_lag.max(key.saturating_sub(at));
    }
}

/// Gives `entries` their places, and adds the whole feed up again.
pub(crate) async fn put_right<S: SqlWrite>(
    session: &mut Session<S>,
    box_id: BoxId,
    entries: &[(EventId, FeedEntry)],
) -> Result<Vec<Difference>, Failure> {
    let sql = &mut session.sql;
    sql.enter(box_id).await?;
    for (event, entry) in entries {
        put_entry(sql, box_id, *event, entry).await?;
    }
    let found = differing(sql, box_id).await?;
    let strays: Batch<'_> = found.strays.iter().map(|key| args![box_id, *key]).collect();
    sql.execute_each(RebuildStmt::DeleteFeedRow, &strays).await?;
    let totals: Batch<'_> = found
        .totals
        .iter()
        .map(|(key, it)| args![box_id, *key, it.seq, it.letters, it.drafts, it.nth, it.max_lead, it.max_lag])
        .collect();
    sql.execute_each(RebuildStmt::ReplaceTotals, &totals).await?;
    // What was remembered of the box has been counted anew.
    session.heads.clear();
    Ok(found.differences())
}

/// The row of an event; its totals are added up afterwards.
async fn put_entry(
    sql: &mut impl SqlWrite,
    box_id: BoxId,
    event: EventId,
    entry: &FeedEntry,
) -> Result<(), Failure> {
    let read = |row: &dyn Row| Ok((row.get(0)?, row.get(1)?));
    let found: Option<(i64, i64)> = sql.row(RebuildStmt::EventRow, &args![box_id, event], read).await?;
    let Some((id, key)) = found else { return Ok(()) };
    let profile = feed::put_profile(sql, box_id, entry).await?;
    sql.execute(RebuildStmt::DeleteFeedRow, &args![box_id, key]).await?;
    let (at, kind) = (entry.at, entry.message_type as i32);
    let args = args![box_id, key, id, at, kind, profile, 0_i64, 0_i64, 0_i64, 0_i64, 0_i64, 0_i64];
    sql.execute(FeedStmt::Insert, &args).await.map(drop)
}
