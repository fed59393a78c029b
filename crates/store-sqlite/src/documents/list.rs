//! Counting and finding the documents of a filter.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashSet};

use potok_domain::DocumentRef;
use potok_domain::rows::DocumentDate;
use potok_store::{DocumentFilter, DocumentPage, DocumentPlace, DocumentQuery};
use potok_types::Ticks;
use rusqlite::{Connection, params};

use super::race::{self, Way};
use super::stream::{Met, Run, Stream};
use super::window::Window;
use super::{profiles, tags};
use crate::failure::Failure;
use crate::sql::guid;

pub(super) fn page(conn: &Connection, query: &DocumentQuery) -> Result<DocumentPage, Failure> {
    let chosen = profiles::choose(conn, query.box_id, |traits| query.filter.accepts_traits(traits))?;
    let list = List { conn, query, set: profiles::as_set(&chosen), profiles: chosen };
    // One more than asked for shows that there are more.
    let enough = query.count_up_to.saturating_add(1);
    let whole = Window::new(query, None);
    let (found, counted) = if list.is_by_profile_alone() {
        let window = Window::new(query, query.after.as_ref());
        (list.find(window, query.limit, 0)?.met, list.count(whole, enough)?)
    } else if query.after.is_none() {
        let found = list.find(whole, query.limit, enough)?;
        (found.met, found.count)
    } else {
        let window = Window::new(query, query.after.as_ref());
        (list.find(window, query.limit, 0)?.met, list.find(whole, 0, enough)?.count)
    };
    let documents: Result<_, Failure> = found.iter().map(|met| list.shown(met, whole.is_by_date)).collect();
    Ok(DocumentPage {
        documents: documents?,
        total: counted.min(query.count_up_to),
        is_exact: counted <= query.count_up_to,
    })
}

/// The documents of a box that a filter wants.
struct List<'a> {
    conn: &'a Connection,
    query: &'a DocumentQuery,
    profiles: Vec<i64>,
    set: HashSet<i64>,
}

/// What was found of a list.
struct Found {
    met: Vec<Met>,
    count: u64,
}

