//! `PostMessage`: a new message.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use potok_domain::command::{Link, PostMessage, Source};
use potok_domain::decide::{self, Context, Outcome};
use potok_domain::feed::concerned_documents;
use potok_domain::rows::document_rows;
use potok_domain::{DocumentRef, MessageState};
use potok_store::{Append, AppendError, NewDelivery, NewEvent, Operation, SmallContent};
use potok_types::{BoxId, ContentRef, EntityId, MessageId};

use crate::resolve::Resolver;
use crate::{Actor, App, AppError, SignatureToCheck};

impl App {
    /// Stores a message and plans its delivery. The answer is the message as it is in the sender's box right after;
    /// for a repeat of `operation` as it was right after the first call.
    ///
    /// # Errors
    /// [`AppError::Rejected`], [`AppError::Invalid`], [`AppError::Denied`]: nothing was written.
    /// [`AppError::InProgress`]: the same operation is still running.
    pub async fn post_message(
        &self,
        actor: &Actor,
        command: PostMessage<Source>,
        operation: Operation,
    ) -> Result<Arc<MessageState>, AppError> {
        let box_id = actor.box_id();
        let patience = Duration::from_secs(self.options.operation_wait_seconds);
        let _turn = self.running.enter(box_id, &operation, patience).await?;
        if let Some((message, event)) = self.store.operation(box_id, &operation).await? {
            return self.first_answer(box_id, message, event).await;
        }
        let recipient = match command.to {
            Some(to) => self.store.organization_by_box(to).await?,
            None => None,
        };
        let existing = self.existing_documents(box_id, links_of(&command)).await?;
        let mut resolver = Resolver::new(self, actor.user.id, box_id);
        let command = resolver.message(command).await?;
        let small = resolver.small;
        if command.is_internal {
            self.check_internal(box_id, &command, &small).await?;
        }
        let outcome = decide::post_message(&command, recipient.as_ref(), &existing, &self.context(actor))?;
        let state = MessageState::open(box_id, &outcome.event).ok_or(AppError::Internal)?;
        match self.append(&state, outcome, small, Some(operation)).await {
            Ok(()) => {}
            // Another node was faster with the same operation.
            Err(AppendError::Repeated { message_id, event }) => {
                return self.first_answer(box_id, message_id, event).await;
            }
            Err(AppendError::Stale { .. } | AppendError::LeaseLost) => {
                return Err(AppError::Busy(state.message_id));
            }
            Err(AppendError::Store(error)) => return Err(error.into()),
        }
        let state = Arc::new(state);
        self.states.put(&state);
        Ok(state)
    }

    async fn first_answer(
        &self,
        box_id: BoxId,
        message: MessageId,
        event: potok_types::EventId,
    ) -> Result<Arc<MessageState>, AppError> {
        let found = self.state_at(box_id, message, event).await?;
        found.map(|(state, _)| state).ok_or(AppError::NoMessage { box_id, message })
    }

    /// What a decision needs to know besides the command.
    pub(crate) fn context<'a>(&'a self, actor: &'a Actor) -> Context<'a> {
        Context {
            now: self.clock.now(),
            entropy: &*self.entropy,
            author: actor.user.id,
            organization: &actor.organization,
            permissions: &actor.employee.permissions,
        }
    }

    /// Those of `documents` that the box has.
    pub(crate) async fn existing_documents(
        &self,
        box_id: BoxId,
        documents: Vec<DocumentRef>,
    ) -> Result<BTreeSet<DocumentRef>, AppError> {
        if documents.is_empty() {
            return Ok(BTreeSet::new());
        }
        let messages: Vec<MessageId> = documents.iter().map(|document| document.message_id).collect();
        let states = self.states(box_id, &messages).await?;
        let is_here = |document: &DocumentRef| {
            states.get(&document.message_id).is_some_and(|state| state.document(document.entity_id).is_some())
        };
        Ok(documents.into_iter().filter(is_here).collect())
    }

    /// Writes what was decided, with everything that readers find ready. `state` is the state right after.
    pub(crate) async fn append(
        &self,
        state: &MessageState,
        outcome: Outcome,
        contents: Vec<SmallContent>,
        operation: Option<Operation>,
    ) -> Result<(), AppendError> {
        let Outcome { event, deliver_to, links } = outcome;
        let deliveries: Vec<NewDelivery> =
            deliver_to.into_iter().map(|to| NewDelivery { event: event.id, to }).collect();
        let must_deliver = !deliveries.is_empty();
        self.store
            .append(Append {
                box_id: state.box_id,
                message_id: state.message_id,
                expected: potok_domain::Revision(state.revision().0.saturating_sub(1)),
                events: vec![self.new_event(state, event)],
                documents: document_rows(state),
                deliveries,
                contents,
                links,
                operation,
                settles: None,
            })
            .await?;
        if must_deliver {
            self.delivery_wanted.notify_one();
        }
        Ok(())
    }

    /// The event with its read models.
    pub(crate) fn new_event(&self, state: &MessageState, event: potok_domain::Event) -> NewEvent {
        NewEvent {
            box_event: self.rendering.box_event(state, &event),
            message_type: state.message_type,
            concerned: concerned_documents(state, &event),
            event,
        }
    }

    /// An internal letter is delivered as soon as its signatures are good, and it has one event only: so they are
    /// checked before it is written.
    async fn check_internal(
        &self,
        box_id: BoxId,
        command: &PostMessage<ContentRef>,
        small: &[SmallContent],
    ) -> Result<(), AppError> {
        let mut given = Vec::new();
        for document in &command.documents {
            let Some(signature) = document.signature else { continue };
            let bytes = match small.iter().find(|kept| kept.hash == signature.hash) {
                Some(kept) => Some(kept.bytes.clone()),
                None => self.contents.get(signature.hash).await?,
            };
            given.push((document, bytes.ok_or(AppError::Internal)?));
        }
        let to_check: Vec<SignatureToCheck> = given
            .iter()
            .map(|(document, bytes)| SignatureToCheck {
                signature: EntityId::ZERO,
                signer_box: box_id,
                bytes: bytes.clone(),
                signed: document.content,
            })
            .collect();
        let verdicts = self.verifier.verify(&to_check).await;
        match given.iter().zip(&verdicts).find(|(_, verdict)| !verdict.is_valid) {
            None => Ok(()),
            Some(((document, _), _)) => Err(AppError::Invalid {
                path: format!("{}.SignedContent.Signature", document.path),
                reason: "the signature does not match the content; sign exactly the bytes that are sent"
                    .to_owned(),
            }),
        }
    }
}

fn links_of<S>(command: &PostMessage<S>) -> Vec<DocumentRef> {
    command
        .documents
        .iter()
        .flat_map(|document| document.initial_documents.iter().chain(&document.subordinate_documents))
        .filter_map(|link| match link {
            Link::Existing(document) => Some(*document),
            Link::SameRequest(_) => None,
        })
        .collect()
}
