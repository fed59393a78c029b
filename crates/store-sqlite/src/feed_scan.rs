//! Counting and finding the events of a filter in a part of the feed.

use potok_domain::MessageType;
use potok_store::{FeedFilter, FeedOrder};
use potok_types::{BoxId, IndexKey};
use rusqlite::{CachedStatement, Connection, OptionalExtension as _, params};

use crate::failure::Failure;
use crate::heads::read_box;
use crate::profile::{Selection, Unit, of_message_types};

/// More profiles than this are counted by walking the feed, which is then dense with their events.
const COUNTED_APART: usize = 2000;
/// Walking past this many rows for one page is worth asking which profiles are wanted.
const LONG_WALK: u64 = 5000;

/// A closed range of keys.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    low: i64,
    high: i64,
}

impl Window {
    /// The whole feed.
    pub(crate) const ALL: Self = Self { low: i64::MIN, high: i64::MAX };

    /// What follows a bookmark; `None` when nothing can.
    pub(crate) fn behind(after: Option<IndexKey>, order: FeedOrder) -> Option<Self> {
        let Some(after) = after.map(IndexKey::get) else { return Some(Self::ALL) };
        match order {
            FeedOrder::Ascending => after.checked_add(1).map(|low| Self { low, ..Self::ALL }),
            FeedOrder::Descending => after.checked_sub(1).map(|high| Self { high, ..Self::ALL }),
        }
    }

    fn within(self, other: Self) -> Self {
        Self { low: self.low.max(other.low), high: self.high.min(other.high) }
    }

    fn is_empty(self) -> bool {
        self.low > self.high
    }
}

/// A filter over a part of the feed of a box.
pub(crate) struct Scan<'c> {
    conn: &'c Connection,
    box_id: BoxId,
    selection: Selection,
    /// Event times, inclusive.
    from: i64,
    to: i64,
    /// Where matching events can be at all.
    window: Window,
    /// Where the times of all events lie within the bounds, so that times need not be looked at.
    certain: Window,
}

/// Running totals of a box at one place of its feed.
#[derive(Clone, Copy, Default)]
struct Totals {
    seq: i64,
    letters: i64,
    drafts: i64,
}

impl<'c> Scan<'c> {
    pub(crate) fn new(
        conn: &'c Connection,
        box_id: BoxId,
        filter: &FeedFilter,
        window: Window,
        unit: Unit,
    ) -> Result<Self, Failure> {
        let selection = Selection::of(conn, box_id, filter, unit)?;
        let mut scan = Self {
            conn,
            box_id,
            selection,
            from: filter.from.map_or(i64::MIN, |ticks| ticks.get()),
            to: filter.to.map_or(i64::MAX, |ticks| ticks.get()),
            window,
            certain: window,
        };
        if filter.from.is_some() || filter.to.is_some() {
            scan.bound_by_time()?;
        }
        Ok(scan)
    }

    /// An event's time and key differ by at most what was ever seen in the box: `key - max_lag ≤ at ≤ key + max_lead`.
    /// So bounds on times are bounds on keys, but for two narrow strips where each time has to be looked at.
    fn bound_by_time(&mut self) -> Result<(), Failure> {
        let head = read_box(self.conn, self.box_id)?;
        let mut possible = Window::ALL;
        let mut certain = Window::ALL;
        if self.from > i64::MIN {
            possible.low = self.from.saturating_sub(head.max_lead);
            certain.low = self.from.saturating_add(head.max_lag);
        }
        if self.to < i64::MAX {
            possible.high = self.to.saturating_add(head.max_lag);
            certain.high = self.to.saturating_sub(head.max_lead);
        }
        self.window = self.window.within(possible);
        self.certain = self.window.within(certain);
        Ok(())
    }

    /// How many match; `enough` or more when they are at least that many.
    pub(crate) fn count(&self, enough: u64) -> Result<u64, Failure> {
        if self.window.is_empty() {
            return Ok(0);
        }
        if self.certain.is_empty() {
            return self.count_one_by_one(self.window, enough);
        }
        let mut count = self.count_certain(enough)?;
        let Window { low, high } = self.window;
        let strips = [
            Window { low, high: self.certain.low.saturating_sub(1) },
            Window { low: self.certain.high.saturating_add(1), high },
        ];
        for (strip, is_there) in strips.into_iter().zip([low < self.certain.low, self.certain.high < high]) {
            if is_there && count < enough {
                count += self.count_one_by_one(strip, enough - count)?;
            }
        }
        Ok(count)
    }

