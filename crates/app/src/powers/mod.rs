//! Powers of attorney: the register, and whether one is good for a signature.

use std::sync::Arc;

use potok_seams::SignatureVerifier;
use potok_store::{Tasks, UserCertificates};

use crate::Shelf;
use crate::core::Core;

potok_modules::modules! { "src/powers" => published }

/// Who may act for whom.
pub struct Powers {
    pub(crate) core: Arc<Core>,
    /// Files that callers have uploaded.
    pub(crate) shelf: Shelf,
    /// Looks at the signatures of powers.
    pub(crate) verifier: Arc<dyn SignatureVerifier>,
    /// Registrations that calls have begun.
    pub(crate) tasks: Arc<dyn Tasks>,
    /// Certificates by which people log in.
    pub(crate) certificates: Arc<dyn UserCertificates>,
}
