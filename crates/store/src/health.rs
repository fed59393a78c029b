//! Whether the store takes changes.

use async_trait::async_trait;

use crate::StoreError;

/// The layout of the database is not the one that this program knows: another program has changed it, or is to.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct OtherLayout(pub String);

/// The store was left for a copy of it, see [`crate::moving`].
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error(
    "it was copied to another store, which is used in its place: give the settings of that one; `potok copy --give-up` opens this one \
     again"
)]
pub struct MovedAway;

/// The store as whoever watches it sees it.
#[async_trait]
pub trait Health: Send + Sync {
    /// Whether changes are taken, the layout is the one that this program knows, and the store was not left for a copy. After one that could not be made durable this tries to make another, which changes nothing
    /// that anybody reads, until one succeeds.
    ///
    /// # Errors
    /// [`StoreError`] says why not.
    async fn check_writable(&self) -> Result<(), StoreError>;

    /// What whoever watches the store should know though everything goes on; a few words.
    fn remark(&self) -> Option<&'static str> {
        None
    }
}
