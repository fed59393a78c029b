//! Whether signatures are of the content that they came with, whoever made them.

use async_trait::async_trait;
use bytes::Bytes;
use potok_cms::{Content, Trust, UnixTime};
use potok_domain::{PowerOfAttorney, SignatureDescription, Verdict};
use potok_seams::{
    Judgement, SignatureToCheck, SignatureVerifier, SignedBytes, UnusableSignature, VerifyError,
};

use crate::{Offload, verify};

/// Holds CMS signatures against the bytes that they sign; certificates and bytes that are no CMS are taken as they are
/// given.
#[derive(Clone, Debug)]
pub struct DigestCheck {
    offload: Offload,
}

impl DigestCheck {
    /// Checks away from the async threads.
    pub const fn new(offload: Offload) -> Self {
        Self { offload }
    }
}

#[async_trait]
impl SignatureVerifier for DigestCheck {
    async fn accept(&self, given: Bytes) -> Result<Bytes, UnusableSignature> {
        Ok(given)
    }

    async fn verify(
        &self,
        signatures: &[SignatureToCheck],
        signed: &dyn SignedBytes,
    ) -> Result<Vec<Judgement>, VerifyError> {
        let mut judgements = Vec::with_capacity(signatures.len());
        for given in signatures {
            let content = signed.load(given.signed).await?;
            let bytes = given.bytes.clone();
            let check = move || {
                let found = potok_cms::verify(
                    &bytes,
                    Content::Bytes(&content),
                    UnixTime(i64::MAX),
                    &Trust::default(),
                );
                found.is_ok_and(|found| !found.is_signature_of_content())
            };
            let is_bad = self.offload.run(check).await.map_err(|_| VerifyError::CutOff)?;
            judgements.push(Judgement::unread(Verdict {
                signature: given.signature,
                is_valid: !is_bad,
                power_of_attorney: Some(PowerOfAttorney::NotRequired),
                verification: None,
            }));
        }
        Ok(judgements)
    }

    async fn describe(&self, signature: Bytes) -> Option<SignatureDescription> {
        verify::describe(&self.offload, signature).await
    }
}
