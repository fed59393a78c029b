//! Finding documents by words and tags, the newest first.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use potok_domain::rows::TagQuery;
use potok_domain::{AddresseeId, Direction, DocumentRef};
use potok_store::{SearchQuery, SearchWords};
use potok_types::BoxId;

use super::race::{self, Way};
use super::sight::Sight;
use super::stream::{self, Merge, Run as _, Stream, keep};
use super::window::{Place, Tie};
use super::{names, profiles, tags};
use crate::{Batch, DocumentStmt, Failure, Row, Sql, Value, args};

/// Steps that looking at one document takes: one in an index, the others to ask for its profile or its words.
const COST: usize = 5;

/// The documents that match, newest first.
pub(super) async fn search(sql: &mut impl Sql, query: &SearchQuery) -> Result<Vec<DocumentRef>, Failure> {
    let sight = Sight::of(sql, query.box_id, &query.within, |traits| query.reach(traits)).await?;
    let wanted = query.skip.saturating_add(query.limit);
    let runs: Vec<Vec<Which>> = match &query.words {
        SearchWords::Any(tokens) => {
            let directions = [Direction::Inbound, Direction::Outbound, Direction::Internal].into_iter();
            let directions = directions.filter(|known| query.direction.is_none_or(|wanted| wanted == *known));
            let sides = [false, true].into_iter();
            let sides = sides.filter(|known| query.is_deleted.is_none_or(|wanted| wanted == *known));
            let scopes = directions.flat_map(|direction| {
                sides.clone().map(move |is_deleted| profiles::scope_of(direction, is_deleted))
            });
            let in_scope = |scope| tokens.iter().map(move |token| Which::Token(token.clone(), scope));
            vec![scopes.flat_map(in_scope).collect()]
        }
        // Each tag alone leads to all that have every tag; the rarest arrives first.
        SearchWords::Tags(tags) => tags.iter().cloned().map(|tag| vec![Which::Tag(tag)]).collect(),
    };
    if sight.is_nothing() || wanted == 0 || runs.iter().all(Vec::is_empty) {
        return Ok(Vec::new());
    }
    let way = |runs: Vec<Which>| {
        let is_within = runs.iter().all(|which| matches!(which, Which::Profile(..) | Which::Asked(..)));
        let runs: Vec<Run> = runs.into_iter().map(|which| Run { box_id: query.box_id, which }).collect();
        let is_ordered = runs.iter().all(Run::is_ordered);
        let streams = runs.into_iter().map(|run| {
            let start = run.start();
            Stream::new(run, start, stream::FIRST_PIECE)
        });
        let merge = Merge::new(streams.collect(), is_ordered);
        Walk {
            query,
            sight: &sight,
            wanted,
            is_within,
            merge,
            piece: stream::FIRST_PIECE,
            last: None,
            found: Vec::new(),
            newest: BinaryHeap::new(),
        }
    };
    let mut ways: Vec<Walk<'_>> = runs.into_iter().map(way).collect();
    // Where few documents can be seen at all, looking at each of them is shorter than looking for a common word.
    let whole = sight.whole.iter().map(|profile| Which::Profile(profile.number, profile.scope));
    let asked = sight.asked.iter().map(|(id, profile)| Which::Asked(*id, profile.number, profile.scope));
    ways.push(way(whole.chain(asked).collect()));
    let found = race::first(sql, ways).await?.map(|way| way.found).unwrap_or_default();
    in_order(sql, query, found).await
}

