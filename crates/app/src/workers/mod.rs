//! Work that goes on behind the calls.

mod confirm;
mod delivery;
mod notice;
mod stamp;

pub use delivery::{DeliveryWorker, Progress};
