//! Handing out deliveries: the boxes that have any are found over all boxes, and of each box they are leased in a transaction
//! of its own, which names it.

use futures_util::future::BoxFuture;
use potok_domain::Revision;
use potok_store::{Delivery, DeliveryId, LeaseRequest, LeaseToken, Leased, StreamId, StreamKind};
use potok_store_sql::outbox::{AT_ONCE, due_at};
use potok_store_sql::{Answering, Asking, Failure, Row, Session, SqlWrite as _, Value, Writing};
use potok_types::BoxId;

use crate::arguments::Columns;
use crate::runner::Runner;

/// The boxes behind one that have something due, in order: from each box to the next, so that a long queue is not read.
const BOXES: &str = "WITH RECURSIVE waiting (box_id) AS (
         SELECT (SELECT box_id FROM outbox WHERE box_id > $1 ORDER BY box_id LIMIT 1)
         UNION ALL
         SELECT (SELECT o.box_id FROM outbox o WHERE o.box_id > waiting.box_id ORDER BY o.box_id LIMIT 1)
         FROM waiting WHERE waiting.box_id IS NOT NULL)
     SELECT box_id FROM waiting
     WHERE box_id IS NOT NULL AND EXISTS (SELECT 1 FROM outbox o WHERE o.box_id = waiting.box_id AND o.due_at <= $2)
     LIMIT $3";
/// Leases of a box what is due in a range of times, first what is due first.
const LEASE: &str = "UPDATE outbox SET due_at = $5, attempt = attempt + 1, worker = $6
     WHERE box_id = $1 AND id IN (
         SELECT id FROM outbox WHERE box_id = $1 AND due_at BETWEEN $2 AND $3 ORDER BY due_at, id LIMIT $4)
     RETURNING id, box_id, kind, stream_id, event_id, revision, to_box, attempt";

/// What is asked for: behind a box, due at a time, boxes at most.
pub(crate) type Waiting = (Vec<u8>, i64, usize);

/// The next boxes that have something due.
pub(crate) const BOXES_WITH_DUE: Asking<Runner, Waiting, Vec<BoxId>> =
    |runner, asked| Box::pin(boxes(runner, asked));

/// The share of one box.
pub(crate) const LEASE_OF_BOX: Writing<Runner, (BoxId, LeaseRequest), Vec<Leased>> =
    |session, (box_id, request)| lease(session, *box_id, request);

async fn boxes(runner: &mut Runner, (after, now, most): &Waiting) -> Result<Vec<BoxId>, Failure> {
    let args = [Value::Bytes(after), Value::Int(*now), Value::from(*most)];
    let found = runner.own(BOXES, &args).await?;
    let boxes = found.into_iter().map(|row| (&Columns(row) as &dyn Row).get(0)).collect();
    runner.rest();
    boxes
}

fn lease<'a>(
    session: &'a mut Session<Runner>,
    box_id: BoxId,
    request: &'a LeaseRequest,
) -> Answering<'a, Vec<Leased>> {
    session.touches_nothing();
    Box::pin(async move {
        session.sql.enter(box_id).await?;
        let share = request.share(box_id);
        let mut leased: Vec<Leased> = Vec::new();
        // What was tried before is older than what was not; within both, the oldest first.
        for (from, to) in [(AT_ONCE + 1, due_at(request.now)), (AT_ONCE, AT_ONCE)] {
            let args = [
                box_id.into(),
                from.into(),
                to.into(),
                (share - leased.len()).into(),
                due_at(request.until).into(),
                Value::Bytes(request.worker.0.as_bytes()),
            ];
            for row in session.sql.own(LEASE, &args).await? {
                leased.push(read(&Columns(row))?);
            }
        }
        leased.sort_by_key(|found| found.token.delivery);
        Ok(leased)
    })
}

fn read(row: &dyn Row) -> Result<Leased, Failure> {
    let from = row.get(1)?;
    Ok(Leased {
        token: LeaseToken { box_id: from, delivery: DeliveryId(row.get(0)?), attempt: row.get(7)? },
        delivery: Delivery {
            from,
            stream: StreamId { kind: StreamKind::new(row.get(2)?), id: row.get(3)? },
            event: row.get(4)?,
            revision: Revision(row.get(5)?),
            to: row.get(6)?,
        },
    })
}

/// Takes what is due and fits, box after box, each box once. `next` gives boxes, `lease` the share of one.
pub(crate) async fn hand_out<'a>(
    request: LeaseRequest,
    next: impl Fn(Waiting) -> BoxFuture<'a, Result<Vec<BoxId>, Failure>>,
    lease: impl Fn(BoxId, LeaseRequest) -> BoxFuture<'a, Result<Vec<Leased>, Failure>>,
) -> Result<Vec<Leased>, Failure> {
    let now = due_at(request.now);
    let mut hand = request.clone();
    let mut leased = Vec::new();
    let mut place = request.after.as_bytes().to_vec();
    let mut came_around = false;
    while hand.free > 0 {
        let asked = hand.free;
        let boxes = next((place.clone(), now, asked)).await?;
        let is_end = boxes.len() < asked;
        for box_id in boxes {
            if came_around && box_id > request.after {
                return Ok(leased);
            }
            place = box_id.as_bytes().to_vec();
            if hand.free > 0 && hand.share(box_id) > 0 {
                let of_box = lease(box_id, hand.clone()).await?;
                hand.take(box_id, of_box.len());
                leased.extend(of_box);
            }
        }
        match (is_end, came_around) {
            (true, true) => break,
            (true, false) => {
                came_around = true;
                // Before every id.
                place.clear();
            }
            (false, _) => {}
        }
    }
    Ok(leased)
}
