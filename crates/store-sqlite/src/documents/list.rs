//! Counting and finding the documents of a filter.

use std::cmp::Ordering;
use std::collections::{BTreeSet, BinaryHeap, HashSet};

use potok_domain::DocumentRef;
use potok_domain::rows::{DocumentDate, name_token};
use potok_store::{DocumentFilter, DocumentPage, DocumentPlace, DocumentQuery};
use potok_types::{BoxId, Ticks};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::profiles::SCOPES;
use super::race::{self, Way};
use super::stream::{Met, Run, Stream};
use super::window::Window;
use super::{profiles, tags};
use crate::failure::Failure;
use crate::sql::guid;

/// The first profile from `?3` on of which there are documents of a counteragent.
pub(super) const NEXT_PROFILE: &str = "SELECT profile FROM documents INDEXED BY documents_by_counteragent
    WHERE box_id = ?1 AND counteragent = ?2 AND profile >= ?3 ORDER BY profile LIMIT 1";
pub(super) const DETAILS: &str = "SELECT number, file_name, total_sum FROM documents WHERE id = ?1";
pub(super) const NAMES: &str = "SELECT message_id, entity_id FROM documents WHERE id = ?1";

pub(super) fn page(conn: &Connection, query: &DocumentQuery) -> Result<DocumentPage, Failure> {
    let chosen = profiles::choose(conn, query.box_id, |traits| query.filter.accepts_traits(traits))?;
    let set = profiles::as_set(&chosen);
    let list = List { conn, query, set, profiles: chosen.iter().map(|profile| profile.number).collect() };
    let runs = list.runs()?;
    // One more than asked for shows that there are more.
    let enough = query.count_up_to.saturating_add(1);
    let whole = Window::new(query, None);
    let window = Window::new(query, query.after.as_ref());
    let (found, counted) = if list.is_by_runs_alone() {
        (list.find(window, &runs, query.limit, 0)?.met, list.count(whole, &runs, enough)?)
    } else if query.after.is_none() {
        let found = list.find(whole, &runs, query.limit, enough)?;
        (found.met, found.count)
    } else {
        let met = list.find(window, &runs, query.limit, 0)?.met;
        (met, list.find(whole, &runs, 0, enough)?.count)
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

    /// Nothing but profile and counteragent, and the bounds of the list's own order, decides what matches.
    fn is_by_runs_alone(&self) -> bool {
        !self.asks_details() && !Window::new(self.query, None).is_bounded_aside()
    }

    /// The runs that together hold every document that may match, each in the order of the list: one for each profile,
    /// or one for each wanted counteragent and profile that have documents in common.
    fn runs(&self) -> Result<Vec<Run>, Failure> {
        if self.filter().counteragents.is_empty() {
            Ok(self.profiles.iter().map(|profile| Run::Profile(*profile)).collect())
        } else {
            self.counteragent_runs()
        }
    }

    /// Something is asked for that stands in the row itself only.
    fn asks_details(&self) -> bool {
        let filter = self.filter();
        !filter.numbers.is_empty()
            || !filter.file_names.is_empty()
            || !filter.sums.is_empty()
            || filter.sum_range != (None, None)
            || !filter.tags.is_empty()
    }

    /// Documents of the runs within the bounds of the list's own order, counted up to `enough`.
    fn count(&self, window: Window, runs: &[Run], enough: u64) -> Result<u64, Failure> {
        let (low, high) = if window.is_by_date {
            (i64::from(window.dates().0), i64::from(window.dates().1))
        } else {
            window.times()
        };
        let box_id = self.query.box_id.as_bytes();
        let mut count = 0;
        for run in runs {
            let left = i64::try_from(enough - count).unwrap_or(i64::MAX);
            let one = match run {
                Run::Counteragent(counteragent, profile) => {
                    let mut statement = self.conn.prepare_cached(count_statement(window.is_by_date, true))?;
                    let params = params![box_id, profile, low, high, left, counteragent.as_bytes()];
                    statement.query_row(params, |row| row.get::<_, i64>(0))?
                }
                Run::Profile(profile) => {
                    let mut statement =
                        self.conn.prepare_cached(count_statement(window.is_by_date, false))?;
                    let params = params![box_id, profile, low, high, left];
                    statement.query_row(params, |row| row.get::<_, i64>(0))?
                }
                Run::Token(..) | Run::Sums(..) | Run::Tag(_) => 0,
            };
            count += one.unsigned_abs();
            if count >= enough {
                break;
            }
        }
        Ok(count)
    }

    /// The first `limit` documents of `window`, and how many there are, counted up to `enough`. `runs` hold all of them.
    fn find(&self, window: Window, runs: &[Run], limit: usize, enough: u64) -> Result<Found, Failure> {
        if runs.is_empty() || limit == 0 && enough == 0 {
            return Ok(Found { met: Vec::new(), count: 0 });
        }
        let way = |runs: Vec<Run>, read: Window| {
            let piece = (limit.max(enough.min(256) as usize) * 2).checked_div(runs.len()).unwrap_or(0);
            let is_ordered = read.is_by_date == window.is_by_date && runs.iter().all(Run::is_ordered);
            let streams =
                runs.into_iter().map(|run| Stream::new(self.conn, self.query.box_id, read, run, piece));
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
        // What tends to be rare goes first.
        let range = (filter.sum_range != (None, None)).then(|| {
            let low = filter.sum_range.0.map_or(i64::MIN, |sum| sum.number());
            let high = filter.sum_range.1.map_or(i64::MAX, |sum| sum.number());
            Run::Sums(low, high)
        });
        let rare = [
            by_words(&filter.numbers),
            by_words(&filter.file_names),
            unique(filter.sums.iter().map(|sum| Run::Sums(sum.number(), sum.number()))),
            unique(filter.tags.iter().cloned().map(Run::Tag)),
            range.into_iter().collect(),
        ];
        let rare = rare.into_iter().filter(|runs| !runs.is_empty());
        let mut ways: Vec<Walk<'_>> = rare.map(|runs| way(runs, window)).collect();
        ways.push(way(runs.to_vec(), window));
        if window.is_bounded_aside() {
            // Where few documents lie within the other bounds, putting those in order is shorter.
            ways.push(way(runs.to_vec(), window.turned()));
        }
        let winner = race::first(ways)?;
        Ok(winner.map_or(Found { met: Vec::new(), count: 0 }, Walk::into_found))
    }

    /// The runs of the wanted counteragents among the chosen profiles. Both are sorted, and each leaps over what the
    /// other does not have.
    fn counteragent_runs(&self) -> Result<Vec<Run>, Failure> {
        let mut statement = self.conn.prepare_cached(NEXT_PROFILE)?;
        let mut runs = Vec::new();
        // A list may name the same one twice.
        let wanted: BTreeSet<BoxId> = self.filter().counteragents.iter().copied().collect();
        for counteragent in wanted {
            let mut rest = &self.profiles[..];
            while let Some(&wanted) = rest.first() {
                let params = params![self.query.box_id.as_bytes(), counteragent.as_bytes(), wanted];
                let found: Option<i64> = statement.query_row(params, |row| row.get(0)).optional()?;
                let Some(found) = found else { break };
                rest = &rest[rest.partition_point(|profile| *profile < found)..];
                if rest.first() == Some(&found) {
                    runs.push(Run::Counteragent(counteragent, found));
                    rest = &rest[1..];
                }
            }
        }
        Ok(runs)
    }

    fn accepts(&self, met: &Met, window: &Window, run: &Run) -> Result<bool, Failure> {
        let wanted = &self.filter().counteragents;
        // Ordered runs are made for the profiles and counteragents that are wanted.
        let is_chosen = run.is_ordered()
            || self.set.contains(&met.profile)
                && (wanted.is_empty() || wanted.iter().any(|wanted| *wanted.as_bytes() == met.counteragent));
        Ok(is_chosen && window.contains(met) && (!self.asks_details() || self.accepts_details(met.id)?))
    }

    fn accepts_details(&self, id: i64) -> Result<bool, Failure> {
        let filter = self.filter();
        let mut statement = self.conn.prepare_cached(DETAILS)?;
        let matches = statement.query_row([id], |row| {
            let text = |column: usize, wanted: &[String]| -> rusqlite::Result<bool> {
                let found = row.get_ref(column)?.as_str_or_null()?;
                Ok(wanted.is_empty()
                    || found.is_some_and(|found| wanted.iter().any(|wanted| wanted == found)))
            };
            let sum: Option<i64> = row.get(2)?;
            let (low, high) = filter.sum_range;
            let is_sum = filter.sums.is_empty()
                || sum.is_some_and(|sum| filter.sums.iter().any(|wanted| wanted.number() == sum));
            let is_above = low.is_none_or(|low| sum.is_some_and(|sum| low.number() <= sum));
            let is_below = high.is_none_or(|high| sum.is_some_and(|sum| sum <= high.number()));
            Ok(text(0, &filter.numbers)? && text(1, &filter.file_names)? && is_sum && is_above && is_below)
        })?;
        Ok(matches
            && (filter.tags.is_empty() || tags::has_one_of(self.conn, self.query.box_id, id, &filter.tags)?))
    }

    fn shown(&self, met: &Met, is_by_date: bool) -> Result<(DocumentRef, DocumentPlace), Failure> {
        let mut statement = self.conn.prepare_cached(NAMES)?;
        let document = statement.query_row([met.id], |row| {
            Ok(DocumentRef { message_id: guid(row, 0)?, entity_id: guid(row, 1)? })
        })?;
        let place = DocumentPlace {
            date: is_by_date.then_some(DocumentDate::from_number(met.date)),
            time: Ticks::new(met.time),
            entity_id: document.entity_id,
        };
        Ok((document, place))
    }
}

pub(super) const fn count_statement(is_by_date: bool, of_counteragent: bool) -> &'static str {
    macro_rules! count {
        ($index:literal, $bounds:literal) => {
            concat!(
                "SELECT count(*) FROM (SELECT 1 FROM documents INDEXED BY ",
                $index,
                " WHERE box_id = ?1 AND profile = ?2 AND ",
                $bounds,
                " BETWEEN ?3 AND ?4 LIMIT ?5)"
            )
        };
    }
    match (is_by_date, of_counteragent) {
        (false, false) => count!("documents_by_profile", "listed_at"),
        (false, true) => count!("documents_by_counteragent", "counteragent = ?6 AND listed_at"),
        (true, false) => count!("documents_by_date", "date <> 0 AND date"),
        (true, true) => {
            count!("documents_by_counteragent_and_date", "counteragent = ?6 AND date <> 0 AND date")
        }
    }
}

/// Runs that together hold every document with one of `texts` as its number or file name.
fn by_words(texts: &[String]) -> Vec<Run> {
    let in_scopes = |text: &String| {
        let token = name_token(text);
        SCOPES.map(move |scope| Run::Token(token.clone(), scope))
    };
    unique(texts.iter().flat_map(in_scopes))
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
    is_by_date: bool,
    is_descending: bool,
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> Ordering {
        let place = |head: &Self| head.met.place(head.is_by_date);
        let order = place(self).cmp(&place(other));
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
                let order = a.place(window.is_by_date).cmp(&b.place(window.is_by_date));
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
        let Window { is_by_date, is_descending, .. } = self.window;
        let heap = match &mut self.heap {
            Some(heap) => heap,
            None => {
                let mut heap = BinaryHeap::with_capacity(self.streams.len());
                for (stream, run) in self.streams.iter_mut().enumerate() {
                    if let Some(met) = run.next()? {
                        heap.push(Head { met, stream, is_by_date, is_descending });
                    }
                }
                self.heap.insert(heap)
            }
        };
        let Some(Head { met, stream, .. }) = heap.pop() else { return Ok(None) };
        if let Some(next) = self.streams[stream].next()? {
            heap.push(Head { met: next, stream, is_by_date, is_descending });
        }
        Ok(Some((met, stream)))
    }
}

impl Way for Walk<'_> {
    fn advance(&mut self, steps: usize) -> Result<bool, Failure> {
        let detail = if self.list.asks_details() { 5 } else { 0 };
        let mut left = steps;
        while left > 0 {
            if self.is_done() {
                return Ok(true);
            }
            let Some((met, stream)) = self.next()? else { return Ok(true) };
            left = left.saturating_sub(self.streams[stream].run.cost() + detail);
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
