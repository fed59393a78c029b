//! Runs of documents that lie together in one index, read in pieces.

use std::collections::VecDeque;

use potok_domain::rows::TagQuery;
use potok_types::BoxId;
use rusqlite::{Connection, Row, params};

use super::window::{Place, Window};
use crate::failure::Failure;

/// Rows of the largest piece.
const LARGEST_PIECE: usize = 256;

/// Which run.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Run {
    /// Documents of this profile.
    Profile(i64),
    /// Documents of this profile exchanged with this box.
    Counteragent(BoxId, i64),
    /// Documents of this scope with this word, in no order that matters.
    Token(String, i64),
    /// Documents with a sum in this closed range, in no order that matters.
    Sums(i64, i64),
    /// Documents with this tag, in no order that matters.
    Tag(TagQuery),
}

/// A document met on the way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Met {
    pub(super) id: i64,
    /// 0: none.
    pub(super) date: u32,
    pub(super) time: i64,
    pub(super) entity: [u8; 16],
    pub(super) profile: i64,
    pub(super) counteragent: [u8; 16],
}

impl Met {
    /// Where it stands in a list by date or by time.
    pub(super) const fn place(&self, is_by_date: bool) -> Place {
        Place::new(if is_by_date { self.date } else { 0 }, self.time, self.entity)
    }
}

/// A run that is being read.
pub(super) struct Stream<'c> {
    conn: &'c Connection,
    box_id: BoxId,
    /// In which order profiles are read, which need not be that of the list.
    window: Window,
    pub(super) run: Run,
    buffer: VecDeque<Met>,
    at: Place,
    /// Where runs without an order stand: what their index has before the row id, and the row id. Their order is that of
    /// the index, whatever that of the list is.
    value: i64,
    text: String,
    id: i64,
    piece: usize,
    is_read: bool,
}

impl Run {
    /// Can be read in the order of the list, and holds documents of a wanted profile only.
    pub(super) const fn is_ordered(&self) -> bool {
        matches!(self, Self::Profile(_) | Self::Counteragent(..))
    }

    /// Steps that one document of it costs: what stands in the index alone is quickly read.
    pub(super) const fn cost(&self) -> usize {
        match self {
            Self::Profile(_) | Self::Counteragent(..) => 1,
            Self::Token(..) | Self::Sums(..) | Self::Tag(_) => 5,
        }
    }
}

/// Documents of one profile, in all of the box or with one counteragent, in one of two orders and two directions.
macro_rules! ordered {
    ($index:literal, $who:literal, $place:literal, $least:literal, $order:literal) => {
        concat!(
            "SELECT id, date, listed_at, entity_id, counteragent FROM documents INDEXED BY ",
            $index,
            " WHERE box_id = ?1 AND profile = ?2",
            $who,
            " AND ",
            $place,
            " AND ",
            $least,
            " ORDER BY ",
            $order,
            " LIMIT ?7"
        )
    };
}

macro_rules! by_time {
    ($index:literal, $who:literal, descending) => {
        ordered!(
            $index,
            $who,
            "(listed_at, entity_id) < (?4, ?5)",
            "listed_at >= ?6",
            "listed_at DESC, entity_id DESC"
        )
    };
    ($index:literal, $who:literal, ascending) => {
        ordered!($index, $who, "(listed_at, entity_id) > (?4, ?5)", "listed_at <= ?6", "listed_at, entity_id")
    };
}

macro_rules! by_date {
    ($index:literal, $who:literal, descending) => {
        ordered!(
            $index,
            $who,
            "date <> 0 AND (date, listed_at, entity_id) < (?8, ?4, ?5)",
            "date >= ?6",
            "date DESC, listed_at DESC, entity_id DESC"
        )
    };
    ($index:literal, $who:literal, ascending) => {
        ordered!(
            $index,
            $who,
            "date <> 0 AND (date, listed_at, entity_id) > (?8, ?4, ?5)",
            "date <= ?6",
            "date, listed_at, entity_id"
        )
    };
}

