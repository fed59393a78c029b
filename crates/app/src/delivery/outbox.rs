//! The outbox of all boxes as a queue of leased work.

use std::sync::Arc;
use std::time::Duration;

use potok_store::{LeaseRequest, Leased, SettleError, StoreError, WorkerId};
use potok_types::{BoxId, Ticks, with_causes};
use potok_workers::{Backoff, Capacity, Leases, Renewal};
use tokio::task::JoinError;

use super::Deliveries;
use super::failed::Failed;

/// Pauses after failed attempts.
const PAUSES: Backoff = Backoff::new(&[
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(60),
    Duration::from_secs(300),
]);

/// What one worker leases of the outbox.
pub struct Outbox {
    pub(super) deliveries: Arc<Deliveries>,
    pub(super) id: WorkerId,
}

impl Outbox {
    /// The end of a lease that begins now.
    fn until(&self, now: Ticks) -> Ticks {
        now.plus_seconds(self.deliveries.lease_seconds)
    }

    async fn carry(&self, leased: Leased) -> Result<(), Failed> {
        let kind = leased.delivery.stream.kind;
        self.deliveries.carriers.get(&kind).ok_or(Failed::UnknownKind(kind))?.carry(leased).await
    }
}

impl Leases for Outbox {
    type Lease = Leased;
    type Error = StoreError;

    fn name(&self) -> &'static str {
        "delivery"
    }

    fn life(&self) -> Duration {
        Duration::from_secs(self.deliveries.lease_seconds.unsigned_abs())
    }

    async fn lease(&self, capacity: Capacity) -> Result<Vec<Leased>, StoreError> {
        let core = &self.deliveries.core;
        let (now, Capacity { free, held, after }) = (core.clock.now(), capacity);
        let request = LeaseRequest { worker: self.id, now, until: self.until(now), free, held, after };
        self.deliveries.outbox.lease_due(request).await
    }

    fn box_of(leased: &Leased) -> BoxId {
        leased.delivery.from
    }

    async fn renew(&self, leased: &Leased) -> Renewal {
        let core = &self.deliveries.core;
        match self.deliveries.outbox.renew(leased.token, self.until(core.clock.now())).await {
            Ok(()) => Renewal::Held,
            Err(SettleError::LeaseLost) => Renewal::Lost,
            // Whoever fails here fails at the end of the delivery too, and says so there.
            Err(SettleError::Store(_)) => Renewal::Unknown,
        }
    }

    async fn work(&self, leased: Leased) {
        let delivery = leased.delivery;
        let carried = self.carry(leased).await;
        if !matches!(carried, Err(Failed::LeaseLost)) {
            self.deliveries.core.figures.carried(carried.is_ok());
        }
        let error = match carried {
            // If the lease is lost, another worker has it by now.
            Ok(()) | Err(Failed::LeaseLost) => return,
            Err(error) => error,
        };
        let attempt = leased.token.attempt;
        tracing::warn!(
            stream = %delivery.stream, event.id = %delivery.event, to = %delivery.to, attempt,
            %error, "delivery failed and will be tried again"
        );
        let core = &self.deliveries.core;
        let pause = i64::try_from(PAUSES.after(attempt).as_secs()).unwrap_or(i64::MAX);
        let at = core.clock.now().plus_seconds(pause);
        match self.deliveries.outbox.retry_at(leased.token, at, &error.to_string()).await {
            Ok(()) | Err(SettleError::LeaseLost) => {}
            Err(SettleError::Store(error)) => {
                tracing::error!(%error, "a failed delivery could not be given back; its lease will run out");
            }
        }
    }

    fn tell(&self, error: StoreError, pause: Duration) {
        tracing::error!(error = with_causes(&error), ?pause, "deliveries could not be leased");
    }

    fn tell_dead(&self, error: JoinError) {
        // The lease runs out, and the delivery is handed out again.
        tracing::error!(%error, "a delivery was cut off by a fault of the server");
    }
}
