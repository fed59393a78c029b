//! `GenerateTtGisFixationCancellationRequest`: cancels what the state was told of the goods in a document.

use bytes::Bytes;
use potok_domain::paper::{FileFormat, FileRequest};
use potok_domain::{Service, access};
use potok_types::access::NamedDocuments;
use potok_types::{EntityId, MessageId};

use super::{GeneratedFile, List};
use crate::paper::{FixationCancellation, Paper, PaperError};
use crate::{Missing, Permit};

impl Paper {
    /// The request of the sender that cancels what the state was told of the marked goods in a document.
    ///
    /// # Errors
    /// `Missing::Message`, `Missing::Document`; `CoreError::Denied`; [`PaperError::Rejected`] when no such request could be posted.
    pub async fn generate_fixation_cancellation(
        &self,
        actor: &Permit<NamedDocuments>,
        message: MessageId,
        document: EntityId,
    ) -> Result<GeneratedFile, PaperError> {
        let state = self.core.state(actor.box_id(), message).await?;
        let (found, _) = state.document(document).ok_or(Missing::Document { message, document })?;
        access::check_documents(&actor.scope, &state, [document])?;
        let request = FileRequest {
            message,
            attachment: document,
            attachment_path: "query parameter documentId",
            text: String::new(),
            text_path: "",
            format: FileFormat::V1_01,
        };
        self.may_be_posted(actor, &state, &request, List::FixationCancellations)?;
        let name = found.entity.file_name.as_deref().unwrap_or_default();
        let made = FixationCancellation::of(name, &actor.organization.inn);
        let file_name = Service::FixationCancellation.file_name(document);
        Ok(GeneratedFile { file_name, content: Bytes::from(made.write()) })
    }
}