/// ?3 is the counteragent, and is bound to nothing where any will do; ?8 is the date of a place.
pub(super) const fn statement(is_by_date: bool, of_counteragent: bool, is_descending: bool) -> &'static str {
    match (is_by_date, of_counteragent, is_descending) {
        (false, false, false) => by_time!("documents_by_profile", " AND ?3 IS NULL", ascending),
        (false, false, true) => by_time!("documents_by_profile", " AND ?3 IS NULL", descending),
        (false, true, false) => by_time!("documents_by_counteragent", " AND counteragent = ?3", ascending),
        (false, true, true) => by_time!("documents_by_counteragent", " AND counteragent = ?3", descending),
        (true, false, false) => by_date!("documents_by_date", " AND ?3 IS NULL", ascending),
        (true, false, true) => by_date!("documents_by_date", " AND ?3 IS NULL", descending),
        (true, true, false) => {
            by_date!("documents_by_counteragent_and_date", " AND counteragent = ?3", ascending)
        }
        (true, true, true) => {
            by_date!("documents_by_counteragent_and_date", " AND counteragent = ?3", descending)
        }
    }
}

/// The runs without an order begin with what [`met`] reads.
macro_rules! unordered {
    ($rest:literal) => {
        concat!("SELECT d.id, d.listed_at, d.entity_id, d.date, d.profile, d.counteragent, ", $rest)
    };
}

pub(super) const WITH_TOKEN: &str = unordered!(
    "t.created_at
     FROM document_tokens t CROSS JOIN documents d ON d.id = t.document
     WHERE t.box_id = ?1 AND t.token = ?2 AND t.scope = ?3 AND (t.created_at, t.document) > (?4, ?5)
     ORDER BY t.created_at, t.document LIMIT ?6"
);
pub(super) const WITH_SUM: &str = unordered!(
    "d.total_sum
     FROM documents d INDEXED BY documents_by_sum
     WHERE box_id = ?1 AND total_sum <= ?2 AND (total_sum, id) > (?3, ?4) ORDER BY total_sum, id LIMIT ?5"
);
pub(super) const WITH_TAG: &str = unordered!(
    "t.value, t.created_at
     FROM document_tags t CROSS JOIN documents d ON d.id = t.document
     WHERE t.box_id = ?1 AND t.key = ?2 AND t.value = ?3 AND (t.created_at, t.document) > (?4, ?5)
     ORDER BY t.created_at, t.document LIMIT ?6"
);
pub(super) const WITH_KEY: &str = unordered!(
    "t.value, t.created_at
     FROM document_tags t CROSS JOIN documents d ON d.id = t.document
     WHERE t.box_id = ?1 AND t.key = ?2 AND (t.value, t.created_at, t.document) > (?3, ?4, ?5)
     ORDER BY t.value, t.created_at, t.document LIMIT ?6"
);

impl<'c> Stream<'c> {
    pub(super) fn new(conn: &'c Connection, box_id: BoxId, window: Window, run: Run, piece: usize) -> Self {
        let value = match run {
            Run::Sums(low, _) => low,
            _ => i64::MIN,
        };
        Self {
            conn,
            box_id,
            window,
            run,
            buffer: VecDeque::new(),
            at: window.start,
            value,
            text: String::new(),
            id: i64::MIN,
            piece: piece.clamp(2, LARGEST_PIECE),
            is_read: false,
        }
    }

    /// The next document of the run.
    pub(super) fn next(&mut self) -> Result<Option<Met>, Failure> {
        if self.buffer.is_empty() && !self.is_read {
            self.fill()?;
        }
        Ok(self.buffer.pop_front())
    }

