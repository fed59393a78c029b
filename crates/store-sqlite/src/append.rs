//! The append: everything one decision writes.

use potok_domain::{MessageType, Revision};
use potok_store::stored::encode_event;
use potok_store::{Append, AppendError, Appended, NewEvent};
use potok_types::{BoxId, IndexKey, MessageId, Ticks};
use rusqlite::{OptionalExtension as _, params};

use crate::documents::{self, PreparedRow};
use crate::failure::Failure;
use crate::outbox;
use crate::profile;
use crate::writer::Session;

/// An append whose events are in their stored form already, so that the writer thread need not do that.
pub(crate) struct Prepared {
    append: Append,
    stored: Vec<Vec<u8>>,
    documents: Vec<PreparedRow>,
}

impl Prepared {
    pub(crate) fn new(mut append: Append) -> Result<Self, Failure> {
        for (nth, new) in append.events.iter().enumerate() {
            let event = &new.event;
            let is_first = append.expected.0 == 0 && nth == 0;
            if event.message_id != append.message_id
                || is_first != (event.id == append.message_id.first_event())
            {
                return Err(Failure::Invalid(format!(
                    "event {} does not belong at place {nth} of an append to message {}",
                    event.id, append.message_id
                )));
            }
        }
        let stored = append.events.iter().map(|new| encode_event(&new.event)).collect();
        let documents = std::mem::take(&mut append.documents).into_iter().map(PreparedRow::new).collect();
        Ok(Self { append, stored, documents })
    }
}

/// Checks first, and only then writes: what is refused has touched nothing.
pub(crate) fn append(
    session: &mut Session<'_>,
    prepared: &Prepared,
) -> Result<Result<Appended, AppendError>, Failure> {
    let append = &prepared.append;
    if let Some(repeated) = find_repeated(session, append)? {
        return Ok(Err(repeated));
    }
    if let Some(lease) = append.settles
        && !(lease.box_id == append.box_id && outbox::is_held(session.conn, lease)?)
    {
        return Ok(Err(AppendError::LeaseLost));
    }
    let found = revision(session, append.box_id, append.message_id)?;
    if found != append.expected {
        return Ok(Err(AppendError::Stale { found }));
    }

    let now = session.clock.now();
    let mut keys = Vec::with_capacity(append.events.len());
    let mut revision = found;
    for (new, stored) in append.events.iter().zip(&prepared.stored) {
        revision.0 += 1;
        keys.push(insert_event(session, append, revision, new, stored, now)?);
    }
    for row in &prepared.documents {
        documents::put(session, append.box_id, row, found.0 == 0)?;
    }
    insert_rest(session, append)?;
    if let Some(lease) = append.settles {
        outbox::settle(session.conn, lease)?;
    }
    Ok(Ok(Appended { revision, keys }))
}

fn find_repeated(session: &Session<'_>, append: &Append) -> Result<Option<AppendError>, Failure> {
    let Some(operation) = &append.operation else { return Ok(None) };
    let found = crate::journal::find_operation(session.conn, append.box_id, operation.method, &operation.id)?;
    Ok(found.map(|(message_id, event)| AppendError::Repeated { message_id, event }))
}

fn revision(session: &Session<'_>, box_id: BoxId, message_id: MessageId) -> Result<Revision, Failure> {
    let mut statement = session.conn.prepare_cached(
        "SELECT revision FROM events WHERE box_id = ?1 AND message_id = ?2 ORDER BY revision DESC LIMIT 1",
    )?;
    let found = statement.query_row(params![box_id.as_bytes(), message_id.as_bytes()], |row| row.get(0));
    Ok(Revision(found.optional()?.unwrap_or(0)))
}

fn insert_event(
    session: &mut Session<'_>,
    append: &Append,
    revision: Revision,
    new: &NewEvent,
    stored: &[u8],
    now: Ticks,
) -> Result<IndexKey, Failure> {
    let conn = session.conn;
    let box_id = append.box_id;
    let profile = profile::of_event(session, box_id, new)?;

    let head = session.heads.of_box(conn, box_id)?;
    let key = IndexKey::next(head.key.map(IndexKey::new), now);
    let at = new.event.at.get();
    head.key = Some(key.get());
    head.seq += 1;
    match new.message_type {
        MessageType::Letter => head.letters += 1,
        MessageType::Draft => head.drafts += 1,
        MessageType::Template => {}
    }
    head.max_lead = head.max_lead.max(at.saturating_sub(key.get()));
    head.max_lag = head.max_lag.max(key.get().saturating_sub(at));

    let mut statement = conn.prepare_cached(
        "INSERT INTO events (box_id, message_id, revision, event_id, key, stored, box_event)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    let row = statement.insert(params![
        box_id.as_bytes(),
        append.message_id.as_bytes(),
        revision.0,
        new.event.id.as_bytes(),
        key.get(),
        stored,
        &new.box_event[..],
    ])?;
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
        new.message_type as i32,
        profile.profile,
        head.seq,
        head.letters,
        head.drafts,
        profile.count,
        head.max_lead,
        head.max_lag,
    ])?;
    Ok(key)
}

fn insert_rest(session: &Session<'_>, append: &Append) -> Result<(), Failure> {
    let conn = session.conn;
    let box_id = append.box_id.as_bytes();
    for content in &append.contents {
        let mut statement = conn.prepare_cached(
            "INSERT OR IGNORE INTO small_contents (box_id, hash, bytes) VALUES (?1, ?2, ?3)",
        )?;
        statement.execute(params![box_id, content.hash.as_bytes(), &content.bytes[..]])?;
    }
    for (referrer, base) in &append.links {
        let mut statement = conn.prepare_cached(
            "INSERT OR IGNORE INTO links
                 (box_id, base_message, base_entity, referrer_message, referrer_entity)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        statement.execute(params![
            box_id,
            base.message_id.as_bytes(),
            base.entity_id.as_bytes(),
            referrer.message_id.as_bytes(),
            referrer.entity_id.as_bytes(),
        ])?;
    }
    for delivery in &append.deliveries {
        outbox::plan(conn, append.box_id, append.message_id, *delivery)?;
    }
    if let Some(operation) = &append.operation {
        let event = append.events.first().map_or_else(|| append.message_id.first_event(), |new| new.event.id);
        let mut statement = conn.prepare_cached(
            "INSERT INTO operations (box_id, method, id, message_id, event_id) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        statement.execute(params![
            box_id,
            operation.method,
            operation.id,
            append.message_id.as_bytes(),
            event.as_bytes(),
        ])?;
    }
    Ok(())
}