    fn count_certain(&self, enough: u64) -> Result<u64, Failure> {
        match &self.selection {
            Selection::All => Ok(self.totals(self.certain)?.seq.unsigned_abs()),
            Selection::MessageTypes(types) => {
                let totals = self.totals(self.certain)?;
                let of_type = |wanted: MessageType| match wanted {
                    MessageType::Letter => totals.letters,
                    MessageType::Draft => totals.drafts,
                    MessageType::Template => totals.seq - totals.letters - totals.drafts,
                };
                let all = [MessageType::Letter, MessageType::Draft, MessageType::Template];
                let count: i64 = all.into_iter().filter(|kind| types.contains(kind)).map(of_type).sum();
                Ok(count.unsigned_abs())
            }
            Selection::Profiles(profiles) if profiles.len() <= COUNTED_APART => {
                let mut statement = self.conn.prepare_cached(
                    "SELECT nth FROM feed INDEXED BY feed_by_profile
                     WHERE box_id = ?1 AND profile = ?2 AND key <= ?3 ORDER BY key DESC LIMIT 1",
                )?;
                let mut up_to = |profile: i64, key: i64| -> Result<i64, Failure> {
                    let nth = statement
                        .query_row(params![self.box_id.as_bytes(), profile, key], |row| row.get(0))
                        .optional()?;
                    Ok(nth.unwrap_or(0))
                };
                let mut count = 0;
                for &(profile, weight) in profiles {
                    let mut events = up_to(profile, self.certain.high)?;
                    if let Some(before) = self.certain.low.checked_sub(1) {
                        events -= up_to(profile, before)?;
                    }
                    count += events.unsigned_abs() * weight;
                }
                Ok(count)
            }
            Selection::Profiles(_) => self.count_one_by_one(self.certain, enough),
        }
    }

    fn count_one_by_one(&self, window: Window, enough: u64) -> Result<u64, Failure> {
        let mut count = 0;
        self.walk(window, FeedOrder::Ascending, |_, weight| {
            count += weight;
            count < enough
        })?;
        Ok(count)
    }

    /// Totals of the events in `window`.
    fn totals(&self, window: Window) -> Result<Totals, Failure> {
        let mut statement = self.conn.prepare_cached(
            "SELECT seq, letters, drafts FROM feed WHERE box_id = ?1 AND key <= ?2 ORDER BY key DESC LIMIT 1",
        )?;
        let mut up_to = |key: i64| -> Result<Totals, Failure> {
            let found = statement.query_row(params![self.box_id.as_bytes(), key], |row| {
                Ok(Totals { seq: row.get(0)?, letters: row.get(1)?, drafts: row.get(2)? })
            });
            Ok(found.optional()?.unwrap_or_default())
        };
        let end = up_to(window.high)?;
        let start = window.low.checked_sub(1).map(up_to).transpose()?.unwrap_or_default();
        Ok(Totals {
            seq: end.seq - start.seq,
            letters: end.letters - start.letters,
            drafts: end.drafts - start.drafts,
        })
    }

    /// The rows in the journal of the first `limit` matching events. `matching` is what was counted, or at least that.
    pub(crate) fn rows(&self, order: FeedOrder, limit: usize, matching: u64) -> Result<Vec<i64>, Failure> {
        if matching == 0 || limit == 0 || self.window.is_empty() {
            return Ok(Vec::new());
        }
        let all = self.totals(self.window)?.seq.unsigned_abs();
        let wanted = matching.min(limit as u64);
        // Matching events may lie close together or far apart; on average this many rows have to be seen.
        let walk = (all / matching).saturating_mul(wanted);
        match &self.selection {
            Selection::Profiles(profiles) if merge_cost(profiles, wanted) < walk => {
                self.merge(profiles, order, limit)
            }
            Selection::MessageTypes(types) if walk > LONG_WALK => {
                let profiles = of_message_types(self.conn, self.box_id, types)?;
                if merge_cost(&profiles, wanted) < walk {
                    self.merge(&profiles, order, limit)
                } else {
                    self.walk_rows(order, limit)
                }
            }
            _ => self.walk_rows(order, limit),
        }
    }

