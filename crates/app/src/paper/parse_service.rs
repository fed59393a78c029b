//! `ParseSignatureRejectionXml`, `ParseRevocationRequestXml`, `GetInvoiceCorrectionRequestInfo`: what a service document
//! says, for people.

use bytes::Bytes;
use potok_domain::paper::SignerDetails;
use potok_domain::{Service, access};
use potok_fns::recognize::Recognized;
use potok_fns::service::{Clarification, Revocation};
use potok_fns::xml::XmlError;
use potok_fns::{Family, Signer};
use potok_types::access::{KnownClient, NamedDocuments};
use potok_types::{EntityId, Invalid, MessageId};

use super::generate::in_both_languages;
use super::other_file::other_file;
use super::{Paper, PaperError};
use crate::{CoreError, Missing, Permit};

/// What a service document says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceText {
    /// What to amend, why it is refused, why to revoke; may be empty.
    pub text: String,
    /// Who signed; offers of revocation can do without.
    pub signer: Option<SignerDetails>,
}

impl Paper {
    /// What a refusal to sign says, of any version.
    ///
    /// # Errors
    /// `CoreError::Invalid` with line, column and element of what is wrong.
    pub async fn parse_signature_rejection(
        &self,
        _program: &Permit<KnownClient>,
        xml: &Bytes,
    ) -> Result<ServiceText, PaperError> {
        let read = self.core.room.read(xml, |xml| {
            Clarification::parse(xml).map_err(|error| refused(xml, Family::Uvutoch, &error))
        });
        let read = read.await??;
        Ok(ServiceText { text: read.text, signer: Some(details(read.signer)) })
    }

    /// What an offer to revoke a document says, of any version.
    ///
    /// # Errors
    /// `CoreError::Invalid` with line, column and element of what is wrong.
    pub async fn parse_revocation_request(
        &self,
        _program: &Permit<KnownClient>,
        xml: &Bytes,
    ) -> Result<ServiceText, PaperError> {
        let read = self
            .core
            .room
            .read(xml, |xml| Revocation::parse(xml).map_err(|error| refused(xml, Family::Prannul, &error)));
        let read = read.await??;
        Ok(ServiceText { text: read.text, signer: read.signer.map(details) })
    }

    /// What an amendment request of the box says.
    ///
    /// # Errors
    /// `Missing::Message`; `Missing::Content` when the message has no such entity; `CoreError::Denied`;
    /// [`PaperError::NoAmendmentRequest`]; [`PaperError::Unreadable`] when the file is not of the format.
    pub async fn amendment_request_info(
        &self,
        actor: &Permit<NamedDocuments>,
        message: MessageId,
        entity: EntityId,
    ) -> Result<ServiceText, PaperError> {
        let box_id = actor.box_id();
        let state = self.core.state(box_id, message).await?;
        let missing = || Missing::Content { message, entity };
        let found = state.entity(entity).ok_or_else(missing)?;
        access::check_documents(&actor.scope, &state, [state.root_of(entity)])?;
        if !matches!(found.entity.service(), Some(Service::AmendmentRequest)) {
            return Err(PaperError::NoAmendmentRequest { entity });
        }
        let content = found.entity.content.ok_or_else(missing)?;
        let mut loaded = self.core.load_contents(box_id, [content.hash]).await?;
        let bytes = loaded.remove(&content.hash).ok_or(CoreError::LostContent { entity })?;
        let read = Clarification::parse(&bytes)
            .map_err(|error| PaperError::Unreadable { entity, reason: in_both_languages(&error) })?;
        Ok(ServiceText { text: read.text, signer: Some(details(read.signer)) })
    }
}

/// What is wrong with a file of this family, or which other one it is.
fn refused(xml: &[u8], family: Family, error: &XmlError) -> Invalid {
    let is_wanted = |found: &Recognized| matches!(found, Recognized::Service(kind) if kind.family == family);
    other_file(xml, false, is_wanted)
        .unwrap_or_else(|| Invalid::new("the request body", in_both_languages(error)))
}

fn details(signer: Signer) -> SignerDetails {
    SignerDetails {
        surname: signer.name.last,
        first_name: signer.name.first,
        patronymic: signer.name.middle,
        job_title: signer.position,
    }
}
