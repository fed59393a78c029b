//! The part of an ordered list in which to look.

use potok_domain::query::{DocumentOrder, DocumentPlace};
use potok_domain::rows::DocumentDate;
use potok_store::DocumentQuery;
use potok_types::{EntityId, Ticks};

use super::run::Met;
use crate::Value;

/// Where something stands in the list. Between two documents there are places too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// 0 in a list by time.
    pub(super) date: u32,
    pub(super) time: i64,
    pub(super) entity: Tie,
}

/// Tells apart what is equal otherwise: an id, or what lies before or after all ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tie {
    Before,
    Id(EntityId),
    After,
}

impl From<Tie> for Value<'_> {
    fn from(tie: Tie) -> Self {
        match tie {
            Tie::Before => Self::Bytes(&[]),
            Tie::Id(id) => id.into(),
            Tie::After => Self::Bytes(&[0xff; 17]),
        }
    }
}

impl Place {
    pub(super) const FIRST: Self = Self { date: 0, time: i64::MIN, entity: Tie::Before };
    pub(super) const LAST: Self = Self { date: u32::MAX, time: i64::MAX, entity: Tie::After };

    pub(super) const fn new(date: u32, time: i64, entity: EntityId) -> Self {
        Self { date, time, entity: Tie::Id(entity) }
    }

    fn of(place: &DocumentPlace, is_by_date: bool) -> Self {
        let date = place.date.filter(|_| is_by_date).map_or(0, DocumentDate::number);
        Self::new(date, place.time.get(), place.entity_id)
    }
}

/// The order of a list, its bounds, and where to begin.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) is_by_date: bool,
    pub(super) is_descending: bool,
    dates: (u32, u32),
    times: (i64, i64),
    /// Exclusive, in the direction of the list.
    pub(super) start: Place,
}

impl Window {
    pub(super) fn new(query: &DocumentQuery, after: Option<&DocumentPlace>) -> Self {
        let is_by_date = query.order == DocumentOrder::Date;
        let (dates, times) = (query.filter.dates, query.filter.times);
        let mut window = Self {
            is_by_date,
            is_descending: query.is_descending,
            dates: (dates.0.map_or(0, DocumentDate::number), dates.1.map_or(u32::MAX, DocumentDate::number)),
            times: (times.0.map_or(i64::MIN, Ticks::get), times.1.map_or(i64::MAX, Ticks::get)),
            start: Place::FIRST,
        };
        let edge = window.edge();
        let after = after.map(|place| Place::of(place, is_by_date));
        window.start = after.map_or(edge, |after| window.later(edge, after));
        window
    }

    /// The same documents read in the other order, from its first one on: the way through a list by date whose times
    /// are bounded, or the other way round.
    pub(super) fn turned(&self) -> Self {
        let mut turned =
            Self { is_by_date: !self.is_by_date, is_descending: false, start: Place::FIRST, ..*self };
        turned.start = turned.edge();
        turned
    }

    /// The order that is not the list's own is bounded.
    pub(super) const fn is_bounded_aside(&self) -> bool {
        if self.is_by_date {
            self.times.0 != i64::MIN || self.times.1 != i64::MAX
        } else {
            self.dates.0 != 0 || self.dates.1 != u32::MAX
        }
    }

    /// Where the bounds let the list begin.
    fn edge(&self) -> Place {
        match (self.is_by_date, self.is_descending) {
            (true, false) => Place { date: self.dates.0, ..Place::FIRST },
            (true, true) => Place { date: self.dates.1, ..Place::LAST },
            (false, false) => Place { time: self.times.0, ..Place::FIRST },
            (false, true) => Place { date: 0, time: self.times.1, entity: Tie::After },
        }
    }

    fn later(&self, one: Place, other: Place) -> Place {
        if self.comes_before(one, other) { other } else { one }
    }

    /// In the direction of the list.
    pub(super) fn comes_before(&self, one: Place, other: Place) -> bool {
        if self.is_descending { one > other } else { one < other }
    }

    /// The last time, inclusive, in the direction of the list.
    pub(super) const fn end_time(&self) -> i64 {
        if self.is_descending { self.times.0 } else { self.times.1 }
    }

    /// The last date, inclusive, in the direction of the list.
    pub(super) const fn end_date(&self) -> u32 {
        if self.is_descending { self.dates.0 } else { self.dates.1 }
    }

    /// The bounds on times.
    pub(super) const fn times(&self) -> (i64, i64) {
        self.times
    }

    /// The bounds on dates; documents without a date are outside of a list by date.
    pub(super) const fn dates(&self) -> (u32, u32) {
        self.dates
    }

    /// Whether the document is behind the start and within all bounds.
    pub(super) fn contains(&self, met: &Met) -> bool {
        let is_in_time = self.times.0 <= met.time && met.time <= self.times.1;
        // What has no date is outside of every bound, and of every list by date.
        let asks_date = self.is_by_date || self.is_bounded_aside();
        let is_in_date = !asks_date || met.date > 0 && self.dates.0 <= met.date && met.date <= self.dates.1;
        is_in_time && is_in_date && self.comes_before(self.start, met.place(self.is_by_date))
    }
}
