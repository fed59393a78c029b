//! Work that goes on behind the calls.

mod confirm;
mod delivery;
mod notice;

pub use delivery::{DeliveryWorker, Progress};
