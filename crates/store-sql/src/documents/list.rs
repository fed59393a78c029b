//! Counting and finding the documents of a filter.

use std::collections::{BTreeMap, BTreeSet};

use potok_domain::query::{DocumentFilter, DocumentPlace};
use potok_domain::rows::{DocumentDate, name_token};
use potok_domain::{AddresseeId, DocumentRef};
use potok_store::{DocumentPage, DocumentQuery};
use potok_types::{BoxId, Ticks};

use super::profiles::SCOPES;
use super::race::{self, Way};
use super::run::{Met, Run, Which};
use super::sight::Sight;
use super::stream::{self, Merge, Stream, keep};
use super::window::Window;
use super::{names, tags};
use crate::{Batch, DocumentStmt, Failure, Row, Sql, Value, args};

/// The page after the given place.
pub(super) async fn page(sql: &mut impl Sql, query: &DocumentQuery) -> Result<DocumentPage, Failure> {
    let filter = &query.filter;
    let sight = Sight::of(sql, query.box_id, &filter.within, |traits| filter.reach(traits)).await?;
    let list = List { query, sight };
    let runs = list.runs(sql).await?;
    // One more than asked for shows that there are more.
    let enough = query.count_up_to.saturating_add(1);
    let whole = Window::new(query, None);
    let window = Window::new(query, query.after.as_ref());
    let (found, counted) = if list.is_by_runs_alone() {
        (
            list.find(sql, window, &runs, query.limit, 0).await?.met,
            list.count(sql, whole, &runs, enough).await?,
        )
    } else if query.after.is_none() {
        let found = list.find(sql, whole, &runs, query.limit, enough).await?;
        (found.met, found.count)
    } else {
        let met = list.find(sql, window, &runs, query.limit, 0).await?.met;
        (met, list.find(sql, whole, &runs, 0, enough).await?.count)
    };
    Ok(DocumentPage {
        documents: list.shown(sql, &found, whole.is_by_date).await?,
        total: counted.min(query.count_up_to),
        is_exact: counted <= query.count_up_to,
    })
}

