//! How somebody gets a token.

use std::sync::Arc;

use potok_seams::{CertificateJudge, OutsideProvider};
use potok_store::Logins;

pub(crate) use attempts::Attempts;
pub(crate) use certificate::{out_of_date, random, stored};
pub(crate) use hashing::hash_password;
pub(crate) use keys::Keys;
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
    /// What id tokens are signed with.
    pub(crate) keys: Keys,
    /// Another provider by which people sign in, if there is one.
    pub(crate) provider: Option<Arc<dyn OutsideProvider>>,
    /// The server as programs know it: an origin without a slash at its end.
    pub(crate) issuer: String,
}
