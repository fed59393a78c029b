//! What changes the exchange: posts, patches, moves, and the delivery to other boxes.

mod delivery;
mod housekeeping;
mod internal;
mod originals;
mod post_message;
mod post_patch;
mod resolve;
mod signatures;
mod surroundings;

#[cfg(test)]
pub(crate) use delivery::Messages;
pub use delivery::{Carrier, DeliveryWorker, Failed, Progress};
