//! What lies together in one index, as lists read it.

use std::cmp::Reverse;

use potok_domain::AddresseeId;
use potok_domain::rows::TagQuery;
use potok_types::{BoxId, EntityId};

use super::stream;
use super::window::{Place, Window};
use crate::{DocumentStmt, Failure, Row, Value, args};

/// Which documents.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Which {
    /// Those of this profile.
    Profile(i64),
    /// Those of this profile exchanged with this box.
    Counteragent(BoxId, i64),
    /// Those of this profile about which this one was asked.
    Asked(AddresseeId, i64),
    /// Those of this scope with this word, in no order that matters.
    Token(String, i64),
    /// Those with a sum in this closed range, in no order that matters.
    Sums(i64, i64),
    /// Those with this tag, in no order that matters.
    Tag(TagQuery),
}

impl Which {
    /// Can be read in the order of the list, and holds documents that are seen only.
    pub(super) const fn is_ordered(&self) -> bool {
        matches!(self, Self::Profile(_) | Self::Counteragent(..) | Self::Asked(..))
    }

    /// Steps that one document of it costs: what stands in the index alone is quickly read.
    pub(super) const fn cost(&self) -> usize {
        if self.is_ordered() { 1 } else { 5 }
    }
}

/// A document met on the way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Met {
    pub(super) id: i64,
    /// 0: none.
    pub(super) date: u32,
    pub(super) time: i64,
    pub(super) entity: EntityId,
    pub(super) profile: i64,
    pub(super) counteragent: BoxId,
}

impl Met {
    /// Where it stands in a list by date or by time.
    pub(super) const fn place(&self, is_by_date: bool) -> Place {
        Place::new(if is_by_date { self.date } else { 0 }, self.time, self.entity)
    }
}

/// A run of a list.
pub(super) struct Run {
    pub(super) box_id: BoxId,
    /// In which order profiles are read, which need not be that of the list.
    pub(super) window: Window,
    pub(super) which: Which,
}

/// Where a run stands: in the order of its window, or by what its own index has before the number of a row, and that.
#[derive(Clone, Debug)]
pub(super) struct At {
    place: Place,
    text: String,
    value: i64,
    id: i64,
}

impl Default for At {
    fn default() -> Self {
        Self { place: Place::FIRST, text: String::new(), value: i64::MIN, id: i64::MIN }
    }
}

/// Where a document comes in a merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Ascending(Reverse<Place>),
    Descending(Place),
}

impl Run {
    /// Before its first document.
    pub(super) fn start(&self) -> At {
        let value = if let Which::Sums(low, _) = self.which { low } else { i64::MIN };
        At { place: self.window.start, value, ..At::default() }
    }

    fn in_order<'a>(&self, profile: i64, more: &[Value<'a>], at: Place, limit: usize) -> Vec<Value<'a>> {
        let window = &self.window;
        let end = if window.is_by_date { i64::from(window.end_date()) } else { window.end_time() };
        let mut args = Vec::with_capacity(8);
        args.extend(args![self.box_id, profile, at.time, at.entity, end, limit]);
        args.extend(window.is_by_date.then_some(at.date).map(Value::from));
        args.extend_from_slice(more);
        args
    }
}

impl stream::Run for Run {
    type Met = Met;
    type Place = At;
    type Rank = Rank;

    fn is_ordered(&self) -> bool {
        self.which.is_ordered()
    }

    fn statement(&self) -> DocumentStmt {
        let Window { is_by_date, is_descending, .. } = self.window;
        match &self.which {
            Which::Profile(_) => match (is_by_date, is_descending) {
                (false, false) => DocumentStmt::ByTime,
                (false, true) => DocumentStmt::ByTimeDescending,
                (true, false) => DocumentStmt::ByDate,
                (true, true) => DocumentStmt::ByDateDescending,
            },
            Which::Counteragent(..) => match (is_by_date, is_descending) {
                (false, false) => DocumentStmt::WithByTime,
                (false, true) => DocumentStmt::WithByTimeDescending,
                (true, false) => DocumentStmt::WithByDate,
                (true, true) => DocumentStmt::WithByDateDescending,
            },
            Which::Asked(..) => match (is_by_date, is_descending) {
                (false, false) => DocumentStmt::AskedByTime,
                (false, true) => DocumentStmt::AskedByTimeDescending,
                (true, false) => DocumentStmt::AskedByDate,
                (true, true) => DocumentStmt::AskedByDateDescending,
            },
            Which::Token(..) => DocumentStmt::WithToken,
            Which::Sums(..) => DocumentStmt::WithSum,
            Which::Tag(TagQuery { value: Some(_), .. }) => DocumentStmt::WithTag,
            Which::Tag(TagQuery { value: None, .. }) => DocumentStmt::WithTagOfAnyValue,
        }
    }

    fn arguments<'a>(&'a self, at: &'a At, limit: usize) -> Vec<Value<'a>> {
        let (box_id, At { text, value, id, .. }) = (self.box_id, at);
        match &self.which {
            Which::Profile(profile) => self.in_order(*profile, &[], at.place, limit),
            Which::Counteragent(counteragent, profile) => {
                self.in_order(*profile, &args![*counteragent], at.place, limit)
            }
            Which::Asked(id, profile) => self.in_order(*profile, &args![id.kind(), *id], at.place, limit),
            Which::Token(token, scope) => args![box_id, token, *scope, *value, *id, limit].to_vec(),
            Which::Sums(_, high) => args![box_id, *high, *value, *id, limit].to_vec(),
            Which::Tag(tag) => {
                args![box_id, &tag.key, tag.value.as_ref().unwrap_or(text), *value, *id, limit].to_vec()
            }
        }
    }

    fn read(&self, row: &dyn Row, at: &mut At) -> Result<Met, Failure> {
        match self.which {
            Which::Profile(profile) | Which::Counteragent(_, profile) | Which::Asked(_, profile) => {
                let met = Met {
                    id: row.get(0)?,
                    date: row.get(1)?,
                    time: row.get(2)?,
                    entity: row.get(3)?,
                    profile,
                    counteragent: row.get(4)?,
                };
                at.place = met.place(self.window.is_by_date);
                Ok(met)
            }
            Which::Token(..) | Which::Sums(..) | Which::Tag(_) => {
                let met = Met {
                    id: row.get(0)?,
                    time: row.get(1)?,
                    entity: row.get(2)?,
                    date: row.get(3)?,
                    profile: row.get(4)?,
                    counteragent: row.get(5)?,
                };
                at.value = row.get(6)?;
                at.id = met.id;
                if let Which::Tag(TagQuery { value: None, .. }) = self.which {
                    at.text.clear();
                    at.text.push_str(row.get(7)?);
                }
                Ok(met)
            }
        }
    }

    fn rank(&self, met: &Met) -> Rank {
        let place = met.place(self.window.is_by_date);
        if self.window.is_descending { Rank::Descending(place) } else { Rank::Ascending(Reverse(place)) }
    }
}
