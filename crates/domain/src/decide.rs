//! Decisions: which event follows from a command. Nothing is read or written here.
//!
//! A decision looks at the permissions first, then at the form of the command, then at the state of the message, so
//! that nobody learns the state of what they may not touch.

use potok_types::{BoxId, Entropy, Ticks, UserId};

use crate::directory::{Organization, Permissions};
use crate::{DocumentRef, Event};

mod answers;
mod form;
mod links;
mod parts;
mod post_message;
mod post_patch;
mod rejection;

pub use post_message::post_message;
pub use post_patch::post_patch;
pub use rejection::{Rejection, Step};

pub(crate) use form::IMPERSONAL;
pub(crate) use parts::{content_type_of, name_of};

/// Who decides, and when.
pub struct Context<'a> {
    /// One clock reading for all that follows.
    pub now: Ticks,
    /// Where new ids come from.
    pub entropy: &'a dyn Entropy,
    /// The person.
    pub author: UserId,
    /// The person's organization, whose box is the command's.
    pub organization: &'a Organization,
    /// What the person may do there.
    pub permissions: &'a Permissions,
}

/// What follows from a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The event of the box.
    pub event: Event,
    /// The boxes that must get it.
    pub deliver_to: Vec<BoxId>,
    /// Pairs (document, its base) that reach over messages.
    pub links: Vec<(DocumentRef, DocumentRef)>,
}

#[cfg(test)]
mod tests;
