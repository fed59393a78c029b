//! How somebody gets a token.

mod certificate;
mod error;
mod password;
mod refresh;
mod tokens;

use std::sync::Arc;

use potok_seams::CertificateJudge;

pub use certificate::NamedCertificate;
pub(crate) use certificate::{out_of_date, random, stored};
pub use error::{GrantError, LoginError};
pub use password::IssuedTokens;
pub(crate) use password::hash_password;
pub(crate) use tokens::{DEFAULT_SCOPE, Tokens, random_secret};

use crate::core::Core;

/// How somebody gets a token.
pub struct Login {
    pub(crate) core: Arc<Core>,
    pub(crate) tokens: Tokens,
    /// Knows which certificates may open an account.
    pub(crate) judge: Arc<dyn CertificateJudge>,
}
