//! What an administrator does: organizations, people, programs; and what a server does for itself.

use std::sync::Arc;

use potok_seams::SignatureVerifier;
use potok_store::{Logins, Registers, Shelf, Upkeep};
use potok_types::Invalid;

use crate::core::Core;
use crate::login::{Keys, Tokens};
use crate::signing::RemoteSigning;

pub use potok_store::{ApiClient, Registration, ServiceKey, SigningKey, TokenKind};

potok_modules::modules! { "src/admin" => published }

/// What an administrator does. Nobody asks here who calls: whoever has the data folder may do all of it.
pub struct Admin {
    pub(crate) core: Arc<Core>,
    pub(crate) logins: Arc<dyn Logins>,
    /// Large contents on their way.
    pub(crate) files: Arc<dyn Shelf>,
    /// What is told of the world outside.
    pub(crate) registers: Arc<dyn Registers>,
    /// What the store is kept in order by.
    pub(crate) upkeep: Arc<dyn Upkeep>,
    pub(crate) tokens: Tokens,
    pub(crate) keys: Keys,
    pub(crate) sweep: SweepPlace,
    /// Keys that are held for people.
    pub(crate) signing: Arc<RemoteSigning>,
    /// Looks at the signatures of powers of attorney.
    pub(crate) verifier: Arc<dyn SignatureVerifier>,
}

fn invalid(path: &str, reason: impl Into<String>) -> AdminError {
    Invalid::new(path, reason).into()
}
