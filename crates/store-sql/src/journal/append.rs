//! The append: everything one decision writes.

use std::collections::HashSet;

use potok_domain::Revision;
use potok_store::{
    Append, AppendError, Appended, AppendedStream, NewEvent, NewOperation, StreamAppend, StreamId, StreamKind,
};
use potok_types::{BoxId, IndexKey, Ticks};

use super::find_operation;
use crate::counteragents::{self, Place};
use crate::documents::{self, PreparedRow};
use crate::{Batch, Failure, JournalStmt, Row, Session, Sql, SqlWrite, args, directory, feed, outbox};

/// In the place of the revision of a stream that was erased.
const ERASED: i64 = -1;

/// An append that was looked at, with the digests of its rows, so that a writer need not do that.
#[derive(Debug)]
pub struct Prepared {
    append: Append,
    /// The rows of each stream.
    documents: Vec<Vec<PreparedRow>>,
}

impl Prepared {
    /// Looks at it.
    ///
    /// # Errors
    /// A stream is named twice, or an event stands where it does not belong.
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

    /// The box to which it is appended.
    pub const fn box_id(&self) -> BoxId {
        self.append.box_id
    }

    /// The append, but for its rows of documents.
    pub(super) const fn append(&self) -> &Append {
        &self.append
    }

    /// The rows of documents of each stream.
    pub(super) fn documents(&self) -> &[Vec<PreparedRow>] {
        &self.documents
    }
}

