//! `GenerateSignatureRejectionXml`: a refusal to sign, or to agree to a revocation.

use potok_domain::Service;
use potok_domain::paper::{FileRequest, GivenSigner};
use potok_fns::service::ClarificationPurpose;
use potok_types::access::NamedDocuments;

use super::{GeneratedFile, List};
use crate::Permit;
use crate::paper::{Paper, PaperError};

impl Paper {
    /// The refusal to sign the document that the request names, or to agree to the revocation request that it names.
    ///
    /// # Errors
    /// `Missing::Message`, `Missing::Content`; [`PaperError::Rejected`] when no such refusal could be posted;
    /// `CoreError::Invalid` names what the format lacks, or a text of more than 5 000 characters.
    pub async fn generate_signature_rejection(
        &self,
        actor: &Permit<NamedDocuments>,
        request: &FileRequest,
        signer: &GivenSigner,
    ) -> Result<GeneratedFile, PaperError> {
        let answered = self.answered(actor, request, List::Rejections).await?;
        let purpose = match answered.entity.entity.service() {
            Some(Service::RevocationRequest { .. }) => ClarificationPurpose::RevocationRejection,
            _ => ClarificationPurpose::SignatureRejection,
        };
        self.clarification(actor, request, signer, (purpose, answered)).await
    }
}