    fn walk_rows(&self, order: FeedOrder, limit: usize) -> Result<Vec<i64>, Failure> {
        let mut rows = Vec::with_capacity(limit);
        self.walk(self.window, order, |row, _| {
            rows.push(row);
            rows.len() < limit
        })?;
        Ok(rows)
    }

    /// Shows the matching events of `window` in `order` until `go_on` has enough.
    fn walk(
        &self,
        window: Window,
        order: FeedOrder,
        mut go_on: impl FnMut(i64, u64) -> bool,
    ) -> Result<(), Failure> {
        let mut statement = self.conn.prepare_cached(match order {
            FeedOrder::Ascending => {
                "SELECT event, at, message_type, profile FROM feed
                 WHERE box_id = ?1 AND key BETWEEN ?2 AND ?3 ORDER BY key"
            }
            FeedOrder::Descending => {
                "SELECT event, at, message_type, profile FROM feed
                 WHERE box_id = ?1 AND key BETWEEN ?2 AND ?3 ORDER BY key DESC"
            }
        })?;
        let mut rows = statement.query(params![self.box_id.as_bytes(), window.low, window.high])?;
        while let Some(row) = rows.next()? {
            let at: i64 = row.get(1)?;
            let is_in_time = self.from <= at && at <= self.to;
            let weight = if is_in_time { self.selection.weight(row.get(2)?, row.get(3)?) } else { 0 };
            if weight > 0 && !go_on(row.get(0)?, weight) {
                break;
            }
        }
        Ok(())
    }

    /// The first events of each profile, and of all these the first.
    fn merge(&self, profiles: &[(i64, u64)], order: FeedOrder, limit: usize) -> Result<Vec<i64>, Failure> {
        let mut statement = self.first_of_profile(order)?;
        let mut keys: Vec<i64> = Vec::new();
        for (profile, _) in profiles {
            let rows = statement.query_map(
                params![
                    self.box_id.as_bytes(),
                    profile,
                    self.window.low,
                    self.window.high,
                    self.from,
                    self.to,
                    i64::try_from(limit).unwrap_or(i64::MAX),
                ],
                |row| row.get(0),
            )?;
            for key in rows {
                keys.push(key?);
            }
        }
        match order {
            FeedOrder::Ascending => keys.sort_unstable(),
            FeedOrder::Descending => keys.sort_unstable_by(|a, b| b.cmp(a)),
        }
        keys.truncate(limit);
        let mut statement =
            self.conn.prepare_cached("SELECT event FROM feed WHERE box_id = ?1 AND key = ?2")?;
        let mut event = |key| statement.query_row(params![self.box_id.as_bytes(), key], |row| row.get(0));
        keys.into_iter().map(|key| Ok(event(key)?)).collect()
    }

    fn first_of_profile(&self, order: FeedOrder) -> Result<CachedStatement<'c>, Failure> {
        Ok(self.conn.prepare_cached(match order {
            FeedOrder::Ascending => {
                "SELECT key FROM feed INDEXED BY feed_by_profile
                 WHERE box_id = ?1 AND profile = ?2 AND key BETWEEN ?3 AND ?4 AND at BETWEEN ?5 AND ?6
                 ORDER BY key LIMIT ?7"
            }
            FeedOrder::Descending => {
                "SELECT key FROM feed INDEXED BY feed_by_profile
                 WHERE box_id = ?1 AND profile = ?2 AND key BETWEEN ?3 AND ?4 AND at BETWEEN ?5 AND ?6
                 ORDER BY key DESC LIMIT ?7"
            }
        })?)
    }
}

/// Index rows read by a merge, and a search for each profile, which costs about as much as four rows.
fn merge_cost(profiles: &[(i64, u64)], wanted: u64) -> u64 {
    (profiles.len() as u64).saturating_mul(wanted.saturating_add(4))
}
