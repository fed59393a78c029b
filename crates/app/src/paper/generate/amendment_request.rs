//! `GenerateInvoiceCorrectionRequestXml`: a request to amend a document.

use potok_domain::paper::{FileRequest, GivenSigner};
use potok_fns::service::{Clarification, ClarificationPurpose};
use potok_fns::{Family, Version};
use potok_types::access::NamedDocuments;

use super::signer::Wanted;
use super::{Answered, GeneratedFile, List, finished, this_side, version};
use crate::paper::{Paper, PaperError};
use crate::participant;
use crate::{Actor, Permit};

impl Paper {
    /// The request to amend the document that the request names.
    ///
    /// # Errors
    /// `Missing::Message`, `Missing::Content`; [`PaperError::Rejected`] when no such request could be posted;
    /// `CoreError::Invalid` names what the format lacks, or a text that is empty or has more than 20 000 characters.
    pub async fn generate_amendment_request(
        &self,
        actor: &Permit<NamedDocuments>,
        request: &FileRequest,
        signer: &GivenSigner,
    ) -> Result<GeneratedFile, PaperError> {
        let answered = self.answered(actor, request, List::AmendmentRequests).await?;
        let purpose = ClarificationPurpose::AmendmentRequest;
        self.clarification(actor, request, signer, (purpose, answered)).await
    }

    /// One format serves requests to amend and refusals.
    pub(super) async fn clarification(
        &self,
        actor: &Actor,
        request: &FileRequest,
        signer: &GivenSigner,
        (purpose, answered): (ClarificationPurpose, Answered),
    ) -> Result<GeneratedFile, PaperError> {
        let version = version(request.format);
        let author = participant(&self.organization_of(actor, answered.author).await?);
        let wanted = if version == Version::V1_03 { Wanted::NameAndRight } else { Wanted::NameAndPosition };
        let (head, at) = self.head(actor, Family::Uvutoch, version, &author.fns_id);
        let mut file = answered.file;
        // The format has room for one signature: the first one.
        file.signatures.truncate(1);
        let made = Clarification {
            head,
            participant: this_side(actor),
            at,
            file,
            text: request.text.clone(),
            document: None,
            author,
            signer: self.signer(actor, signer, wanted).await?,
        };
        finished(&made.head, made.generate(purpose), request, signer.path())
    }
}
