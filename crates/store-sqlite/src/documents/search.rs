//! Finding documents by words and tags, the newest first.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet, VecDeque};

use potok_domain::rows::TagQuery;
use potok_domain::{Direction, DocumentRef};
use potok_store::{SearchQuery, SearchWords};
use rusqlite::{Connection, params};

use super::list::NAMES;
use super::race::{self, Way};
use super::{profiles, tags};
use crate::failure::Failure;
use crate::sql::guid;

/// Rows of the largest piece read at once.
const LARGEST_PIECE: usize = 256;
/// Steps that looking at one document takes: one in an index, the others to ask for its profile or its words.
const COST: usize = 5;

pub(super) fn search(conn: &Connection, query: &SearchQuery) -> Result<Vec<DocumentRef>, Failure> {
    let chosen = profiles::choose(conn, query.box_id, |traits| query.accepts_traits(traits))?;
    let set = profiles::as_set(&chosen);
    let wanted = query.skip.saturating_add(query.limit);
    let runs: Vec<Vec<Run>> = match &query.words {
        SearchWords::Any(tokens) => {
            let directions = [Direction::Inbound, Direction::Outbound, Direction::Internal].into_iter();
            let directions = directions.filter(|known| query.direction.is_none_or(|wanted| wanted == *known));
            let scopes = directions.map(|direction| profiles::scope_of(direction, query.is_deleted));
            let in_scope = |scope| tokens.iter().map(move |token| Run::Token(token.clone(), scope));
            vec![scopes.flat_map(in_scope).collect()]
        }
        // Each tag alone leads to all that have every tag; the rarest arrives first.
        SearchWords::Tags(tags) => tags.iter().cloned().map(|tag| vec![Run::Tag(tag)]).collect(),
    };
    if chosen.is_empty() || wanted == 0 || runs.iter().all(Vec::is_empty) {
        return Ok(Vec::new());
    }
    let way = |runs: Vec<Run>| Walk {
        conn,
        query,
        set: &set,
        wanted,
        is_ordered: runs.iter().all(Run::is_ordered),
        is_within: runs.iter().all(|run| matches!(run, Run::Profile(..))),
        streams: runs.into_iter().map(|run| Stream::new(conn, query, run)).collect(),
        heap: None,
        last: None,
        found: Vec::new(),
        newest: BinaryHeap::new(),
    };
    let mut ways: Vec<Walk<'_>> = runs.into_iter().map(way).collect();
    // Where few documents can be seen at all, looking at each of them is shorter than looking for a common word.
    ways.push(way(chosen.iter().map(|profile| Run::Profile(profile.number, profile.scope)).collect()));
    let mut found = race::first(ways)?.map(|way| way.found).unwrap_or_default();
    found.sort_unstable_by_key(|found| Reverse(*found));
    found.dedup();
    // Documents made at the same time are told apart by their ids, which only their rows know.
    let last = found.get(wanted.saturating_sub(1)).map(|(created_at, _)| *created_at);
    found.retain(|(created_at, _)| last.is_none_or(|last| *created_at >= last));
    let mut statement = conn.prepare_cached(NAMES)?;
    let mut matches = Vec::with_capacity(found.len());
    for (created_at, id) in found {
        let document = statement
            .query_row([id], |row| Ok(DocumentRef { message_id: guid(row, 0)?, entity_id: guid(row, 1)? }))?;
        matches.push((Reverse(created_at), document));
    }
    matches.sort_unstable();
    let documents = matches.into_iter().map(|(_, document)| document);
    Ok(documents.skip(query.skip).take(query.limit).collect())
}

pub(super) const WITH_TOKEN: &str = "SELECT created_at, document FROM document_tokens
    WHERE box_id = ?1 AND token = ?2 AND scope = ?3 AND (created_at, document) < (?4, ?5)
    ORDER BY created_at DESC, document DESC LIMIT ?6";
pub(super) const WITH_TAG: &str = "SELECT created_at, document FROM document_tags
    WHERE box_id = ?1 AND key = ?2 AND value = ?3 AND (created_at, document) < (?4, ?5)
    ORDER BY created_at DESC, document DESC LIMIT ?6";
