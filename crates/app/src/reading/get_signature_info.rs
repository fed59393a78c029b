//! `GetSignatureInfo`: who signed, and what the check found.

use potok_domain::{EntityState, SignatureDescription};
use potok_types::access::NamedDocuments;
use potok_types::{EntityId, MessageId};

use crate::{CoreError, LoadedContents, Missing, Permit, Reading, ReadingError};

/// A signature and what is known about it.
#[derive(Clone, Debug)]
pub struct SignatureAnswer {
    /// The signature with the state of its check.
    pub signature: EntityState,
    /// What it says about itself.
    pub description: SignatureDescription,
    /// The certificates that its check found.
    pub certificates: LoadedContents,
}

impl Reading {
    /// One signature.
    ///
    /// # Errors
    /// As [`Reading::get_entity_content`]; `Missing::Signature` when the entity is no signature, or one that cannot be
    /// read.
    pub async fn get_signature_info(
        &self,
        actor: &Permit<NamedDocuments>,
        message: MessageId,
        entity: EntityId,
    ) -> Result<SignatureAnswer, ReadingError> {
        let state = self.state_for_entity(actor, message, entity).await?;
        let no_signature = Missing::Signature { message, entity };
        let Some(found) = state.entity(entity).filter(|found| found.entity.signature().is_some()) else {
            return Err(no_signature.into());
        };
        let Some(content) = found.entity.content else { return Err(no_signature.into()) };
        let verification = found.verification.as_deref();
        let named = verification.into_iter().flat_map(|found| found.contents());
        let named = named.chain([content]).map(|content| content.hash);
        let mut certificates = self.core.load_contents(actor.box_id(), named).await?;
        let bytes = certificates.remove(&content.hash).ok_or(CoreError::LostContent { entity })?;
        let description = self.verifier.describe(bytes).await?.ok_or(no_signature)?;
        Ok(SignatureAnswer { signature: found.clone(), description, certificates })
    }
}
