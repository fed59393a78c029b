//! What is asked of keys that the server holds.

use potok_types::{BoxId, EntityId, MessageId};

use super::Source;

/// Which key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyChoice {
    /// Of those that are in date the one whose certificate is good for longest.
    Longest {
        /// Where another choice would stand in the request.
        path: &'static str,
    },
    /// The one with this certificate.
    Certificate {
        /// Where it stands in the request.
        path: &'static str,
        /// SHA-1 of it, as it was given.
        thumbprint: String,
    },
    /// The one whose certificate names this person.
    Holder {
        /// Where it stands in the request.
        path: &'static str,
        /// The insurance number, as it was given.
        snils: String,
    },
}

/// A file to be signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFileToSign {
    /// Where it stands in the request.
    pub path: String,
    /// Its name, for people.
    pub name: Option<String>,
    /// Its bytes.
    pub content: ToSign,
}

/// Where the bytes of a file to sign come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ToSign {
    /// They come with the request, or lie on the shelf.
    Given(Source),
    /// They are those of an entity.
    Entity {
        /// Its box; that of the call when absent.
        box_id: Option<BoxId>,
        /// Its message.
        message: MessageId,
        /// The entity.
        entity: EntityId,
    },
}
