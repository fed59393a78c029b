//! Handing out deliveries: the boxes that have any are found by their notes, and of each box they are leased in a transaction of
//! its own, which names it.

use futures_util::future::BoxFuture;
use potok_domain::Revision;
use potok_store::{Delivery, DeliveryId, LeaseRequest, LeaseToken, Leased, StreamId, StreamKind};
use potok_store_sql::outbox::{AT_ONCE, due_at};
use potok_store_sql::{Answering, Failure, Row, Session, SqlWrite as _, Value, Writing};
use potok_types::BoxId;

use crate::arguments::Columns;
use crate::hints::{Hints, LookedAt};
use crate::runner::Runner;

/// Leases of a box what is due in a range of times, first what is due first.
const LEASE: &str = "UPDATE outbox SET due_at = $5, attempt = attempt + 1, worker = $6
     WHERE box_id = $1 AND id IN (
         SELECT id FROM outbox WHERE box_id = $1 AND due_at BETWEEN $2 AND $3 ORDER BY due_at, id LIMIT $4)
     RETURNING id, box_id, kind, stream_id, event_id, revision, to_box, attempt";
/// When the box is due next.
const NEXT: &str = "SELECT min(due_at) FROM outbox WHERE box_id = $1";

/// What was leased of a box, and when it is due next, if ever.
pub(crate) type Share = (Vec<Leased>, Option<i64>);

/// The share of one box.
pub(crate) const LEASE_OF_BOX: Writing<Runner, (BoxId, LeaseRequest), Share> =
    |session, (box_id, request)| lease(session, *box_id, request);

fn lease<'a>(
    session: &'a mut Session<Runner>,
    box_id: BoxId,
    request: &'a LeaseRequest,
) -> Answering<'a, Share> {
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
        let next = session.sql.own(NEXT, &[box_id.into()]).await?.into_iter().next();
        let next = next.map_or(Ok(None), |row| (&Columns(row) as &dyn Row).get(0))?;
        Ok((leased, next))
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

/// Takes what is due and fits, box after box, each box once. `lease` gives the share of one.
///
/// # Errors
/// Nothing could be leased. What was leased before something went wrong is handed out.
pub(crate) async fn hand_out<'a>(
    hints: &Hints,
    request: LeaseRequest,
    lease: impl Fn(BoxId, LeaseRequest) -> BoxFuture<'a, Result<Share, Failure>>,
) -> Result<Vec<Leased>, Failure> {
    let mut hand = Hand { left: request.clone(), leased: Vec::new(), looked_at: Vec::new() };
    let ended = hand.fill(hints, &request, lease).await;
    // The next one who looks there finds the same.
    if let Err(failure) = hints.looked_at(&hand.looked_at).await {
        tracing::debug!(error = %failure, "what was found in boxes could not be noted");
    }
    match ended {
        Err(failure) if hand.leased.is_empty() => Err(failure),
        _ => Ok(hand.leased),
    }
}

/// What is handed out so far.
struct Hand {
    left: LeaseRequest,
    leased: Vec<Leased>,
    looked_at: Vec<LookedAt>,
}

impl Hand {
    async fn fill<'a>(
        &mut self,
        hints: &Hints,
        request: &LeaseRequest,
        lease: impl Fn(BoxId, LeaseRequest) -> BoxFuture<'a, Result<Share, Failure>>,
    ) -> Result<(), Failure> {
        let now = due_at(request.now);
        let mut place = request.after.as_bytes().to_vec();
        let mut came_around = false;
        while self.left.free > 0 {
            let asked = self.left.free;
            let boxes = hints.due(&place, now, asked).await?;
            let is_end = boxes.len() < asked;
            for (box_id, noted) in boxes {
                if came_around && box_id > request.after {
                    return Ok(());
                }
                place = box_id.as_bytes().to_vec();
                if self.left.free > 0 && self.left.share(box_id) > 0 {
                    let (of_box, due_at) = lease(box_id, self.left.clone()).await?;
                    self.looked_at.push(LookedAt { box_id, noted, due_at });
                    self.left.take(box_id, of_box.len());
                    self.leased.extend(of_box);
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
        Ok(())
    }
}
