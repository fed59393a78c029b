//! What changes the exchange: posts, patches, moves, and the delivery to other boxes.

mod confirm;
mod delivery;
mod housekeeping;
mod internal;
mod notice;
mod originals;
mod post_message;
mod post_patch;
mod resolve;
mod signatures;
mod stamp;
mod surroundings;

pub use delivery::{DeliveryWorker, Progress};
pub use post_patch::PatchAnswer;
