//! The append: everything one decision writes.

use std::collections::HashSet;

use potok_domain::{MessageType, Revision};
use potok_store::{
    Append, AppendError, Appended, AppendedStream, FeedEntry, NewEvent, NewOperation, StreamAppend, StreamId,
};
use potok_types::{BoxId, IndexKey, Ticks};
use rusqlite::{OptionalExtension as _, params};

use crate::documents::{self, PreparedRow};
use crate::failure::Failure;
use crate::outbox;
use crate::profile;
use crate::writer::Session;

/// An append that was looked at, with the rows in their stored form, so that the writer thread need not do that.
pub(crate) struct Prepared {
    append: Append,
    /// The rows of each stream.
    documents: Vec<Vec<PreparedRow>>,
}

impl Prepared {
    pub(crate) fn new(mut append: Append) -> Result<Self, Failure> {
        let mut named = HashSet::with_capacity(append.streams.len());
        for of_stream in &append.streams {
            if !named.insert(of_stream.stream) {
                return Err(Failure::Invalid(format!(
                    "the {} is named twice in one append",
                    of_stream.stream
                )));
            }
            check_places(of_stream)?;
        }
        let rows = append.streams.iter_mut().map(|of_stream| std::mem::take(&mut of_stream.documents));
        let documents = rows.map(|rows| rows.into_iter().map(PreparedRow::new).collect()).collect();
        Ok(Self { append, documents })
    }
}

/// Every event is of the stream, and only the first event of a message has the id of the message.
fn check_places(append: &StreamAppend) -> Result<(), Failure> {
    let stream = append.stream;
    for (nth, event) in append.events.iter().enumerate() {
        let is_first = append.expected.0 == 0 && nth == 0;
        let is_misnamed =
            stream.message().is_some_and(|message| is_first != (event.id == message.first_event()));
        if event.stream != stream || is_misnamed {
            return Err(Failure::Invalid(format!(
                "event {} of {} does not belong at place {nth} of an append to {stream} after {} events",
                event.id, event.stream, append.expected.0
            )));
        }
    }
    Ok(())
}

/// Checks first, and only then writes: what is refused has touched nothing.
pub(crate) fn append(
    session: &mut Session<'_>,
    prepared: &Prepared,
) -> Result<Result<Appended, AppendError>, Failure> {
    let append = &prepared.append;
    if let Some(NewOperation { operation, .. }) = &append.operation
        && let Some(made) =
            crate::journal::find_operation(session.conn, append.box_id, operation.method, &operation.id)?
    {
        return Ok(Err(AppendError::Repeated(made)));
    }
    if let Some(lease) = append.settles
        && !(lease.box_id == append.box_id && outbox::is_held(session.conn, lease)?)
    {
        return Ok(Err(AppendError::LeaseLost));
    }
    for of_stream in &append.streams {
        let found = revision(session, append.box_id, of_stream.stream)?;
        if found != of_stream.expected {
            return Ok(Err(AppendError::Stale { stream: of_stream.stream, found }));
        }
    }

    let now = session.clock.now();
    let mut streams = Vec::with_capacity(append.streams.len());
    for (of_stream, rows) in append.streams.iter().zip(&prepared.documents) {
        streams.push(insert_stream(session, append.box_id, of_stream, rows, now)?);
    }
    if let Some(operation) = &append.operation {
        insert_operation(session, append.box_id, operation)?;
    }
    if let Some(lease) = append.settles {
        outbox::settle(session.conn, lease)?;
    }
    Ok(Ok(Appended { streams }))
}

fn revision(session: &Session<'_>, box_id: BoxId, stream: StreamId) -> Result<Revision, Failure> {
    let mut statement = session.conn.prepare_cached(
        "SELECT revision FROM events WHERE box_id = ?1 AND kind = ?2 AND stream_id = ?3
         ORDER BY revision DESC LIMIT 1",
    )?;
    let found = statement
        .query_row(params![box_id.as_bytes(), stream.kind.number(), stream.id.as_bytes()], |row| row.get(0));
    Ok(Revision(found.optional()?.unwrap_or(0)))
}

