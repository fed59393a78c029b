//! The operator's delivery: what stands in the outbox is brought to the other box, whatever kind of stream it is of.
//!
//! At least once, and safe to repeat: what has arrived is recognized, and telling the sending box settles the delivery in the
//! same append. Each append touches one box.

mod carrier;
mod failed;
mod messages;

use std::sync::Arc;
use std::time::Duration;

use potok_store::{Leased, SettleError, WorkerId};

pub use carrier::Carrier;
pub(crate) use carrier::Carriers;
pub use failed::Failed;
pub(crate) use messages::Messages;

use crate::core::{Core, CoreError};

/// A worker without work looks again after this time, in case a lease of another node ran out.
const IDLE: Duration = Duration::from_secs(1);
/// Pauses after failed attempts, in seconds; the last one is kept.
const PAUSES_SECONDS: [i64; 5] = [1, 5, 15, 60, 300];

/// What one step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many deliveries were handled; there may be more.
    Handled(usize),
    /// There was nothing to do.
    Idle,
}

/// The operator's deliveries.
pub struct Deliveries {
    pub(crate) core: Arc<Core>,
    pub(crate) carriers: Carriers,
    /// Handed out to a worker at once.
    pub(crate) batch: usize,
    /// How long a worker may hold one.
    pub(crate) lease_seconds: i64,
}

impl Deliveries {
    /// A worker with an id of its own; any number may run at once.
    pub fn worker(self: &Arc<Self>) -> DeliveryWorker {
        DeliveryWorker { id: WorkerId(self.core.entropy.uuid()), deliveries: Arc::clone(self) }
    }

    /// How many deliveries wait, also those that are being handled or will be tried again later.
    ///
    /// # Errors
    /// [`CoreError::Store`].
    pub async fn pending(&self) -> Result<u64, CoreError> {
        Ok(self.core.store.pending().await?)
    }
}

/// Delivers what is due, step by step.
#[derive(Clone)]
pub struct DeliveryWorker {
    deliveries: Arc<Deliveries>,
    id: WorkerId,
}

impl DeliveryWorker {
    /// One bounded step: leases what is due and handles all of it. Never cut in the middle; safe to repeat.
    ///
    /// # Errors
    /// `CoreError::Store` when nothing could be leased. Failures of single deliveries are logged and tried again.
    pub async fn work(&self) -> Result<Progress, CoreError> {
        let Deliveries { core, batch, lease_seconds, .. } = &*self.deliveries;
        let now = core.clock.now();
        let leased = core.store.lease_due(self.id, now, now.plus_seconds(*lease_seconds), *batch).await?;
        if leased.is_empty() {
            return Ok(Progress::Idle);
        }
        let count = leased.len();
        let mut tasks = tokio::task::JoinSet::new();
        for lease in leased {
            let worker = self.clone();
            tasks.spawn(async move { worker.handle(lease).await });
        }
        while let Some(done) = tasks.join_next().await {
            if let Err(error) = done {
                // The lease runs out, and the delivery is handed out again.
                tracing::error!(%error, "a delivery was cut off by a fault of the server");
            }
        }
        Ok(Progress::Handled(count))
    }

    /// Waits until there may be work. Freely cancellable.
    pub async fn wait_for_work(&self) {
        // Nobody has to come: the time limit is what is waited for then.
        drop(tokio::time::timeout(IDLE, self.deliveries.core.delivery_wanted.notified()).await);
    }

    /// Works until `stop` is done, then finishes the running step.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        loop {
            let wait = match self.work().await {
                Ok(Progress::Handled(_)) => false,
                Ok(Progress::Idle) => true,
                Err(error) => {
                    tracing::error!(error = %error, source = ?std::error::Error::source(&error), "deliveries could not be leased");
                    true
                }
            };
            let next = async {
                if wait {
                    self.wait_for_work().await;
                }
            };
            tokio::select! {
                biased;
                () = &mut stop => return,
                () = next => {}
            }
        }
    }

    async fn handle(&self, leased: Leased) {
        let delivery = leased.delivery;
        let error = match self.carry(leased).await {
            // If the lease is lost, another worker has it by now.
            Ok(()) | Err(Failed::LeaseLost) => return,
            Err(error) => error,
        };
        let attempt = leased.token.attempt;
        tracing::warn!(
            stream = %delivery.stream, event.id = %delivery.event, to = %delivery.to, attempt,
            %error, "delivery failed and will be tried again"
        );
        let step = usize::try_from(attempt.saturating_sub(1)).unwrap_or(usize::MAX);
        let pause = PAUSES_SECONDS[step.min(PAUSES_SECONDS.len() - 1)];
        let at = self.deliveries.core.clock.now().plus_seconds(pause);
        match self.deliveries.core.store.retry_at(leased.token, at, &error.to_string()).await {
            Ok(()) | Err(SettleError::LeaseLost) => {}
            Err(SettleError::Store(error)) => {
                tracing::error!(%error, "a failed delivery could not be given back; its lease will run out");
            }
        }
    }

    async fn carry(&self, leased: Leased) -> Result<(), Failed> {
        let kind = leased.delivery.stream.kind;
        self.deliveries.carriers.get(&kind).ok_or(Failed::UnknownKind(kind))?.carry(leased).await
    }
}
