//! How somebody becomes a user with a token.

mod certificate;
mod password;

pub use certificate::{LoginCertificate, NamedCertificate};
pub(crate) use password::hash_password;
pub use password::{GrantError, IssuedTokens};
