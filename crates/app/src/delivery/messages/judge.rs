//! What the operator finds about signatures on their way.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use potok_domain::directory::Organization;
use potok_domain::receive;
use potok_domain::{EntityState, Event, MessageState, Verdict};
use potok_seams::{Judgement, LoadError, SignatureToCheck, SignedBytes};
use potok_types::{BoxId, ContentRef, EntityId};

use super::Messages;
use crate::core::{Core, CoreError, LoadedContents};
use crate::delivery::failed::Failed;

/// Bytes that were read already, and large ones when they are asked for.
struct Delivered<'a> {
    core: &'a Core,
    known: LoadedContents,
}

#[async_trait]
impl SignedBytes for Delivered<'_> {
    async fn load(&self, content: ContentRef) -> Result<Bytes, LoadError> {
        if let Some(bytes) = self.known.get(&content.hash) {
            return Ok(bytes.clone());
        }
        let bytes = self.core.contents.get(content.hash).await.map_err(|error| LoadError(Box::new(error)))?;
        bytes.ok_or_else(|| LoadError(Box::new(CoreError::LostBytes(content.hash))))
    }
}

impl Messages {
    /// What the operator finds about the signatures that `event` brings to others.
    pub(super) async fn judge(&self, source: &MessageState, event: &Event) -> Result<Vec<Judgement>, Failed> {
        let found = receive::signatures_to_check(source, event);
        let found: Vec<&EntityState> = found.into_iter().filter_map(|id| source.entity(id)).collect();
        let mut judgements: Vec<Judgement> = Vec::with_capacity(found.len());
        let mut open = Vec::with_capacity(found.len());
        for state in found {
            let signed = state.entity.parent.and_then(|parent| source.entity(parent));
            let (Some(signature), Some(content), Some(signed)) =
                (state.entity.signature(), state.entity.content, signed)
            else {
                continue;
            };
            match signed.entity.content {
                // Only its recipient can tell what is signed there.
                _ if signed.entity.is_encrypted => judgements.push(unknown(state.entity.id)),
                None => {}
                Some(signed) => open.push((state, signature.signer_box, content, signed)),
            }
        }
        if open.is_empty() {
            return Ok(judgements);
        }
        let is_small = |content: &ContentRef| content.size_bytes <= self.core.small_content_bytes;
        let signed = open.iter().map(|(_, _, _, signed)| signed).filter(|content| is_small(content));
        let hashes = open.iter().map(|(_, _, content, _)| content.hash);
        let known =
            self.core.load_contents(source.box_id, hashes.chain(signed.map(|content| content.hash))).await?;
        let mut signers: HashMap<BoxId, Arc<Organization>> = HashMap::new();
        let mut to_check = Vec::with_capacity(open.len());
        for (state, signer_box, content, signed) in open {
            let signature = state.entity.id;
            let bytes = known.get(&content.hash).cloned();
            to_check.push(SignatureToCheck {
                signature,
                signer: self.signer(&mut signers, signer_box).await?,
                bytes: bytes.ok_or(CoreError::LostContent { entity: signature })?,
                signed,
                given_at: state.entity.created_at,
            });
        }
        // However many bad signatures one box sends, those of the next one are judged after one of them.
        let _turn = self.judging.enter(source.box_id).await;
        judgements.extend(self.verifier.verify(&to_check, &Delivered { core: &self.core, known }).await?);
        Ok(judgements)
    }

    async fn signer(
        &self,
        known: &mut HashMap<BoxId, Arc<Organization>>,
        box_id: BoxId,
    ) -> Result<Arc<Organization>, Failed> {
        if let Some(signer) = known.get(&box_id) {
            return Ok(Arc::clone(signer));
        }
        let signer = self.core.organization(box_id).await?;
        let signer = signer.ok_or(CoreError::NoOrganization(box_id))?;
        known.insert(box_id, Arc::clone(&signer));
        Ok(signer)
    }
}

/// The operator has nothing against a signature that it cannot check.
const fn unknown(signature: EntityId) -> Judgement {
    Judgement::unread(Verdict { signature, is_valid: true, power_of_attorney: None, verification: None })
}
