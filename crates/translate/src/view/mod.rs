//! What a box shows of its messages: `Message`, `MessagePatch`, `BoxEvent`.
//!
//! A fact that equals the default of its field is left out of the structures: the codec prints it in JSON, and readers
//! of protobuf apply the default. `Entity.AttachmentType` is the exception, because its default differs between SDKs.

mod cut;
mod entity;
mod event;
mod feed;
mod message;
mod service;
mod template;

pub(crate) use entity::power_of_attorney;
pub(crate) use service::{actions, made_of, target, universal_message_info};

pub use cut::{
    EventVersion, cut_to_departments, for_version, message_without_links, needs_cut, without_links,
};
pub use event::{box_event, inject};
pub use feed::FeedPage;
pub use message::{MessageVersion, MessageView, message};
pub use template::template;

/// A flag whose field defaults to `false`.
fn flag(value: bool) -> Option<bool> {
    value.then_some(true)
}
