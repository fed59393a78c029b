//! Services that vouch for their own users, and which users of ours those are.

use async_trait::async_trait;
use potok_types::{Ticks, UserId};

use crate::{StoreError, TokenHash};

/// A key by which a trusted service proves itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceKey {
    /// SHA-256 of the key, which is long and random.
    pub hash: TokenHash,
    /// The only API client that may use it.
    pub client_id: String,
    /// What it is, for people.
    pub name: String,
    /// When it was made.
    pub added_at: Ticks,
}

/// Services that vouch for their own users.
#[async_trait]
pub trait TrustedServices: Send + Sync {
    /// The key.
    async fn service_key(&self, hash: TokenHash) -> Result<Option<ServiceKey>, StoreError>;
    /// All keys, by client and time.
    async fn service_keys(&self) -> Result<Vec<ServiceKey>, StoreError>;
    /// Adds a key.
    async fn put_service_key(&self, key: &ServiceKey) -> Result<(), StoreError>;
    /// Deletes a key with all that was bound by it; whether it was there.
    async fn delete_service_key(&self, hash: TokenHash) -> Result<bool, StoreError>;
    /// Binds the service's user to `user`, in the place of whom it was bound to.
    async fn bind_service_user(
        &self,
        key: TokenHash,
        service_user: &str,
        user: UserId,
        now: Ticks,
    ) -> Result<(), StoreError>;
    /// To whom the service's user is bound.
    async fn bound_user(&self, key: TokenHash, service_user: &str) -> Result<Option<UserId>, StoreError>;
}

/// People whom another provider signs in.
#[async_trait]
pub trait OutsideUsers: Send + Sync {
    /// The user of ours that is `subject` of `issuer`.
    async fn outside_user(&self, issuer: &str, subject: &str) -> Result<Option<UserId>, StoreError>;
    /// Notes which user of ours it is, unless that is noted; whether it was noted now.
    async fn add_outside_user(
        &self,
        issuer: &str,
        subject: &str,
        user: UserId,
        now: Ticks,
    ) -> Result<bool, StoreError>;
}
