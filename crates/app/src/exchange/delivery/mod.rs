//! The operator's delivery: what stands in the outbox is brought to the other box, whatever kind of stream it is of.
//!
//! At least once, and safe to repeat: what has arrived is recognized, and telling the sending box settles the delivery in the
//! same append. Each append touches one box.

mod arrival;
mod confirm;
mod failed;
mod message;
mod notice;
mod report;
mod stamp;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use potok_store::{Leased, SettleError, StreamKind, WorkerId};

use crate::{App, AppError};

pub use failed::Failed;
pub(crate) use message::Messages;

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

/// Brings events of streams of one kind to other boxes.
#[async_trait]
pub trait Carrier: Send + Sync {
    /// Brings the event where it has to go, unless it is there already, and settles the lease in the append by which the
    /// sending box is told.
    ///
    /// # Errors
    /// [`Failed`]: it is tried again later.
    async fn carry(&self, leased: Leased) -> Result<(), Failed>;
}

/// Who carries what.
type Carriers = BTreeMap<StreamKind, Arc<dyn Carrier>>;

/// Delivers what is due, step by step.
#[derive(Clone)]
pub struct DeliveryWorker {
    app: Arc<App>,
    id: WorkerId,
    carriers: Arc<Carriers>,
}

impl DeliveryWorker {
    /// A worker over `app`; any number may run at once.
    pub fn new(app: Arc<App>) -> Self {
        let messages: Arc<dyn Carrier> = Arc::new(Messages::new(Arc::clone(&app)));
        Self::with(app, Carriers::from([(StreamKind::MESSAGE, messages)]))
    }

    /// The same with other carriers.
    pub(crate) fn with(app: Arc<App>, carriers: Carriers) -> Self {
        let id = WorkerId(app.entropy.uuid());
        Self { app, id, carriers: Arc::new(carriers) }
    }

    /// One bounded step: leases what is due and handles all of it. Never cut in the middle; safe to repeat.
    ///
    /// # Errors
    /// `CoreError::Store` when nothing could be leased. Failures of single deliveries are logged and tried again.
    pub async fn work(&self) -> Result<Progress, AppError> {
        let options = &self.app.options;
        let now = self.app.clock.now();
        let until = now.plus_seconds(options.delivery_lease_seconds);
        let leased = self.app.store.lease_due(self.id, now, until, options.delivery_batch).await?;
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
        drop(tokio::time::timeout(IDLE, self.app.delivery_wanted.notified()).await);
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
        let at = self.app.clock.now().plus_seconds(pause);
        match self.app.store.retry_at(leased.token, at, &error.to_string()).await {
            Ok(()) | Err(SettleError::LeaseLost) => {}
            Err(SettleError::Store(error)) => {
                tracing::error!(%error, "a failed delivery could not be given back; its lease will run out");
            }
        }
    }

    async fn carry(&self, leased: Leased) -> Result<(), Failed> {
        let kind = leased.delivery.stream.kind;
        self.carriers.get(&kind).ok_or(Failed::UnknownKind(kind))?.carry(leased).await
    }
}
