//! Counting and finding the events of a filter in a part of the feed.

use potok_domain::MessageType;
use potok_domain::query::{FeedFilter, FeedOrder};
use potok_types::{BoxId, IndexKey};

use super::selection::{Selection, Unit, Weighted, of_message_types};
use crate::heads::BoxHead;
use crate::{Batch, Failure, FeedStmt, Row, Sql, args};

/// More profiles than this are counted by walking the feed, which is then dense with their events.
const COUNTED_APART: usize = 2000;
/// Walking past this many rows for one page is worth asking which profiles are wanted.
const LONG_WALK: u64 = 5000;
/// Rows of the largest piece of a walk.
const LARGEST_PIECE: u64 = 4096;

/// A closed range of keys.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    low: i64,
    high: i64,
}

impl Window {
    /// The whole feed.
    pub(super) const ALL: Self = Self { low: i64::MIN, high: i64::MAX };

    /// What follows a bookmark; `None` when nothing can.
    pub(super) fn behind(after: Option<IndexKey>, order: FeedOrder) -> Option<Self> {
        after.map_or(Some(Self::ALL), |after| Self::ALL.beyond(after.get(), order))
    }

    /// The part that follows a key of it; `None` when nothing can.
    fn beyond(self, key: i64, order: FeedOrder) -> Option<Self> {
        match order {
            FeedOrder::Ascending => key.checked_add(1).map(|low| Self { low, ..self }),
            FeedOrder::Descending => key.checked_sub(1).map(|high| Self { high, ..self }),
        }
    }

    fn within(self, other: Self) -> Self {
        Self { low: self.low.max(other.low), high: self.high.min(other.high) }
    }

    const fn is_empty(self) -> bool {
        self.low > self.high
    }

    /// Its ends, inclusive.
    pub(super) const fn bounds(self) -> (i64, i64) {
        (self.low, self.high)
    }
}

/// A filter over a part of the feed of a box.
pub(super) struct Scan {
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

impl Scan {
    pub(super) async fn new(
        sql: &mut impl Sql,
        box_id: BoxId,
        filter: &FeedFilter,
        window: Window,
        unit: Unit,
    ) -> Result<Self, Failure> {
        let mut scan = Self {
            box_id,
            selection: Selection::of(sql, box_id, filter, unit).await?,
            from: filter.from.map_or(i64::MIN, |ticks| ticks.get()),
            to: filter.to.map_or(i64::MAX, |ticks| ticks.get()),
            window,
            certain: window,
        };
        if filter.from.is_some() || filter.to.is_some() {
            scan.bound_by_time(BoxHead::of_feed(sql, box_id).await?);
        }
        Ok(scan)
    }

    /// An event's time and key differ by at most what was ever seen in the box: `key - max_lag ≤ at ≤ key + max_lead`.
    /// So bounds on times are bounds on keys, but for two narrow strips where each time has to be looked at.
    fn bound_by_time(&mut self, head: BoxHead) {
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
    }

    /// Whether it wants every event of its window.
    pub(super) const fn is_of_everything(&self) -> bool {
        matches!(self.selection, Selection::All) && self.from == i64::MIN && self.to == i64::MAX
    }

    /// How many match; `enough` or more when they are at least that many.
    pub(super) async fn count(&self, sql: &mut impl Sql, enough: u64) -> Result<u64, Failure> {
        if self.window.is_empty() {
            return Ok(0);
        }
        if self.certain.is_empty() {
            return self.count_one_by_one(sql, self.window, enough).await;
        }
        let mut count = self.count_certain(sql, enough).await?;
        let Window { low, high } = self.window;
        let strips = [
            Window { low, high: self.certain.low.saturating_sub(1) },
            Window { low: self.certain.high.saturating_add(1), high },
        ];
        for (strip, is_there) in strips.into_iter().zip([low < self.certain.low, self.certain.high < high]) {
            if is_there && count < enough {
                count += self.count_one_by_one(sql, strip, enough - count).await?;
            }
        }
        Ok(count)
    }

    async fn count_certain(&self, sql: &mut impl Sql, enough: u64) -> Result<u64, Failure> {
        match &self.selection {
            Selection::All => Ok(self.totals(sql, self.certain).await?.seq.unsigned_abs()),
            Selection::MessageTypes(types) => {
                let totals = self.totals(sql, self.certain).await?;
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
                self.count_by_profiles(sql, profiles).await
            }
            Selection::Profiles(_) => self.count_one_by_one(sql, self.certain, enough).await,
        }
    }

    /// A profile's running total at the end of the certain part, less that before its start.
    async fn count_by_profiles(&self, sql: &mut impl Sql, profiles: &[Weighted]) -> Result<u64, Failure> {
        let (high, before) = (self.certain.high, self.certain.low.checked_sub(1));
        let ends = profiles.iter().map(|it| (it.profile, high));
        let starts =
            before.into_iter().flat_map(|before| profiles.iter().map(move |it| (it.profile, before)));
        let questions: Batch<'_> =
            ends.chain(starts).map(|(profile, key)| args![self.box_id, profile, key]).collect();
        let mut totals = vec![0_i64; 2 * profiles.len()];
        sql.each_of(FeedStmt::ProfileTotalAt, &questions, |place, row| {
            totals[place] = row.get(0)?;
            Ok(())
        })
        .await?;
        let (ends, starts) = totals.split_at(profiles.len());
        let events = ends.iter().zip(starts).map(|(end, start)| (end - start).unsigned_abs());
        Ok(events.zip(profiles).map(|(events, it)| events * it.weight).sum())
    }

    async fn count_one_by_one(
        &self,
        sql: &mut impl Sql,
        window: Window,
        enough: u64,
    ) -> Result<u64, Failure> {
        let mut count = 0;
        self.walk(sql, window, FeedOrder::Ascending, enough, |_, weight| {
            count += weight;
            count < enough
        })
        .await?;
        Ok(count)
    }

