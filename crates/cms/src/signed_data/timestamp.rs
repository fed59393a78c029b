//! Time stamps (RFC 3161) that strengthen a signature.

use der::asn1::ObjectIdentifier;

use super::{SignedData, SignedDataError};
use crate::asn1::{self, AlgorithmIdentifier, Item};
use crate::digest::DigestAlgorithm;
use crate::encoding::Limits;
use crate::oid;
use crate::time::UnixTime;

/// Why a time stamp cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimestampError {
    /// Not a signature at all.
    #[error("the time stamp is not a signature: {0}")]
    SignedData(#[from] SignedDataError),
    /// A signature over something else than a time.
    #[error("the time stamp does not state a time")]
    NotATimestamp,
}

/// A time stamp: an authority states that a digest existed at a time.
#[derive(Clone, Debug)]
pub struct Timestamp {
    pub(super) signed: SignedData,
    pub(super) content: Vec<u8>,
    time: UnixTime,
    policy: ObjectIdentifier,
    algorithm: Option<DigestAlgorithm>,
    digest: Vec<u8>,
}

impl Timestamp {
    /// Reads a token as it comes from a time stamp authority.
    ///
    /// # Errors
    /// [`TimestampError`].
    pub fn parse(input: &[u8], limits: &Limits) -> Result<Self, TimestampError> {
        let (signed, content) = SignedData::parse_with_content(input, limits)?;
        let content = content.filter(|_| signed.content_type() == oid::TST_INFO);
        let content = content.ok_or(TimestampError::NotATimestamp)?;
        let (policy, algorithm, digest, time) =
            parse_info(&content).map_err(|_| TimestampError::NotATimestamp)?;
        Ok(Self { signed, content, time, policy, algorithm, digest })
    }

    /// The stated time.
    pub fn time(&self) -> UnixTime {
        self.time
    }

    /// The policy of the authority.
    pub fn policy(&self) -> ObjectIdentifier {
        self.policy
    }

    /// Whether the stated digest is that of these bytes.
    pub fn covers(&self, bytes: &[u8]) -> bool {
        self.algorithm.is_some_and(|algorithm| algorithm.digest(bytes) == self.digest)
    }

    /// Whether the digest is one that binds.
    pub fn is_weak(&self) -> bool {
        self.algorithm.is_some_and(DigestAlgorithm::is_weak)
    }
}

type Info = (ObjectIdentifier, Option<DigestAlgorithm>, Vec<u8>, UnixTime);

/// TSTInfo up to the time; accuracy, order and nonce are of no use afterwards.
fn parse_info(content: &[u8]) -> asn1::Result<Info> {
    let mut fields = Item::parse(content)?.sequence()?;
    fields.required(asn1::INTEGER)?;
    let policy = fields.next()?.oid()?;
    let mut imprint = fields.next()?.sequence()?;
    let algorithm = AlgorithmIdentifier::parse(imprint.next()?)?;
    let digest = imprint.next()?.octets()?.to_vec();
    imprint.finish()?;
    fields.required(asn1::INTEGER)?;
    let time = UnixTime::parse(fields.required(asn1::GENERALIZED_TIME)?)?;
    Ok((policy, DigestAlgorithm::from_oid(&algorithm.oid), digest, time))
}
