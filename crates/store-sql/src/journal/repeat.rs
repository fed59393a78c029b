//! An append of which nobody knows whether it was committed.

use potok_store::{Append, Appended, AppendedStream, StreamAppend};
use potok_types::{BoxId, IndexKey};

use super::append::Prepared;
use super::find_operation;
use crate::{Batch, Failure, JournalStmt, Session, Sql, SqlWrite, args, outbox};

/// What the append answered, if all of it is there. For a dialect that lost the answer to a commit: the box is entered, which
/// waits for a transaction that may still be on its way, and ids of events are given before the first try.
///
/// # Errors
/// [`Failure`].
pub async fn find_appended<S: SqlWrite>(
    session: &mut Session<S>,
    prepared: &Prepared,
) -> Result<Option<Appended>, Failure> {
    session.touches_nothing();
    let sql = &mut session.sql;
    let append = prepared.append();
    sql.enter(append.box_id).await?;
    let mut streams = Vec::with_capacity(append.streams.len());
    for of_stream in &append.streams {
        let Some(keys) = keys(sql, append.box_id, of_stream).await? else { return Ok(None) };
        let mut revision = of_stream.expected;
        revision.0 += u32::try_from(keys.len()).unwrap_or(u32::MAX);
        streams.push(AppendedStream { revision, keys });
    }
    let has_events = append.streams.iter().any(|of_stream| !of_stream.events.is_empty());
    let is_there = has_events || left_something(sql, append).await?;
    if is_there {
        session.touches(append.box_id, append.streams.iter().map(|of_stream| of_stream.stream).collect());
        session.waits(append.box_id, outbox::AT_ONCE);
    }
    Ok(is_there.then_some(Appended { streams }))
}

/// The keys of the events, if they are where they should be.
async fn keys(
    sql: &mut impl Sql,
    box_id: BoxId,
    append: &StreamAppend,
) -> Result<Option<Vec<IndexKey>>, Failure> {
    let (kind, id) = (append.stream.kind.number(), append.stream.id);
    let revisions = append.expected.0 + 1..;
    let questions: Batch<'_> = revisions
        .zip(&append.events)
        .map(|(revision, event)| args![box_id, kind, id, revision, event.id])
        .collect();
    let mut keys = Vec::with_capacity(append.events.len());
    sql.each_of(JournalStmt::KeyOf, &questions, |_, row| {
        keys.push(row.get(0)?);
        Ok(())
    })
    .await?;
    Ok((keys.len() == append.events.len()).then_some(keys))
}

/// Without events, an append is known by its operation, and one that only settles by the lease that is gone.
async fn left_something(sql: &mut impl Sql, append: &Append) -> Result<bool, Failure> {
    if let Some(new) = &append.operation {
        let made = find_operation(sql, append.box_id, &new.operation).await?;
        return Ok(made.as_ref() == Some(&new.made));
    }
    match append.settles {
        Some(lease) => Ok(!outbox::is_held(sql, lease).await?),
        None => Ok(false),
    }
}