/// The wanted part of what was found, each once and in order.
async fn in_order(
    sql: &mut impl Sql,
    query: &SearchQuery,
    mut found: Vec<(i64, i64)>,
) -> Result<Vec<DocumentRef>, Failure> {
    let wanted = query.skip.saturating_add(query.limit);
    found.sort_unstable_by_key(|found| Reverse(*found));
    found.dedup();
    // Documents made at the same time are told apart by their ids, which only their rows know.
    let last = found.get(wanted.saturating_sub(1)).map(|(created_at, _)| *created_at);
    found.retain(|(created_at, _)| last.is_none_or(|last| *created_at >= last));
    let questions: Batch<'_> = found.iter().map(|(_, id)| args![query.box_id, *id]).collect();
    let mut matches = Vec::with_capacity(found.len());
    sql.each_of(DocumentStmt::Names, &questions, |nth, row| {
        matches.push((Reverse(found[nth].0), names(row)?));
        Ok(())
    })
    .await?;
    matches.sort_unstable();
    let documents = matches.into_iter().map(|(_, document)| document);
    Ok(documents.skip(query.skip).take(query.limit).collect())
}

/// Which documents lie together in one index.
enum Which {
    /// Those of this scope with this word, newest first.
    Token(String, i64),
    /// Those with this tag; newest first if its value is known.
    Tag(TagQuery),
    /// Those of this profile and its scope, the last one sent or arrived first.
    Profile(i64, i64),
    /// The same of those about which this one was asked.
    Asked(AddresseeId, i64, i64),
}

struct Run {
    box_id: BoxId,
    which: Which,
}

/// Where a run stands: time and row, with a tag of any value also at which value; a profile in the order of time.
struct At {
    created_at: i64,
    id: i64,
    value: String,
    place: Place,
}

impl Default for At {
    fn default() -> Self {
        Self { created_at: i64::MIN, id: i64::MIN, value: String::new(), place: Place::LAST }
    }
}

impl Run {
    /// Before its first document.
    fn start(&self) -> At {
        let end = if self.is_ordered() { i64::MAX } else { i64::MIN };
        At { created_at: end, id: end, ..At::default() }
    }
}

/// A document on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Met {
    /// By what its stream is ordered: when it was made or, in a profile, when it was sent or arrived. Nothing that comes
    /// later in an ordered stream was made after it.
    key: i64,
    created_at: i64,
    /// The number of its row.
    id: i64,
    /// 0 where the stream does not tell.
    scope: i64,
}

impl stream::Run for Run {
    type Met = Met;
    type Place = At;
    type Rank = Met;

    fn is_ordered(&self) -> bool {
        match &self.which {
            Which::Token(..) | Which::Profile(..) | Which::Asked(..) => true,
            Which::Tag(tag) => tag.value.is_some(),
        }
    }

    fn statement(&self) -> DocumentStmt {
        match &self.which {
            Which::Token(..) => DocumentStmt::NewestWithToken,
            Which::Tag(TagQuery { value: Some(_), .. }) => DocumentStmt::NewestWithTag,
            Which::Tag(TagQuery { value: None, .. }) => DocumentStmt::AnyWithTag,
            Which::Profile(..) => DocumentStmt::LatestOfProfile,
            Which::Asked(..) => DocumentStmt::LatestAsked,
        }
    }

    fn arguments<'a>(&'a self, at: &'a At, limit: usize) -> Vec<Value<'a>> {
        let (box_id, At { created_at, id, value, place }) = (self.box_id, at);
        match &self.which {
            Which::Token(token, scope) => args![box_id, token, *scope, *created_at, *id, limit].to_vec(),
            Which::Tag(tag) => {
                args![box_id, &tag.key, tag.value.as_ref().unwrap_or(value), *created_at, *id, limit].to_vec()
            }
            Which::Profile(profile, _) => args![box_id, *profile, place.time, place.entity, limit].to_vec(),
            Which::Asked(id, profile, _) => {
                args![box_id, *profile, place.time, place.entity, limit, id.kind(), *id].to_vec()
            }
        }
    }

    fn read(&self, row: &dyn Row, at: &mut At) -> Result<Met, Failure> {
        let (created_at, id) = (row.get(0)?, row.get(1)?);
        (at.created_at, at.id) = (created_at, id);
        match &self.which {
            Which::Profile(_, scope) | Which::Asked(_, _, scope) => {
                let met = Met { key: row.get(2)?, created_at, id, scope: *scope };
                at.place = Place { date: 0, time: met.key, entity: Tie::Id(row.get(3)?) };
                return Ok(met);
            }
            Which::Tag(TagQuery { value: None, .. }) => {
                at.value.clear();
                at.value.push_str(row.get(2)?);
            }
            Which::Token(..) | Which::Tag(_) => {}
        }
        Ok(Met { key: created_at, created_at, id, scope: 0 })
    }