/// The documents of a box that a filter wants.
struct List<'a> {
    query: &'a DocumentQuery,
    sight: Sight,
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

    /// Nothing but the runs, and the bounds of the list's own order, decides what matches.
    fn is_by_runs_alone(&self) -> bool {
        // There are no runs of a counteragent among those about which somebody was asked.
        let is_by_runs = self.sight.asked.is_empty() || self.filter().counteragents.is_empty();
        is_by_runs && !self.asks_details() && !Window::new(self.query, None).is_bounded_aside()
    }

    /// The runs that together hold every document that may match, each in the order of the list: one for each profile,
    /// or one for each wanted counteragent and profile that have documents in common; and those about which somebody was asked.
    async fn runs(&self, sql: &mut impl Sql) -> Result<Vec<Which>, Failure> {
        let mut runs: Vec<Which> = if self.filter().counteragents.is_empty() {
            self.sight.whole.iter().map(|profile| Which::Profile(profile.number)).collect()
        } else {
            self.counteragent_runs(sql).await?
        };
        runs.extend(self.sight.asked.iter().map(|(id, profile)| Which::Asked(*id, profile.number)));
        Ok(runs)
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

    /// Documents of the runs within the bounds of the list's own order. From `enough` on it may be any number above.
    async fn count(
        &self,
        sql: &mut impl Sql,
        window: Window,
        runs: &[Which],
        enough: u64,
    ) -> Result<u64, Failure> {
        let (low, high) = if window.is_by_date {
            (i64::from(window.dates().0), i64::from(window.dates().1))
        } else {
            window.times()
        };
        let mut sets: BTreeMap<Option<BoxId>, Vec<i64>> = BTreeMap::new();
        let mut asked: BTreeMap<AddresseeId, Vec<i64>> = BTreeMap::new();
        for run in runs {
            match run {
                Which::Counteragent(box_id, profile) => sets.entry(Some(*box_id)).or_default().push(*profile),
                Which::Profile(profile) => sets.entry(None).or_default().push(*profile),
                Which::Asked(id, profile) => asked.entry(*id).or_default().push(*profile),
                Which::Token(..) | Which::Sums(..) | Which::Tag(_) => {}
            }
        }
        let stmt = match (self.filter().counteragents.is_empty(), window.is_by_date) {
            (true, true) => DocumentStmt::CountByDate,
            (true, false) => DocumentStmt::CountByTime,
            (false, true) => DocumentStmt::CountWithByDate,
            (false, false) => DocumentStmt::CountWithByTime,
        };
        let limit = usize::try_from(enough).unwrap_or(usize::MAX);
        let mut questions = Batch::default();
        for (counteragent, profiles) in &sets {
            let mut args = args![self.query.box_id, &profiles[..], low, high, limit].to_vec();
            args.extend(counteragent.map(Value::from));
            questions.push(&args);
        }
        let mut count = 0;
        sql.each_of(stmt, &questions, |_, row| {
            count += row.get::<i64>(0)?.unsigned_abs();
            Ok(())
        })
        .await?;
        // Who was asked twice about the same document, as a person and as one of a department, sees it once.
        let ids: Vec<AddresseeId> = asked.keys().copied().collect();
        let mut questions = Batch::default();
        for (nth, (id, profiles)) in asked.iter().enumerate() {
            let before = nth.checked_sub(1).map(|nth| ids[nth]);
            let (kind, other) = before.map_or((0, *id), |before| (before.kind(), before));
            let args = args![self.query.box_id, &profiles[..], low, high, limit, id.kind(), *id, kind, other];
            questions.push(&args);
        }
        let stmt =
            if window.is_by_date { DocumentStmt::CountAskedByDate } else { DocumentStmt::CountAskedByTime };
        sql.each_of(stmt, &questions, |_, row| {
            count += row.get::<i64>(0)?.unsigned_abs();
            Ok(())
        })
        .await?;
        Ok(count)
    }

    /// The first `limit` documents of `window`, and how many there are, counted up to `enough`. `runs` hold all of them.
    async fn find(
        &self,
        sql: &mut impl Sql,
        window: Window,
        runs: &[Which],
        limit: usize,
        enough: u64,
    ) -> Result<Found, Failure> {
        if runs.is_empty() || limit == 0 && enough == 0 {
            return Ok(Found { met: Vec::new(), count: 0 });
        }
        let way = |runs: Vec<Which>, read: Window| {
            let piece = (limit.max(enough.min(256) as usize) * 2).checked_div(runs.len()).unwrap_or(0);
            let is_ordered = read.is_by_date == window.is_by_date && runs.iter().all(Which::is_ordered);
            let streams = runs.into_iter().map(|which| {
                let run = Run { box_id: self.query.box_id, window: read, which };
                let start = run.start();
                Stream::new(run, start, piece)
            });
            let merge = Merge::new(streams.collect(), is_ordered);
            let piece = if self.asks_details() { stream::FIRST_PIECE } else { 1 };
            Walk {
                list: self,
                window,
                merge,
                limit,
                enough,
                piece,
                found: Found { met: Vec::new(), count: 0 },
                last: None,
            }
        };
        let filter = self.filter();
        // What tends to be rare goes first.
        let range = (filter.sum_range != (None, None)).then(|| {
            let low = filter.sum_range.0.map_or(i64::MIN, |sum| sum.number());
            let high = filter.sum_range.1.map_or(i64::MAX, |sum| sum.number());
            Which::Sums(low, high)
        });
        let rare = [
            by_words(&filter.numbers),
            by_words(&filter.file_names),
            unique(filter.sums.iter().map(|sum| Which::Sums(sum.number(), sum.number()))),
            unique(filter.tags.iter().cloned().map(Which::Tag)),
            range.into_iter().collect(),
        ];
        let rare = rare.into_iter().filter(|runs| !runs.is_empty());
        let mut ways: Vec<Walk<'_>> = rare.map(|runs| way(runs, window)).collect();
        ways.push(way(runs.to_vec(), window));
        if window.is_bounded_aside() {
            // Where few documents lie within the other bounds, putting those in order is shorter.
            ways.push(way(runs.to_vec(), window.turned()));
        }
        let winner = race::first(sql, ways).await?;
        Ok(winner.map_or(Found { met: Vec::new(), count: 0 }, Walk::into_found))
    }

    /// The runs of the wanted counteragents among the chosen profiles.
    async fn counteragent_runs(&self, sql: &mut impl Sql) -> Result<Vec<Which>, Failure> {
        // A list may name the same one twice.
        let wanted: BTreeSet<BoxId> = self.filter().counteragents.iter().copied().collect();
        let wanted: Vec<BoxId> = wanted.into_iter().collect();
        let questions: Batch<'_> =
            wanted.iter().map(|counteragent| args![self.query.box_id, *counteragent]).collect();
        let mut runs = Vec::new();
        sql.each_of(DocumentStmt::ProfilesWith, &questions, |place, row| {
            let profile = row.get(0)?;
            let is_wanted = self.sight.whole.binary_search_by_key(&profile, |whole| whole.number).is_ok();
            runs.extend(is_wanted.then_some(Which::Counteragent(wanted[place], profile)));
            Ok(())
        })
        .await?;
        Ok(runs)
    }

    /// Everything that an index tells is as wanted.
    fn accepts(&self, met: &Met, window: &Window, which: &Which) -> bool {
        let wanted = &self.filter().counteragents;
        let is_of_counteragent = || wanted.is_empty() || wanted.contains(&met.counteragent);
        // Ordered runs are made for what is wanted.
        let is_chosen = match which {
            Which::Profile(_) | Which::Counteragent(..) => true,
            Which::Asked(..) => is_of_counteragent(),
            Which::Token(..) | Which::Sums(..) | Which::Tag(_) => {
                self.sight.may_see(met.profile) && is_of_counteragent()
            }
        };
        is_chosen && window.contains(met)
    }

    /// Those of which the row and the tags are as wanted, too; all of them are asked for together.
    async fn with_details(&self, sql: &mut impl Sql, mut met: Vec<Met>) -> Result<Vec<Met>, Failure> {
        if !self.asks_details() {
            return Ok(met);
        }
        let (box_id, filter) = (self.query.box_id, self.filter());
        let documents: Vec<(i64, i64)> = met.iter().map(|met| (met.id, met.profile)).collect();
        keep(&mut met, &self.sight.sees(sql, box_id, &documents).await?);
        let questions: Batch<'_> = met.iter().map(|met| args![box_id, met.id]).collect();
        let mut is_wanted = vec![false; met.len()];
        sql.each_of(DocumentStmt::Details, &questions, |place, row| {
            is_wanted[place] = has_details(filter, row)?;
            Ok(())
        })
        .await?;
        keep(&mut met, &is_wanted);
        if !filter.tags.is_empty() {
            let ids: Vec<i64> = met.iter().map(|met| met.id).collect();
            let found = tags::has_tags(sql, box_id, &ids, &filter.tags).await?;
            let is_wanted: Vec<bool> = found.iter().map(|tags| tags.contains(&true)).collect();
            keep(&mut met, &is_wanted);
        }
        Ok(met)
    }

    /// What was found, as the page shows it.
    async fn shown(
        &self,
        sql: &mut impl Sql,
        found: &[Met],
        is_by_date: bool,
    ) -> Result<Vec<(DocumentRef, DocumentPlace)>, Failure> {
        let questions: Batch<'_> = found.iter().map(|met| args![self.query.box_id, met.id]).collect();
        let mut shown = Vec::with_capacity(found.len());
        sql.each_of(DocumentStmt::Names, &questions, |nth, row| {
            let (document, met) = (names(row)?, &found[nth]);
            let place = DocumentPlace {
                date: is_by_date.then_some(DocumentDate::from_number(met.date)),
                time: Ticks::new(met.time),
                entity_id: document.entity_id,
            };
            shown.push((document, place));
            Ok(())
        })
        .await?;
        Ok(shown)
    }
}

