//! Whether the store takes changes.

use async_trait::async_trait;

use crate::StoreError;

/// The layout of the database is not the one that this program knows: another program has changed it, or is to.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct OtherLayout(pub String);

/// The store as whoever watches it sees it.
#[async_trait]
pub trait Health: Send + Sync {
    /// Whether changes are taken, and the layout is the one that this program knows. After one that could not be made durable this tries to make another, which changes nothing
    /// that anybody reads, until one succeeds.
    ///
    /// # Errors
    /// [`StoreError`] says why not.
    async fn check_writable(&self) -> Result<(), StoreError>;
}
