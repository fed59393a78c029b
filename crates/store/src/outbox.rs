//! What has to reach another box: written with the event that causes it, done at least once.

use std::collections::BTreeMap;

use async_trait::async_trait;
use potok_domain::Revision;
use potok_types::{BoxId, EventId, Ticks};

use crate::{StoreError, StreamId};

/// Numbers the deliveries of a box in the order in which they were planned.
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

/// Who asks for deliveries, and what fits into his hands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaseRequest {
    /// Who asks.
    pub worker: WorkerId,
    /// What is due by now is handed out.
    pub now: Ticks,
    /// Nobody else gets it until then.
    pub until: Ticks,
    /// How many deliveries he can take.
    pub free: usize,
    /// How many of each box he has already.
    pub held: BTreeMap<BoxId, usize>,
    /// The box whose turn was last: those behind it come first.
    pub after: BoxId,
}

impl LeaseRequest {
    /// Asks for as many as `free` with nothing in hand.
    pub const fn new(worker: WorkerId, now: Ticks, until: Ticks, free: usize) -> Self {
        Self { worker, now, until, free, held: BTreeMap::new(), after: BoxId::ZERO }
    }

    /// How many of the deliveries of `box_id` may be handed out now: a box never has more than stay free for the others,
    /// so however much one box sends, the next one finds room.
    pub fn share(&self, box_id: BoxId) -> usize {
        let held = self.held.get(&box_id).copied().unwrap_or_default();
        self.free.saturating_sub(held).div_ceil(2)
    }

    /// Counts `count` deliveries of `box_id` as handed out.
    pub fn take(&mut self, box_id: BoxId, count: usize) {
        self.free = self.free.saturating_sub(count);
        *self.held.entry(box_id).or_default() += count;
        self.after = box_id;
    }
}

/// The queue of deliveries of all boxes.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Hands out what is due and fits, box after box in the order of their ids, to each its [`LeaseRequest::share`], and of
    /// each box the oldest first, those that were tried before in front. Each stays with the worker until `until`.
    ///
    /// Deliveries of one stream of one box are handed out one at a time, in order: the next one only when the one
    /// before it is settled.
    async fn lease_due(&self, request: LeaseRequest) -> Result<Vec<Leased>, StoreError>;

    /// Leaves a delivery with the worker who has it until `until`.
    async fn renew(&self, lease: LeaseToken, until: Ticks) -> Result<(), SettleError>;

    /// Takes all deliveries from the workers that have them, so that they are due at once: how many. For the start of the only
    /// program that delivers, when those who had them are dead.
    async fn free_leases(&self) -> Result<u64, StoreError>;

    /// Gives a delivery back after a failed attempt, to be tried again at `at`. A finished delivery is settled by
    /// [`crate::Append::settles`] instead, together with what the sender's box is told.
    async fn retry_at(&self, lease: LeaseToken, at: Ticks, error: &str) -> Result<(), SettleError>;

    /// How many deliveries are not settled.
    async fn pending(&self) -> Result<u64, StoreError>;
}

#[cfg(test)]
mod tests {
    use potok_types::BoxId;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn no_box_gets_more_than_stay_free() {
        let boxes = [1, 2, 3, 4].map(|n| BoxId::from_uuid(Uuid::from_u128(n)));
        let mut request = LeaseRequest::new(WorkerId(Uuid::nil()), Ticks::new(0), Ticks::new(1), 64);
        let mut shares = Vec::new();
        for box_id in boxes {
            let share = request.share(box_id);
            request.take(box_id, share);
            shares.push(share);
        }
        assert_eq!((shares, request.free), (vec![32, 16, 8, 4], 4));
        assert_eq!(boxes.map(|box_id| request.share(box_id)), [0, 0, 0, 0]);
        let alone = LeaseRequest { free: 1, held: BTreeMap::new(), ..request };
        assert_eq!(alone.share(boxes[0]), 1);
    }
}