/// The row of a document has what the filter asks of it.
fn has_details(filter: &DocumentFilter, row: &dyn Row) -> Result<bool, Failure> {
    let text = |column: usize, wanted: &[String]| -> Result<bool, Failure> {
        let found: Option<&str> = row.get(column)?;
        Ok(wanted.is_empty() || found.is_some_and(|found| wanted.iter().any(|wanted| wanted == found)))
    };
    let sum: Option<i64> = row.get(2)?;
    let (low, high) = filter.sum_range;
    let is_sum = filter.sums.is_empty()
        || sum.is_some_and(|sum| filter.sums.iter().any(|wanted| wanted.number() == sum));
    let is_above = low.is_none_or(|low| sum.is_some_and(|sum| low.number() <= sum));
    let is_below = high.is_none_or(|high| sum.is_some_and(|sum| sum <= high.number()));
    Ok(text(0, &filter.numbers)? && text(1, &filter.file_names)? && is_sum && is_above && is_below)
}

/// Runs that together hold every document with one of `texts` as its number or file name.
fn by_words(texts: &[String]) -> Vec<Which> {
    let in_scopes = |text: &String| {
        let token = name_token(text);
        SCOPES.map(move |scope| Which::Token(token.clone(), scope))
    };
    unique(texts.iter().flat_map(in_scopes))
}

