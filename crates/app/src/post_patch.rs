//! `PostMessagePatch`: additions to a message.

use std::sync::Arc;
use std::time::Duration;

use potok_domain::command::{PostPatch, Source};
use potok_domain::decide;
use potok_domain::{Event, MessageState};
use potok_store::{AppendError, Operation};
use potok_types::{BoxId, EventId, MessageId};

use crate::resolve::Resolver;
use crate::{Actor, App, AppError};

/// How often a decision is taken again when others change the message meanwhile.
const TRIES: usize = 20;

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
    /// [`AppError::NoMessage`]; [`AppError::Rejected`], [`AppError::Invalid`], [`AppError::Denied`]: nothing was
    /// written. [`AppError::InProgress`]: the same operation is still running.
    pub async fn post_patch(
        &self,
        actor: &Actor,
        command: PostPatch<Source>,
        operation: Operation,
    ) -> Result<PatchAnswer, AppError> {
        let (box_id, message) = (actor.box_id(), command.message_id);
        let patience = Duration::from_secs(self.options.operation_wait_seconds);
        let _turn = self.running.enter(box_id, &operation, patience).await?;
        if let Some((message, event)) = self.store.operation(box_id, &operation).await? {
            return self.first_patch(box_id, message, event).await;
        }
        let mut state = self.state(box_id, message).await?;
        let mut resolver = Resolver::new(self, actor.user.id, box_id);
        let command = resolver.patch(command, &state).await?;
        let small = resolver.small;
        for _ in 0..TRIES {
            let outcome = decide::post_patch(&state, &command, &self.context(actor))?;
            let event = outcome.event.clone();
            let mut after = MessageState::clone(&state);
            after.apply(&event);
            match self.append(&after, outcome, small.clone(), Some(operation.clone())).await {
                Ok(()) => {
                    let state = Arc::new(after);
                    self.states.put(&state);
                    return Ok(PatchAnswer { state, event });
                }
                Err(AppendError::Repeated { message_id, event }) => {
                    return self.first_patch(box_id, message_id, event).await;
                }
                Err(AppendError::Stale { .. } | AppendError::LeaseLost) => {
                    state = self.state(box_id, message).await?;
                }
                Err(AppendError::Store(error)) => return Err(error.into()),
            }
        }
        Err(AppError::Busy(message))
    }

    async fn first_patch(
        &self,
        box_id: BoxId,
        message: MessageId,
        event: EventId,
    ) -> Result<PatchAnswer, AppError> {
        let found = self.state_at(box_id, message, event).await?;
        let (state, event) = found.ok_or(AppError::NoMessage { box_id, message })?;
        Ok(PatchAnswer { state, event })
    }
}
