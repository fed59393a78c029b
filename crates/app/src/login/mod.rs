//! How somebody gets a token.

use std::sync::Arc;

use potok_seams::CertificateJudge;
use potok_store::Logins;

pub(crate) use attempts::Attempts;
pub(crate) use certificate::{out_of_date, random, stored};
pub(crate) use hashing::hash_password;
pub(crate) use tokens::{DEFAULT_SCOPE, Tokens, random_secret};

use crate::core::Core;

potok_modules::modules! { "src/login" => published }

/// How somebody gets a token.
pub struct Login {
    pub(crate) core: Arc<Core>,
    pub(crate) logins: Arc<dyn Logins>,
    pub(crate) tokens: Tokens,
    /// Knows which certificates may open an account.
    pub(crate) judge: Arc<dyn CertificateJudge>,
    /// Wrong passwords.
    pub(crate) attempts: Attempts,
}