impl<'a> List<'a> {
    fn filter(&self) -> &'a DocumentFilter {
        &self.query.filter
    }

    /// Nothing but profile, and the bounds of the list's own order, decides what matches.
    fn is_by_profile_alone(&self) -> bool {
        let window = Window::new(self.query, None);
        self.filter().counteragents.is_empty()
            && !self.asks_details()
            && (!window.is_by_date || window.times() == (i64::MIN, i64::MAX))
    }

    /// Something is asked for that stands in the row itself only.
    fn asks_details(&self) -> bool {
        let filter = self.filter();
        !filter.numbers.is_empty()
            || !filter.file_names.is_empty()
            || !filter.sums.is_empty()
            || filter.sum_range != (None, None)
            || !filter.tags.is_empty()
            || self.bounds_dates_in_passing()
    }

    /// Dates are bounded in a list by time.
    fn bounds_dates_in_passing(&self) -> bool {
        !Window::new(self.query, None).is_by_date && self.filter().dates != (None, None)
    }

    /// Documents of the chosen profiles within the bounds, counted up to `enough`.
    fn count(&self, window: Window, enough: u64) -> Result<u64, Failure> {
        let mut statement = self.conn.prepare_cached(if window.is_by_date {
            "SELECT count(*) FROM (
                 SELECT 1 FROM documents INDEXED BY documents_by_date
                 WHERE box_id = ?1 AND profile = ?2 AND date > 0 AND date BETWEEN ?3 AND ?4 LIMIT ?5)"
        } else {
            "SELECT count(*) FROM (
                 SELECT 1 FROM documents INDEXED BY documents_by_profile
                 WHERE box_id = ?1 AND profile = ?2 AND listed_at BETWEEN ?3 AND ?4 LIMIT ?5)"
        })?;
        let (low, high) = if window.is_by_date {
            (i64::from(window.dates().0), i64::from(window.dates().1))
        } else {
            window.times()
        };
        let mut count = 0;
        for profile in &self.profiles {
            let left = i64::try_from(enough - count).unwrap_or(i64::MAX);
            let params = params![self.query.box_id.as_bytes(), profile, low, high, left];
            count += statement.query_row(params, |row| row.get::<_, i64>(0))?.unsigned_abs();
            if count >= enough {
                break;
            }
        }
        Ok(count)
    }

    /// The first `limit` documents of `window`, and how many there are, counted up to `enough`.
    fn find(&self, window: Window, limit: usize, enough: u64) -> Result<Found, Failure> {
        if self.profiles.is_empty() || limit == 0 && enough == 0 {
            return Ok(Found { met: Vec::new(), count: 0 });
        }
        let way = |runs: Vec<Run>, is_ordered| {
            let piece = (limit.max(enough.min(256) as usize) * 2).checked_div(runs.len()).unwrap_or(0);
            let streams = runs.into_iter();
            let streams = streams.map(|run| Stream::new(self.conn, self.query.box_id, window, run, piece));
            Walk {
                list: self,
                window,
                is_ordered,
                streams: streams.collect(),
                heap: None,
                limit,
                enough,
                found: Found { met: Vec::new(), count: 0 },
            }
        };
        let filter = self.filter();
        let mut ways = Vec::new();
        let mut add = |runs: Vec<Run>, is_ordered| {
            if !runs.is_empty() {
                ways.push(way(runs, is_ordered));
            }
        };
        // What tends to be rare goes first.
        add(unique(filter.numbers.iter().cloned().map(Run::Number)), false);
        add(unique(filter.file_names.iter().cloned().map(Run::FileName)), false);
        add(unique(filter.sums.iter().map(|sum| Run::Sums(sum.number(), sum.number()))), false);
        add(unique(filter.tags.iter().cloned().map(Run::Tag)), false);
        let counteragents = filter.counteragents.iter().map(|box_id| Run::Counteragent(*box_id));
        add(unique(counteragents), !window.is_by_date);
        if filter.sum_range != (None, None) {
            let low = filter.sum_range.0.map_or(i64::MIN, |sum| sum.number());
            let high = filter.sum_range.1.map_or(i64::MAX, |sum| sum.number());
            add(vec![Run::Sums(low, high)], false);
        }
        add(self.profiles.iter().map(|profile| Run::Profile(*profile)).collect(), true);
        let winner = race::first(ways)?;
        Ok(winner.map_or(Found { met: Vec::new(), count: 0 }, Walk::into_found))
    }

    fn accepts(&self, met: &Met, window: &Window, run: &Run) -> Result<bool, Failure> {
        let filter = self.filter();
        let is_chosen = matches!(run, Run::Profile(_)) || self.set.contains(&met.profile);
        let is_with = matches!(run, Run::Counteragent(_))
            || filter.counteragents.is_empty()
            || filter.counteragents.iter().any(|wanted| *wanted.as_bytes() == met.counteragent);
        Ok(is_chosen
            && is_with
            && window.contains(met.place)
            && (!self.asks_details() || self.accepts_details(met.id)?))
    }

    fn accepts_details(&self, id: i64) -> Result<bool, Failure> {
        let filter = self.filter();
        let mut statement = self
            .conn
            .prepare_cached("SELECT number, file_name, total_sum, date FROM documents WHERE id = ?1")?;
        let matches = statement.query_row([id], |row| {
            let text = |column: usize, wanted: &[String]| -> rusqlite::Result<bool> {
                let found = row.get_ref(column)?.as_str_or_null()?;
                Ok(wanted.is_empty()
                    || found.is_some_and(|found| wanted.iter().any(|wanted| wanted == found)))
            };
            let sum: Option<i64> = row.get(2)?;
            let date: u32 = row.get(3)?;
            let (low, high) = filter.sum_range;
            let is_sum = filter.sums.is_empty()
                || sum.is_some_and(|sum| filter.sums.iter().any(|wanted| wanted.number() == sum));
            let is_above = low.is_none_or(|low| sum.is_some_and(|sum| low.number() <= sum));
            let is_below = high.is_none_or(|high| sum.is_some_and(|sum| sum <= high.number()));
            let is_since = filter.dates.0.is_none_or(|first| date > 0 && first.number() <= date);
            let is_until = filter.dates.1.is_none_or(|last| date > 0 && date <= last.number());
            Ok(text(0, &filter.numbers)?
                && text(1, &filter.file_names)?
                && is_sum
                && is_above
                && is_below
                && is_since
                && is_until)
        })?;
        Ok(matches
            && (filter.tags.is_empty() || tags::has_one_of(self.conn, self.query.box_id, id, &filter.tags)?))
    }

    fn shown(&self, met: &Met, is_by_date: bool) -> Result<(DocumentRef, DocumentPlace), Failure> {
        let mut statement =
            self.conn.prepare_cached("SELECT message_id, entity_id FROM documents WHERE id = ?1")?;
        let document = statement.query_row([met.id], |row| {
            Ok(DocumentRef { message_id: guid(row, 0)?, entity_id: guid(row, 1)? })
        })?;
        let place = DocumentPlace {
            date: is_by_date.then_some(DocumentDate::from_number(met.place.date)),
            time: Ticks::new(met.place.time),
            entity_id: document.entity_id,
        };
        Ok((document, place))
    }
}

