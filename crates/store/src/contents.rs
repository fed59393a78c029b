//! Which contents are named by anything. Their bytes lie in the content store, which does not know.

use async_trait::async_trait;
use potok_types::{BoxId, ContentHash};

use crate::StoreError;

/// Names that are lost, found in some events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LostNames {
    /// They, each with a box whose event has it.
    pub names: Vec<(BoxId, ContentHash)>,
    /// Behind which event to go on; `None` at the end of what is noted.
    pub next: Option<NamesPlace>,
    /// More is said to be noted than is in the journal.
    pub is_ahead: bool,
}

/// An event in the order in which a store goes through those of all boxes. It comes from that store, and means nothing to
/// others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamesPlace {
    /// Whose event it is.
    pub box_id: BoxId,
    /// The number of its row.
    pub event: u64,
}

impl NamesPlace {
    /// Before all events.
    pub const START: Self = Self { box_id: BoxId::ZERO, event: 0 };
}

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
    /// Names in up to `limit` events behind `after` that should have been noted with their events and are not.
    async fn lost_content_names(&self, after: NamesPlace, limit: usize) -> Result<LostNames, StoreError>;
    /// Notes names again. The place up to which names are noted goes back to the end of the journal, if it lies behind that.
    async fn put_content_names(&self, names: &[(BoxId, ContentHash)]) -> Result<(), StoreError>;
}
