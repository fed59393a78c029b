//! What the use cases leave to others.

use async_trait::async_trait;
use bytes::Bytes;
use potok_domain::receive::Verdict;
use potok_domain::{Event, MessageState, PowerOfAttorney};
use potok_types::{BoxId, ContentRef, EntityId};

use crate::test_signature;

/// How events look to readers. `app` knows no protobuf; the edge does.
pub trait Rendering: Send + Sync {
    /// The ready `BoxEvent` of `event`, without contents and without `IndexKey`. `state` is the state right after it.
    fn box_event(&self, state: &MessageState, event: &Event) -> Bytes;

    /// The content of a `SignatureVerificationReport` for a bad signature.
    fn verification_report(&self) -> Bytes;
}

/// A signature to judge.
#[derive(Clone, Debug)]
pub struct SignatureToCheck {
    /// Its entity.
    pub signature: EntityId,
    /// Whose it claims to be.
    pub signer_box: BoxId,
    /// Its bytes.
    pub bytes: Bytes,
    /// What it signs.
    pub signed: ContentRef,
}

/// Says whether signatures are good.
#[async_trait]
pub trait SignatureVerifier: Send + Sync {
    /// One verdict for each signature, in order.
    async fn verify(&self, signatures: &[SignatureToCheck]) -> Vec<Verdict>;
}

/// Takes signatures as they are given: they are stored and carried, not verified. Only the server's own marked test
/// signatures are held against the bytes that they name.
#[derive(Clone, Copy, Debug, Default)]
pub struct AsGiven;

#[async_trait]
impl SignatureVerifier for AsGiven {
    async fn verify(&self, signatures: &[SignatureToCheck]) -> Vec<Verdict> {
        signatures
            .iter()
            .map(|given| Verdict {
                signature: given.signature,
                is_valid: test_signature::is_good(&given.bytes, given.signed).unwrap_or(true),
                power_of_attorney: PowerOfAttorney::NotRequired,
            })
            .collect()
    }
}
