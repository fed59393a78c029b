//! The operator of the exchange: judges signatures against the certificates that the server trusts, and makes and signs
//! the official documents. The use cases know it as the seams of `potok-seams`.

mod digest_check;
mod documents;

pub mod keys;
mod login_judge;
mod office;
mod offload;
mod signer;
pub mod test_pki;
mod test_signatures;
mod time_stamps;
pub mod trust;
mod verify;

use potok_cms::UnixTime;
use potok_types::Ticks;

pub use digest_check::DigestCheck;
pub use documents::{SignedDocuments, test_operator};
pub use login_judge::LoginJudge;
pub use office::{Office, OfficeError, OperatorOptions};
pub use offload::{CutOff, Offload};
pub use signer::{Signer, SigningFault};
pub use test_signatures::{TestSigner, subject};
pub use time_stamps::{TimeStampError, TimeStamps};
pub use verify::{Verifier, power_of_attorney};

/// An error with its causes, in one line.
pub fn told(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Time as certificates count it; what is finer than a second is cut off.
pub fn unix_time(ticks: Ticks) -> UnixTime {
    let seconds = ticks.unix_nanoseconds().div_euclid(1_000_000_000);
    UnixTime(i64::try_from(seconds).unwrap_or(i64::MAX))
}

/// The same the other way.
fn ticks(time: UnixTime) -> Ticks {
    Ticks::from_unix_nanoseconds(i128::from(time.0) * 1_000_000_000)
}