    fn fill(&mut self) -> Result<(), Failure> {
        match self.run {
            Run::Profile(profile) => self.fill_in_order(profile, None)?,
            Run::Counteragent(counteragent, profile) => self.fill_in_order(profile, Some(counteragent))?,
            Run::Token(..) => self.fill_by_token()?,
            Run::Sums(_, high) => self.fill_by_sum(high)?,
            Run::Tag(_) => self.fill_by_tag()?,
        }
        self.is_read = self.buffer.len() < self.piece;
        self.piece = (self.piece * 2).min(LARGEST_PIECE);
        if let Some(last) = self.buffer.back() {
            self.at = last.place(self.window.is_by_date);
            self.id = last.id;
        }
        Ok(())
    }

    fn fill_in_order(&mut self, profile: i64, counteragent: Option<BoxId>) -> Result<(), Failure> {
        let Window { is_by_date, is_descending, .. } = self.window;
        let mut statement =
            self.conn.prepare_cached(statement(is_by_date, counteragent.is_some(), is_descending))?;
        let end = if is_by_date { i64::from(self.window.end_date()) } else { self.window.end_time() };
        let box_id = self.box_id.as_bytes();
        let counteragent = counteragent.as_ref().map(BoxId::as_bytes);
        let entity = self.at.entity.as_slice();
        let piece = self.piece as i64;
        let read = |row: &Row<'_>| {
            Ok(Met {
                id: row.get(0)?,
                date: row.get(1)?,
                time: row.get(2)?,
                entity: row.get(3)?,
                profile,
                counteragent: row.get(4)?,
            })
        };
        let rows = if is_by_date {
            let params =
                params![box_id, profile, counteragent, self.at.time, entity, end, piece, self.at.date];
            statement.query_map(params, read)?
        } else {
            statement
                .query_map(params![box_id, profile, counteragent, self.at.time, entity, end, piece], read)?
        };
        for row in rows {
            self.buffer.push_back(row?);
        }
        Ok(())
    }

    fn fill_by_token(&mut self) -> Result<(), Failure> {
        let Run::Token(token, scope) = &self.run else { return Ok(()) };
        let mut statement = self.conn.prepare_cached(WITH_TOKEN)?;
        let params = params![self.box_id.as_bytes(), token, scope, self.value, self.id, self.piece as i64];
        let rows = statement.query_map(params, |row| Ok((met(row)?, row.get(6)?)))?;
        for row in rows {
            let (met, value) = row?;
            self.buffer.push_back(met);
            self.value = value;
        }
        Ok(())
    }

    fn fill_by_sum(&mut self, high: i64) -> Result<(), Failure> {
        let mut statement = self.conn.prepare_cached(WITH_SUM)?;
        let params = params![self.box_id.as_bytes(), high, self.value, self.id, self.piece as i64];
        let rows = statement.query_map(params, |row| Ok((met(row)?, row.get(6)?)))?;
        for row in rows {
            let (met, value) = row?;
            self.buffer.push_back(met);
            self.value = value;
        }
        Ok(())
    }

    fn fill_by_tag(&mut self) -> Result<(), Failure> {
        let Run::Tag(tag) = &self.run else { return Ok(()) };
        let (sql, value) = match &tag.value {
            // The place in the run is kept in `text`, `value` and `id`.
            Some(value) => (WITH_TAG, value),
            None => (WITH_KEY, &self.text),
        };
        let mut statement = self.conn.prepare_cached(sql)?;
        let params = params![self.box_id.as_bytes(), tag.key, value, self.value, self.id, self.piece as i64];
        let rows = statement.query_map(params, |row| Ok((met(row)?, row.get(6)?, row.get(7)?)))?;
        let mut last = None;
        for row in rows {
            let (met, text, value) = row?;
            self.buffer.push_back(met);
            last = Some((text, value));
        }
        if let Some((text, value)) = last {
            self.text = text;
            self.value = value;
        }
        Ok(())
    }
}

/// The columns that the runs without an order read first.
fn met(row: &Row<'_>) -> rusqlite::Result<Met> {
    Ok(Met {
        id: row.get(0)?,
        time: row.get(1)?,
        entity: row.get(2)?,
        date: row.get(3)?,
        profile: row.get(4)?,
        counteragent: row.get(5)?,
    })
}
