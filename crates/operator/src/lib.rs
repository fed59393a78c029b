//! The operator of the exchange: judges signatures against the certificates that the server trusts, and makes and signs
//! the official documents. The use cases know it as the seams of `potok-seams`.

mod digest_check;
mod documents;

pub mod keys;
mod login_judge;
mod services;
mod signer;
pub mod test_pki;
mod test_signatures;
mod time_stamps;
pub mod trust;
mod user_keys;
mod verify;

pub use digest_check::DigestCheck;
pub use documents::{SignedDocuments, test_operator};
pub use login_judge::LoginJudge;
pub use potok_room::{CutOff, Offload};
pub use services::{OperatorOptions, OperatorServices, OperatorServicesError};
pub use signer::{Signer, SigningFault};
pub use test_signatures::{TestSigner, subject};
pub use time_stamps::{TimeStampError, TimeStamps};
pub use user_keys::KeyRing;
pub use verify::{Verifier, power_of_attorney};
