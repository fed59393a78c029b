//! Handing out deliveries. One file holds all boxes, so one index has what is due in all of them.

use potok_domain::Revision;
use potok_store::{Delivery, DeliveryId, LeaseToken, Leased, StreamId, StreamKind, WorkerId};
use potok_store_sql::outbox::{AT_ONCE, due_at};
use potok_types::{BoxId, EventId, Ticks};
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

/// Due in a range of times, those that are due first.
pub(crate) const DUE: &str =
    "SELECT id, box_id, kind, stream_id, event_id, revision, to_box, attempt FROM outbox
    WHERE due_at BETWEEN ?1 AND ?2 ORDER BY due_at, id LIMIT ?3";
pub(crate) const LEASE: &str =
    "UPDATE outbox SET due_at = ?3, attempt = ?4, worker = ?5 WHERE box_id = ?1 AND id = ?2";

/// Whoever wants deliveries, and for how long.
pub(crate) struct Hand {
    pub(crate) worker: WorkerId,
    pub(crate) now: Ticks,
    pub(crate) until: Ticks,
    pub(crate) limit: usize,
}

/// Takes at most `limit` due deliveries.
pub(crate) fn lease(conn: &Connection, hand: &Hand) -> rusqlite::Result<Vec<Leased>> {
    // What was tried before is older than what was not; within both, the index gives the oldest first, so that a long
    // queue is never read to its end.
    let mut due = Vec::new();
    let mut statement = conn.prepare_cached(DUE)?;
    for (from, to) in [(AT_ONCE + 1, due_at(hand.now)), (AT_ONCE, AT_ONCE)] {
        let room = i64::try_from(hand.limit - due.len()).unwrap_or(i64::MAX);
        for found in statement.query_map(params![from, to, room], leased)? {
            due.push(found?);
        }
    }
    due.sort_by_key(|found| found.token.delivery);
    let mut statement = conn.prepare_cached(LEASE)?;
    for Leased { token, .. } in &due {
        statement.execute(params![
            token.box_id.as_bytes(),
            token.delivery.0,
            due_at(hand.until),
            token.attempt,
            hand.worker.0.as_bytes(),
        ])?;
    }
    Ok(due)
}

fn leased(row: &Row<'_>) -> rusqlite::Result<Leased> {
    let id = |column| row.get(column).map(Uuid::from_bytes);
    let from = BoxId::from_uuid(id(1)?);
    let attempt = row.get::<_, u32>(7)? + 1;
    Ok(Leased {
        token: LeaseToken { box_id: from, delivery: DeliveryId(row.get(0)?), attempt },
        delivery: Delivery {
            from,
            stream: StreamId { kind: StreamKind::new(row.get(2)?), id: id(3)? },
            event: EventId::from_uuid(id(4)?),
            revision: Revision(row.get(5)?),
            to: BoxId::from_uuid(id(6)?),
        },
    })
}
