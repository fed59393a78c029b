//! Whether signatures are of the content that they came with, whoever made them.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use potok_cms::{Chain, Content, SignerVerification, Trust, UnixTime};
use potok_domain::{PowerOfAttorney, SignatureDescription, Verdict};
use potok_room::NotDone;
use potok_seams::{
    Judgement, NotAccepted, SignatureEvidence, SignatureToCheck, SignatureVerifier, SignedBytes, VerifyError,
};

use crate::{Offload, verify};

/// Holds CMS signatures against the bytes that they sign; certificates and bytes that are no CMS are taken as they are
/// given. Only test signatures of the server's own count for nothing where an organization is no test.
#[derive(Clone, Debug)]
pub struct DigestCheck {
    offload: Offload,
    test_authority: Option<Arc<Trust>>,
}

impl DigestCheck {
    /// Checks away from the async threads. `test_authority` makes the server's test signatures.
    pub fn new(offload: Offload, test_authority: Option<Trust>) -> Self {
        Self { offload, test_authority: test_authority.map(Arc::new) }
    }
}

#[async_trait]
impl SignatureVerifier for DigestCheck {
    async fn accept(&self, given: Bytes) -> Result<Bytes, NotAccepted> {
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
            let at = UnixTime(given.given_at.unix_seconds());
            let test_authority = self.test_authority.clone().filter(|_| !given.signer.is_test);
            let check = move || {
                let trust = test_authority.as_deref();
                let found = potok_cms::verify(
                    &bytes,
                    Content::Bytes(&content),
                    at,
                    trust.unwrap_or(&Trust::default()),
                );
                found.is_ok_and(|found| {
                    !found.is_signature_of_content()
                        || trust.is_some() && found.signers.iter().any(is_vouched)
                })
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

    async fn describe(&self, signature: Bytes) -> Result<Option<SignatureDescription>, NotDone> {
        verify::describe(&self.offload, signature).await
    }

    async fn evidence(&self, signature: Bytes) -> Result<SignatureEvidence, NotDone> {
        let trust = self.test_authority.clone().unwrap_or_default();
        // Validity is not looked at, so any time will do.
        self.offload.serve(move || verify::collect(&signature, &trust, UnixTime(0))).await
    }
}

fn is_vouched(signer: &SignerVerification) -> bool {
    signer.chain.as_ref().is_some_and(Chain::is_valid)
}

#[cfg(test)]
mod tests {
    use potok_cms::sign;
    use potok_domain::directory::Organization;
    use potok_seams::LoadError;
    use potok_types::Ticks;
    use potok_types::{ContentRef, EntityId};

    use super::*;
    use crate::verify::testing::{AT, INN, organization_of, pki};

    struct Given(Bytes);

    #[async_trait]
    impl SignedBytes for Given {
        async fn load(&self, _: ContentRef) -> Result<Bytes, LoadError> {
            Ok(self.0.clone())
        }
    }

    /// Content is looked at, certificates are not, but for test signatures.
    #[tokio::test]
    async fn signatures_are_taken_as_given_but_test_ones_in_tests_only() {
        let tests = pki();
        let document = Bytes::from_static(b"document");
        let signed = |content: &[u8]| {
            let identity = &tests.people[0][0];
            let made =
                sign(Content::Bytes(content), &identity.certificate, &tests.chain(), &identity.key, AT);
            Bytes::from(made.unwrap())
        };
        for (bytes, authority, is_test, expected) in [
            (signed(b"document"), None, false, true),
            (signed(b"document"), Some(tests.trust()), true, true),
            (signed(b"document"), Some(tests.trust()), false, false),
            (signed(b"document"), Some(Trust::default()), false, true),
            (signed(b"another"), None, true, false),
            (Bytes::from_static(b"no signature at all"), Some(tests.trust()), false, true),
        ] {
            let check = DigestCheck::new(Offload::default(), authority);
            let given = SignatureToCheck {
                signature: EntityId::ZERO,
                signer: Arc::new(Organization { is_test, ..organization_of(INN) }),
                bytes,
                signed: ContentRef::of(&document),
                given_at: Ticks::from_unix_seconds(AT.0),
            };
            let judged = check.verify(&[given], &Given(document.clone())).await.unwrap();
            assert_eq!(judged[0].verdict.is_valid, expected, "{is_test}");
        }
    }
}
