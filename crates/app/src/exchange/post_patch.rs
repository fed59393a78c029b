//! `PostMessagePatch`: additions to a message.

use std::sync::Arc;
use std::time::Duration;

use potok_domain::command::{PostPatch, Source};
use potok_domain::decide::{self, Context};
use potok_domain::{Event, MessageState};
use potok_store::{AppendError, EventPlace, Operation};
use potok_types::access::{MayPatch, NamedDocuments};
use potok_types::{BoxId, ContentRef};

use super::internal::GivenSignature;
use super::resolve::Resolver;
use crate::{App, AppError, Missing, Permit};

/// How often a decision is taken again when others change the message meanwhile.
pub(crate) const TRIES: usize = 20;

/// What a patch did.
#[derive(Clone, Debug)]
pub struct PatchAnswer {
    /// The message right after the patch.
    pub state: Arc<MessageState>,
    /// The patch.
    pub event: Event,
}

impl App {
    /// Adds to a message and plans the delivery. For a repeat of `operation` the answer is that of the first call.
    ///
    /// # Errors
    /// `Missing::Message`; [`AppError::Rejected`], `CoreError::Invalid`, `CoreError::Denied`: nothing was
    /// written. [`AppError::InProgress`]: the same operation is still running.
    pub async fn post_patch(
        &self,
        actor: &Permit<NamedDocuments<MayPatch>>,
        command: PostPatch<Source>,
        operation: Operation,
    ) -> Result<PatchAnswer, AppError> {
        // Nothing of a command that will be refused is kept.
        decide::form::patch(&command)?;
        let (box_id, message) = (actor.box_id(), command.message_id);
        let patience = Duration::from_secs(self.options.operation_wait_seconds);
        let _turn = self.running.enter(box_id, &operation, patience).await?;
        if let Some(made) = self.store.operation(box_id, &operation).await? {
            return self.first_patch(box_id, made).await;
        }
        let mut state = self.state(box_id, message).await?;
        let mut resolver = Resolver::new(self, actor);
        let command = resolver.patch(command, &state).await?;
        let mut small = resolver.small;
        let given = if state.is_internal { signed_in(&command, &state) } else { Vec::new() };
        let checked = self.check_internal(actor, given, &mut small).await?;
        let author_name = actor.user.full_name();
        for _ in 0..TRIES {
            let named = self.surroundings(actor, &state, &command).await?;
            let context = Context { checked: &checked, ..self.context(actor, &author_name) };
            let outcome = decide::post_patch(&state, &command, &named.around, &context)?;
            let event = outcome.event.clone();
            let mut after = MessageState::clone(&state);
            after.apply(&event);
            match self.append(&after, outcome, &named.messages, small.clone(), Some(&operation)).await {
                Ok(()) => {
                    let state = Arc::new(after);
                    self.states.put(&state);
                    return Ok(PatchAnswer { state, event });
                }
                Err(AppendError::Repeated(made)) => return self.first_patch(box_id, made).await,
                Err(AppendError::Stale { .. } | AppendError::LeaseLost) => {
                    state = self.state(box_id, message).await?;
                }
                Err(AppendError::Store(error)) => return Err(error.into()),
            }
        }
        Err(AppError::Busy(message))
    }

    async fn first_patch(&self, box_id: BoxId, made: EventPlace) -> Result<PatchAnswer, AppError> {
        let message = made.stream.message().ok_or(AppError::Internal)?;
        let found = self.state_at(box_id, message, made.event).await?;
        let (state, event) = found.ok_or(Missing::Message { box_id, message })?;
        Ok(PatchAnswer { state, event })
    }
}

/// The signatures of the command. What they sign is in the message, or comes with them.
fn signed_in(command: &PostPatch<ContentRef>, state: &MessageState) -> Vec<GivenSignature> {
    let bare = command.signatures.iter().filter_map(|item| {
        // The decision refuses an unknown parent.
        let signed = state.entity(item.parent)?.entity.content?;
        let path = format!("{}.Signature", item.path);
        Some(GivenSignature { path, signature: item.signature, signed })
    });
    let services = command.receipts.iter().chain(&command.amendment_requests);
    let services = services
        .chain(&command.revocation_requests)
        .chain(command.rejections.iter().map(|item| &item.service))
        .chain(command.titles.iter().map(|item| &item.service));
    let files = services.map(|item| GivenSignature {
        path: format!("{}.SignedContent.Signature", item.path),
        signature: item.signature,
        signed: item.content,
    });
    bare.chain(files).collect()
}
