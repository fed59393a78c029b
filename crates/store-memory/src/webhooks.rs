//! Webhooks.

use std::collections::{BTreeMap, VecDeque};

use async_trait::async_trait;
use potok_domain::webhook::{Attempt, Progress, Webhook, WebhookId, WebhookState};
use potok_store::{StoreError, WebhookCounts, WebhookLease, Webhooks};
use potok_types::{BoxId, Ticks};

use crate::{MemoryStore, State};

#[derive(Default)]
pub(crate) struct Hooks(BTreeMap<(BoxId, WebhookId), Hook>);

struct Hook {
    webhook: Webhook,
    attempts: VecDeque<Attempt>,
}

impl Hooks {
    fn held(&mut self, lease: WebhookLease) -> Option<&mut Hook> {
        let hook = self.0.get_mut(&(lease.box_id, lease.id))?;
        (hook.webhook.turn == lease.turn && due_at(&hook.webhook).is_some()).then_some(hook)
    }
}

const fn due_at(webhook: &Webhook) -> Option<Ticks> {
    match webhook.progress.state {
        WebhookState::Active { due_at } => Some(due_at),
        WebhookState::Paused | WebhookState::Broken(_) => None,
    }
}

impl State {
    fn has_events_behind(&self, webhook: &Webhook) -> bool {
        let events = self.boxes.get(&webhook.box_id).map(|record| &record.events).into_iter().flatten();
        events.filter(|kept| kept.feed.is_some()).any(|kept| kept.key > webhook.progress.position)
    }
}

#[async_trait]
impl Webhooks for MemoryStore {
    async fn add_webhook(&self, webhook: &Webhook, most: usize) -> Result<bool, StoreError> {
        let mut state = self.state();
        let all = &mut state.hooks.0;
        if all.keys().filter(|(box_id, _)| *box_id == webhook.box_id).count() >= most {
            return Ok(false);
        }
        let hook = Hook { webhook: webhook.clone(), attempts: VecDeque::new() };
        all.insert((webhook.box_id, webhook.id), hook);
        Ok(true)
    }

    async fn webhooks(&self, box_id: BoxId) -> Result<Vec<Webhook>, StoreError> {
        let state = self.state();
        let of_box = state.hooks.0.values().map(|hook| &hook.webhook).filter(|it| it.box_id == box_id);
        let mut found: Vec<Webhook> = of_box.cloned().collect();
        found.sort_by_key(|it| (it.made_at, it.id));
        Ok(found)
    }

    async fn webhook(&self, box_id: BoxId, id: WebhookId) -> Result<Option<Webhook>, StoreError> {
        Ok(self.state().hooks.0.get(&(box_id, id)).map(|hook| hook.webhook.clone()))
    }

    async fn change_webhook(&self, webhook: &Webhook) -> Result<bool, StoreError> {
        let mut state = self.state();
        let Some(known) = state.hooks.0.get_mut(&(webhook.box_id, webhook.id)) else { return Ok(false) };
        if known.webhook.turn + 1 != webhook.turn {
            return Ok(false);
        }
        known.webhook = Webhook { made_at: known.webhook.made_at, ..webhook.clone() };
        Ok(true)
    }

    async fn remove_webhook(&self, box_id: BoxId, id: WebhookId) -> Result<bool, StoreError> {
        Ok(self.state().hooks.0.remove(&(box_id, id)).is_some())
    }

    async fn webhook_attempts(
        &self,
        box_id: BoxId,
        id: WebhookId,
        limit: usize,
    ) -> Result<Vec<Attempt>, StoreError> {
        let state = self.state();
        let attempts = state.hooks.0.get(&(box_id, id)).map(|hook| &hook.attempts);
        Ok(attempts.into_iter().flatten().rev().take(limit).cloned().collect())
    }

    async fn boxes_with_webhooks(&self) -> Result<Vec<BoxId>, StoreError> {
        let state = self.state();
        let active = state.hooks.0.values().filter(|hook| due_at(&hook.webhook).is_some());
        let mut boxes: Vec<BoxId> = active.map(|hook| hook.webhook.box_id).collect();
        boxes.dedup();
        Ok(boxes)
    }

    async fn waiting_webhooks(
        &self,
        box_id: Option<BoxId>,
        now: Ticks,
        limit: usize,
    ) -> Result<Vec<(BoxId, WebhookId)>, StoreError> {
        let state = self.state();
        let meant = state.hooks.0.values().map(|hook| &hook.webhook);
        let meant = meant.filter(|it| box_id.is_none_or(|box_id| it.box_id == box_id));
        let mut found: Vec<(Ticks, BoxId, WebhookId)> = meant
            .filter(|it| state.has_events_behind(it))
            .filter_map(|it| Some((due_at(it).filter(|due| *due <= now)?, it.box_id, it.id)))
            .collect();
        found.sort_unstable();
        Ok(found.into_iter().take(limit).map(|(_, box_id, id)| (box_id, id)).collect())
    }

    async fn lease_webhook(
        &self,
        box_id: BoxId,
        id: WebhookId,
        now: Ticks,
        until: Ticks,
    ) -> Result<Option<Webhook>, StoreError> {
        let mut state = self.state();
        let Some(Hook { webhook, .. }) = state.hooks.0.get_mut(&(box_id, id)) else { return Ok(None) };
        if due_at(webhook).is_none_or(|due| due > now) {
            return Ok(None);
        }
        webhook.turn += 1;
        webhook.progress.state = WebhookState::Active { due_at: until };
        Ok(Some(webhook.clone()))
    }

    async fn renew_webhook(&self, lease: WebhookLease, until: Ticks) -> Result<bool, StoreError> {
        let mut state = self.state();
        let Some(hook) = state.hooks.held(lease) else { return Ok(false) };
        hook.webhook.progress.state = WebhookState::Active { due_at: until };
        Ok(true)
    }

    async fn note_webhook(
        &self,
        lease: WebhookLease,
        progress: &Progress,
        attempt: Option<&Attempt>,
        keep: u32,
    ) -> Result<bool, StoreError> {
        let mut state = self.state();
        let Some(hook) = state.hooks.held(lease) else { return Ok(false) };
        hook.webhook.progress = progress.clone();
        if let Some(attempt) = attempt {
            hook.attempts.push_back(attempt.clone());
            while hook.attempts.len() > keep as usize {
                hook.attempts.pop_front();
            }
        }
        Ok(true)
    }

    async fn free_webhooks(&self, now: Ticks) -> Result<u64, StoreError> {
        let mut state = self.state();
        let mut freed = 0;
        for Hook { webhook, .. } in state.hooks.0.values_mut() {
            if due_at(webhook).is_some_and(|due| due > now) {
                webhook.progress.state = WebhookState::Active { due_at: now };
                freed += 1;
            }
        }
        Ok(freed)
    }

    async fn count_webhooks(&self) -> Result<WebhookCounts, StoreError> {
        let mut counts = WebhookCounts::default();
        for Hook { webhook, .. } in self.state().hooks.0.values() {
            match webhook.progress.state {
                WebhookState::Active { .. } => counts.active += 1,
                WebhookState::Paused => counts.paused += 1,
                WebhookState::Broken(_) => counts.broken += 1,
            }
        }
        Ok(counts)
    }
}