    /// Totals of the events in `window`.
    async fn totals(&self, sql: &mut impl Sql, window: Window) -> Result<Totals, Failure> {
        let before = window.low.checked_sub(1);
        let questions: Batch<'_> =
            [Some(window.high), before].into_iter().flatten().map(|key| args![self.box_id, key]).collect();
        let mut found = [Totals::default(); 2];
        sql.each_of(FeedStmt::TotalsAt, &questions, |place, row| {
            found[place] = Totals { seq: row.get(0)?, letters: row.get(1)?, drafts: row.get(2)? };
            Ok(())
        })
        .await?;
        let [end, start] = found;
        Ok(Totals {
            seq: end.seq - start.seq,
            letters: end.letters - start.letters,
            drafts: end.drafts - start.drafts,
        })
    }

    /// The rows in the journal of the first `limit` matching events. `matching` is what was counted, or at least that.
    pub(super) async fn rows(
        &self,
        sql: &mut impl Sql,
        order: FeedOrder,
        limit: usize,
        matching: u64,
    ) -> Result<Vec<i64>, Failure> {
        if matching == 0 || limit == 0 || self.window.is_empty() {
            return Ok(Vec::new());
        }
        let all = self.totals(sql, self.window).await?.seq.unsigned_abs();
        let wanted = matching.min(limit as u64);
        // Matching events may lie close together or far apart; on average this many rows have to be seen.
        let walk = (all / matching).saturating_mul(wanted);
        match &self.selection {
            Selection::Profiles(profiles) if merge_cost(profiles, wanted) < walk => {
                self.merge(sql, profiles, order, limit).await
            }
            Selection::MessageTypes(types) if walk > LONG_WALK => {
                let profiles = of_message_types(sql, self.box_id, types).await?;
                if merge_cost(&profiles, wanted) < walk {
                    self.merge(sql, &profiles, order, limit).await
                } else {
                    self.walk_rows(sql, order, limit, walk).await
                }
            }
            _ => self.walk_rows(sql, order, limit, walk.max(wanted)).await,
        }
    }

    async fn walk_rows(
        &self,
        sql: &mut impl Sql,
        order: FeedOrder,
        limit: usize,
        first_piece: u64,
    ) -> Result<Vec<i64>, Failure> {
        let mut rows = Vec::with_capacity(limit);
        self.walk(sql, self.window, order, first_piece, |row, _| {
            rows.push(row);
            rows.len() < limit
        })
        .await?;
        Ok(rows)
    }

    /// Shows the matching events of `window` in `order` until `go_on` has enough. `first_piece` says how many rows are
    /// likely to be enough.
    async fn walk(
        &self,
        sql: &mut impl Sql,
        window: Window,
        order: FeedOrder,
        first_piece: u64,
        mut go_on: impl FnMut(i64, u64) -> bool + Send,
    ) -> Result<(), Failure> {
        let stmt = match order {
            FeedOrder::Ascending => FeedStmt::Ascending,
            FeedOrder::Descending => FeedStmt::Descending,
        };
        let mut piece = first_piece.clamp(1, LARGEST_PIECE) as usize;
        let mut rest = Some(window);
        while let Some(Window { low, high }) = rest {
            let (mut seen, mut last, mut is_enough) = (0, 0, false);
            let show = |row: &dyn Row| {
                seen += 1;
                last = row.get(0)?;
                if !is_enough {
                    let at: i64 = row.get(2)?;
                    let is_in_time = self.from <= at && at <= self.to;
                    let weight = if is_in_time { self.selection.weight(row.get(3)?, row.get(4)?) } else { 0 };
                    is_enough = weight > 0 && !go_on(row.get(1)?, weight);
                }
                Ok(())
            };
            sql.each(stmt, &args![self.box_id, low, high, piece], show).await?;
            let is_over = is_enough || seen < piece;
            rest = if is_over { None } else { window.beyond(last, order) };
            piece = (piece * 2).min(LARGEST_PIECE as usize);
        }
        Ok(())
    }

    /// The first events of each profile, and of all these the first.
    async fn merge(
        &self,
        sql: &mut impl Sql,
        profiles: &[Weighted],
        order: FeedOrder,
        limit: usize,
    ) -> Result<Vec<i64>, Failure> {
        let stmt = match order {
            FeedOrder::Ascending => FeedStmt::OfProfileAscending,
            FeedOrder::Descending => FeedStmt::OfProfileDescending,
        };
        let Window { low, high } = self.window;
        let questions: Batch<'_> = profiles
            .iter()
            .map(|it| args![self.box_id, it.profile, low, high, self.from, self.to, limit])
            .collect();
        let mut keys: Vec<i64> = Vec::new();
        sql.each_of(stmt, &questions, |_, row| {
            keys.push(row.get(0)?);
            Ok(())
        })
        .await?;
        match order {
            FeedOrder::Ascending => keys.sort_unstable(),
            FeedOrder::Descending => keys.sort_unstable_by(|a, b| b.cmp(a)),
        }
        keys.truncate(limit);
        let questions: Batch<'_> = keys.iter().map(|key| args![self.box_id, *key]).collect();
        let mut rows = Vec::with_capacity(keys.len());
        sql.each_of(FeedStmt::EventAt, &questions, |_, row| {
            rows.push(row.get(0)?);
            Ok(())
        })
        .await?;
        Ok(rows)
    }
}

/// Index rows read by a merge, and a search for each profile, which costs about as much as four rows.
fn merge_cost(profiles: &[Weighted], wanted: u64) -> u64 {
    (profiles.len() as u64).saturating_mul(wanted.saturating_add(4))
}
