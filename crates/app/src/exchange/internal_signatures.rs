//! Signatures inside one organization. Nobody delivers them, so nobody would look at them later: they are checked before
//! anything is written.

use std::collections::BTreeMap;
use std::sync::Arc;

use potok_domain::Verdict;
use potok_seams::SignatureToCheck;
use potok_store::SmallContent;
use potok_types::{ContentHash, ContentRef, EntityId};

use super::box_bytes::BoxBytes;
use super::patience::Patience;
use crate::{Actor, Exchange, ExchangeError};

/// A signature of a request.
pub(crate) struct GivenSignature {
    /// Where it stands in the request.
    pub(crate) path: String,
    /// Its bytes, a CMS signature.
    pub(crate) signature: ContentRef,
    /// What it signs.
    pub(crate) signed: ContentRef,
}

impl Exchange {
    /// Refuses bad signatures, and tells what was found out about the good ones, by their bytes. `small` are the
    /// contents that the request brought; the certificates that were found are added.
    ///
    /// # Errors
    /// `CoreError::Invalid` naming the first bad one; `CoreError::NoRoom` when it takes too long.
    pub(crate) async fn check_internal(
        &self,
        actor: &Actor,
        given: Vec<GivenSignature>,
        small: &mut Vec<SmallContent>,
    ) -> Result<BTreeMap<ContentHash, Verdict>, ExchangeError> {
        if given.is_empty() {
            return Ok(BTreeMap::new());
        }
        let (signer, given_at) = (Arc::clone(&actor.organization), self.core.clock.now());
        let bytes = BoxBytes { core: &self.core, box_id: actor.box_id(), small };
        let mut to_check = Vec::with_capacity(given.len());
        for GivenSignature { signature, signed, .. } in &given {
            to_check.push(SignatureToCheck {
                signature: EntityId::ZERO,
                signer: Arc::clone(&signer),
                bytes: bytes.bytes(*signature).await?,
                signed: *signed,
                given_at,
            });
        }
        let judgements = Patience::begin().wait(self.verifier.verify(&to_check, &bytes)).await?;
        let mut verdicts = BTreeMap::new();
        for (GivenSignature { path, signature, .. }, judgement) in given.into_iter().zip(judgements) {
            if !judgement.verdict.is_valid {
                let reason = if judgement.words.is_empty() {
                    "the signature does not match the content; sign exactly the bytes that are sent"
                        .to_owned()
                } else {
                    judgement.words.join(". ")
                };
                return Err(ExchangeError::invalid(path, reason));
            }
            for certificate in judgement.certificates {
                self.core.keep(certificate, small).await?;
            }
            verdicts.insert(signature.hash, judgement.verdict);
        }
        Ok(verdicts)
    }
}
