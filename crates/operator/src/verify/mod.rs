//! Judges signatures: the seam `SignatureVerifier` over `potok-cms`.

mod authority;
mod describe;
mod evidence;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod words;

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use potok_cms::chain::{Purpose, Times};
use potok_cms::doctor::Effort;
use potok_cms::{Chain, Content, SignedData, SignerVerification, Trust, UnixTime};
use potok_domain::directory::Organization;
use potok_domain::{CertificateChecked, SignatureDescription, Verdict, Verification};
use potok_room::NotDone;
use potok_seams::{
    Judgement, NotAccepted, SignatureEvidence, SignatureToCheck, SignatureVerifier, SignedBytes,
    UnusableSignature, VerifyError,
};
use potok_types::{Clock, ContentRef, Ticks};
use tokio::sync::Semaphore;

pub use authority::power_of_attorney;
pub(crate) use evidence::collect;

use crate::Offload;
use crate::trust::TrustStore;

/// Signed documents that are in memory at once, in all; more than the largest one.
const ROOM_BYTES: u64 = 96 << 20;
/// Bytes that are hashed in the search for what was signed instead, for all signatures of one message: a fraction of a
/// second. Who sends many bad ones learns the cause of the first.
const SEARCH_BYTES: u64 = 64 << 20;
/// The unit in which the room is given away.
const UNIT_BYTES: u64 = 64 << 10;

/// Checks signatures against the trusted certificates, and those of test organizations also against the server's own test
/// authority, beside the async threads and no more at once than there are
/// processors.
#[derive(Clone)]
pub struct Verifier {
    trust: Arc<TrustStore>,
    offload: Offload,
    clock: Arc<dyn Clock>,
    room: Arc<Semaphore>,
}

impl Verifier {
    /// A verifier that believes `trust`.
    pub fn new(trust: Arc<TrustStore>, offload: Offload, clock: Arc<dyn Clock>) -> Self {
        Self { trust, offload, clock, room: Arc::new(Semaphore::new(units(ROOM_BYTES) as usize)) }
    }
}

#[async_trait]
impl SignatureVerifier for Verifier {
    async fn accept(&self, given: Bytes) -> Result<Bytes, NotAccepted> {
        Ok(self.offload.serve_bytes(given.len(), move || accept(given)).await??)
    }

    async fn verify(
        &self,
        signatures: &[SignatureToCheck],
        signed: &dyn SignedBytes,
    ) -> Result<Vec<Judgement>, VerifyError> {
        let mut judgements = Vec::with_capacity(signatures.len());
        let mut effort = Effort::bytes(SEARCH_BYTES);
        // Several signatures of one file stand together: the file is read once.
        for over_one in signatures.chunk_by(|one, other| one.signed.hash == other.signed.hash) {
            let Some(first) = over_one.first() else { continue };
            let room = units(first.signed.size_bytes.min(ROOM_BYTES));
            let room = Arc::clone(&self.room).acquire_many_owned(room).await;
            let room = room.map_err(|_| VerifyError::CutOff)?;
            let content = signed.load(first.signed).await?;
            let (trust, clock) = (Arc::clone(&self.trust), Arc::clone(&self.clock));
            let given = over_one.to_vec();
            let judge_all = move || {
                let now = clock.now();
                let believed =
                    Believed { trust: trust.current(now), of_tests: trust.current_of_tests(now), now };
                let judged: Vec<Judgement> =
                    given.iter().map(|given| believed.judge(given, &content, &mut effort)).collect();
                drop(room);
                (judged, effort)
            };
            let (judged, left) = self.offload.run(judge_all).await.map_err(|_| VerifyError::CutOff)?;
            judgements.extend(judged);
            effort = left;
        }
        Ok(judgements)
    }

    async fn describe(&self, signature: Bytes) -> Result<Option<SignatureDescription>, NotDone> {
        describe(&self.offload, signature).await
    }

    async fn evidence(&self, signature: Bytes) -> Result<SignatureEvidence, NotDone> {
        let (trust, now) = (Arc::clone(&self.trust), self.clock.now());
        let collect = move || {
            // Whoever reads it believes what it likes.
            evidence::collect(&signature, &trust.current_of_tests(now), UnixTime(now.unix_seconds()))
        };
        self.offload.serve(collect).await
    }
}

