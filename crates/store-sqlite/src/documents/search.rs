//! Finding documents by words and tags, the newest first.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet, VecDeque};

use potok_domain::DocumentRef;
use potok_domain::rows::TagQuery;
use potok_store::{SearchQuery, SearchWords};
use rusqlite::{Connection, params};

use super::race::{self, Way};
use super::{profiles, tags};
use crate::failure::Failure;
use crate::sql::guid;

/// Rows of the largest piece read at once.
const LARGEST_PIECE: usize = 256;

pub(super) fn search(conn: &Connection, query: &SearchQuery) -> Result<Vec<DocumentRef>, Failure> {
    let chosen = profiles::choose(conn, query.box_id, |traits| query.accepts_traits(traits))?;
    let set = profiles::as_set(&chosen);
    let wanted = query.skip.saturating_add(query.limit);
    let runs: Vec<Vec<Run>> = match &query.words {
        SearchWords::Any(tokens) => vec![tokens.iter().cloned().map(Run::Token).collect()],
        // Each tag alone leads to all that have every tag; the rarest arrives first.
        SearchWords::Tags(tags) => tags.iter().cloned().map(|tag| vec![Run::Tag(tag)]).collect(),
    };
    if chosen.is_empty() || wanted == 0 || runs.iter().all(Vec::is_empty) {
        return Ok(Vec::new());
    }
    let is_ordered = |runs: &[Run]| runs.iter().all(Run::is_ordered);
    let way = |runs: Vec<Run>| Walk {
        conn,
        query,
        set: &set,
        wanted,
        is_ordered: is_ordered(&runs),
        streams: runs.into_iter().map(|run| Stream::new(conn, query, run)).collect(),
        heap: None,
        last: None,
        found: Vec::new(),
        settled: 0,
    };
    let mut ways: Vec<Walk<'_>> = runs.into_iter().map(way).collect();
    // Where few documents can be seen at all, looking at each of them is shorter than looking for a common word.
    ways.push(way(chosen.iter().map(|profile| Run::Profile(*profile)).collect()));
    let mut found = race::first(ways)?.map(|way| way.found).unwrap_or_default();
    found.sort_unstable();
    found.dedup();
    let documents = found.into_iter().map(|found| found.document);
    Ok(documents.skip(query.skip).take(query.limit).collect())
}

/// What lies together in one index.
enum Run {
    /// Documents with this word, newest first.
    Token(String),
    /// Documents with this tag; newest first if its value is known.
    Tag(TagQuery),
    /// Documents of this profile, in no order that matters.
    Profile(i64),
}

impl Run {
    const fn is_ordered(&self) -> bool {
        match self {
            Self::Token(_) => true,
            Self::Tag(tag) => tag.value.is_some(),
            Self::Profile(_) => false,
        }
    }
}

/// A document on the way: when it was made, and its row. The newest is the greatest.
type Met = (i64, i64);

struct Stream<'a> {
    conn: &'a Connection,
    query: &'a SearchQuery,
    run: Run,
    buffer: VecDeque<Met>,
    /// Where it stands; with a tag of any value also at which value.
    at: Met,
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
            place: (i64::MIN, Vec::new()),
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
        let pair = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        match &self.run {
            Run::Token(token) => {
                let mut statement = self.conn.prepare_cached(
                    "SELECT created_at, document FROM document_tokens
                     WHERE box_id = ?1 AND token = ?2 AND (created_at, document) < (?3, ?4)
                     ORDER BY created_at DESC, document DESC LIMIT ?5",
                )?;
                for met in statement.query_map(params![own, token, created_at, id, piece], pair)? {
                    self.buffer.push_back(met?);
                }
            }
            Run::Tag(TagQuery { key, value: Some(value) }) => {
                let mut statement = self.conn.prepare_cached(
                    "SELECT created_at, document FROM document_tags
                     WHERE box_id = ?1 AND key = ?2 AND value = ?3 AND (created_at, document) < (?4, ?5)
                     ORDER BY created_at DESC, document DESC LIMIT ?6",
                )?;
                for met in statement.query_map(params![own, key, value, created_at, id, piece], pair)? {
                    self.buffer.push_back(met?);
                }
            }
            Run::Tag(TagQuery { key, value: None }) => {
                let mut statement = self.conn.prepare_cached(
                    "SELECT created_at, document, value FROM document_tags
                     WHERE box_id = ?1 AND key = ?2 AND (value, created_at, document) > (?3, ?4, ?5)
                     ORDER BY value, created_at, document LIMIT ?6",
                )?;
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
            Run::Profile(profile) => {
                let mut statement = self.conn.prepare_cached(
                    "SELECT created_at, id, listed_at, entity_id FROM documents INDEXED BY documents_by_profile
                     WHERE box_id = ?1 AND profile = ?2 AND (listed_at, entity_id) > (?3, ?4)
                     ORDER BY listed_at, entity_id LIMIT ?5",
                )?;
                let (time, entity) = &self.place;
                let rows = statement.query_map(params![own, profile, time, entity, piece], |row| {
                    Ok((pair(row)?, (row.get(2)?, row.get(3)?)))
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
        self.at = self.buffer.back().copied().unwrap_or(self.at);
        Ok(())
    }
}

/// A document that matches, in the order of the answer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Match {
    created_at: Reverse<i64>,
    document: DocumentRef,
}

/// One way through the box.
struct Walk<'a> {
    conn: &'a Connection,
    query: &'a SearchQuery,
    set: &'a HashSet<i64>,
    wanted: usize,
    is_ordered: bool,
    streams: Vec<Stream<'a>>,
    heap: Option<BinaryHeap<(Met, usize)>>,
    /// The document met last: it may come again from another stream.
    last: Option<Met>,
    found: Vec<Match>,
    /// How many of `found` were made later than the newest one that is still to come.
    settled: usize,
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

    /// The document, if it can be seen and has all that is asked for.
    fn check(&self, (created_at, id): Met) -> Result<Option<DocumentRef>, Failure> {
        let mut statement =
            self.conn.prepare_cached("SELECT profile, message_id, entity_id FROM documents WHERE id = ?1")?;
        let (profile, document): (i64, DocumentRef) = statement.query_row([id], |row| {
            Ok((row.get(0)?, DocumentRef { message_id: guid(row, 1)?, entity_id: guid(row, 2)? }))
        })?;
        if !self.set.contains(&profile) {
            return Ok(None);
        }
        let (conn, box_id) = (self.conn, self.query.box_id);
        let matches = match &self.query.words {
            SearchWords::Any(_) if self.is_ordered => true,
            SearchWords::Any(tokens) => tags::has_token(conn, box_id, id, created_at, tokens)?,
            SearchWords::Tags(wanted) if wanted.len() == 1 && self.is_ordered => true,
            SearchWords::Tags(wanted) => tags::has_all_of(conn, box_id, id, wanted)?,
        };
        Ok(matches.then_some(document))
    }
}

impl Way for Walk<'_> {
    fn advance(&mut self, steps: usize) -> Result<bool, Failure> {
        for _ in 0..steps {
            let Some(met) = self.next()? else { return Ok(true) };
            if self.last == Some(met) {
                continue;
            }
            if self.is_ordered && self.last.is_some_and(|last| last.0 != met.0) {
                self.settled = self.found.len();
                if self.settled >= self.wanted {
                    return Ok(true);
                }
            }
            self.last = Some(met);
            if let Some(document) = self.check(met)? {
                self.found.push(Match { created_at: Reverse(met.0), document });
            }
        }
        Ok(false)
    }
}
