//! What changes the exchange: posts, patches, moves.

mod box_bytes;
mod error;
mod housekeeping;
mod internal;
mod post_message;
mod post_patch;
mod resolve;
mod surroundings;

use std::sync::Arc;

use potok_seams::{SignatureVerifier, TestSignatures};

pub use error::ExchangeError;

use crate::core::Core;
use crate::paper::Schemas;
use crate::shelf::Shelf;

/// What changes the exchange.
pub struct Exchange {
    pub(crate) core: Arc<Core>,
    /// Where large contents wait for their message.
    pub(crate) shelf: Shelf,
    /// What posted official files are held to.
    pub(crate) schemas: Schemas,
    /// Judges what nobody delivers, and takes the bytes of all signatures.
    pub(crate) verifier: Arc<dyn SignatureVerifier>,
    /// Signs in place of test organizations; `None` when that is switched off.
    pub(crate) test_signatures: Option<Arc<dyn TestSignatures>>,
}
