//! Why nothing is printed.

use potok_seams::OperatorError;
use potok_types::EntityId;

use crate::ShelfError;
use crate::core::{CoreError, lift_core_errors};

/// Why nothing is printed.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// The entity has no print form: it is a signature, or something that only this server reads.
    #[error(
        "Generating print form for this type of document is not supported: entity {entity} is neither a document nor a file \
         that answers one; name one of those"
    )]
    NotSupported {
        /// The entity.
        entity: EntityId,
    },
    /// The caller has no such form.
    #[error(
        "print form {0:?} is not there: forms are kept for a day, for whoever asked for them; ask for it again"
    )]
    NoForm(String),
    /// The archive is larger than the format holds.
    #[error("the archive of document {document} would be larger than 4 GB: get the contents one by one")]
    TooLarge {
        /// The document.
        document: EntityId,
    },
    /// What was made has no room on the shelf.
    #[error(transparent)]
    Shelf(#[from] ShelfError),
    /// The operator did not sign.
    #[error(transparent)]
    Operator(#[from] OperatorError),
    /// What can go wrong anywhere.
    #[error(transparent)]
    Core(#[from] CoreError),
}

lift_core_errors!(PrintError);
