//! What the shelf refuses.

use potok_types::limits;

use crate::core::{CoreError, lift_core_errors};

/// What the shelf refuses.
#[derive(Debug, thiserror::Error)]
pub enum ShelfError {
    /// Nothing complete on the caller's shelf has this name.
    #[error("file {0:?} is not on the shelf, or not all of its parts have come")]
    NoFile(String),
    /// No upload with this name waits for a part like that.
    #[error(
        "fileName: no upload {0:?} of yours waits for this part: it was not begun by ShelfUploadPartInit, has left the shelf, \
         or is complete"
    )]
    NotBegun(String),
    /// The file of this name would grow over its limit.
    #[error(
        "file {0:?} would be larger than {max} bytes; a shelf file may not be",
        max = limits::SHELF_FILE_BYTES
    )]
    TooLarge(String),
    /// The user has too much on the shelf.
    #[error(
        "the shelf of {login} holds {bytes} bytes in {parts} parts, and this part would go over the quota of {quota} bytes (a \
         part counts for 16384 at least): files leave the shelf {days} days after their last part; wait, or let the \
         administrator of the server raise shelf_user_bytes",
        days = limits::SHELF_LIFETIME_SECONDS / 86_400
    )]
    OverQuota {
        /// Whose shelf it is.
        login: String,
        /// What is on it.
        bytes: u64,
        /// In how many parts.
        parts: u64,
        /// What may be.
        quota: u64,
    },
    /// What can go wrong anywhere.
    #[error(transparent)]
    Core(#[from] CoreError),
}

lift_core_errors!(ShelfError);
