//! What a client posts, as commands of the domain.
//!
//! What cannot be read is refused here: ids, enumerations, fields that exclude each other. The form of what was read is
//! checked in the domain (`decide::form`), and so is all that needs the message, the box or the registry of types.

mod content;
mod document;
mod draft;
mod fields;
mod invitation;
mod legacy;
mod message;
mod moving;
mod patch;
mod prepare;
mod roaming;
mod template;
#[cfg(test)]
mod tests;

pub use draft::draft_to_send;
pub(crate) use fields::document_at;
pub use invitation::invitation_document;
pub use message::message_to_post;
pub use moving::move_operation;
pub use patch::{patch_v3, patch_v4};
pub use prepare::prepare_to_sign;
pub use roaming::roaming_report;
pub use template::{template_patch, template_to_post, template_transformation};
