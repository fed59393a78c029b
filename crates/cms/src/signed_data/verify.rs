//! The check of a signature.

use super::problem::Problem;
use super::signer::{SignedAttributes, Signer, Single};
use super::timestamp::Timestamp;
use super::{SignedData, SignedDataError};
use crate::certificate::Certificate;
use crate::chain::{Chain, Purpose, Times, Trust};
use crate::digest::{Content, DigestAlgorithm};
use crate::encoding::Limits;
use crate::key::{PublicKey, SignatureAlgorithm};
use crate::oid;
use crate::time::UnixTime;

/// Clocks of signers may be ahead of ours by this many seconds.
const CLOCK_TOLERANCE_S: i64 = 300;
/// Time stamps over one signature that are looked at.
const MAX_TIMESTAMPS: usize = 2;

/// What the check of a signature found.
#[derive(Clone, Debug)]
pub struct Verification {
    /// Everybody who signed, in the order of the signature; never empty. The first one names the signer.
    pub signers: Vec<SignerVerification>,
}

/// What the check found for one signer.
#[derive(Clone, Debug)]
pub struct SignerVerification {
    /// The signer's certificate, if it came along.
    pub certificate: Option<Certificate>,
    /// The digest of the content, if it is known here.
    pub digest_algorithm: Option<DigestAlgorithm>,
    /// How the signature was made, if that is supported.
    pub algorithm: Option<SignatureAlgorithm>,
    /// Whether the content is the one that was signed.
    pub digest_matches: bool,
    /// Whether the certificate's key made the signature.
    pub signature_valid: bool,
    /// When the signer claims to have signed.
    pub signing_time: Option<UnixTime>,
    /// When the certificate had to be valid: the claimed time, but not after the time of the check or of a time stamp.
    pub checked_at: UnixTime,
    /// Whether the signer fixed its certificate by a signed attribute, as CAdES-BES asks.
    pub is_cades: bool,
    /// Time stamps over the signature.
    pub timestamps: Vec<TimestampVerification>,
    /// From the signer's certificate to a root. `None` without a certificate.
    pub chain: Option<Chain>,
    /// Everything found.
    pub problems: Vec<Problem>,
}

/// What the check of a time stamp found.
#[derive(Clone, Debug)]
pub struct TimestampVerification {
    /// The stated time.
    pub time: UnixTime,
    /// Whether it is over this signature.
    pub covers_signature: bool,
    /// Whether the authority's key made it.
    pub signature_valid: bool,
    /// From the authority's certificate to a root, at the stated time. `None` without a certificate.
    pub chain: Option<Chain>,
}

impl TimestampVerification {
    /// Whether the signature existed at the stated time.
    pub fn is_valid(&self) -> bool {
        self.covers_signature && self.signature_valid && self.chain.as_ref().is_some_and(Chain::is_valid)
    }
}

impl SignerVerification {
    /// Whether nothing is wrong: content, signature, certificate.
    pub fn is_valid(&self) -> bool {
        self.digest_matches && self.signature_valid && !self.problems.iter().any(|problem| problem.is_error())
    }

    /// Whether this is a true signature of the content, whatever the certificate is worth.
    pub fn is_signature_of_content(&self) -> bool {
        let errors = self.problems.iter().filter(|problem| problem.is_error());
        self.digest_matches
            && self.signature_valid
            && errors.filter(|problem| !matches!(problem, Problem::Chain(_))).count() == 0
    }

    /// The earliest time proven by a time stamp.
    pub fn proven_time(&self) -> Option<UnixTime> {
        self.timestamps.iter().filter(|timestamp| timestamp.is_valid()).map(|timestamp| timestamp.time).min()
    }
}

impl Verification {
    /// The first signer.
    pub fn first(&self) -> &SignerVerification {
        self.signers.first().expect("a signature without signers is not read")
    }

    /// Whether nothing is wrong with any signer.
    pub fn is_valid(&self) -> bool {
        self.signers.iter().all(SignerVerification::is_valid)
    }

