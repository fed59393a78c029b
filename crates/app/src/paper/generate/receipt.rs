//! `GenerateReceiptXml`: a notice of receipt.

use potok_domain::Service;
use potok_domain::paper::{FileRequest, GivenSigner};
use potok_fns::service::{Confirmation, ConfirmationKind, Receipt, ReceiptAuthor};
use potok_fns::{Family, Operator, Version};
use potok_types::access::NamedDocuments;

use super::signer::Wanted;
use super::{Answered, GeneratedFile, List, finished, this_side, version};
use crate::paper::{Paper, PaperError};
use crate::participant;
use crate::{CoreError, Permit};

impl Paper {
    /// The notice that the actor's organization received what the request names: a document, a title, an amendment
    /// request, or a confirmation of the operator where the workflow acknowledges them.
    ///
    /// Notices about the operator's confirmations belong to the old procedure and
    /// are made in its version, 1.02, in any case.
    ///
    /// # Errors
    /// `Missing::Message`, `Missing::Content`; [`PaperError::Rejected`] when no such receipt could be posted;
    /// `CoreError::Invalid` names what the format lacks.
    pub async fn generate_receipt(
        &self,
        actor: &Permit<NamedDocuments>,
        request: &FileRequest,
        signer: &GivenSigner,
    ) -> Result<GeneratedFile, PaperError> {
        let answered = self.answered(actor, request, List::Receipts).await?;
        let is_confirmation = matches!(answered.entity.entity.service(), Some(Service::Confirmation));
        let version = if is_confirmation { Version::V1_02 } else { version(request.format) };
        let (author, addressee) = if is_confirmation {
            let operator = self.operator_of(&answered).await?;
            let code = operator.code.clone();
            (ReceiptAuthor::Operator { fns_id: String::new(), operator }, code)
        } else {
            let author = participant(&self.organization_of(actor, answered.author).await?);
            let id = author.fns_id.clone();
            (ReceiptAuthor::Participant(author), id)
        };
        let wanted = if version == Version::V1_03 { Wanted::NameAndRight } else { Wanted::NameAndPosition };
        let (head, at) = self.head(actor, Family::Izvpol, version, &addressee);
        let receipt = Receipt {
            head,
            participant: this_side(actor),
            at,
            file: answered.file,
            document: None,
            author,
            signer: self.signer(actor, signer, wanted).await?,
        };
        finished(&receipt.head, receipt.generate(), request, signer.path())
    }

    /// The operator, as its confirmation names it.
    async fn operator_of(&self, answered: &Answered) -> Result<Operator, PaperError> {
        let entity = answered.entity.entity.id;
        let lost = || CoreError::LostContent { entity };
        let content = answered.entity.entity.content.ok_or_else(lost)?;
        let mut loaded = self.core.load_contents(answered.state.box_id, [content.hash]).await?;
        let bytes = loaded.remove(&content.hash).ok_or_else(lost)?;
        let read = |kind| Confirmation::parse(&bytes, kind).ok();
        let confirmation = read(ConfirmationKind::Received).or_else(|| read(ConfirmationKind::PassedOn));
        Ok(confirmation.ok_or_else(lost)?.operator)
    }
}
