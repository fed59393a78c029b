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
    /// Documents of this profile, in the order of the list.
    Profile(i64),
    /// Documents exchanged with this box, in the order of time.
    Counteragent(BoxId),
    /// Documents of this number, in no order that matters.
    Number(String),
    /// Documents of this file name, in no order that matters.
    FileName(String),
    /// Documents with a sum in this closed range, in no order that matters.
    Sums(i64, i64),
    /// Documents with this tag, in no order that matters.
    Tag(TagQuery),
}

/// A document met on the way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Met {
    pub(super) id: i64,
    pub(super) place: Place,
    pub(super) profile: i64,
    pub(super) counteragent: [u8; 16],
}

/// A run that is being read.
pub(super) struct Stream<'c> {
    conn: &'c Connection,
    box_id: BoxId,
    window: Window,
    pub(super) run: Run,
    buffer: VecDeque<Met>,
    at: Place,
    /// Where unordered runs stand: what their index has before the row id, and the row id.
    value: i64,
    text: String,
    id: i64,
    piece: usize,
    is_read: bool,
}

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "SELECT d.id, d.listed_at, d.entity_id, d.date, d.profile, d.counteragent FROM documents d ",
            $rest
        )
    };
}

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
        match &self.run {
            Run::Profile(profile) if self.window.is_by_date => self.fill_by_date(*profile)?,
            Run::Profile(profile) => self.fill_by_time(*profile)?,
            Run::Counteragent(counteragent) => self.fill_by_counteragent(*counteragent)?,
            Run::Number(_) | Run::FileName(_) => self.fill_by_text()?,
            Run::Sums(_, high) => self.fill_by_sum(*high)?,
            Run::Tag(_) => self.fill_by_tag()?,
        }
        self.is_read = self.buffer.len() < self.piece;
        self.piece = (self.piece * 2).min(LARGEST_PIECE);
        if let Some(last) = self.buffer.back() {
            self.at = last.place;
            self.id = last.id;
        }
        Ok(())
    }

    fn fill_by_time(&mut self, profile: i64) -> Result<(), Failure> {
        let mut statement = self.conn.prepare_cached(if self.window.is_descending {
            "SELECT id, listed_at, entity_id, counteragent FROM documents INDEXED BY documents_by_profile
             WHERE box_id = ?1 AND profile = ?2 AND (listed_at, entity_id) < (?3, ?4) AND listed_at >= ?5
             ORDER BY listed_at DESC, entity_id DESC LIMIT ?6"
        } else {
            "SELECT id, listed_at, entity_id, counteragent FROM documents INDEXED BY documents_by_profile
             WHERE box_id = ?1 AND profile = ?2 AND (listed_at, entity_id) > (?3, ?4) AND listed_at <= ?5
             ORDER BY listed_at, entity_id LIMIT ?6"
        })?;
        let params = params![
            self.box_id.as_bytes(),
            profile,
            self.at.time,
            self.at.entity.as_slice(),
            self.window.end_time(),
            self.piece as i64
        ];
        let rows = statement.query_map(params, |row| {
            Ok(Met {
                id: row.get(0)?,
                place: Place::new(0, row.get(1)?, row.get(2)?),
                profile,
                counteragent: row.get(3)?,
            })
        })?;
        for row in rows {
            self.buffer.push_back(row?);
        }
        Ok(())
    }

    fn fill_by_date(&mut self, profile: i64) -> Result<(), Failure> {
        let mut statement = self.conn.prepare_cached(if self.window.is_descending {
            "SELECT id, date, listed_at, entity_id, counteragent FROM documents INDEXED BY documents_by_date
             WHERE box_id = ?1 AND profile = ?2 AND date > 0 AND (date, listed_at, entity_id) < (?3, ?4, ?5)
               AND date >= ?6
             ORDER BY date DESC, listed_at DESC, entity_id DESC LIMIT ?7"
        } else {
            "SELECT id, date, listed_at, entity_id, counteragent FROM documents INDEXED BY documents_by_date
             WHERE box_id = ?1 AND profile = ?2 AND date > 0 AND (date, listed_at, entity_id) > (?3, ?4, ?5)
               AND date <= ?6
             ORDER BY date, listed_at, entity_id LIMIT ?7"
        })?;
        let params = params![
            self.box_id.as_bytes(),
            profile,
            self.at.date,
            self.at.time,
            self.at.entity.as_slice(),
            self.window.end_date(),
            self.piece as i64
        ];
        let rows = statement.query_map(params, |row| {
            Ok(Met {
                id: row.get(0)?,
                place: Place::new(row.get(1)?, row.get(2)?, row.get(3)?),
                profile,
                counteragent: row.get(4)?,
            })
        })?;
        for row in rows {
            self.buffer.push_back(row?);
        }
        Ok(())
    }

    fn fill_by_counteragent(&mut self, counteragent: BoxId) -> Result<(), Failure> {
        let is_by_date = self.window.is_by_date;
        let mut statement = self.conn.prepare_cached(if self.window.is_descending && !is_by_date {
            columns!(
                "INDEXED BY documents_by_counteragent
                 WHERE box_id = ?1 AND counteragent = ?2 AND (listed_at, entity_id) < (?3, ?4) AND listed_at >= ?5
                 ORDER BY listed_at DESC, entity_id DESC LIMIT ?6"
            )
        } else {
            columns!(
                "INDEXED BY documents_by_counteragent
                 WHERE box_id = ?1 AND counteragent = ?2 AND (listed_at, entity_id) > (?3, ?4) AND listed_at <= ?5
                 ORDER BY listed_at, entity_id LIMIT ?6"
            )
        })?;
        let at = match (is_by_date, self.buffer.is_empty() && self.id == i64::MIN) {
            // A list by date takes them all, in whatever order.
            (true, true) => Place::FIRST,
            _ => self.at,
        };
        let end = if is_by_date { i64::MAX } else { self.window.end_time() };
        let params = params![
            self.box_id.as_bytes(),
            counteragent.as_bytes(),
            at.time,
            at.entity.as_slice(),
            end,
            self.piece as i64
        ];
        let rows = statement.query_map(params, |row| met(row, is_by_date))?;
        for row in rows {
            self.buffer.push_back(row?);
        }
        Ok(())
    }

    fn fill_by_text(&mut self) -> Result<(), Failure> {
        let (sql, text) = match &self.run {
            Run::Number(number) => (
                columns!(
                    "INDEXED BY documents_by_number
                     WHERE box_id = ?1 AND number = ?2 AND id > ?3 ORDER BY id LIMIT ?4"
                ),
                number,
            ),
            Run::FileName(name) => (
                columns!(
                    "INDEXED BY documents_by_file_name
                     WHERE box_id = ?1 AND file_name = ?2 AND id > ?3 ORDER BY id LIMIT ?4"
                ),
                name,
            ),
            _ => return Ok(()),
        };
        let mut statement = self.conn.prepare_cached(sql)?;
        let params = params![self.box_id.as_bytes(), text, self.id, self.piece as i64];
        let is_by_date = self.window.is_by_date;
        let rows = statement.query_map(params, |row| met(row, is_by_date))?;
        for row in rows {
            self.buffer.push_back(row?);
        }
        Ok(())
    }

    fn fill_by_sum(&mut self, high: i64) -> Result<(), Failure> {
        let mut statement = self.conn.prepare_cached(
            "SELECT d.id, d.listed_at, d.entity_id, d.date, d.profile, d.counteragent, d.total_sum
             FROM documents d INDEXED BY documents_by_sum
             WHERE box_id = ?1 AND total_sum <= ?2 AND (total_sum, id) > (?3, ?4) ORDER BY total_sum, id LIMIT ?5",
        )?;
        let params = params![self.box_id.as_bytes(), high, self.value, self.id, self.piece as i64];
        let is_by_date = self.window.is_by_date;
        let rows = statement.query_map(params, |row| Ok((met(row, is_by_date)?, row.get(6)?)))?;
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
            Some(value) => (
                "SELECT d.id, d.listed_at, d.entity_id, d.date, d.profile, d.counteragent, t.value, t.created_at
                 FROM document_tags t CROSS JOIN documents d ON d.id = t.document
                 WHERE t.box_id = ?1 AND t.key = ?2 AND t.value = ?3 AND (t.created_at, t.document) > (?4, ?5)
                 ORDER BY t.created_at, t.document LIMIT ?6",
                value,
            ),
            None => (
                "SELECT d.id, d.listed_at, d.entity_id, d.date, d.profile, d.counteragent, t.value, t.created_at
                 FROM document_tags t CROSS JOIN documents d ON d.id = t.document
                 WHERE t.box_id = ?1 AND t.key = ?2 AND (t.value, t.created_at, t.document) > (?3, ?4, ?5)
                 ORDER BY t.value, t.created_at, t.document LIMIT ?6",
                &self.text,
            ),
        };
        let mut statement = self.conn.prepare_cached(sql)?;
        let params = params![self.box_id.as_bytes(), tag.key, value, self.value, self.id, self.piece as i64];
        let is_by_date = self.window.is_by_date;
        let rows =
            statement.query_map(params, |row| Ok((met(row, is_by_date)?, row.get(6)?, row.get(7)?)))?;
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

fn met(row: &Row<'_>, is_by_date: bool) -> rusqlite::Result<Met> {
    let date: u32 = row.get(3)?;
    Ok(Met {
        id: row.get(0)?,
        place: Place::new(if is_by_date { date } else { 0 }, row.get(1)?, row.get(2)?),
        profile: row.get(4)?,
        counteragent: row.get(5)?,
    })
}
