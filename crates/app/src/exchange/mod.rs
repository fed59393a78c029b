//! What changes the exchange: posts, patches, moves.

use std::sync::Arc;

use potok_seams::{OperatorDocuments, SignatureVerifier, TestSignatures};

use crate::core::Core;
use crate::paper::Schemas;
use crate::shelf::Shelf;

#[cfg(test)]
pub(crate) use patience::PATIENCE;

potok_modules::modules! { "src/exchange" => published }

/// What changes the exchange.
#[derive(Clone)]
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
    /// Set when changes are only tried.
    pub(crate) trial: Option<Arc<Trial>>,
    /// What titles that are made anew say of the operator.
    pub(crate) operator: Arc<dyn OperatorDocuments>,
}