pub(super) const WITH_KEY: &str = "SELECT created_at, document, value FROM document_tags
    WHERE box_id = ?1 AND key = ?2 AND (value, created_at, document) > (?3, ?4, ?5)
    ORDER BY value, created_at, document LIMIT ?6";
pub(super) const OF_PROFILE: &str = "SELECT created_at, id, listed_at, entity_id
    FROM documents INDEXED BY documents_by_profile
    WHERE box_id = ?1 AND profile = ?2 AND (listed_at, entity_id) < (?3, ?4)
    ORDER BY listed_at DESC, entity_id DESC LIMIT ?5";

pub(super) const PROFILE: &str = "SELECT profile FROM documents WHERE id = ?1";

/// What lies together in one index.
enum Run {
    /// Documents of this scope with this word, newest first.
    Token(String, i64),
    /// Documents with this tag; newest first if its value is known.
    Tag(TagQuery),
    /// Documents of this profile and its scope, the last one sent or arrived first.
    Profile(i64, i64),
}

impl Run {
    const fn is_ordered(&self) -> bool {
        match self {
            Self::Token(..) | Self::Profile(..) => true,
            Self::Tag(tag) => tag.value.is_some(),
        }
    }
}

/// A document on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Met {
    /// By what its stream is ordered: when it was made or, in a profile, when it was sent or arrived. Nothing that comes
    /// later in an ordered stream was made after it.
    key: i64,
    created_at: i64,
    /// `documents.id`.
    id: i64,
    /// 0 where the stream does not tell.
    scope: i64,
}

struct Stream<'a> {
    conn: &'a Connection,
    query: &'a SearchQuery,
    run: Run,
    buffer: VecDeque<Met>,
    /// Where it stands: time and row; with a tag of any value also at which value.
    at: (i64, i64),
    value: String,
    /// Where a profile stands: time and id.
    place: (i64, Vec<u8>),
    piece: usize,
    is_read: bool,
}

impl<'a> Stream<'a> {
    fn new(conn: &'a Connection, query: &'a SearchQuery, run: Run) -> Self {
        let at = if run.is_ordered() { (i64::MAX, i64::MAX) } else { (i64::MIN, i64::MIN) };
        Self {
            conn,
            query,
            run,
            buffer: VecDeque::new(),
            at,
            value: String::new(),
            // After every id.
            place: (i64::MAX, vec![0xff; 17]),
            piece: 16,
            is_read: false,
        }
    }

    fn next(&mut self) -> Result<Option<Met>, Failure> {
        if self.buffer.is_empty() && !self.is_read {
            self.fill()?;
        }
        Ok(self.buffer.pop_front())
    }

    fn fill(&mut self) -> Result<(), Failure> {
        let own = self.query.box_id.as_bytes();
        let (created_at, id, piece) = (self.at.0, self.at.1, self.piece as i64);
        let pair = |row: &rusqlite::Row<'_>| {
            let created_at = row.get(0)?;
            Ok(Met { key: created_at, created_at, id: row.get(1)?, scope: 0 })
        };
        match &self.run {
            Run::Token(token, scope) => {
                let mut statement = self.conn.prepare_cached(WITH_TOKEN)?;
                for met in statement.query_map(params![own, token, scope, created_at, id, piece], pair)? {
                    self.buffer.push_back(met?);
                }
            }
            Run::Tag(TagQuery { key, value: Some(value) }) => {
                let mut statement = self.conn.prepare_cached(WITH_TAG)?;
                for met in statement.query_map(params![own, key, value, created_at, id, piece], pair)? {
                    self.buffer.push_back(met?);
                }
            }
            Run::Tag(TagQuery { key, value: None }) => {
                let mut statement = self.conn.prepare_cached(WITH_KEY)?;
                let rows = statement
                    .query_map(params![own, key, self.value, created_at, id, piece], |row| {
                        Ok((pair(row)?, row.get(2)?))
                    })?;
                let mut last = None;
                for row in rows {
                    let (met, value) = row?;
                    self.buffer.push_back(met);
                    last = Some(value);
                }
                self.value = last.unwrap_or_default();
            }
            Run::Profile(profile, scope) => {
                let mut statement = self.conn.prepare_cached(OF_PROFILE)?;
                let (time, entity) = &self.place;
                let rows = statement.query_map(params![own, profile, time, entity, piece], |row| {
                    let (created_at, id) = (row.get(0)?, row.get(1)?);
                    let met = Met { key: row.get(2)?, created_at, id, scope: *scope };
                    Ok((met, (met.key, row.get(3)?)))
                })?;
                let mut last = None;
                for row in rows {
                    let (met, place) = row?;
                    self.buffer.push_back(met);
                    last = Some(place);
                }
                self.place = last.unwrap_or_default();
            }
        }
        self.is_read = self.buffer.len() < self.piece;
        self.piece = (self.piece * 2).min(LARGEST_PIECE);
        self.at = self.buffer.back().map_or(self.at, |last| (last.created_at, last.id));
        Ok(())
    }
}