/// What a signature says about itself.
pub(crate) async fn describe(
    offload: &Offload,
    signature: Bytes,
) -> Result<Option<SignatureDescription>, NotDone> {
    offload.serve_bytes(signature.len(), move || describe::describe(&signature)).await
}

/// How much of the room so many bytes take; never nothing.
fn units(bytes: u64) -> u32 {
    u32::try_from(bytes.div_ceil(UNIT_BYTES)).unwrap_or(u32::MAX).max(1)
}

fn accept(given: Bytes) -> Result<Bytes, UnusableSignature> {
    let signed = SignedData::parse(&given).map_err(|error| UnusableSignature(error.to_string()))?;
    if signed.signer_certificate().is_none() && signed.has_unreadable_certificate() {
        return Err(UnusableSignature(
            "a certificate in the signature cannot be read, and the signer's is not among the others"
                .to_owned(),
        ));
    }
    if signed.signer_certificate().is_none() {
        return Err(UnusableSignature(
            "the signature does not carry the signer's certificate; sign with the certificate included"
                .to_owned(),
        ));
    }
    // Out of PEM or base64, and otherwise the bytes they are: others hold what they got against them.
    Ok(if signed.as_sent() == given { given } else { Bytes::copy_from_slice(signed.as_sent()) })
}

/// What is believed at the time of a check.
struct Believed {
    trust: Arc<Trust>,
    /// Where an organization is a test.
    of_tests: Arc<Trust>,
    now: Ticks,
}

impl Believed {
    /// What is found about one signature over `content`.
    fn judge(&self, given: &SignatureToCheck, content: &[u8], effort: &mut Effort) -> Judgement {
        let signed = match SignedData::parse(&given.bytes) {
            Ok(signed) => signed,
            Err(error) => {
                return Judgement {
                    words: words::unreadable(&error, &given.bytes, content, effort),
                    ..Judgement::unread(Verdict {
                        signature: given.signature,
                        is_valid: false,
                        power_of_attorney: None,
                        verification: None,
                    })
                };
            }
        };
        let trust = if given.signer.is_test { &self.of_tests } else { &self.trust };
        let found = signed.verify(Content::Bytes(content), UnixTime(given.given_at.unix_seconds()), trust);
        // Where several signed, the one that spoils it is worth telling about.
        let spoiler = found.signers.iter().find(|signer| !signer.is_valid());
        let told = spoiler.unwrap_or_else(|| found.first());
        let (chain, certificates) = chain(told);
        let verification = Verification {
            at: self.now,
            is_of_content: found.is_signature_of_content(),
            proven_at: told.proven_time().map(|at| Ticks::from_unix_seconds(at.0)),
            chain,
        };
        let words = match spoiler {
            None => Vec::new(),
            Some(signer) if self.is_test_signature(&signed, signer) => words::test_signature(signer),
            Some(signer) => words::about_signer(signer, &given.bytes, content, effort),
        };
        let signer = found.first().certificate.as_ref();
        let Organization { inn, ogrn, .. } = &*given.signer;
        Judgement {
            verdict: Verdict {
                signature: given.signature,
                is_valid: found.is_valid(),
                power_of_attorney: signer
                    .map(|certificate| power_of_attorney(certificate, inn, ogrn.as_deref())),
                verification: Some(Arc::new(verification)),
            },
            certificates,
            words,
        }
    }

    /// Whether nothing is wrong but that the test authority vouches, which it does not where this signature is.
    fn is_test_signature(&self, signed: &SignedData, signer: &SignerVerification) -> bool {
        let is_of_content = signer.is_signature_of_content();
        let vouched = signer.certificate.as_ref().is_some_and(|certificate| {
            let times = Times::at(signer.checked_at);
            Chain::build(certificate, signed.certificates(), &self.of_tests, times, Purpose::Signature)
                .is_valid()
        });
        is_of_content && vouched
    }
}

/// The chain of a signer by name, with the bytes.
fn chain(signer: &SignerVerification) -> (Vec<CertificateChecked>, Vec<Bytes>) {
    let elements = signer.chain.iter().flat_map(|chain| &chain.elements);
    elements
        .map(|element| {
            let bytes = Bytes::copy_from_slice(element.certificate.as_der());
            let certificate = ContentRef::of(&bytes);
            (CertificateChecked { certificate, faults: element.status.bits() }, bytes)
        })
        .unzip()
}
