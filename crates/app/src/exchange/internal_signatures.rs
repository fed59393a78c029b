//! Signatures that are judged before anything is written: those inside one organization, which nobody delivers and so nobody
//! would look at later, and all of a trial, after which nothing is delivered.

use std::collections::BTreeMap;
use std::sync::Arc;

use potok_domain::Verdict;
use potok_seams::SignatureToCheck;
use potok_store::SmallContent;
use potok_types::{ContentHash, ContentRef, EntityId};

use super::box_bytes::BoxBytes;
use super::patience::Patience;
use super::trial::Undeliverable;
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
    /// Judges the signatures of a request: inside one organization bad ones are refused, and it is told what was found out about
    /// the good ones, by their bytes; on a trial of what would be delivered bad ones are noted. `small` are the contents that the
    /// request brought; the certificates that were found are added.
    ///
    /// # Errors
    /// `CoreError::Invalid` naming the first bad one; `CoreError::NoRoom` when it takes too long.
    pub(crate) async fn check_signatures(
        &self,
        actor: &Actor,
        is_internal: bool,
        given: impl FnOnce() -> Vec<GivenSignature>,
        small: &mut Vec<SmallContent>,
    ) -> Result<BTreeMap<ContentHash, Verdict>, ExchangeError> {
        let given = if is_internal || self.judges_all() { given() } else { Vec::new() };
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
            if !is_internal {
                if !judgement.verdict.is_valid {
                    self.note(Undeliverable { path, words: judgement.words });
                }
                continue;
            }
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
                if !self.is_trial() {
                    self.core.keep(certificate, small).await?;
                }
            }
            verdicts.insert(signature.hash, judgement.verdict);
        }
        Ok(verdicts)
    }
}
