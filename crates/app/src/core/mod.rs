//! What every use case stands on: who calls, the states of messages, contents, and the turn of repeated calls.

mod actor;
mod contents;
pub(crate) mod operations;
pub(crate) mod states;

pub(crate) use actor::hash_of;
pub use actor::{Actor, Caller, Presented};
pub use contents::LoadedContents;
