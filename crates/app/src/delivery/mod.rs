//! The operator's delivery: what stands in the outbox is brought to the other box, whatever kind of stream it is of.
//!
//! At least once, and safe to repeat: what has arrived is recognized, and telling the sending box settles the delivery in the
//! same append. Each append touches one box.

mod carrier;
mod failed;
mod forwardings;
mod messages;
mod outbox;
mod relations;

use std::sync::Arc;
use std::time::Duration;

use potok_store::{StoreError, WorkerId};
use potok_workers::Slots;

pub use carrier::Carrier;
pub(crate) use carrier::Carriers;
pub use failed::Failed;
pub(crate) use forwardings::Forwardings;
pub(crate) use messages::Messages;
pub(crate) use messages::stamp::Stamps;
pub use outbox::Outbox;
pub(crate) use relations::Relations;

use crate::core::Core;

/// A worker without work looks again after this time, in case that a lease of another node ran out or a pause is over.
const IDLE: Duration = Duration::from_secs(1);

/// The operator's deliveries.
pub struct Deliveries {
    pub(crate) core: Arc<Core>,
    /// What is not delivered yet.
    pub(crate) outbox: Arc<dyn potok_store::Outbox>,
    pub(crate) carriers: Carriers,
    /// How many a worker handles at once.
    pub(crate) slots: usize,
    /// How long a worker may hold one without renewing its lease.
    pub(crate) lease_seconds: i64,
}

/// Delivers what is due.
pub type DeliveryWorker = Slots<Outbox>;

impl Deliveries {
    /// A worker with an id of its own; any number may run at once.
    pub fn worker(self: &Arc<Self>) -> DeliveryWorker {
        let id = WorkerId(self.core.entropy.uuid());
        let outbox = Outbox { deliveries: Arc::clone(self), id };
        Slots::new(Arc::new(outbox), self.slots, IDLE, &self.core.deliveries)
    }

    /// How many deliveries wait, also those that are being handled or will be tried again later.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn pending(&self) -> Result<u64, StoreError> {
        self.outbox.pending().await
    }

    /// Takes from the workers of a program that died what they had, so that it is delivered at once: how many deliveries that
    /// was. Nobody else may be delivering.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn free_leases(&self) -> Result<u64, StoreError> {
        self.outbox.free_leases().await
    }
}
