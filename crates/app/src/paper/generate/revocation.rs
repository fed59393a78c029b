//! `GenerateRevocationRequestXml`: an offer to revoke a document.

use potok_domain::paper::{GivenSigner, RevocationRequest};
use potok_fns::Family;
use potok_fns::service::Revocation;
use potok_types::access::NamedDocuments;

use super::signer::Wanted;
use super::{GeneratedFile, List, finished, this_side, version};
use crate::Permit;
use crate::paper::{Paper, PaperError};
use crate::participant;

impl Paper {
    /// The offer to the other side to revoke a document.
    ///
    /// # Errors
    /// `Missing::Message`, `Missing::Content`; [`PaperError::Rejected`] when no such offer could be posted;
    /// `CoreError::Invalid` names what the format lacks, or a text of more than 2 000 characters.
    pub async fn generate_revocation_request(
        &self,
        actor: &Permit<NamedDocuments>,
        request: &RevocationRequest,
    ) -> Result<GeneratedFile, PaperError> {
        let RevocationRequest { file: request, signer } = request;
        let answered = self.answered(actor, request, List::RevocationRequests).await?;
        let other_side = answered.state.counteragent().box_id;
        let addressee = participant(&self.organization_of(actor, other_side).await?);
        let (head, _) = self.head(actor, Family::Prannul, version(request.format), &addressee.fns_id);
        let made = Revocation {
            head,
            participant: this_side(actor),
            file: answered.file,
            text: request.text.clone(),
            addressee,
            signer: match signer {
                Some(signer) => Some(self.signer(actor, signer, Wanted::Name).await?),
                None => None,
            },
        };
        let signer_path = signer.as_ref().map_or(request.attachment_path, GivenSigner::path);
        finished(&made.head, made.generate(), request, signer_path)
    }
}
