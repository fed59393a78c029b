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
    /// When the certificate had to be valid, and not revoked: when the signature came in, or at the time that a valid time
    /// stamp proves. The claimed time proves nothing: whoever has an old key can claim any.
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
    /// The authority's certificate, if it is in the token, in the signature, or trusted.
    pub certificate: Option<Certificate>,
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
            && errors
                .filter(|problem| !matches!(problem, Problem::Chain(_) | Problem::Uncheckable(_)))
                .count()
                == 0
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
    /// Certificates have to be valid, and must not be revoked, at `at`, or at the earlier time that a valid time stamp proves.
    /// There are no days of grace: the time that the signer claims counts for nothing.
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
        let Values { digest_matches, signature_valid, algorithm } =
            self.check_values(signer, certificate, content, &mut problems);

        if self.content_type() != oid::DATA && !problems.contains(&Problem::ContentTypeMismatch) {
            problems.push(Problem::ContentTypeMismatch);
        }

        let is_cades = check_certificate_id(signer, certificate, &mut problems);
        let timestamps: Vec<_> = signer
            .timestamps
            .iter()
            .take(MAX_TIMESTAMPS)
            .filter_map(|token| verify_timestamp(token, signer.signature(), self.certificates(), trust))
            .collect();
        let proven =
            timestamps.iter().filter(|timestamp| timestamp.is_valid()).map(|timestamp| timestamp.time).min();
        let unread = signer.timestamps.len().min(MAX_TIMESTAMPS) - timestamps.len();
        let (without, with): (Vec<_>, Vec<_>) =
            timestamps.iter().partition(|timestamp| timestamp.certificate.is_none());
        if unread > 0 || with.iter().any(|timestamp| !timestamp.is_valid()) {
            problems.push(Problem::TimestampInvalid);
        }
        if !without.is_empty() {
            problems.push(Problem::TimestampWithoutCertificate);
        }

        // A time stamp from after the check proves no more than the check itself.
        let checked_at = proven.map_or(at, |proven| proven.min(at));
        let signing_time = signer.signing_time();
        match signing_time {
            None => problems.push(Problem::NoSigningTime),
            Some(time) if time.0 > at.0.saturating_add(CLOCK_TOLERANCE_S) => {
                problems.push(Problem::SigningTimeInFuture);
            }
            Some(_) => {}
        }
        let chain = certificate.map(|certificate| {
            Chain::build(certificate, self.certificates(), trust, Times::at(checked_at), Purpose::Signature)
        });
        if let Some(chain) = &chain {
            let status = chain.told_status();
            problems.extend((!status.is_empty()).then_some(Problem::Chain(status)));
            problems.extend(chain.uncheckable().into_iter().map(Problem::Uncheckable));
        }
        SignerVerification {
            certificate: certificate.cloned(),
            digest_algorithm: signer.digest_algorithm(),
            algorithm,
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

    /// Checks the digest and the signature value.
    fn check_values(
        &self,
        signer: &Signer,
        certificate: Option<&Certificate>,
        content: Content<'_>,
        problems: &mut Vec<Problem>,
    ) -> Values {
        let Some(digest_algorithm) = signer.digest_algorithm() else {
            problems.push(Problem::UnsupportedDigest(signer.digest_oid));
            return Values::default();
        };
        if digest_algorithm.is_weak() {
            problems.push(Problem::WeakDigest(digest_algorithm));
        }
        let content_digest = content.digest(digest_algorithm);
        if content_digest.is_none() {
            problems.push(Problem::DigestNotComputed(digest_algorithm));
        }
        let key = self.usable_key(certificate, problems);
        let algorithms = match key.map(|key| signer.algorithm.for_key(key, Some(digest_algorithm))) {
            Some(Ok(algorithms)) => algorithms,
            Some(Err(unsupported)) => {
                problems.push(Problem::UnsupportedAlgorithm(unsupported));
                Vec::new()
            }
            None => Vec::new(),
        };
        // The key decides by which algorithm it signed; the first that holds is the one.
        let made_by = |signed: &dyn Fn(DigestAlgorithm) -> Option<Vec<u8>>| {
            algorithms.iter().copied().find(|algorithm| {
                key.zip(signed(algorithm.digest()))
                    .is_some_and(|(key, digest)| key.verify(*algorithm, &digest, signer.signature()))
            })
        };
        let (digest_matches, algorithm) = match &signer.attributes {
            // Without signed attributes the signature is over the content itself: one check answers both questions.
            None => {
                let algorithm = made_by(&|digest| content.digest(digest));
                (algorithm.is_some(), algorithm)
            }
            Some(attributes) => {
                let digest_matches = self.check_digest(attributes, content_digest.as_deref(), problems);
                let over = |bytes: &[u8]| made_by(&|digest| Some(digest.digest(bytes)));
                let sorted = || attributes.sorted.as_deref().and_then(over);
                (digest_matches, over(&attributes.bytes).or_else(sorted))
            }
        };
        if let (Some(key), Some(_)) = (key, algorithms.first()) {
            let named = signer.algorithm;
            match algorithm {
                Some(_) if named.is_of_key(key) => {}
                Some(_) => problems.push(Problem::AlgorithmMisnamed(named.oid())),
                None if named.is_known() => problems.push(Problem::SignatureInvalid),
                None => problems.push(Problem::UnsupportedAlgorithm(named.unsupported())),
            }
        }
        let signature_valid = algorithm.is_some();
        Values { digest_matches, signature_valid, algorithm: algorithm.or(algorithms.first().copied()) }
    }

    /// The key of the signer's certificate, if it can be used.
    fn usable_key<'a>(
        &self,
        certificate: Option<&'a Certificate>,
        problems: &mut Vec<Problem>,
    ) -> Option<&'a PublicKey> {
        let unusable = match certificate.map(Certificate::key) {
            None if self.has_unreadable_certificate() => Problem::UnreadableCertificate,
            None => Problem::NoCertificate,
            Some(PublicKey::Unusable(key)) => Problem::UnusableKey(*key),
            usable => return usable,
        };
        problems.push(unusable);
        None
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