    /// Whether all signers signed this content, whatever their certificates are worth.
    pub fn is_signature_of_content(&self) -> bool {
        self.signers.iter().all(SignerVerification::is_signature_of_content)
    }
}

/// Checks a detached signature over a content: reads it, then [`SignedData::verify`].
///
/// # Errors
/// [`SignedDataError`] when it cannot be read; whatever else is wrong stands in the answer.
pub fn verify(
    signature: &[u8],
    content: Content<'_>,
    at: UnixTime,
    trust: &Trust,
) -> Result<Verification, SignedDataError> {
    Ok(SignedData::parse(signature)?.verify(content, at, trust))
}

impl SignedData {
    /// Checks the signature over a content as of a point in time: when it came in.
    ///
    /// Certificates have to be valid at the signing time that the signer claims, but not after `at`. They must not be
    /// revoked at `at`, or at the time that a valid time stamp proves.
    pub fn verify(&self, content: Content<'_>, at: UnixTime, trust: &Trust) -> Verification {
        let signers = self.signers().iter().map(|signer| self.verify_signer(signer, content, at, trust));
        Verification { signers: signers.collect() }
    }

    fn verify_signer(
        &self,
        signer: &Signer,
        content: Content<'_>,
        at: UnixTime,
        trust: &Trust,
    ) -> SignerVerification {
        let certificate = self.certificate_of(signer);
        let mut problems = Vec::new();
        let (digest_matches, signature_valid) =
            self.check_values(signer, certificate, content, &mut problems);

        if self.content_type() != oid::DATA && !problems.contains(&Problem::ContentTypeMismatch) {
            problems.push(Problem::ContentTypeMismatch);
        }

        let is_cades = check_certificate_id(signer, certificate, &mut problems);
        let timestamps: Vec<_> = signer
            .timestamps
            .iter()
            .take(MAX_TIMESTAMPS)
            .filter_map(|token| verify_timestamp(token, signer.signature(), trust))
            .collect();
        let proven =
            timestamps.iter().filter(|timestamp| timestamp.is_valid()).map(|timestamp| timestamp.time).min();
        let unreliable = timestamps.iter().filter(|timestamp| !timestamp.is_valid()).count();
        if unreliable > 0 || timestamps.len() < signer.timestamps.len().min(MAX_TIMESTAMPS) {
            problems.push(Problem::TimestampInvalid);
        }

        // A time stamp from after the check proves no more than the check itself.
        let existed_at = proven.map_or(at, |proven| proven.min(at));
        let signing_time = signer.signing_time();
        match signing_time {
            None => problems.push(Problem::NoSigningTime),
            Some(time) if time.0 > at.0.saturating_add(CLOCK_TOLERANCE_S) => {
                problems.push(Problem::SigningTimeInFuture);
            }
            Some(_) => {}
        }
        let checked_at = signing_time.map_or(existed_at, |time| time.min(existed_at));

        let chain = certificate.map(|certificate| {
            let times = Times { validity: checked_at, revocation: existed_at };
            Chain::build(certificate, self.certificates(), trust, times, Purpose::Signature)
        });
        if let Some(chain) = chain.as_ref().filter(|chain| !chain.is_valid()) {
            problems.push(Problem::Chain(chain.status()));
        }
        SignerVerification {
            certificate: certificate.cloned(),
            digest_algorithm: signer.digest_algorithm(),
            algorithm: signer.algorithm.ok(),
            digest_matches,
            signature_valid,
            signing_time,
            checked_at,
            is_cades,
            timestamps,
            chain,
            problems,
        }
    }

