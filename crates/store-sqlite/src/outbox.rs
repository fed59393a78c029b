//! Deliveries. Only the first one of each stream of a box is ever due; the others wait behind it.

use async_trait::async_trait;
use potok_domain::Revision;
use potok_store::{
    Delivery, DeliveryId, LeaseToken, Leased, NewEvent, Outbox, SettleError, StoreError, StreamId, WorkerId,
};
use potok_types::{BoxId, Ticks};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::SqliteStore;
use crate::failure::Failure;
use crate::sql::{guid, stream_id};

/// `due_at` of what was planned and never tried. Ordered before every real time, so that a clock that is set back
/// delays nothing.
const AT_ONCE: i64 = 0;
/// `due_at` of what waits behind another delivery of its stream.
const BEHIND: i64 = i64::MAX;

/// Plans a delivery of `event`, which made `revision` of its stream, behind those of the same stream.
pub(crate) fn plan(
    conn: &Connection,
    box_id: BoxId,
    revision: Revision,
    event: &NewEvent,
    to: BoxId,
) -> Result<(), Failure> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO outbox (box_id, kind, stream_id, event_id, revision, to_box, due_at, attempt)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6,
                 iif(EXISTS (SELECT 1 FROM outbox WHERE box_id = ?1 AND kind = ?2 AND stream_id = ?3), ?7, ?8), 0)",
    )?;
    statement.execute(params![
        box_id.as_bytes(),
        event.stream.kind.number(),
        event.stream.id.as_bytes(),
        event.id.as_bytes(),
        revision.0,
        to.as_bytes(),
        BEHIND,
        AT_ONCE,
    ])?;
    Ok(())
}

/// The lease is the newest one of its delivery and was not given back.
pub(crate) fn is_held(conn: &Connection, lease: LeaseToken) -> Result<bool, Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT 1 FROM outbox WHERE id = ?1 AND box_id = ?2 AND attempt = ?3 AND worker IS NOT NULL",
    )?;
    Ok(statement.exists(params![lease.delivery.0, lease.box_id.as_bytes(), lease.attempt])?)
}

/// Forgets a delivery that is done; the next one of its stream becomes due.
pub(crate) fn settle(conn: &Connection, lease: LeaseToken) -> Result<(), Failure> {
    let mut statement = conn.prepare_cached("DELETE FROM outbox WHERE id = ?1 RETURNING kind, stream_id")?;
    let stream: Option<StreamId> =
        statement.query_row([lease.delivery.0], |row| stream_id(row, 0)).optional()?;
    let Some(stream) = stream else { return Ok(()) };
    let mut statement = conn.prepare_cached(
        "UPDATE outbox SET due_at = ?4
         WHERE due_at = ?5 AND id =
             (SELECT id FROM outbox WHERE box_id = ?1 AND kind = ?2 AND stream_id = ?3 ORDER BY id LIMIT 1)",
    )?;
    statement.execute(params![
        lease.box_id.as_bytes(),
        stream.kind.number(),
        stream.id.as_bytes(),
        AT_ONCE,
        BEHIND,
    ])?;
    Ok(())
}

fn leased(row: &Row<'_>) -> rusqlite::Result<Leased> {
    let from = guid(row, 1)?;
    let attempt = row.get::<_, u32>(7)? + 1;
    Ok(Leased {
        token: LeaseToken { box_id: from, delivery: DeliveryId(row.get(0)?), attempt },
        delivery: Delivery {
            from,
            stream: stream_id(row, 2)?,
            event: guid(row, 4)?,
            revision: Revision(row.get(5)?),
            to: guid(row, 6)?,
        },
    })
}

fn take_due(
    conn: &Connection,
    worker: WorkerId,
    now: Ticks,
    until: Ticks,
    limit: usize,
) -> Result<Vec<Leased>, Failure> {
    // What was tried before is older than what was not; within both, the index gives the oldest first, so that a long
    // queue is never read to its end.
    let mut due = Vec::new();
    for (from, to) in [(AT_ONCE + 1, now.get()), (AT_ONCE, AT_ONCE)] {
        let mut statement = conn.prepare_cached(
            "SELECT id, box_id, kind, stream_id, event_id, revision, to_box, attempt FROM outbox
             WHERE due_at BETWEEN ?1 AND ?2 ORDER BY due_at, id LIMIT ?3",
        )?;
        let room = i64::try_from(limit - due.len()).unwrap_or(i64::MAX);
        for found in statement.query_map(params![from, to.min(BEHIND - 1), room], leased)? {
            due.push(found?);
        }
    }
    due.sort_by_key(|found| found.token.delivery);
    let mut statement =
        conn.prepare_cached("UPDATE outbox SET due_at = ?2, attempt = ?3, worker = ?4 WHERE id = ?1")?;
    for found in &due {
        let until = until.get().clamp(AT_ONCE + 1, BEHIND - 1);
        statement.execute(params![
            found.token.delivery.0,
            until,
            found.token.attempt,
            worker.0.as_bytes(),
        ])?;
    }
    Ok(due)
}

#[async_trait]
impl Outbox for SqliteStore {
    async fn lease_due(
        &self,
        worker: WorkerId,
        now: Ticks,
        until: Ticks,
        limit: usize,
    ) -> Result<Vec<Leased>, StoreError> {
        self.write("lease deliveries", move |session| take_due(session.conn, worker, now, until, limit)).await
    }

    async fn retry_at(&self, lease: LeaseToken, at: Ticks, error: &str) -> Result<(), SettleError> {
        let error = error.to_owned();
        let is_held = self
            .write("give a delivery back", move |session| {
                let mut statement = session.conn.prepare_cached(
                    "UPDATE outbox SET due_at = ?4, worker = NULL, last_error = ?5
                     WHERE id = ?1 AND box_id = ?2 AND attempt = ?3 AND worker IS NOT NULL",
                )?;
                let changed = statement.execute(params![
                    lease.delivery.0,
                    lease.box_id.as_bytes(),
                    lease.attempt,
                    at.get().clamp(AT_ONCE + 1, BEHIND - 1),
                    error,
                ])?;
                Ok(changed == 1)
            })
            .await?;
        if is_held { Ok(()) } else { Err(SettleError::LeaseLost) }
    }

    async fn pending(&self) -> Result<u64, StoreError> {
        self.read("count deliveries", |conn| {
            let mut statement = conn.prepare_cached("SELECT count(*) FROM outbox")?;
            let count: i64 = statement.query_row([], |row| row.get(0))?;
            Ok(count.unsigned_abs())
        })
        .await
    }
}