fn insert_stream(
    session: &mut Session<'_>,
    box_id: BoxId,
    append: &StreamAppend,
    rows: &[PreparedRow],
    now: Ticks,
) -> Result<AppendedStream, Failure> {
    let mut revision = append.expected;
    let mut keys = Vec::with_capacity(append.events.len());
    for event in &append.events {
        revision.0 += 1;
        keys.push(insert_event(session, box_id, revision, event, now)?);
        for to in &event.deliver_to {
            outbox::plan(session.conn, box_id, revision, event, *to)?;
        }
    }
    for row in rows {
        documents::put(session, box_id, row, append.expected.0 == 0)?;
    }
    insert_beside(session, box_id, append)?;
    Ok(AppendedStream { revision, keys })
}

fn insert_event(
    session: &mut Session<'_>,
    box_id: BoxId,
    revision: Revision,
    new: &NewEvent,
    now: Ticks,
) -> Result<IndexKey, Failure> {
    let conn = session.conn;
    let head = session.heads.of_box(conn, box_id)?;
    let key = IndexKey::next(head.key.map(IndexKey::new), now);
    head.key = Some(key.get());
    let mut statement = conn.prepare_cached(
        "INSERT INTO events (box_id, kind, stream_id, revision, event_id, key, stored, ready)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    let row = statement.insert(params![
        box_id.as_bytes(),
        new.stream.kind.number(),
        new.stream.id.as_bytes(),
        revision.0,
        new.id.as_bytes(),
        key.get(),
        &new.stored[..],
        &new.ready[..],
    ])?;
    if let Some(entry) = &new.feed {
        insert_entry(session, box_id, key, row, entry)?;
    }
    Ok(key)
}

/// Gives the event its place in the feed. `row` is its row in the journal.
fn insert_entry(
    session: &mut Session<'_>,
    box_id: BoxId,
    key: IndexKey,
    row: i64,
    entry: &FeedEntry,
) -> Result<(), Failure> {
    let conn = session.conn;
    let profile = profile::of_event(session, box_id, entry)?;
    let head = session.heads.of_box(conn, box_id)?;
    let at = entry.at.get();
    head.seq += 1;
    match entry.message_type {
        MessageType::Letter => head.letters += 1,
        MessageType::Draft => head.drafts += 1,
        MessageType::Template => {}
    }
    head.max_lead = head.max_lead.max(at.saturating_sub(key.get()));
    head.max_lag = head.max_lag.max(key.get().saturating_sub(at));
    let mut statement = conn.prepare_cached(
        "INSERT INTO feed (box_id, key, event, at, message_type, profile, seq, letters, drafts, nth,
                           max_lead, max_lag)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?;
    statement.execute(params![
        box_id.as_bytes(),
        key.get(),
        row,
        at,
        entry.message_type as i32,
        profile.profile,
        head.seq,
        head.letters,
        head.drafts,
        profile.count,
        head.max_lead,
        head.max_lag,
    ])?;
    Ok(())
}

fn insert_beside(session: &Session<'_>, box_id: BoxId, append: &StreamAppend) -> Result<(), Failure> {
    let conn = session.conn;
    for content in &append.contents {
        let mut statement = conn.prepare_cached(
            "INSERT OR IGNORE INTO small_contents (box_id, hash, bytes) VALUES (?1, ?2, ?3)",
        )?;
        statement.execute(params![box_id.as_bytes(), content.hash.as_bytes(), &content.bytes[..]])?;
    }
    for (referrer, base) in &append.links {
        let mut statement = conn.prepare_cached(
            "INSERT OR IGNORE INTO links
                 (box_id, base_message, base_entity, referrer_message, referrer_entity)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        statement.execute(params![
            box_id.as_bytes(),
            base.message_id.as_bytes(),
            base.entity_id.as_bytes(),
            referrer.message_id.as_bytes(),
            referrer.entity_id.as_bytes(),
        ])?;
    }
    Ok(())
}

fn insert_operation(session: &Session<'_>, box_id: BoxId, new: &NewOperation) -> Result<(), Failure> {
    let NewOperation { operation, made } = new;
    let mut statement = session.conn.prepare_cached(
        "INSERT INTO operations (box_id, method, id, kind, stream_id, event_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    statement.execute(params![
        box_id.as_bytes(),
        operation.method,
        operation.id,
        made.stream.kind.number(),
        made.stream.id.as_bytes(),
        made.event.as_bytes(),
    ])?;
    Ok(())
}