    /// Checks the digest and the signature value: whether each of them holds.
    fn check_values(
        &self,
        signer: &Signer,
        certificate: Option<&Certificate>,
        content: Content<'_>,
        problems: &mut Vec<Problem>,
    ) -> (bool, bool) {
        let Some(digest_algorithm) = signer.digest_algorithm() else {
            problems.push(Problem::UnsupportedDigest(signer.digest_oid));
            return (false, false);
        };
        if digest_algorithm.is_weak() {
            problems.push(Problem::WeakDigest(digest_algorithm));
        }
        let content_digest = content.digest(digest_algorithm);
        if content_digest.is_none() {
            problems.push(Problem::DigestNotComputed(digest_algorithm));
        }
        let key = match certificate.map(Certificate::key) {
            None => {
                problems.push(Problem::NoCertificate);
                None
            }
            Some(PublicKey::Unusable { algorithm, .. }) => {
                problems.push(Problem::UnusableKey(*algorithm));
                None
            }
            usable => usable,
        };
        let algorithm = match signer.algorithm {
            Ok(algorithm) => Some(algorithm),
            Err(unsupported) => {
                problems.push(Problem::UnsupportedAlgorithm(unsupported));
                None
            }
        };
        let is_signed = |digest: &[u8]| {
            key.zip(algorithm)
                .is_some_and(|(key, algorithm)| key.verify(algorithm, digest, signer.signature()))
        };
        let Some(attributes) = &signer.attributes else {
            // Without signed attributes the signature is over the content itself: one check answers both questions.
            let valid = content_digest.is_some_and(|digest| is_signed(&digest));
            if !valid && key.is_some() && algorithm.is_some() {
                problems.push(Problem::SignatureInvalid);
            }
            return (valid, valid);
        };

        let digest_matches = self.check_digest(attributes, content_digest.as_deref(), problems);
        let signature_valid = is_signed(&digest_algorithm.digest(&attributes.bytes))
            || attributes.sorted.as_ref().is_some_and(|sorted| is_signed(&digest_algorithm.digest(sorted)));
        if !signature_valid && key.is_some() && algorithm.is_some() {
            problems.push(Problem::SignatureInvalid);
        }
        (digest_matches, signature_valid)
    }

    fn check_digest(
        &self,
        attributes: &SignedAttributes,
        content_digest: Option<&[u8]>,
        problems: &mut Vec<Problem>,
    ) -> bool {
        if attributes.content_type.one() != Some(&self.content_type()) {
            problems.push(Problem::ContentTypeMismatch);
        }
        let Some(stated) = attributes.message_digest.one() else {
            problems.push(Problem::NoMessageDigest);
            return false;
        };
        let Some(actual) = content_digest else { return false };
        if stated != actual {
            problems.push(Problem::DigestMismatch);
        }
        stated == actual
    }
}

/// Whether the signer fixed its certificate, and rightly.
fn check_certificate_id(
    signer: &Signer,
    certificate: Option<&Certificate>,
    problems: &mut Vec<Problem>,
) -> bool {
    let stated = signer.attributes.as_ref().map_or(&Single::Missing, |attributes| &attributes.certificate_id);
    match (stated, certificate) {
        (Single::One(id), Some(certificate)) if id.names(certificate) => true,
        // Without a certificate there is nothing to compare, and this is said elsewhere.
        (Single::One(_), None) => false,
        (Single::Missing, _) => {
            problems.push(Problem::NoSigningCertificate);
            false
        }
        (Single::One(_) | Single::Wrong, _) => {
            problems.push(Problem::SigningCertificateMismatch);
            false
        }
    }
}

/// Checks a time stamp token over a signature value; `None` when it cannot be read.
fn verify_timestamp(token: &[u8], signature: &[u8], trust: &Trust) -> Option<TimestampVerification> {
    let timestamp = Timestamp::parse(token, &Limits::default()).ok()?;
    let signed = &timestamp.signed;
    // RFC 3161 allows one signer only.
    let [signer] = signed.signers() else { return None };
    let certificate = signed.certificate_of(signer);
    let mut problems = Vec::new();
    let values = signed.check_values(signer, certificate, Content::Bytes(&timestamp.content), &mut problems);
    check_certificate_id(signer, certificate, &mut problems);
    let chain = certificate.map(|certificate| {
        Chain::build(
            certificate,
            signed.certificates(),
            trust,
            Times::at(timestamp.time()),
            Purpose::TimeStamp,
        )
    });
    Some(TimestampVerification {
        time: timestamp.time(),
        covers_signature: timestamp.covers(signature) && !timestamp.is_weak(),
        signature_valid: values == (true, true) && !problems.iter().any(|problem| problem.is_error()),
        chain,
    })
}
