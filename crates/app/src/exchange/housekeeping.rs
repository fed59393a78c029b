//! `Delete`, `Restore`, `MoveDocuments`: what an organization does with documents in its own box.

use std::collections::{BTreeMap, HashMap};

use potok_domain::DocumentRef;
use potok_domain::decide::{self, Housekeeping, Outcome};
use potok_types::access::{MayCreate, MayDeleteRestore, NamedDocuments};
use potok_types::{DepartmentId, EntityId, MessageId};

use crate::core::NewChange;
use crate::{Actor, Exchange, ExchangeError, Missing, Permit};

impl Exchange {
    /// Deletes a document of a message in the caller's box, or all of the message.
    ///
    /// # Errors
    /// `Missing::Message`, `Missing::Document`; [`ExchangeError::Rejected`], `CoreError::Denied`: nothing was
    /// written.
    pub async fn delete_documents(
        &self,
        actor: &Permit<NamedDocuments<MayDeleteRestore>>,
        message: MessageId,
        document: Option<EntityId>,
    ) -> Result<(), ExchangeError> {
        self.delete_or_restore(actor, message, document, Housekeeping::Delete).await
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
    ) -> Result<(), ExchangeError> {
        self.delete_or_restore(actor, message, document, Housekeeping::Restore).await
    }

    async fn delete_or_restore(
        &self,
        actor: &Actor,
        message: MessageId,
        document: Option<EntityId>,
        what: Housekeeping,
    ) -> Result<(), ExchangeError> {
        let author_name = actor.user.full_name();
        self.core
            .commit(actor.box_id(), self.terms(None), || async {
                let state = self.core.state_to_change(actor.box_id(), message).await?;
                if let Some(document) = document.filter(|id| state.document(*id).is_none()) {
                    return Err(Missing::DocumentToChange { message, document }.into());
                }
                let context = actor.context(&self.core, &author_name);
                let outcome =
                    decide::housekeeping(&state, document.as_slice(), what, "documentId", &context)?;
                Ok::<_, ExchangeError>(inside(outcome))
            })
            .await?;
        Ok(())
    }

    /// Moves documents to the department `to`, with one event for each message. All of them move, or none does.
    ///
    /// # Errors
    /// `CoreError::Invalid` for a document that the box does not have; [`ExchangeError::Rejected`], `CoreError::Denied`;
    /// [`ExchangeError::Busy`] when others keep changing one of the messages.
    pub async fn move_documents(
        &self,
        actor: &Permit<NamedDocuments<MayCreate>>,
        documents: &[DocumentRef],
        to: DepartmentId,
    ) -> Result<(), ExchangeError> {
        const PATH: &str = "DocumentsMoveOperation.DocumentIds";
        let mut named: BTreeMap<MessageId, Vec<EntityId>> = BTreeMap::new();
        for DocumentRef { message_id, entity_id } in documents {
            let of_message = named.entry(*message_id).or_default();
            if !of_message.contains(entity_id) {
                of_message.push(*entity_id);
            }
        }
        let messages: Vec<MessageId> = named.keys().copied().collect();
        let author_name = actor.user.full_name();
        self.core
            .commit(actor.box_id(), self.terms(None), || async {
                let states = self.core.states(actor.box_id(), &messages).await?;
                for (i, DocumentRef { message_id, entity_id }) in documents.iter().enumerate() {
                    if states.get(message_id).is_none_or(|state| state.document(*entity_id).is_none()) {
                        let reason =
                            format!("there is no document {entity_id} in message {message_id} of this box");
                        return Err(ExchangeError::invalid(format!("{PATH}[{i}]"), reason));
                    }
                }
                let context = actor.context(&self.core, &author_name);
                let mut changes = Vec::with_capacity(named.len());
                for (message, documents) in &named {
                    let Some(state) = states.get(message) else { continue };
                    let outcome =
                        decide::housekeeping(state, documents, Housekeeping::Move { to }, PATH, &context)?;
                    changes.extend(inside(outcome));
                }
                Ok(changes)
            })
            .await?;
        Ok(())
    }
}

/// Nobody else learns of it, and nothing comes with it.
fn inside(outcome: Option<Outcome>) -> Vec<NewChange> {
    outcome.map(|outcome| NewChange::all(outcome, &HashMap::new(), Vec::new())).unwrap_or_default()
}
