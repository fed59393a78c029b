//! `PostMessage`: a new message.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use potok_domain::access::Scope;
use potok_domain::command::{Link, PostMessage, Source};
use potok_domain::decide::{self, Addressees, Context, Outcome};
use potok_domain::directory::Organization;
use potok_domain::rows::document_rows;
use potok_domain::{DocumentRef, Event, MessageState, Revision, Verdict};
use potok_store::{
    Append, AppendError, EventPlace, NewEvent, NewOperation, Operation, SmallContent, StreamAppend,
};
use potok_types::access::{BoxEmployee, MayCreate};
use potok_types::{BoxId, ContentHash, ContentRef, MessageId};

use super::internal::GivenSignature;
use super::post_patch::TRIES;
use super::resolve::Resolver;
use crate::core::read_models::of_event;
use crate::{Actor, App, AppError, Missing, Permit};

/// Of most commands no signature is checked before.
static NOTHING_CHECKED: BTreeMap<ContentHash, Verdict> = BTreeMap::new();

impl App {
    /// Stores a message and plans its delivery. The answer is the message as it is in the sender's box right after;
    /// for a repeat of `operation` as it was right after the first call.
    ///
    /// # Errors
    /// [`AppError::Rejected`], `CoreError::Invalid`, `CoreError::Denied`: nothing was written.
    /// [`AppError::InProgress`]: the same operation is still running.
    pub async fn post_message(
        &self,
        actor: &Permit<BoxEmployee<MayCreate>>,
        command: PostMessage<Source>,
        operation: Operation,
    ) -> Result<Arc<MessageState>, AppError> {
        // Nothing of a command that will be refused is kept.
        decide::form::message(&command)?;
        let box_id = actor.box_id();
        let patience = Duration::from_secs(self.options.operation_wait_seconds);
        let _turn = self.running.enter(box_id, &operation, patience).await?;
        if let Some(made) = self.store.operation(box_id, &operation).await? {
            return self.first_answer(box_id, made).await;
        }
        let recipient = self.addressee(command.to).await?;
        let proxy = self.addressee(command.proxy).await?;
        let existing = self.existing_documents(box_id, links_of(&command), &actor.scope).await?;
        let mut resolver = Resolver::new(self, actor);
        let command = resolver.message(command).await?;
        let mut small = resolver.small;
        let given = if command.is_internal { signed_in(&command) } else { Vec::new() };
        let checked = self.check_internal(actor, given, &mut small).await?;
        let author_name = actor.user.full_name();
        for _ in 0..TRIES {
            let named = self.packets_of(actor, &existing).await?;
            let context = Context { checked: &checked, ..self.context(actor, &author_name) };
            let addressees = Addressees { recipient: recipient.as_ref(), proxy: proxy.as_ref() };
            let mut outcome = decide::post_message(&command, addressees, &existing, &named.around, &context)?;
            let state = MessageState::open(box_id, &outcome.event).ok_or(AppError::Internal)?;
            outcome.links.extend(self.named_originals(&state, &outcome.event).await?);
            match self.append(&state, outcome, &named.messages, small.clone(), Some(&operation)).await {
                Ok(()) => {}
                // Another node was faster with the same operation.
                Err(AppendError::Repeated(made)) => return self.first_answer(box_id, made).await,
                // Others changed a packet that the message joins.
                Err(AppendError::Stale { .. }) => continue,
                Err(AppendError::LeaseLost) => return Err(AppError::Internal),
                Err(AppendError::Store(error)) => return Err(error.into()),
            }
            let state = Arc::new(state);
            self.states.put(&state);
            return Ok(state);
        }
        // Others keep changing the packets that the message joins.
        Err(AppError::InProgress)
    }

    /// The organization of the box that a command names, if it names one.
    async fn addressee(&self, box_id: Option<BoxId>) -> Result<Option<Organization>, AppError> {
        match box_id {
            Some(box_id) => Ok(self.store.organization_by_box(box_id).await?),
            None => Ok(None),
        }
    }

