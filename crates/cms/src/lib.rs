//! Electronic signatures: CMS and X.509.
//!
//! Everything here is a function of its arguments: no files, no network, no clock. Time is a parameter
//! ([`UnixTime`]), so is randomness, and so is what is trusted.
//!
//! ```
//! use potok_cms::pki::{Members, Organization, TestPki, Validity};
//! use potok_cms::{Content, KeyKind, Language, UnixTime, sign, verify};
//! use rand::SeedableRng;
//!
//! let now = UnixTime(1_795_255_200);
//! let organization = Organization {
//!     name: "ООО «Ромашка»".to_owned(),
//!     inn: "9616279520".to_owned(),
//!     ogrn: "1126605009600".to_owned(),
//!     city: "Екатеринбург".to_owned(),
//! };
//! let operator = Members { organization, people: Vec::new() };
//! let mut random = rand::rngs::StdRng::seed_from_u64(1);
//! let pki = TestPki::new(KeyKind::P256, &operator, &[], Validity::days(now, 365), &mut random)?;
//!
//! let signature = sign(Content::Bytes(b"document"), &pki.operator.certificate, &pki.chain(), &pki.operator.key, now)?;
//! assert!(verify(&signature, Content::Bytes(b"document"), now, &pki.trust())?.is_valid());
//!
//! let verification = verify(&signature, Content::Bytes(b"another"), now, &pki.trust())?;
//! let problem = verification.first().problems[0].text(Language::English);
//! assert_eq!(problem, "The signature is not of this document: other content was signed");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod asn1;
pub mod certificate;
pub mod chain;
mod cipher;
mod digest;
pub mod doctor;
mod encoding;
pub mod enveloped_data;
pub mod gost;
#[cfg(test)]
mod hostile;
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

pub use certificate::{Certificate, CertificateError, Name, SubjectKind, Thumbprint, Uncheckable};
pub use chain::{Chain, ChainElement, ListState, RevocationPolicy, StatusFlags, Trust};
pub use der::asn1::ObjectIdentifier;
pub use digest::{Content, ContentDigests, ContentHasher, DigestAlgorithm, Hasher};
pub use encoding::{EncodingError, Layer, Limits, Wrapping};
pub use key::{
    Fresh, Freshly, KeyKind, KeyStore, PrivateKey, PrivateKeyError, PublicKey, SignatureAlgorithm,
    SigningError, SigningKey, UnusableKey,
};
pub use revocation::{RevocationList, RevocationListError, UnsupportedList};
pub use sign::{SignError, sign};
pub use signed_data::{
    Language, Problem, SignedData, SignedDataError, SignerVerification, Verification, verify,
};
pub use time::{Civil, UnixTime};
