//! What shows the exchange: events, messages, documents, docflows, contents.

use std::sync::Arc;

use potok_seams::SignatureVerifier;

use crate::core::Core;

potok_modules::modules! { "src/reading" => published }

/// What shows the exchange.
pub struct Reading {
    pub(crate) core: Arc<Core>,
    /// Tells what signatures say about themselves.
    pub(crate) verifier: Arc<dyn SignatureVerifier>,
}
