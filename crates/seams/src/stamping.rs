//! Time stamps.

use async_trait::async_trait;
use bytes::Bytes;

/// A signature has no time stamp.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature was not stamped: {reason}")]
pub struct NotStamped {
    /// Why.
    pub reason: String,
}

/// Puts time stamps on signatures.
#[async_trait]
pub trait TimeStamping: Send + Sync {
    /// The same signature with a time stamp; nothing that is signed changes.
    ///
    /// # Errors
    /// [`NotStamped`].
    async fn strengthen(&self, signature: Bytes) -> Result<Bytes, NotStamped>;
}
