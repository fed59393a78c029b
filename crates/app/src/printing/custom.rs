//! `DetectCustomPrintForms`: which documents have print forms of their own.

use potok_domain::{DocumentRef, access};
use potok_types::access::NamedDocuments;
use potok_types::{Invalid, MessageId, limits};

use super::{PrintError, Printing};
use crate::Permit;

impl Printing {
    /// Checks that the caller may see the documents. This server draws all documents of a kind alike, so none has a form of its own;
    /// those that are not there have none either.
    ///
    /// # Errors
    /// `CoreError::Invalid` for none or too many; `CoreError::Denied` when the caller may not see one.
    pub async fn check_custom_forms(
        &self,
        actor: &Permit<NamedDocuments>,
        documents: &[DocumentRef],
    ) -> Result<(), PrintError> {
        let most = limits::DOCUMENTS_PER_PRINT_DETECTION;
        if documents.is_empty() || documents.len() > most {
            let reason = format!("{} documents were given; ask for 1 to {most} at once", documents.len());
            return Err(Invalid::new("CustomPrintFormDetectionRequest.DocumentIds", reason).into());
        }
        let messages: Vec<MessageId> = documents.iter().map(|document| document.message_id).collect();
        let states = self.core.states(actor.box_id(), &messages).await?;
        for document in documents {
            let Some(state) = states.get(&document.message_id) else { continue };
            if state.document(document.entity_id).is_some() {
                access::check_documents(&actor.scope, state, [document.entity_id])?;
            }
        }
        Ok(())
    }
}
