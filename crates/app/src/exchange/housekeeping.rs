//! `Delete`, `Restore`, `MoveDocuments`: what an organization does with documents in its own box.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use potok_domain::decide::{self, Housekeeping};
use potok_domain::{DocumentRef, MessageState};
use potok_store::AppendError;
use potok_types::access::{MayDeleteRestore, NamedDocuments};
use potok_types::{DepartmentId, EntityId, MessageId};

use super::post_patch::TRIES;
use crate::{Actor, App, AppError, Missing, Permit};

impl App {
    /// Deletes a document of a message in the caller's box, or all of the message.
    ///
    /// # Errors
    /// `Missing::Message`, `Missing::Document`; [`AppError::Rejected`], `CoreError::Denied`: nothing was
    /// written.
    pub async fn delete_documents(
        &self,
        actor: &Permit<NamedDocuments<MayDeleteRestore>>,
        message: MessageId,
        document: Option<EntityId>,
    ) -> Result<(), AppError> {
        self.keep_house(actor, message, document.as_slice(), Housekeeping::Delete, "documentId").await
    }

    /// Takes a deletion back.
    ///
    /// # Errors
    /// As [`Self::delete_documents`].
    pub async fn restore_documents(
        &self,
        actor: &Permit<NamedDocuments<MayDeleteRestore>>,
        message: MessageId,
        document: Option<EntityId>,
    ) -> Result<(), AppError> {
        self.keep_house(actor, message, document.as_slice(), Housekeeping::Restore, "documentId").await
    }

    /// Moves documents to the department `to`, with one event for each message. All are looked at before the first one
    /// moves, so that what is refused moves nothing.
    ///
    /// # Errors
    /// `CoreError::Invalid` for a document that the box does not have; [`AppError::Rejected`], `CoreError::Denied`.
    pub async fn move_documents(
        &self,
        actor: &Permit<NamedDocuments>,
        documents: &[DocumentRef],
        to: DepartmentId,
    ) -> Result<(), AppError> {
        const PATH: &str = "DocumentsMoveOperation.DocumentIds";
        let messages: Vec<MessageId> = documents.iter().map(|document| document.message_id).collect();
        let states = self.states(actor.box_id(), &messages).await?;
        let mut named: BTreeMap<MessageId, Vec<EntityId>> = BTreeMap::new();
        for (i, DocumentRef { message_id, entity_id }) in documents.iter().enumerate() {
            if states.get(message_id).is_none_or(|state| state.document(*entity_id).is_none()) {
                let reason = format!("there is no document {entity_id} in message {message_id} of this box");
                return Err(AppError::invalid(format!("{PATH}[{i}]"), reason));
            }
            let of_message = named.entry(*message_id).or_default();
            if !of_message.contains(entity_id) {
                of_message.push(*entity_id);
            }
        }
        let what = Housekeeping::Move { to };
        let author_name = actor.user.full_name();
        for (message, documents) in &named {
            let Some(state) = states.get(message) else { continue };
            decide::housekeeping(state, documents, what, PATH, &self.context(actor, &author_name))?;
        }
        for (message, documents) in named {
            self.keep_house(actor, message, &documents, what, PATH).await?;
        }
        Ok(())
    }

    async fn keep_house(
        &self,
        actor: &Actor,
        message: MessageId,
        named: &[EntityId],
        what: Housekeeping,
        path: &str,
    ) -> Result<(), AppError> {
        let author_name = actor.user.full_name();
        for _ in 0..TRIES {
            let state = self.state(actor.box_id(), message).await?;
            if let Some(document) = named.iter().find(|id| state.document(**id).is_none()) {
                return Err(Missing::Document { message, document: *document }.into());
            }
            let context = self.context(actor, &author_name);
            let Some(outcome) = decide::housekeeping(&state, named, what, path, &context)? else {
                return Ok(());
            };
            let mut after = MessageState::clone(&state);
            after.apply(&outcome.event);
            match self.append(&after, outcome, &HashMap::new(), Vec::new(), None).await {
                Ok(()) => {
                    self.states.put(&Arc::new(after));
                    return Ok(());
                }
                Err(AppendError::Stale { .. }) => {}
                Err(AppendError::Repeated(_) | AppendError::LeaseLost) => return Err(AppError::Internal),
                Err(AppendError::Store(error)) => return Err(error.into()),
            }
        }
        Err(AppError::Busy(message))
    }
}
