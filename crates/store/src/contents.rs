//! Which contents are named by anything. Their bytes lie in the content store, which does not know.

use async_trait::async_trait;
use potok_types::ContentHash;

use crate::StoreError;

/// The names of contents that do not live beside their events.
#[async_trait]
pub trait ContentNames: Send + Sync {
    /// Notes the names of contents in up to `limit` further events of the journal. `true`: every event that was in the journal
    /// when this was called has been noted.
    ///
    /// For one caller at a time; several do the same work twice.
    async fn note_content_names(&self, limit: usize) -> Result<bool, StoreError>;
    /// Those of `hashes` that no noted event names and that are no part of a file on a shelf, expired or not, in their order.
    async fn unnamed_contents(&self, hashes: &[ContentHash]) -> Result<Vec<ContentHash>, StoreError>;
}