/// Each run once: a list may name the same thing twice.
fn unique(runs: impl Iterator<Item = Run>) -> Vec<Run> {
    let mut seen: Vec<Run> = Vec::new();
    for run in runs {
        if !seen.contains(&run) {
            seen.push(run);
        }
    }
    seen
}

/// One way through a list.
struct Walk<'a> {
    list: &'a List<'a>,
    window: Window,
    /// The streams run in the order of the list, so that the first documents met are the first ones.
    is_ordered: bool,
    streams: Vec<Stream<'a>>,
    /// The next document of each ordered stream.
    heap: Option<BinaryHeap<Head>>,
    limit: usize,
    enough: u64,
    found: Found,
}

/// The first document of a stream; the one that comes first in the list is the greatest.
struct Head {
    met: Met,
    stream: usize,
    is_descending: bool,
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> Ordering {
        let order = self.met.place.cmp(&other.met.place);
        if self.is_descending { order } else { order.reverse() }
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Head {}

impl Walk<'_> {
    fn into_found(mut self) -> Found {
        if !self.is_ordered {
            let window = self.window;
            self.found.met.sort_unstable_by(|a, b| {
                let order = a.place.cmp(&b.place);
                if window.is_descending { order.reverse() } else { order }
            });
            // A document may have several of the wanted tags.
            self.found.met.dedup_by_key(|met| met.id);
            self.found.count = self.found.met.len() as u64;
            self.found.met.truncate(self.limit);
        }
        self.found
    }

    /// Everything that was asked for is there.
    fn is_done(&self) -> bool {
        self.is_ordered && self.found.met.len() >= self.limit && self.found.count >= self.enough
    }

    /// The next document; `None` at the end.
    fn next(&mut self) -> Result<Option<(Met, usize)>, Failure> {
        if !self.is_ordered {
            while let Some(stream) = self.streams.last_mut() {
                if let Some(met) = stream.next()? {
                    return Ok(Some((met, self.streams.len() - 1)));
                }
                self.streams.pop();
            }
            return Ok(None);
        }
        let is_descending = self.window.is_descending;
        let heap = match &mut self.heap {
            Some(heap) => heap,
            None => {
                let mut heap = BinaryHeap::with_capacity(self.streams.len());
                for (stream, run) in self.streams.iter_mut().enumerate() {
                    if let Some(met) = run.next()? {
                        heap.push(Head { met, stream, is_descending });
                    }
                }
                self.heap.insert(heap)
            }
        };
        let Some(Head { met, stream, .. }) = heap.pop() else { return Ok(None) };
        if let Some(next) = self.streams[stream].next()? {
            heap.push(Head { met: next, stream, is_descending });
        }
        Ok(Some((met, stream)))
    }
}

impl Way for Walk<'_> {
    fn advance(&mut self, steps: usize) -> Result<bool, Failure> {
        for _ in 0..steps {
            if self.is_done() {
                return Ok(true);
            }
            let Some((met, stream)) = self.next()? else { return Ok(true) };
            if !self.list.accepts(&met, &self.window, &self.streams[stream].run)? {
                continue;
            }
            self.found.count += 1;
            if !self.is_ordered || self.found.met.len() < self.limit {
                self.found.met.push(met);
            }
        }
        Ok(self.is_done())
    }
}
