//! Whether the store takes changes.

use async_trait::async_trait;

use crate::StoreError;

/// The store as whoever watches it sees it.
#[async_trait]
pub trait Health: Send + Sync {
    /// Whether changes are taken. After one that could not be made durable this tries to make another, which changes nothing
    /// that anybody reads, until one succeeds.
    ///
    /// # Errors
    /// [`StoreError`] says why not.
    async fn check_writable(&self) -> Result<(), StoreError>;
}