/// Each run once: a list may name the same thing twice.
fn unique(runs: impl Iterator<Item = Which>) -> Vec<Which> {
    let mut seen: Vec<Which> = Vec::new();
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
    /// Ordered when it runs in the order of the list, so that the first documents met are the first ones.
    merge: Merge<Run>,
    limit: usize,
    enough: u64,
    /// Documents that are looked at together: one where an index tells everything.
    piece: usize,
    found: Found,
    /// The document that was met last.
    last: Option<i64>,
}

impl Walk<'_> {
    fn into_found(mut self) -> Found {
        if !self.merge.is_ordered() {
            let window = self.window;
            self.found.met.sort_unstable_by(|a, b| {
                let order = a.place(window.is_by_date).cmp(&b.place(window.is_by_date));
                if window.is_descending { order.reverse() } else { order }
            });
            // A document may have several of the wanted tags, or be asked about twice.
            self.found.met.dedup_by_key(|met| met.id);
            self.found.count = self.found.met.len() as u64;
            self.found.met.truncate(self.limit);
        }
        self.found
    }

    /// Everything that was asked for is there.
    fn is_done(&self) -> bool {
        self.merge.is_ordered() && self.found.met.len() >= self.limit && self.found.count >= self.enough
    }
}

impl Way for Walk<'_> {
    async fn advance(&mut self, sql: &mut impl Sql, steps: usize) -> Result<bool, Failure> {
        let detail = if self.list.asks_details() { 5 } else { 0 };
        let mut left = steps;
        while left > 0 {
            if self.is_done() {
                return Ok(true);
            }
            let mut piece = Vec::new();
            let mut is_end = false;
            while left > 0 && piece.len() < self.piece {
                let Some((met, run)) = self.merge.next(sql).await? else {
                    is_end = true;
                    break;
                };
                left = left.saturating_sub(run.which.cost() + detail);
                // Two ways of being asked about it lead to it one after the other.
                let is_again = self.last.replace(met.id) == Some(met.id);
                let is_wanted = self.list.accepts(&met, &self.window, &run.which);
                piece.extend((is_wanted && !is_again).then_some(met));
            }
            if detail > 0 {
                self.piece = (self.piece * 2).min(stream::LARGEST_PIECE);
            }
            for met in self.list.with_details(sql, piece).await? {
                self.found.count += 1;
                if !self.merge.is_ordered() || self.found.met.len() < self.limit {
                    self.found.met.push(met);
                }
            }
            if is_end {
                return Ok(true);
            }
        }
        Ok(self.is_done())
    }
}
