//! Who sends, beside the calls.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use potok_domain::webhook::{Webhook, WebhookId};
use potok_store::{StoreError, WebhookCounts, WebhookLease};
use potok_types::{BoxId, Ticks, with_causes};
use potok_workers::{Capacity, Leases, Renewal, Slots};
use tokio::task::JoinError;

use super::Webhooks;

/// Webhooks that a node sends for at once. A receiver that does not answer holds one for a quarter of a minute.
const SLOTS: usize = 128;
/// How often all boxes are looked at: for what another node wrote, for pauses that are over, and for leases of the dead.
const SWEEP: Duration = Duration::from_secs(5);

/// Sends for the webhooks of all boxes.
pub type WebhookWorker = Slots<Sending>;

/// The webhooks that wait, as a queue of leased work.
pub struct Sending {
    pub(super) webhooks: Arc<Webhooks>,
    /// When all boxes were looked at last.
    swept_at: std::sync::Mutex<Option<Ticks>>,
    pub(super) is_stopping: AtomicBool,
}

impl Webhooks {
    /// Somebody who sends; any number may, on any number of nodes.
    pub fn worker(self: &Arc<Self>) -> WebhookWorker {
        let sending = Sending {
            webhooks: Arc::clone(self),
            swept_at: std::sync::Mutex::default(),
            is_stopping: AtomicBool::new(false),
        };
        Slots::new(Arc::new(sending), SLOTS, SWEEP, self.core.rung.bell())
    }

    /// Learns which boxes have webhooks, once after the start.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn learn(&self) -> Result<(), StoreError> {
        self.core.rung.know(self.kept.boxes_with_webhooks().await?);
        Ok(())
    }

    /// Takes from the workers of a program that died what they had, so that it is sent at once: how many webhooks that was. Nobody
    /// else may be sending.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn free(&self) -> Result<u64, StoreError> {
        self.kept.free_webhooks(self.core.clock.now()).await
    }

    /// The end of a lease that begins, or is renewed, now.
    pub(super) const fn until(&self, now: Ticks) -> Ticks {
        now.plus_seconds(self.lease_seconds)
    }

    /// How many there are.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn counts(&self) -> Result<WebhookCounts, StoreError> {
        self.kept.count_webhooks().await
    }
}

impl Sending {
    /// Webhooks that have something to send, at most `most`.
    async fn waiting(&self, now: Ticks, most: usize) -> Result<BTreeSet<(BoxId, WebhookId)>, StoreError> {
        let Webhooks { kept, core, .. } = &*self.webhooks;
        let mut found = BTreeSet::new();
        for box_id in core.rung.take(most) {
            let of_box = kept.waiting_webhooks(Some(box_id), now, most).await;
            found.extend(of_box.inspect_err(|_| core.rung.know([box_id]))?);
        }
        if found.len() < most && self.is_time_to_sweep(now) {
            let anywhere = kept.waiting_webhooks(None, now, most).await?;
            // What does not fit is looked for again as soon as something does.
            self.swept(if anywhere.len() < most { Some(now) } else { None });
            found.extend(anywhere);
        }
        while found.len() > most {
            let (box_id, _) = found.pop_last().expect("there are more");
            core.rung.know([box_id]);
        }
        Ok(found)
    }

    fn is_time_to_sweep(&self, now: Ticks) -> bool {
        let swept_at = *self.swept_at.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        swept_at.is_none_or(|at| at.plus_seconds(SWEEP.as_secs() as i64) <= now || at > now)
    }

    fn swept(&self, at: Option<Ticks>) {
        *self.swept_at.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = at;
    }
}

/// The lease of a webhook that somebody has.
pub(super) const fn lease_of(webhook: &Webhook) -> WebhookLease {
    WebhookLease { box_id: webhook.box_id, id: webhook.id, turn: webhook.turn }
}

impl Leases for Sending {
    type Lease = Webhook;
    type Error = StoreError;

    fn name(&self) -> &'static str {
        "webhooks"
    }

    fn life(&self) -> Duration {
        Duration::from_secs(self.webhooks.lease_seconds.unsigned_abs())
    }

    async fn lease(&self, capacity: Capacity) -> Result<Vec<Webhook>, StoreError> {
        let Webhooks { kept, core, .. } = &*self.webhooks;
        let now = core.clock.now();
        let until = self.webhooks.until(now);
        let waiting = self.waiting(now, capacity.free).await?;
        let leases = waiting.iter().map(|(box_id, id)| kept.lease_webhook(*box_id, *id, now, until));
        let mut leased = Vec::new();
        for (given, (box_id, _)) in join_all(leases).await.into_iter().zip(&waiting) {
            // What could not be leased now is found again.
            match given {
                Ok(webhook) => leased.extend(webhook),
                Err(error) => {
                    core.rung.know([*box_id]);
                    tracing::warn!(error = with_causes(&error), %box_id, "a webhook could not be leased");
                }
            }
        }
        Ok(leased)
    }

    fn box_of(webhook: &Webhook) -> BoxId {
        webhook.box_id
    }

    async fn renew(&self, webhook: &Webhook) -> Renewal {
        let Webhooks { kept, core, .. } = &*self.webhooks;
        let until = self.webhooks.until(core.clock.now());
        match kept.renew_webhook(lease_of(webhook), until).await {
            Ok(true) => Renewal::Held,
            Ok(false) => Renewal::Lost,
            Err(_) => Renewal::Unknown,
        }
    }

    async fn work(&self, webhook: Webhook) {
        let box_id = webhook.box_id;
        if let Err(error) = self.turn(&webhook).await {
            let webhook = webhook.id;
            tracing::error!(error = with_causes(&error), %box_id, %webhook, "the events of a webhook could not be read or noted; it goes on when its lease runs out");
        }
        // What came while it was held was looked for in vain.
        self.webhooks.core.rung.know([box_id]);
    }

    fn stopping(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }

    fn tell(&self, error: StoreError, pause: Duration) {
        tracing::error!(error = with_causes(&error), ?pause, "webhooks could not be looked for");
    }

    fn tell_dead(&self, error: JoinError) {
        // The lease runs out, and somebody goes on.
        tracing::error!(%error, "a turn of a webhook was cut off by a fault of the server");
    }
}
