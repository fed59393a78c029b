//! Handing out deliveries. One file holds all boxes, so one index has what is due in all of them, and another one the boxes.

use potok_domain::Revision;
use potok_store::{Delivery, DeliveryId, LeaseRequest, LeaseToken, Leased, StreamId, StreamKind};
use potok_store_sql::outbox::{AT_ONCE, due_at};
use potok_types::{BoxId, EventId};
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

/// Whether anything is due by a time.
const ANY: &str = "SELECT 1 FROM outbox WHERE due_at <= ?1 LIMIT 1";
/// The next box that has deliveries.
const NEXT_BOX: &str = "SELECT min(box_id) FROM outbox WHERE box_id > ?1";
/// Of a box, due in a range of times, those that are due first.
const DUE: &str = "SELECT id, box_id, kind, stream_id, event_id, revision, to_box, attempt FROM outbox
    WHERE box_id = ?1 AND due_at BETWEEN ?2 AND ?3 ORDER BY due_at, id LIMIT ?4";
const LEASE: &str = "UPDATE outbox SET due_at = ?3, attempt = ?4, worker = ?5 WHERE box_id = ?1 AND id = ?2";

/// Takes what is due and fits, box after box, each box once.
pub(crate) fn lease(conn: &Connection, request: &LeaseRequest) -> rusqlite::Result<Vec<Leased>> {
    if !conn.prepare_cached(ANY)?.exists(params![due_at(request.now)])? {
        return Ok(Vec::new());
    }
    let mut next_box = conn.prepare_cached(NEXT_BOX)?;
    let mut next = |place: &[u8]| next_box.query_row(params![place], |row| row.get::<_, Option<[u8; 16]>>(0));
    let mut hand = request.clone();
    let mut leased = Vec::new();
    let mut place = request.after.as_bytes().to_vec();
    let mut came_around = false;
    while hand.free > 0 {
        let Some(found) = next(&place)? else {
            if came_around {
                break;
            }
            came_around = true;
            // Before every id.
            place.clear();
            continue;
        };
        let box_id = BoxId::from_uuid(Uuid::from_bytes(found));
        if came_around && box_id > request.after {
            break;
        }
        place = found.to_vec();
        let of_box = of_box(conn, box_id, &hand)?;
        if !of_box.is_empty() {
            hand.take(box_id, of_box.len());
            leased.extend(of_box);
        }
    }
    let mut statement = conn.prepare_cached(LEASE)?;
    for Leased { token, .. } in &leased {
        statement.execute(params![
            token.box_id.as_bytes(),
            token.delivery.0,
            due_at(request.until),
            token.attempt,
            request.worker.0.as_bytes(),
        ])?;
    }
    Ok(leased)
}

/// The share of a box.
fn of_box(conn: &Connection, box_id: BoxId, hand: &LeaseRequest) -> rusqlite::Result<Vec<Leased>> {
    let share = hand.share(box_id);
    let mut due: Vec<Leased> = Vec::new();
    let mut statement = conn.prepare_cached(DUE)?;
    // What was tried before is older than what was not; within both, the index gives the oldest first, so that a long
    // queue is never read to its end.
    for (from, to) in [(AT_ONCE + 1, due_at(hand.now)), (AT_ONCE, AT_ONCE)] {
        let room = i64::try_from(share - due.len()).unwrap_or(i64::MAX);
        for found in statement.query_map(params![box_id.as_bytes(), from, to, room], leased)? {
            due.push(found?);
        }
    }
    due.sort_by_key(|found| found.token.delivery);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SqliteOptions, connection, migrations};

    #[test]
    fn deliveries_are_found_by_indexes() {
        let folder = tempfile::tempdir().unwrap();
        let mut conn = connection::writing(&folder.path().join("due.db"), &SqliteOptions::default()).unwrap();
        migrations::apply(&mut conn).unwrap();
        for (text, expected) in [
            (ANY, "SEARCH outbox USING COVERING INDEX outbox_by_time (due_at<?)"),
            (NEXT_BOX, "SEARCH outbox USING COVERING INDEX outbox_by_box (box_id>?)"),
            (DUE, "SEARCH outbox USING INDEX outbox_by_box (box_id=? AND due_at>? AND due_at<?)"),
            (LEASE, "SEARCH outbox USING INTEGER PRIMARY KEY (rowid=?)"),
        ] {
            let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {text}")).unwrap();
            let mut rows = statement.raw_query();
            let step = rows.next().unwrap().unwrap().get::<_, String>(3).unwrap();
            assert_eq!(step, expected);
            assert!(rows.next().unwrap().is_none(), "{text}");
        }
    }
}
