//! `GetMessage`.

use std::sync::Arc;

use potok_domain::docflow::HiddenLinks;
use potok_domain::{MessageState, MessageType, access};
use potok_types::access::NamedDocuments;
use potok_types::{EntityId, MessageId};

use crate::{Missing, Permit, Reading, ReadingError};

/// A message of a box.
#[derive(Clone, Debug)]
pub struct FoundMessage {
    /// The message now.
    pub state: Arc<MessageState>,
    /// Documents to which its own are linked and of which the reader must not be told.
    pub hidden: HiddenLinks,
}

/// Which messages a version of the method has a word for.
#[derive(Clone, Copy, Debug)]
pub struct Shows {
    /// Deleted ones.
    pub deleted: bool,
    /// Templates.
    pub templates: bool,
}

impl Shows {
    /// Whatever there is.
    pub const ALL: Self = Self { deleted: true, templates: true };
}

impl Reading {
    /// The message now. With `document`, access to that document is enough. Deleted messages are there only for who
    /// `shows` them.
    ///
    /// # Errors
    /// `Missing::Message`; `Missing::DocumentInMessage`; [`ReadingError::Template`]; `CoreError::Denied` when a document of the message, or the
    /// one named, lies where the actor may not see it.
    pub async fn get_message(
        &self,
        actor: &Permit<NamedDocuments>,
        message: MessageId,
        document: Option<EntityId>,
        shows: Shows,
    ) -> Result<FoundMessage, ReadingError> {
        let box_id = actor.box_id();
        let state = self.core.state(box_id, message).await?;
        match document {
            Some(document) => {
                state.document(document).ok_or(Missing::DocumentInMessage { message, document })?;
                access::check_documents(&actor.scope, &state, [document])?;
            }
            None => {
                let all: Vec<EntityId> = state.documents().map(|(found, _)| found.entity.id).collect();
                access::check_documents(&actor.scope, &state, all)?;
            }
        }
        // Who may not see the message is not told that it is deleted.
        if state.message_type == MessageType::Template && !shows.templates {
            return Err(ReadingError::Template(message));
        }
        if state.is_deleted() && !shows.deleted {
            return Err(Missing::Message { box_id, message }.into());
        }
        let states = [Arc::clone(&state)];
        let hidden = self.core.hidden_links(box_id, &states, [], &actor.scope).await?;
        Ok(FoundMessage { state, hidden })
    }
}