    async fn first_answer(&self, box_id: BoxId, made: EventPlace) -> Result<Arc<MessageState>, AppError> {
        let message = made.stream.message().ok_or(AppError::Internal)?;
        let found = self.state_at(box_id, message, made.event).await?;
        Ok(found.map(|(state, _)| state).ok_or(Missing::Message { box_id, message })?)
    }

    /// What a decision needs to know besides the command.
    pub(crate) fn context<'a>(&'a self, actor: &'a Actor, author_name: &'a str) -> Context<'a> {
        Context {
            now: self.clock.now(),
            entropy: &*self.entropy,
            author: actor.user.id,
            author_name,
            organization: &actor.organization,
            permissions: &actor.employee.permissions,
            checked: &NOTHING_CHECKED,
        }
    }

    /// Those of `documents` that the box has where `scope` sees them.
    pub(crate) async fn existing_documents(
        &self,
        box_id: BoxId,
        documents: Vec<DocumentRef>,
        scope: &Scope,
    ) -> Result<BTreeSet<DocumentRef>, AppError> {
        if documents.is_empty() {
            return Ok(BTreeSet::new());
        }
        let messages: Vec<MessageId> = documents.iter().map(|document| document.message_id).collect();
        let states = self.states(box_id, &messages).await?;
        let is_here = |document: &DocumentRef| {
            let state = states.get(&document.message_id);
            let state = state.filter(|state| state.document(document.entity_id).is_some());
            state.is_some_and(|state| scope.sees_document(state, document.entity_id))
        };
        Ok(documents.into_iter().filter(is_here).collect())
    }

    /// Writes what was decided, with everything that readers find ready. `state` is the state right after, `around` has
    /// the other messages that the decision changes.
    pub(crate) async fn append(
        &self,
        state: &MessageState,
        outcome: Outcome,
        around: &HashMap<MessageId, Arc<MessageState>>,
        contents: Vec<SmallContent>,
        operation: Option<&Operation>,
    ) -> Result<(), AppendError> {
        let Outcome { event, beside, deliver_to, links } = outcome;
        let must_deliver = !deliver_to.is_empty();
        let mut states = Vec::with_capacity(beside.len());
        let mut streams = Vec::with_capacity(beside.len() + 1);
        for event in &beside {
            let Some(before) = around.get(&event.message_id) else { continue };
            let mut after = MessageState::clone(before);
            after.apply(event);
            streams.push(self.of_message(&after, event, Vec::new()));
            states.push(Arc::new(after));
        }
        let of_message = self.of_message(state, &event, deliver_to);
        streams.push(StreamAppend { contents, links, ..of_message });
        let made = EventPlace { stream: state.message_id.into(), event: event.id };
        let operation = operation.map(|operation| NewOperation { operation: operation.clone(), made });
        self.store.append(Append { operation, ..Append::new(state.box_id, streams) }).await?;
        states.iter().for_each(|state| self.states.put(state));
        if must_deliver {
            self.delivery_wanted.notify_one();
        }
        Ok(())
    }

    /// The event with its read models. `after` is the state right after it.
    pub(crate) fn of_message(
        &self,
        after: &MessageState,
        event: &Event,
        deliver_to: Vec<BoxId>,
    ) -> StreamAppend {
        let new = NewEvent { deliver_to, ..of_event(&*self.rendering, after, event) };
        let expected = Revision(after.revision().0.saturating_sub(1));
        StreamAppend {
            documents: document_rows(after),
            ..StreamAppend::new(after.message_id, expected, vec![new])
        }
    }
}

/// The signatures of the command.
fn signed_in(command: &PostMessage<ContentRef>) -> Vec<GivenSignature> {
    // What is encrypted only its recipient can check.
    let open = command.documents.iter().filter(|document| !document.is_encrypted);
    let signed = open.filter_map(|document| {
        let path = format!("{}.SignedContent.Signature", document.path);
        Some(GivenSignature { path, signature: document.signature?, signed: document.content })
    });
    signed.collect()
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
