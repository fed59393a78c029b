//! Work that goes on behind the calls.

mod delivery;

pub use delivery::{DeliveryWorker, Progress};
