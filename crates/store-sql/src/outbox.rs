//! Deliveries. Only the first one of each stream of a box is ever due; the others wait behind it. Which are due, over all
//! boxes, is the dialect's to find and to lease.

use async_trait::async_trait;
use potok_domain::Revision;
use potok_store::{LeaseRequest, LeaseToken, Leased, NewEvent, Outbox, SettleError, StoreError, StreamId};
use potok_types::{BoxId, Ticks};

use crate::journal::stream_id;
use crate::{Backend, Batch, Failure, OutboxStmt, Sql, SqlStore, SqlWrite, Waiting, args};

/// When a delivery is due that was planned and never tried. Ordered before every real time, so that a clock that is set
/// back delays nothing.
pub const AT_ONCE: i64 = 0;
/// When a delivery is due that waits behind another one of its stream.
pub const BEHIND: i64 = i64::MAX;

/// A real time, which is neither of these two.
pub fn due_at(time: Ticks) -> i64 {
    time.get().clamp(AT_ONCE + 1, BEHIND - 1)
}

/// Plans the deliveries of `event`, which made `revision` of its stream, behind those of the same stream.
pub(crate) async fn plan(
    sql: &mut impl SqlWrite,
    box_id: BoxId,
    revision: Revision,
    event: &NewEvent,
) -> Result<(), Failure> {
    let StreamId { kind, id } = event.stream;
    let deliveries: Batch<'_> = event
        .deliver_to
        .iter()
        .map(|to| args![box_id, kind.number(), id, event.id, revision.0, *to, BEHIND, AT_ONCE])
        .collect();
    sql.execute_each(OutboxStmt::Plan, &deliveries).await
}

/// The lease is the newest one of its delivery and was not given back.
pub(crate) async fn is_held(sql: &mut impl Sql, lease: LeaseToken) -> Result<bool, Failure> {
    sql.exists(OutboxStmt::IsHeld, &args![lease.box_id, lease.delivery.0, lease.attempt]).await
}

/// Forgets a delivery that is done; the next one of its stream becomes due. Whether there was one.
pub(crate) async fn settle(sql: &mut impl SqlWrite, lease: LeaseToken) -> Result<bool, Failure> {
    let args = args![lease.box_id, lease.delivery.0];
    let Some(stream) = sql.row(OutboxStmt::Settle, &args, |row| stream_id(row, 0)).await? else {
        return Ok(false);
    };
    let args = args![lease.box_id, stream.kind.number(), stream.id, AT_ONCE, BEHIND];
    Ok(sql.execute(OutboxStmt::FreeNext, &args).await? > 0)
}

#[async_trait]
impl<B: Backend> Outbox for SqlStore<B> {
    async fn lease_due(&self, request: LeaseRequest) -> Result<Vec<Leased>, StoreError> {
        let leased = self.backend().lease_due(request).await;
        leased.map_err(|failure| failure.during("lease deliveries"))
    }

    async fn renew(&self, lease: LeaseToken, until: Ticks) -> Result<(), SettleError> {
        let is_held = self.rewrite("renew a lease", (lease, until), |session, (lease, until)| {
            session.touches_nothing();
            // After a clock was set back a lease may end sooner than it did.
            session.waits(lease.box_id, due_at(*until));
            Box::pin(async move {
                session.sql.enter(lease.box_id).await?;
                let args = args![lease.box_id, lease.delivery.0, lease.attempt, due_at(*until)];
                Ok(session.sql.execute(OutboxStmt::Renew, &args).await? == 1)
            })
        });
        if is_held.await? { Ok(()) } else { Err(SettleError::LeaseLost) }
    }

    async fn free_leases(&self) -> Result<u64, StoreError> {
        self.write("free leases", (), |session, ()| {
            session.touches_nothing();
            session.waiting = Some(Waiting::Anywhere);
            Box::pin(async move {
                let freed = session.sql.execute(OutboxStmt::FreeAll, &args![AT_ONCE]).await?;
                Ok(freed as u64)
            })
        })
        .await
    }

    async fn retry_at(&self, lease: LeaseToken, at: Ticks, error: &str) -> Result<(), SettleError> {
        let given = (lease, at, error.to_owned());
        let is_held = self.rewrite("give a delivery back", given, |session, (lease, at, error)| {
            session.touches_nothing();
            session.waits(lease.box_id, due_at(*at));
            Box::pin(async move {
                session.sql.enter(lease.box_id).await?;
                let args = args![lease.box_id, lease.delivery.0, lease.attempt, due_at(*at), error];
                Ok(session.sql.execute(OutboxStmt::GiveBack, &args).await? == 1)
            })
        });
        if is_held.await? { Ok(()) } else { Err(SettleError::LeaseLost) }
    }

    async fn pending(&self) -> Result<u64, StoreError> {
        self.ask("count deliveries", (), |sql, ()| {
            Box::pin(async move {
                let count: Option<i64> = sql.row(OutboxStmt::Pending, &[], |row| row.get(0)).await?;
                Ok(count.unwrap_or(0).unsigned_abs())
            })
        })
        .await
    }
}