/// Rows of the directory stand in its stream. Every event is of the stream, and only the first event of a message has the id of the message. Where there are no
/// events, there are no rows.
fn check_places(append: &StreamAppend) -> Result<(), Failure> {
    let stream = append.stream;
    if append.expected.0 == 0 && append.events.is_empty() && !append.documents.is_empty() {
        return Err(Failure::Invalid(format!("rows of the {stream}, which has no events")));
    }
    if stream.kind != StreamKind::DIRECTORY && !append.directory.is_empty() {
        return Err(Failure::Invalid(format!("rows of the directory with the {stream}")));
    }
    let has_place = append.counteragent.is_some();
    if has_place && (append.events.is_empty() || stream.counteragent().is_none()) {
        return Err(Failure::Invalid(format!(
            "a place in the list of counteragents without an event of it: {stream}"
        )));
    }
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
///
/// # Errors
/// [`Failure`].
pub async fn append<S: SqlWrite>(
    session: &mut Session<S>,
    prepared: &Prepared,
) -> Result<Result<Appended, AppendError>, Failure> {
    let append = &prepared.append;
    session.touches_nothing();
    let sql = &mut session.sql;
    sql.enter(append.box_id).await?;
    if let Some(new) = &append.operation
        && let Some(made) = find_operation(sql, append.box_id, &new.operation).await?
    {
        return Ok(Err(AppendError::Repeated(made)));
    }
    if let Some(lease) = append.settles
        && !(lease.box_id == append.box_id && outbox::is_held(sql, lease).await?)
    {
        return Ok(Err(AppendError::LeaseLost));
    }
    let revisions = revisions(sql, append.box_id, &append.streams).await?;
    for (of_stream, found) in append.streams.iter().zip(revisions) {
        let Some(found) = found else { return Ok(Err(AppendError::Erased(of_stream.stream))) };
        if found != of_stream.expected {
            return Ok(Err(AppendError::Stale { stream: of_stream.stream, found }));
        }
    }

    for of_stream in &append.streams {
        if let Some(login) = directory::taken_login(sql, &of_stream.directory).await? {
            return Ok(Err(AppendError::LoginTaken(login)));
        }
    }

    if !append.streams.is_empty() {
        session.touches(append.box_id, touched(append));
    }
    let now = session.clock.now();
    let mut streams = Vec::with_capacity(append.streams.len());
    for (of_stream, rows) in append.streams.iter().zip(&prepared.documents) {
        streams.push(insert_stream(session, append.box_id, of_stream, rows, now).await?);
    }
    if let Some(operation) = &append.operation {
        insert_operation(&mut session.sql, append.box_id, operation).await?;
    }
    let mut has_due =
        append.streams.iter().flat_map(|it| &it.events).any(|event| !event.deliver_to.is_empty());
    if let Some(lease) = append.settles {
        has_due |= outbox::settle(&mut session.sql, lease).await?;
    }
    if has_due {
        session.waits(append.box_id, outbox::AT_ONCE);
    }
    Ok(Ok(Appended { streams }))
}

/// The streams that it changes: also those to whose documents it links, because a document shows who refers to it.
fn touched(append: &Append) -> Vec<StreamId> {
    let linked = append.streams.iter().flat_map(|of_stream| &of_stream.links);
    let linked = linked.flat_map(|(referrer, base)| [referrer.message_id, base.message_id]);
    append.streams.iter().map(|of_stream| of_stream.stream).chain(linked.map(StreamId::from)).collect()
}

/// Where each stream is; `None` where it was erased.
async fn revisions(
    sql: &mut impl Sql,
    box_id: BoxId,
    streams: &[StreamAppend],
) -> Result<Vec<Option<Revision>>, Failure> {
    let streams = streams.iter().map(|of_stream| of_stream.stream);
    let questions: Batch<'_> =
        streams.map(|StreamId { kind, id }| args![box_id, kind.number(), id]).collect();
    let mut revisions = vec![Some(Revision(0)); questions.iter().len()];
    sql.each_of(JournalStmt::Revision, &questions, |place, row| {
        revisions[place] = revision(row)?;
        Ok(())
    })
    .await?;
    Ok(revisions)
}

/// What [`JournalStmt::Revision`] says; `None` where the stream was erased.
pub(crate) fn revision(row: &dyn Row) -> Result<Option<Revision>, Failure> {
    match row.get::<Option<i64>>(0)? {
        Some(ERASED) => Ok(None),
        Some(_) => row.get(0).map(|revision| Some(Revision(revision))),
        None => Ok(Some(Revision(0))),
    }
}

async fn insert_stream<S: SqlWrite>(
    session: &mut Session<S>,
    box_id: BoxId,
    append: &StreamAppend,
    rows: &[PreparedRow],
    now: Ticks,
) -> Result<AppendedStream, Failure> {
    let mut revision = append.expected;
    let mut keys = Vec::with_capacity(append.events.len());
    let mut last = None;
    for event in &append.events {
        revision.0 += 1;
        let place = insert_event(session, box_id, revision, event, now).await?;
        keys.push(place.key);
        last = Some(place);
        outbox::plan(&mut session.sql, box_id, revision, event).await?;
    }
    documents::put(session, box_id, rows, append.expected.0 == 0).await?;
    if let (Some(row), Some(other), Some(place)) = (append.counteragent, append.stream.counteragent(), last) {
        counteragents::put(&mut session.sql, box_id, other, row, place).await?;
    }
    insert_beside(&mut session.sql, box_id, append).await?;
    directory::put(&mut session.sql, box_id, &append.directory).await?;
    Ok(AppendedStream { revision, keys })
}

async fn insert_event<S: SqlWrite>(
    session: &mut Session<S>,
    box_id: BoxId,
    revision: Revision,
    new: &NewEvent,
    now: Ticks,
) -> Result<Place, Failure> {
    let head = session.heads.of_box(&mut session.sql, box_id).await?;
    let key = IndexKey::next(head.key.map(IndexKey::new), now);
    head.key = Some(key.get());
    let StreamId { kind, id } = new.stream;
    let args = args![box_id, kind.number(), id, revision.0, new.id, key, &new.stored[..], &new.ready[..]];
    let row = session.sql.insert(JournalStmt::InsertEvent, &args).await?;
    if let Some(entry) = &new.feed {
        feed::insert(session, box_id, key, row, entry).await?;
    }
    Ok(Place { key, event: row })
}

async fn insert_beside(sql: &mut impl SqlWrite, box_id: BoxId, append: &StreamAppend) -> Result<(), Failure> {
    let contents: Batch<'_> =
        append.contents.iter().map(|it| args![box_id, &it.hash, &it.bytes[..]]).collect();
    sql.execute_each(JournalStmt::InsertContent, &contents).await?;
    let links: Batch<'_> = append
        .links
        .iter()
        .map(|(referrer, base)| {
            args![box_id, base.message_id, base.entity_id, referrer.message_id, referrer.entity_id,]
        })
        .collect();
    sql.execute_each(JournalStmt::InsertLink, &links).await
}

async fn insert_operation(
    sql: &mut impl SqlWrite,
    box_id: BoxId,
    NewOperation { operation, made }: &NewOperation,
) -> Result<(), Failure> {
    let StreamId { kind, id } = made.stream;
    let args = args![box_id, operation.method, &operation.id, kind.number(), id, made.event];
    sql.put(JournalStmt::InsertOperation, &args).await
}
