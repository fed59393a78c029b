//! What has to reach another box: written with the event that causes it, done at least once.

use async_trait::async_trait;
use potok_domain::Revision;
use potok_types::{BoxId, EventId, Ticks};

use crate::{StoreError, StreamId};

/// Numbers deliveries in the order in which they were planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeliveryId(pub i64);

/// Names a worker for the time of its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WorkerId(pub uuid::Uuid);

/// The right to finish one delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LeaseToken {
    /// The box whose delivery it is.
    pub box_id: BoxId,
    /// Which delivery.
    pub delivery: DeliveryId,
    /// Grows with each lease of the same delivery, so that a late worker is recognized.
    pub attempt: u32,
}

/// A planned delivery of one event of a stream of any kind, see [`crate::NewEvent::deliver_to`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// From this box.
    pub from: BoxId,
    /// To that one.
    pub to: BoxId,
    /// The stream of the sending box.
    pub stream: StreamId,
    /// The event.
    pub event: EventId,
    /// Where the event stands in its stream: it made this revision.
    pub revision: Revision,
}

/// A delivery handed out to a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leased {
    /// The right to finish it, with the attempt's number: 1 for the first one.
    pub token: LeaseToken,
    /// What to do.
    pub delivery: Delivery,
}

/// The attempt was not recorded.
#[derive(Debug, thiserror::Error)]
pub enum SettleError {
    /// The delivery belongs to another worker by now.
    #[error("the lease ran out")]
    LeaseLost,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The queue of deliveries of all boxes.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Hands out at most `limit` due deliveries, oldest first; each stays with `worker` until `until`.
    ///
    /// Deliveries of one stream of one box are handed out one at a time, in order: the next one only when the one
    /// before it is settled.
    async fn lease_due(
        &self,
        worker: WorkerId,
        now: Ticks,
        until: Ticks,
        limit: usize,
    ) -> Result<Vec<Leased>, StoreError>;

    /// Gives a delivery back after a failed attempt, to be tried again at `at`. A finished delivery is settled by
    /// [`crate::Append::settles`] instead, together with what the sender's box is told.
    async fn retry_at(&self, lease: LeaseToken, at: Ticks, error: &str) -> Result<(), SettleError>;

    /// How many deliveries are not settled.
    async fn pending(&self) -> Result<u64, StoreError>;
}
