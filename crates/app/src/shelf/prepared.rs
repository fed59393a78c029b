//! Titles that were made for their signers, on the shelf of the box: no person's, so that whoever of the organization signs finds them.

use bytes::Bytes;
use potok_domain::paper::PreparedId;
use potok_types::{BoxId, UserId, limits};

use super::{Shelf, ShelfError, ShelfUpload};
use crate::core::CoreError;

/// The shelf of a box is kept as if it were that of a user: ids are unique among all things.
const fn owner(box_id: BoxId) -> UserId {
    UserId::from_uuid(box_id.uuid())
}

impl Shelf {
    /// Keeps what was made for a signer, for a day.
    ///
    /// # Errors
    /// [`ShelfError::OverQuota`]: a box has as much room for it as a user has; [`ShelfError::TooLarge`].
    pub(crate) async fn keep_prepared(&self, id: &PreparedId, bytes: Bytes) -> Result<(), ShelfError> {
        let upload = ShelfUpload { name: id.to_string(), part_index: 0, is_last: true };
        self.put(owner(id.box_id), &upload, bytes, limits::PREPARED_LIFETIME_SECONDS).await
    }

    /// What was made for a signer in the box; `None` when there is no such thing, or none any more.
    ///
    /// # Errors
    /// [`CoreError::NoRoom`], [`CoreError::Store`], [`CoreError::Content`].
    pub(crate) async fn prepared(&self, box_id: BoxId, id: &str) -> Result<Option<Bytes>, CoreError> {
        if PreparedId::parse(id).is_none_or(|id| id.box_id != box_id) {
            return Ok(None);
        }
        let Some(file) = self.complete(owner(box_id), id).await? else { return Ok(None) };
        self.load(&file).await
    }
}
