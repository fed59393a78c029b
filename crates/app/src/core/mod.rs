//! What every use case stands on: the states of messages, contents, and the turn of repeated calls.

mod contents;
mod error;
pub(crate) mod operations;
pub(crate) mod read_models;
pub(crate) mod states;

use std::sync::Arc;

use potok_content::Contents;
use potok_store::Store;
use potok_types::{Clock, Entropy};

pub use contents::LoadedContents;
pub(crate) use error::lift_core_errors;
pub use error::{CoreError, Missing};

use operations::Running;
use states::StateCache;

/// The stores, and what is remembered of them. Every area holds it, and besides just what its own use cases need.
pub struct Core {
    /// Everything but large contents.
    pub(crate) store: Arc<dyn Store>,
    /// Large contents.
    pub(crate) contents: Contents,
    /// The time.
    pub(crate) clock: Arc<dyn Clock>,
    /// Ids and secrets.
    pub(crate) entropy: Arc<dyn Entropy>,
    /// States of messages.
    pub(crate) states: StateCache,
    /// Calls that must not be done twice.
    pub(crate) running: Running,
    /// Contents up to this size live in the box's store beside the events; larger ones in the object store.
    pub(crate) small_content_bytes: u64,
}
