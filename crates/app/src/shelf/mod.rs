//! The shelf: large contents before a message names them.

use std::sync::Arc;

use crate::core::Core;

potok_modules::modules! { "src/shelf" => published }

/// The shelves of all users; nobody sees those of others.
#[derive(Clone)]
pub struct Shelf {
    pub(crate) core: Arc<Core>,
    /// Which parts have come.
    pub(crate) files: Arc<dyn potok_store::Shelf>,
    /// What one user may have on the shelf.
    pub(crate) user_bytes: u64,
}
