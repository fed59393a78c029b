//! Contents that go out with what is shown.

use potok_types::ContentHash;

use crate::{Actor, LoadedContents, Reading, ReadingError};

impl Reading {
    /// The bytes named `hashes`, which the actor was shown; what is nowhere is left out.
    ///
    /// # Errors
    /// `CoreError::Store`, `CoreError::Content`.
    pub async fn contents_for(
        &self,
        actor: &Actor,
        hashes: impl IntoIterator<Item = ContentHash>,
    ) -> Result<LoadedContents, ReadingError> {
        Ok(self.core.load_contents(actor.box_id(), hashes).await?)
    }
}
