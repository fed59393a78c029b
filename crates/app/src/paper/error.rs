//! Why an official file is not made or read.

use potok_domain::decide::Rejection;
use potok_types::{Attested, EntityId};

use crate::ShelfError;
use crate::core::{CoreError, lift_core_errors};

/// Why an official file is not made or read.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// Nothing like the file could be posted now.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The entity is there, and is no amendment request.
    #[error("entity {entity} is no amendment request: name one, not the document that it is about")]
    NoAmendmentRequest {
        /// The entity.
        entity: EntityId,
    },
    /// No such file is made for the entity: its kind or the rules of its exchange know none.
    #[error("{}: {reason}", Attested::OtherDocumentType.words(&[]))]
    OtherDocumentType {
        /// What is wrong with it.
        reason: Rejection,
    },
    /// The exchange of the document has no title of a buyer.
    #[error(
        "на документ {document} ({kind}) титулом не отвечают: по его правилам обмена у получателя титула нет / document {document} \
         ({kind}) is not answered by a title: by the rules of its exchange the recipient has none"
    )]
    NoAnswer {
        /// The document.
        document: EntityId,
        /// Its type and function.
        kind: String,
    },
    /// The content of the entity is not of the format that it should be of.
    #[error("entity {entity} cannot be read: {reason}")]
    Unreadable {
        /// The entity.
        entity: EntityId,
        /// What is wrong, in Russian and English.
        reason: String,
    },
    /// A structure names a box that is not there, in place of what its organization is called.
    #[error(
        "{path}: no organization of this server has the box {id}; take the id from GetOrganization, or say what the organization is called"
    )]
    UnknownBox {
        /// The field.
        path: String,
        /// What it says.
        id: String,
    },
    /// What was made has no room on the shelf.
    #[error(transparent)]
    Shelf(#[from] ShelfError),
    /// What can go wrong anywhere.
    #[error(transparent)]
    Core(#[from] CoreError),
}

lift_core_errors!(PaperError);