/// What holds of a signature value.
#[derive(Default)]
struct Values {
    digest_matches: bool,
    signature_valid: bool,
    /// The algorithm that made it, or else the likely one.
    algorithm: Option<SignatureAlgorithm>,
}

/// Whether the signer fixed its certificate, and rightly. Both attributes may stand there, and neither may contradict.
fn check_certificate_id(
    signer: &Signer,
    certificate: Option<&Certificate>,
    problems: &mut Vec<Problem>,
) -> bool {
    let stated = signer
        .attributes
        .iter()
        .flat_map(|attributes| [&attributes.certificate_id_v2, &attributes.certificate_id]);
    let stated: Vec<_> = stated.filter(|stated| **stated != Single::Missing).collect();
    if stated.is_empty() {
        problems.push(Problem::NoSigningCertificate);
        return false;
    }
    if stated.contains(&&Single::Wrong) {
        problems.push(Problem::SigningCertificateMismatch);
        return false;
    }
    // Without a certificate there is nothing to compare, and this is said elsewhere.
    let Some(certificate) = certificate else { return false };
    let named: Vec<bool> = stated.iter().filter_map(|stated| stated.one()?.names(certificate)).collect();
    match named.as_slice() {
        [] => problems.push(Problem::SigningCertificateUnchecked),
        named if named.contains(&false) => problems.push(Problem::SigningCertificateMismatch),
        _ => return true,
    }
    false
}

/// Checks a time stamp token over a signature value; `None` when it cannot be read.
///
/// The authority's certificate need not be in the token (RFC 3161 §2.4.1): then it is looked for in the signature and among
/// those that are trusted.
fn verify_timestamp(
    token: &[u8],
    signature: &[u8],
    beside: &[Certificate],
    trust: &Trust,
) -> Option<TimestampVerification> {
    let timestamp = Timestamp::parse(token, &Limits::default()).ok()?;
    let signed = &timestamp.signed;
    // RFC 3161 allows one signer only.
    let [signer] = signed.signers() else { return None };
    let others: Vec<Certificate> = signed.certificates().iter().chain(beside).cloned().collect();
    let known = others.iter().chain(&trust.anchors).chain(&trust.intermediates);
    let named: Vec<&Certificate> = known.filter(|certificate| signer.id().names(certificate)).collect();
    let certificate = named.iter().find(|certificate| signer.fixes(certificate)).or(named.first()).copied();
    let mut problems = Vec::new();
    let values = signed.check_values(signer, certificate, Content::Bytes(&timestamp.content), &mut problems);
    check_certificate_id(signer, certificate, &mut problems);
    let chain = certificate.map(|certificate| {
        Chain::build(certificate, &others, trust, Times::at(timestamp.time()), Purpose::TimeStamp)
    });
    Some(TimestampVerification {
        time: timestamp.time(),
        covers_signature: timestamp.covers(signature) && !timestamp.is_weak(),
        signature_valid: values.digest_matches
            && values.signature_valid
            && !problems.iter().any(|problem| problem.is_error()),
        certificate: certificate.cloned(),
        chain,
    })
}
