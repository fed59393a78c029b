//! Where the feed of a box stands.

use potok_types::BoxId;

use crate::{Failure, FeedStmt, Sql, args};

/// The newest row of a box's feed: where its key, counters and bounds stand.
#[derive(Clone, Copy, Debug)]
pub struct BoxHead {
    /// The newest key; `None` in a box without events.
    pub key: Option<i64>,
    /// Events so far.
    pub seq: i64,
    /// Those of letters.
    pub letters: i64,
    /// Those of drafts.
    pub drafts: i64,
    /// The largest time − key so far.
    pub max_lead: i64,
    /// The largest key − time so far.
    pub max_lag: i64,
}

impl BoxHead {
    /// The head of a box without events.
    pub const EMPTY: Self =
        Self { key: None, seq: 0, letters: 0, drafts: 0, max_lead: i64::MIN, max_lag: i64::MIN };

    /// Reads it.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn read(sql: &mut impl Sql, box_id: BoxId) -> Result<Self, Failure> {
        let args = args![box_id];
        let head = sql.row(FeedStmt::Newest, &args, |row| {
            Ok(Self {
                key: Some(row.get(0)?),
                seq: row.get(1)?,
                letters: row.get(2)?,
                drafts: row.get(3)?,
                max_lead: row.get(4)?,
                max_lag: row.get(5)?,
            })
        });
        Ok(head.await?.unwrap_or(Self::EMPTY))
    }
}
