//! What a client posts, as commands of the domain.
//!
//! Everything that can be seen in the request alone is checked here, so that an error can name the field; what needs
//! the message, the box or the registry of document types is decided in the domain.

mod checks;
mod content;
mod document;
mod file_id;
mod legacy;
mod message;
mod moving;
mod patch;
#[cfg(test)]
mod tests;

use potok_domain::command::{PostMessage, Source};
use potok_types::Invalid;

pub use message::message_to_post;
pub use moving::move_operation;
pub use patch::{patch_v3, patch_v4};

/// A `PostMessage` request that passed every check that needs no stored state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostedRequest {
    /// What is asked for.
    pub command: PostMessage<Source>,
}

/// Why a posted structure cannot become a command. Each text names the field and the cure.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPost {
    /// The request is wrong: 400.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// A patch that adds nothing: 400, in the words that clients know.
    #[error("{structure} should contain at least one entity")]
    Empty {
        /// The name of the posted structure.
        structure: &'static str,
    },
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
