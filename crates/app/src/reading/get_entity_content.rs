//! `GetEntityContent`.

use std::sync::Arc;

use potok_domain::{MessageState, access};
use potok_types::access::NamedDocuments;
use potok_types::{EntityId, MessageId};

use crate::{Actor, Missing, Permit, Reading, ReadingError, StoredContent};

impl Reading {
    /// The bytes of one entity.
    ///
    /// # Errors
    /// `Missing::Message`; `Missing::Content`; `CoreError::Denied` when the entity's document lies where
    /// the actor may not see it.
    pub async fn get_entity_content(
        &self,
        actor: &Permit<NamedDocuments>,
        message: MessageId,
        entity: EntityId,
    ) -> Result<StoredContent, ReadingError> {
        let state = self.state_for_entity(actor, message, entity).await?;
        let found = state.entity(entity).ok_or(Missing::Content { message, entity })?;
        let content = found.entity.content.ok_or(Missing::Content { message, entity })?;
        Ok(self.core.find_content(actor.box_id(), content).await?)
    }

    /// The message of an entity that the actor may see.
    ///
    /// # Errors
    /// As [`Reading::get_entity_content`].
    pub(crate) async fn state_for_entity(
        &self,
        actor: &Actor,
        message: MessageId,
        entity: EntityId,
    ) -> Result<Arc<MessageState>, ReadingError> {
        let state = self.core.state(actor.box_id(), message).await?;
        if state.entity(entity).is_none() {
            return Err(Missing::Content { message, entity }.into());
        }
        let root = state.root_of(entity);
        if state.document(root).is_some() {
            access::check_documents(&actor.scope, &state, [root])?;
        } else {
            // Notices that hang under no document belong to the message as a whole.
            actor.must_see_all()?;
        }
        Ok(state)
    }
}