/// One way through the box.
struct Walk<'a> {
    conn: &'a Connection,
    query: &'a SearchQuery,
    set: &'a HashSet<i64>,
    wanted: usize,
    is_ordered: bool,
    /// The streams hold documents of the chosen profiles only.
    is_within: bool,
    streams: Vec<Stream<'a>>,
    heap: Option<BinaryHeap<(Met, usize)>>,
    /// The document met last: it may come again from another stream.
    last: Option<Met>,
    /// When each match was made, and its row.
    found: Vec<(i64, i64)>,
    /// When the newest matches were made, as many as are wanted; the oldest of them is the greatest here.
    newest: BinaryHeap<Reverse<i64>>,
}

impl Walk<'_> {
    fn next(&mut self) -> Result<Option<Met>, Failure> {
        if !self.is_ordered {
            while let Some(stream) = self.streams.last_mut() {
                if let Some(met) = stream.next()? {
                    return Ok(Some(met));
                }
                self.streams.pop();
            }
            return Ok(None);
        }
        let heap = match &mut self.heap {
            Some(heap) => heap,
            None => {
                let mut heap = BinaryHeap::with_capacity(self.streams.len());
                for (index, stream) in self.streams.iter_mut().enumerate() {
                    if let Some(met) = stream.next()? {
                        heap.push((met, index));
                    }
                }
                self.heap.insert(heap)
            }
        };
        let Some((met, index)) = heap.pop() else { return Ok(None) };
        if let Some(next) = self.streams[index].next()? {
            heap.push((next, index));
        }
        Ok(Some(met))
    }

    /// Whether the document can be seen and has all that is asked for.
    fn matches(&self, Met { created_at, id, scope, .. }: Met) -> Result<bool, Failure> {
        let (conn, box_id) = (self.conn, self.query.box_id);
        // A word found in its scope is one of a document that everybody sees who sees the box.
        let is_in_scope = self.query.departments.is_none() && matches!(self.query.words, SearchWords::Any(_));
        if !self.is_within && !is_in_scope {
            let mut statement = conn.prepare_cached(PROFILE)?;
            if !self.set.contains(&statement.query_row([id], |row| row.get(0))?) {
                return Ok(false);
            }
        }
        match &self.query.words {
            SearchWords::Any(_) if !self.is_within => Ok(true),
            SearchWords::Any(tokens) => tags::has_token(conn, box_id, (scope, created_at, id), tokens),
            SearchWords::Tags(wanted) if wanted.len() == 1 && !self.is_within => Ok(true),
            SearchWords::Tags(wanted) => tags::has_all_of(conn, box_id, id, wanted),
        }
    }
}

impl Way for Walk<'_> {
    fn advance(&mut self, steps: usize) -> Result<bool, Failure> {
        for _ in 0..steps / COST {
            let Some(met) = self.next()? else { return Ok(true) };
            if self.last == Some(met) {
                continue;
            }
            // What is still to come was not made after the key: it cannot be among the newest any more.
            let is_settled = self.newest.len() >= self.wanted
                && self.newest.peek().is_some_and(|Reverse(oldest)| *oldest > met.key);
            if self.is_ordered && is_settled {
                return Ok(true);
            }
            self.last = Some(met);
            if self.matches(met)? {
                self.found.push((met.created_at, met.id));
                self.newest.push(Reverse(met.created_at));
                if self.newest.len() > self.wanted {
                    self.newest.pop();
                }
            }
        }
        Ok(false)
    }
}
