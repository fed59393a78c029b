//! `GetMessage`.

use std::sync::Arc;

use potok_domain::{MessageState, access};
use potok_types::access::NamedDocuments;
use potok_types::{EntityId, MessageId};

use crate::{Missing, Permit, Reading, ReadingError};

impl Reading {
    /// The message now. With `document`, access to that document is enough.
    ///
    /// # Errors
    /// `Missing::Message`; `Missing::Document`; `CoreError::Denied` when a document of the message, or the
    /// one named, lies where the actor may not see it.
    pub async fn get_message(
        &self,
        actor: &Permit<NamedDocuments>,
        message: MessageId,
        document: Option<EntityId>,
    ) -> Result<Arc<MessageState>, ReadingError> {
        let state = self.core.state(actor.box_id(), message).await?;
        match document {
            Some(document) => {
                state.document(document).ok_or(Missing::Document { message, document })?;
                access::check_documents(&actor.scope, &state, [document])?;
            }
            None => {
                let all: Vec<EntityId> = state.documents().map(|(found, _)| found.entity.id).collect();
                access::check_documents(&actor.scope, &state, all)?;
            }
        }
        Ok(state)
    }
}
