//! Work that goes on behind the calls.

mod confirm;
mod delivery;

pub use delivery::{DeliveryWorker, Progress};
