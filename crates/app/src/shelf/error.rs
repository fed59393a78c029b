//! What the shelf refuses.

use potok_types::limits;

use crate::core::{CoreError, lift_core_errors};

/// What the shelf refuses.
#[derive(Debug, thiserror::Error)]
pub enum ShelfError {
    /// Nothing complete on the caller's shelf has this name.
    #[error("file {0:?} is not on the shelf, or not all of its parts have come")]
    NoFile(String),
    /// The file of this name would grow over its limit.
    #[error(
        "nameOnShelf: file {0:?} would be larger than {max} bytes; a shelf file may not be",
        max = limits::SHELF_FILE_BYTES
    )]
    TooLarge(String),
    /// What can go wrong anywhere.
    #[error(transparent)]
    Core(#[from] CoreError),
}

lift_core_errors!(ShelfError);