    fn rank(&self, met: &Met) -> Met {
        *met
    }
}

/// One way through the box.
struct Walk<'a> {
    query: &'a SearchQuery,
    sight: &'a Sight,
    wanted: usize,
    /// The runs hold documents that can be seen only.
    is_within: bool,
    merge: Merge<Run>,
    /// Documents that are looked at together.
    piece: usize,
    /// The document met last: it may come again from another stream.
    last: Option<Met>,
    /// When each match was made, and its row.
    found: Vec<(i64, i64)>,
    /// When the newest matches were made, as many as are wanted; the oldest of them is the greatest here.
    newest: BinaryHeap<Reverse<i64>>,
}

impl Walk<'_> {
    /// Those that can be seen and have all that is asked for; all of them are asked for together.
    async fn matching(&self, sql: &mut impl Sql, mut met: Vec<Met>) -> Result<Vec<Met>, Failure> {
        let box_id = self.query.box_id;
        // A word found in its scope is one of a document that everybody sees who sees the box.
        let is_in_scope = self.query.within.sees_all() && matches!(self.query.words, SearchWords::Any(_));
        if !self.is_within && !is_in_scope {
            let questions: Batch<'_> = met.iter().map(|met| args![box_id, met.id]).collect();
            // None where the row is gone.
            let mut documents: Vec<(i64, i64)> = met.iter().map(|met| (met.id, 0)).collect();
            sql.each_of(DocumentStmt::ProfileOf, &questions, |place, row| {
                documents[place].1 = row.get(0)?;
                Ok(())
            })
            .await?;
            keep(&mut met, &self.sight.sees(sql, box_id, &documents).await?);
        }
        let is_wanted = match &self.query.words {
            SearchWords::Any(_) if !self.is_within => return Ok(met),
            SearchWords::Any(tokens) => {
                let documents: Vec<_> = met.iter().map(|met| (met.scope, met.created_at, met.id)).collect();
                tags::have_token(sql, box_id, &documents, tokens).await?
            }
            SearchWords::Tags(wanted) if wanted.len() == 1 && !self.is_within => return Ok(met),
            SearchWords::Tags(wanted) => {
                let ids: Vec<i64> = met.iter().map(|met| met.id).collect();
                let found = tags::has_tags(sql, box_id, &ids, wanted).await?;
                found.iter().map(|tags| !tags.contains(&false)).collect()
            }
        };
        keep(&mut met, &is_wanted);
        Ok(met)
    }
}

impl Way for Walk<'_> {
    async fn advance(&mut self, sql: &mut impl Sql, steps: usize) -> Result<bool, Failure> {
        let mut left = steps / COST;
        while left > 0 {
            let mut piece = Vec::new();
            let mut is_end = false;
            while left > 0 && piece.len() < self.piece {
                left -= 1;
                let next = self.merge.next(sql).await?.map(|(met, _)| met);
                // What is still to come was not made after the key: it cannot be among the newest any more.
                let is_settled = |met: Met| {
                    self.newest.len() >= self.wanted
                        && self.newest.peek().is_some_and(|Reverse(oldest)| *oldest > met.key)
                };
                let Some(met) = next.filter(|met| !(self.merge.is_ordered() && is_settled(*met))) else {
                    is_end = true;
                    break;
                };
                if self.last != Some(met) {
                    self.last = Some(met);
                    piece.push(met);
                }
            }
            self.piece = (self.piece * 2).min(stream::LARGEST_PIECE);
            for met in self.matching(sql, piece).await? {
                self.found.push((met.created_at, met.id));
                self.newest.push(Reverse(met.created_at));
                if self.newest.len() > self.wanted {
                    self.newest.pop();
                }
            }
            if is_end {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
