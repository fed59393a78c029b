//! Keys that the server holds, and what is to be signed by them.

use std::collections::BTreeMap;

use async_trait::async_trait;
use potok_domain::signing::{HeldKey, KeyName, Signing, Stage};
use potok_store::{HeldKeys, Signings, StoreError};
use potok_types::{TaskId, Ticks, UserId};

use crate::MemoryStore;

#[derive(Default)]
pub(crate) struct Keys {
    held: BTreeMap<(UserId, KeyName), HeldKey>,
    signings: BTreeMap<TaskId, Signing>,
    /// Which of them a worker has, and until when.
    taken: BTreeMap<TaskId, Ticks>,
}

impl Keys {
    fn waiting(&self, is_meant: impl Fn(&Signing) -> bool, limit: usize) -> Vec<Signing> {
        let is_waiting = |it: &&Signing| matches!(it.stage, Stage::Waiting { .. }) && is_meant(it);
        let mut found: Vec<Signing> = self.signings.values().filter(is_waiting).cloned().collect();
        found.sort_by_key(|it| (it.user, it.started_at));
        found.truncate(limit);
        found
    }
}

#[async_trait]
impl HeldKeys for MemoryStore {
    async fn add_held_key(&self, key: &HeldKey) -> Result<bool, StoreError> {
        let mut state = self.state();
        let place = state.keys.held.entry((key.user, key.name));
        let is_new = matches!(place, std::collections::btree_map::Entry::Vacant(_));
        place.or_insert_with(|| key.clone());
        Ok(is_new)
    }

    async fn held_keys(&self, user: UserId) -> Result<Vec<HeldKey>, StoreError> {
        Ok(self.state().keys.held.values().filter(|key| key.user == user).cloned().collect())
    }

    async fn all_held_keys(&self) -> Result<Vec<HeldKey>, StoreError> {
        Ok(self.state().keys.held.values().cloned().collect())
    }

    async fn remove_held_key(&self, user: UserId, name: KeyName) -> Result<bool, StoreError> {
        Ok(self.state().keys.held.remove(&(user, name)).is_some())
    }
}

#[async_trait]
impl Signings for MemoryStore {
    async fn put_signing(&self, signing: &Signing) -> Result<(), StoreError> {
        self.state().keys.signings.insert(signing.id, signing.clone());
        Ok(())
    }

    async fn signing(&self, id: TaskId) -> Result<Option<Signing>, StoreError> {
        Ok(self.state().keys.signings.get(&id).cloned())
    }

    async fn waiting_signings(&self, user: UserId, limit: usize) -> Result<Vec<Signing>, StoreError> {
        Ok(self.state().keys.waiting(|it| it.user == user, limit))
    }

    async fn all_waiting_signings(&self, limit: usize) -> Result<Vec<Signing>, StoreError> {
        Ok(self.state().keys.waiting(|_| true, limit))
    }

    async fn change_signing(&self, signing: &Signing) -> Result<bool, StoreError> {
        let mut state = self.state();
        let Some(known) = state.keys.signings.get_mut(&signing.id) else { return Ok(false) };
        if known.revision + 1 != signing.revision {
            return Ok(false);
        }
        *known = signing.clone();
        state.keys.taken.remove(&signing.id);
        Ok(true)
    }

    async fn claim_signing(&self, now: Ticks, until: Ticks) -> Result<Option<Signing>, StoreError> {
        let mut state = self.state();
        let keys = &mut state.keys;
        let due = |it: &Signing| keys.taken.get(&it.id).copied().unwrap_or(Ticks::new(0));
        let ready = keys.signings.values().filter(|it| matches!(it.stage, Stage::Ready { .. }));
        let found = ready.filter(|it| due(it) <= now).min_by_key(|it| (due(it), it.started_at)).cloned();
        if let Some(found) = &found {
            keys.taken.insert(found.id, until);
        }
        Ok(found)
    }

    async fn release_signing(&self, id: TaskId, until: Ticks, at: Ticks) -> Result<(), StoreError> {
        let mut state = self.state();
        if let Some(taken) = state.keys.taken.get_mut(&id).filter(|taken| **taken == until) {
            *taken = at;
        }
        Ok(())
    }

    async fn free_signings(&self) -> Result<u64, StoreError> {
        Ok(std::mem::take(&mut self.state().keys.taken).len() as u64)
    }

    async fn forget_signings(&self, before: Ticks) -> Result<u64, StoreError> {
        let mut state = self.state();
        let count = state.keys.signings.len();
        state.keys.signings.retain(|_, it| it.started_at >= before);
        Ok((count - state.keys.signings.len()) as u64)
    }
}
