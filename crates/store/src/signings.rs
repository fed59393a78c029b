//! Keys that the server holds for people, and what is to be signed by them.

use async_trait::async_trait;
use potok_domain::signing::{HeldKey, KeyName, Signing};
use potok_types::{TaskId, Ticks, UserId};

use crate::StoreError;

/// Keys that the server holds for people: where they are, never the keys.
#[async_trait]
pub trait HeldKeys: Send + Sync {
    /// Adds a key, unless its user has it; whether it was added.
    async fn add_held_key(&self, key: &HeldKey) -> Result<bool, StoreError>;
    /// The keys of a user, by name.
    async fn held_keys(&self, user: UserId) -> Result<Vec<HeldKey>, StoreError>;
    /// All keys, by user and name.
    async fn all_held_keys(&self) -> Result<Vec<HeldKey>, StoreError>;
    /// Forgets a key; whether it was there.
    async fn remove_held_key(&self, user: UserId, name: KeyName) -> Result<bool, StoreError>;
}

/// What is to be signed, was signed, or will not be, as long as somebody may ask for it.
#[async_trait]
pub trait Signings: Send + Sync {
    /// Keeps a new one.
    async fn put_signing(&self, signing: &Signing) -> Result<(), StoreError>;
    /// The one with this id.
    async fn signing(&self, id: TaskId) -> Result<Option<Signing>, StoreError>;
    /// Those of a user that wait for a word, oldest first, at most `limit`.
    async fn waiting_signings(&self, user: UserId, limit: usize) -> Result<Vec<Signing>, StoreError>;
    /// Those of all users, by user, oldest first, at most `limit`.
    async fn all_waiting_signings(&self, limit: usize) -> Result<Vec<Signing>, StoreError>;
    /// Writes what follows on the revision before; `false`, and nothing is written, when something else does already.
    async fn change_signing(&self, signing: &Signing) -> Result<bool, StoreError>;
    /// Takes the one that is to be done and has waited longest. Nobody else gets it before `until`, unless it is freed.
    async fn claim_signing(&self, now: Ticks, until: Ticks) -> Result<Option<Signing>, StoreError>;
    /// Gives one back that was taken until `until`: others get it at `at`.
    async fn release_signing(&self, id: TaskId, until: Ticks, at: Ticks) -> Result<(), StoreError>;
    /// Frees what workers had taken: how many. Nobody else may be at work.
    async fn free_signings(&self) -> Result<u64, StoreError>;
    /// Forgets those that were asked for before `before`: how many.
    async fn forget_signings(&self, before: Ticks) -> Result<u64, StoreError>;
}
