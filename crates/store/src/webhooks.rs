//! Webhooks of boxes: what was asked for, how far they have come, who sends now, and the last attempts.

use async_trait::async_trait;
use potok_domain::webhook::{Attempt, Progress, Webhook, WebhookId};
use potok_types::{BoxId, Ticks};

use crate::StoreError;

/// The right to send for one webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WebhookLease {
    /// The box.
    pub box_id: BoxId,
    /// Its webhook.
    pub id: WebhookId,
    /// [`Webhook::turn`] after the lease.
    pub turn: u32,
}

/// How many there are in all boxes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WebhookCounts {
    /// That send.
    pub active: u64,
    /// That somebody stopped.
    pub paused: u64,
    /// That the server gave up.
    pub broken: u64,
}

/// Webhooks. One is sent for by one worker at a time, under a lease that ends by itself.
#[async_trait]
pub trait Webhooks: Send + Sync {
    /// Adds a webhook, unless its box has `most` of them; whether it was added.
    async fn add_webhook(&self, webhook: &Webhook, most: usize) -> Result<bool, StoreError>;
    /// Those of a box, oldest first.
    async fn webhooks(&self, box_id: BoxId) -> Result<Vec<Webhook>, StoreError>;
    /// The one with this id.
    async fn webhook(&self, box_id: BoxId, id: WebhookId) -> Result<Option<Webhook>, StoreError>;
    /// Writes terms and progress over those of the turn before, and ends a lease; `false`, and nothing is written, when the turn
    /// is another one.
    async fn change_webhook(&self, webhook: &Webhook) -> Result<bool, StoreError>;
    /// Forgets a webhook and its attempts; whether it was there.
    async fn remove_webhook(&self, box_id: BoxId, id: WebhookId) -> Result<bool, StoreError>;
    /// The last attempts, newest first, at most `limit`.
    async fn webhook_attempts(
        &self,
        box_id: BoxId,
        id: WebhookId,
        limit: usize,
    ) -> Result<Vec<Attempt>, StoreError>;

    /// The boxes that have an active webhook.
    async fn boxes_with_webhooks(&self) -> Result<Vec<BoxId>, StoreError>;
    /// Active webhooks that are due by `now` and whose box has events behind their position: in this box only, or in all of
    /// them, those first that are due longest. At most `limit`.
    async fn waiting_webhooks(
        &self,
        box_id: Option<BoxId>,
        now: Ticks,
        limit: usize,
    ) -> Result<Vec<(BoxId, WebhookId)>, StoreError>;
    /// Takes one that is active and due by `now`; nobody else gets it before `until`, unless it is given back.
    async fn lease_webhook(
        &self,
        box_id: BoxId,
        id: WebhookId,
        now: Ticks,
        until: Ticks,
    ) -> Result<Option<Webhook>, StoreError>;
    /// Holds a lease until `until`; whether it was still held.
    async fn renew_webhook(&self, lease: WebhookLease, until: Ticks) -> Result<bool, StoreError>;
    /// Writes how far the holder of a lease has come, and the attempt that brought it there. Of the attempts of a webhook the last
    /// `keep` stay. `false`, and nothing is written, when the lease is not held any more.
    async fn note_webhook(
        &self,
        lease: WebhookLease,
        progress: &Progress,
        attempt: Option<&Attempt>,
        keep: u32,
    ) -> Result<bool, StoreError>;
    /// Makes due at `now` what is due later: leases of the dead, and pauses. How many. Nobody else may be sending.
    async fn free_webhooks(&self, now: Ticks) -> Result<u64, StoreError>;
    /// How many there are.
    async fn count_webhooks(&self) -> Result<WebhookCounts, StoreError>;
}
