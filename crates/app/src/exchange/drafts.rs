//! `SendDraft`, `RecycleDraft`: what becomes of drafts.

use std::collections::HashMap;

use bytes::Bytes;
use potok_domain::command::{SendDraft, Source};
use potok_domain::decide;
use potok_domain::decide::Rejection;
use potok_domain::paper::PreparedId;
use potok_store::Operation;
use potok_types::access::{AllDocuments, MayDeleteRestore, MaySign};
use potok_types::{BoxId, MessageId};

use super::post_message::MadeOf;
use crate::core::NewChange;
use crate::{Exchange, ExchangeError, Missing, Permit};

impl Exchange {
    /// Makes a letter of a draft and plans its delivery. The answer is the ready `BoxEvent` of the letter, as the sender's
    /// feed has it; for a repeat of `operation` that of the first call.
    ///
    /// # Errors
    /// [`ExchangeError::Rejected`], `CoreError::Invalid`, `CoreError::Denied`: nothing was written.
    /// [`ExchangeError::InProgress`]: the same operation is still running.
    pub async fn send_draft(
        &self,
        actor: &Permit<AllDocuments<MaySign>>,
        command: SendDraft<Source>,
        operation: Operation,
    ) -> Result<Bytes, ExchangeError> {
        let box_id = actor.box_id();
        let call = async {
            let id = command.draft;
            let draft = self.core.find_state(box_id, id).await?.ok_or_else(|| {
                let reason = format!("there is no draft {id} in box {box_id}; take the id from its feed");
                ExchangeError::invalid("DraftToSend.DraftId", reason)
            })?;
            check_prepared(&command, box_id)?;
            let letter = decide::letter_of_draft(&draft, &command, Source::Kept)?;
            decide::form::message(&letter)?;
            self.commit_post(actor, letter, MadeOf::Draft(id), Some(&operation)).await
        };
        self.core.once(box_id, &operation, call, |made| self.check_repeat(actor, made, None)).await
    }

    /// Throws a draft away.
    ///
    /// # Errors
    /// `Missing::Message`; [`ExchangeError::Rejected`]: it is no draft, or done with. Nothing was written.
    pub async fn recycle_draft(
        &self,
        actor: &Permit<AllDocuments<MayDeleteRestore>>,
        draft: MessageId,
    ) -> Result<(), ExchangeError> {
        let box_id = actor.box_id();
        let author_name = actor.user.full_name();
        self.core
            .commit(box_id, self.terms(None), || async {
                let state = self.core.find_state(box_id, draft).await?;
                let state = state.ok_or(Missing::ToChange { box_id, message: draft })?;
                let context = actor.context(&self.core, &author_name);
                let outcome = decide::recycle_draft(&state, &context)?;
                Ok::<_, ExchangeError>(NewChange::all(outcome, &HashMap::new(), Vec::new()))
            })
            .await?;
        Ok(())
    }
}

/// What was prepared for a document is signed with that document, and with no other.
fn check_prepared(command: &SendDraft<Source>, box_id: BoxId) -> Result<(), Rejection> {
    for given in &command.signatures {
        let Some(Source::Prepared(id)) = &given.prepared else { continue };
        if !PreparedId::parse(id).is_some_and(|id| id.is_of(box_id, command.draft, given.document)) {
            let path = format!("{}.PatchedContentId", given.path);
            return Err(Rejection::NotPrepared { path, id: id.clone() });
        }
    }
    Ok(())
}
