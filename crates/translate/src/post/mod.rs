//! What a client posts, as commands of the domain.
//!
//! What cannot be read is refused here: ids, enumerations, fields that exclude each other. The form of what was read is
//! checked in the domain (`decide::form`), and so is all that needs the message, the box or the registry of types.

mod content;
mod document;
mod fields;
mod file_id;
mod legacy;
mod message;
mod moving;
mod patch;
#[cfg(test)]
mod tests;

use potok_types::Invalid;

pub use message::message_to_post;
pub use moving::move_operation;
pub use patch::{patch_v3, patch_v4};

/// Why a posted structure cannot be read as a command. Each text names the field and the cure.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPost {
    /// The request is wrong: 400.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The request is fine, but this server does not know that part of the API yet: 501.
    #[error("{path} is not implemented by this server yet; leave it out")]
    NotBuilt {
        /// The field.
        path: String,
    },
}

impl BadPost {
    fn invalid(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Invalid::new(path, reason).into()
    }

    fn not_built(path: impl Into<String>) -> Self {
        Self::NotBuilt { path: path.into() }
    }
}
