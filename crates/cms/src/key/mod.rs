//! Keys of every kind, and the signature algorithms that they are used with.

mod algorithm;
mod pbes2;
mod private;
mod public;
mod raw;
mod store;
#[cfg(test)]
mod tests;

pub(crate) use algorithm::NamedAlgorithm;
pub use algorithm::{SignatureAlgorithm, UnsupportedAlgorithm};
pub use private::{Fresh, Freshly, KeyKind, PrivateKey, PrivateKeyError, SigningError, SigningKey};
pub use public::{PublicKey, UnusableKey};
pub use raw::{ecdsa_to_der, rsa_digest_info};
pub use store::KeyStore;
