//! `PostMessagePatch`: additions to a message.

use std::sync::Arc;

use bytes::Bytes;
use potok_domain::command::{PostPatch, Source};
use potok_domain::decide::{self, Context};
use potok_domain::{MessageState, access};
use potok_store::Operation;
use potok_types::ContentRef;
use potok_types::access::{MayPatch, NamedDocuments};

use super::internal_signatures::GivenSignature;
use super::resolve::Resolver;
use crate::core::{Committed, NewChange};
use crate::{Actor, Exchange, ExchangeError, Permit};

impl Exchange {
    /// Adds to a message and plans the delivery. The answer is the ready `BoxEvent` of the patch, as the actor's feed has it;
    /// for a repeat of `operation` that of the first call.
    ///
    /// # Errors
    /// `Missing::ToChange`; [`ExchangeError::Rejected`], `CoreError::Invalid`, `CoreError::Denied`: nothing was
    /// written. [`ExchangeError::InProgress`]: the same operation is still running. [`ExchangeError::Busy`]: others keep changing the
    /// message.
    pub async fn post_patch(
        &self,
        actor: &Permit<NamedDocuments<MayPatch>>,
        command: PostPatch<Source>,
        operation: Operation,
    ) -> Result<Bytes, ExchangeError> {
        // Nothing of a command that will be refused is kept.
        decide::form::patch(&command)?;
        let (box_id, message) = (actor.box_id(), command.message_id);
        let state = self.core.state_to_change(box_id, message).await?;
        let rights = actor.check_parts(&access::actions_of_patch(&command));
        decide::check_patch(&state, &command, rights, &actor.context(&self.core, &actor.user.full_name()))?;
        let call = self.commit_patch(actor, state, command, &operation);
        self.core.once(box_id, &operation, call, |made| self.check_repeat(actor, made, Some(message))).await
    }

    async fn commit_patch(
        &self,
        actor: &Actor,
        state: Arc<MessageState>,
        command: PostPatch<Source>,
        operation: &Operation,
    ) -> Result<Committed, ExchangeError> {
        let (box_id, message) = (actor.box_id(), command.message_id);
        let mut resolver = Resolver::new(self, actor, state.is_internal);
        let command = resolver.patch(command, &state).await?;
        let mut small = resolver.small;
        let given = || signed_in(&command, &state);
        let checked = self.check_signatures(actor, state.is_internal, given, &mut small).await?;
        let author_name = actor.user.full_name();
        let terms = self.terms(Some(operation));
        let (command, small) = (&command, &small);
        let context = || Context { checked: &checked, ..actor.context(&self.core, &author_name) };
        let mut known = Some(state);
        self.core
            .commit(box_id, terms, || {
                let known = known.take();
                async {
                    let state = self.core.known_or_newest(known, box_id, message).await?;
                    let named = self.named_by_patch(actor, &state, command).await?;
                    let outcome = decide::post_patch(&state, command, &named.around, &context())?;
                    if !outcome.deliver_to.is_empty() {
                        context().may_send()?;
                    }
                    self.check_patch_is_taken(&state, &outcome.deliver_to).await?;
                    Ok(NewChange::all(outcome, &named.messages, small.clone()))
                }
            })
            .await
    }
}

/// The signatures of the command. What they sign is in the message, was made for them, or comes with them.
fn signed_in(command: &PostPatch<ContentRef>, state: &MessageState) -> Vec<GivenSignature> {
    // What approves only never leaves the box.
    let judged = command.signatures.iter().filter(|item| state.is_internal || !item.is_approval);
    let bare = judged.filter_map(|item| {
        // The decision refuses an unknown parent; what is encrypted only its recipient can check.
        let parent = &state.entity(item.parent)?.entity;
        let prepared = item.prepared.as_ref().map(|prepared| prepared.content);
        let signed = prepared.or(parent.content).filter(|_| !parent.is_encrypted)?;
        let path = format!("{}.Signature", item.path);
        Some(GivenSignature { path, signature: item.signature, signed })
    });
    let services = command.receipts.iter().chain(&command.amendment_requests);
    let services = services
        .chain(&command.revocation_requests)
        .chain(&command.fixation_cancellations)
        .chain(command.rejections.iter().map(|item| &item.service))
        .chain(command.titles.iter().map(|item| &item.service));
    let files = services.map(|item| GivenSignature {
        path: format!("{}.SignedContent.Signature", item.path),
        signature: item.signature,
        signed: item.content,
    });
    bare.chain(files).collect()
}
