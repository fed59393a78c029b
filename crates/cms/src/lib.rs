//! Electronic signatures: CMS and X.509.
//!
//! Everything here is a function of its arguments: no files, no network, no clock. Time is a parameter
//! ([`UnixTime`]), so is randomness, and so is what is trusted.

mod asn1;
pub mod certificate;
pub mod chain;
mod digest;
pub mod doctor;
mod encoding;
pub mod gost;
pub mod key;
pub mod oid;
pub mod pki;
pub mod revocation;
mod sign;
pub mod signed_data;
#[cfg(test)]
mod test_data;
mod time;
pub mod tsa;

pub use certificate::{Certificate, CertificateError, Name, SubjectKind, Thumbprint};
pub use chain::{Chain, ChainElement, RevocationPolicy, StatusFlags, Trust};
pub use der::asn1::ObjectIdentifier;
pub use digest::{Content, ContentDigests, ContentHasher, DigestAlgorithm, Hasher};
pub use encoding::{EncodingError, Limits};
pub use key::{
    KeyKind, KeyStore, PrivateKey, PrivateKeyError, PublicKey, SignatureAlgorithm, SigningError, SigningKey,
};
pub use revocation::{RevocationList, RevocationListError};
pub use sign::{SignError, sign};
pub use signed_data::{
    Language, Problem, SignedData, SignedDataError, SignerVerification, Verification, verify,
};
pub use time::{Civil, UnixTime};
