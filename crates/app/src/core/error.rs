//! What can go wrong in any use case. The errors of the areas hold it; the edge says which status that is.

use potok_content::ContentError;
use potok_domain::access::Denied;
use potok_room::{CutOff, NoRoom, NotDone};
use potok_store::StoreError;
use potok_types::{Attested, BoxId, ContentHash, DepartmentId, EntityId, EventId, Invalid, MessageId};

/// Something that the caller named is not there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    /// The box has no such message.
    #[error("message {message} is not in box {box_id}")]
    Message {
        /// The box.
        box_id: BoxId,
        /// The message.
        message: MessageId,
    },
    /// The box has no such letter to add something to.
    #[error("{}", Attested::UnknownMessage.words(&[&.box_id.guid(), .message]))]
    ToChange {
        /// The box.
        box_id: BoxId,
        /// The message.
        message: MessageId,
    },
    /// The box has no such document.
    #[error("{}", Attested::NoDocument.words(&[.message, .document]))]
    Document {
        /// The message.
        message: MessageId,
        /// The entity that is no document of it.
        document: EntityId,
    },
    /// The message, which is there, has no such document.
    #[error("{}", Attested::NoDocumentInMessage.words(&[.document, .message]))]
    DocumentInMessage {
        /// The message.
        message: MessageId,
        /// The entity that is no document of it.
        document: EntityId,
    },
    /// The message has no such document to do something to.
    #[error("{}", Attested::NoDocumentInMessage.words(&[.document, .message]))]
    DocumentToChange {
        /// The message.
        message: MessageId,
        /// The entity that is no document of it.
        document: EntityId,
    },
    /// None of the documents asked for is in the box.
    #[error("none of the {asked} documents asked for is in box {box_id}")]
    Documents {
        /// The box.
        box_id: BoxId,
        /// How many were asked for.
        asked: usize,
    },
    /// The message has no such entity, or the entity has no content.
    #[error("entity {entity} with content not found in message {message}")]
    Content {
        /// The message.
        message: MessageId,
        /// The entity.
        entity: EntityId,
    },
    /// The entity is no signature, or one that cannot be read.
    #[error("entity {entity} of message {message} is no signature that can be read")]
    Signature {
        /// The message.
        message: MessageId,
        /// The entity.
        entity: EntityId,
    },
    /// The box has no such event.
    #[error("event {event} is not in box {box_id}")]
    Event {
        /// The box.
        box_id: BoxId,
        /// The event.
        event: EventId,
    },
    /// None of the forwarded documents asked for came to the box.
    #[error("none of the {asked} forwarded documents asked for was forwarded to box {box_id}")]
    Forwarded {
        /// The box.
        box_id: BoxId,
        /// How many were asked for.
        asked: usize,
    },
    /// The organization of the box has no such department.
    #[error("{}", Attested::UnknownDepartment.words(&[]))]
    Department(DepartmentId),
}

/// What can go wrong in any use case. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum CoreError {
    /// The user lacks a right inside the box.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Something that was named is not there.
    #[error(transparent)]
    Missing(#[from] Missing),
    /// A value of the request is not usable.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The content store failed.
    #[error(transparent)]
    Content(#[from] ContentError),
    /// Bytes that an acknowledged event names are not there.
    #[error("content of entity {entity} is lost")]
    LostContent {
        /// Which entity.
        entity: EntityId,
    },
    /// Bytes that the box names, or that a request just brought, are not there.
    #[error("content {0} is lost")]
    LostBytes(ContentHash),
    /// A box that takes part in an acknowledged message has no organization.
    #[error("box {0} has no organization")]
    NoOrganization(BoxId),
    /// Others kept changing the directory of the box.
    #[error("the people and departments of box {0} are being changed by others: repeat the call")]
    Busy(BoxId),
    /// There is no room for the call now.
    #[error(transparent)]
    NoRoom(#[from] NoRoom),
    /// Work beside the async threads died.
    #[error("the server could not finish its work")]
    CutOff,
}

impl From<CutOff> for CoreError {
    fn from(_: CutOff) -> Self {
        Self::CutOff
    }
}

impl From<NotDone> for CoreError {
    fn from(error: NotDone) -> Self {
        match error {
            NotDone::NoRoom(no_room) => no_room.into(),
            NotDone::CutOff(cut_off) => cut_off.into(),
        }
    }
}

impl CoreError {
    /// The store, or the content store, takes no changes now; the same is worth trying again later.
    pub fn is_unwritable(&self) -> bool {
        match self {
            Self::Store(error) => error.is_unwritable(),
            Self::Content(error) => error.is_unwritable(),
            _ => false,
        }
    }
}

/// Lets `?` lift what [`CoreError`] holds into the error of an area, which has a variant `Core`.
macro_rules! lift_core_errors {
    ($area:ty) => {
        $crate::core::lift_core_errors!(
            $area,
            potok_domain::access::Denied,
            $crate::core::Missing,
            potok_types::Invalid,
            potok_store::StoreError,
            potok_content::ContentError,
            potok_room::NoRoom,
            potok_room::NotDone,
        );
    };
    ($area:ty, $($cause:ty,)+) => {
        $(impl From<$cause> for $area {
            fn from(cause: $cause) -> Self {
                Self::Core(cause.into())
            }
        })+
    };
}
pub(crate) use lift_core_errors;
