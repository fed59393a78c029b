//! Message states as folds of the journal, remembered between calls.

use std::collections::HashMap;
use std::sync::Arc;

use potok_domain::{Event, MessageState, Revision};
use potok_store::Wanted;
use potok_types::{BoxId, EventId, MessageId};
use quick_cache::sync::Cache;

use crate::{App, AppError};

/// The newest known state of each message. Events never change, so a remembered state is never wrong: at most it lacks
/// the newest events, and those are asked for at every use.
#[derive(Debug)]
pub(crate) struct StateCache(Cache<(BoxId, MessageId), Arc<MessageState>>);

impl StateCache {
    pub(crate) fn new(capacity: usize) -> Self {
        Self(Cache::new(capacity.max(1)))
    }

    fn get(&self, box_id: BoxId, message: MessageId) -> Option<Arc<MessageState>> {
        self.0.get(&(box_id, message))
    }

    /// Remembers `state` unless a newer one is there already.
    pub(crate) fn put(&self, state: &Arc<MessageState>) {
        let key = (state.box_id, state.message_id);
        let is_newer = self.0.get(&key).is_none_or(|known| known.revision() < state.revision());
        if is_newer {
            self.0.insert(key, Arc::clone(state));
        }
    }
}

impl App {
    /// The states of many messages of one box, with one reading of the store. Those that the box does not have are
    /// left out.
    pub(crate) async fn states(
        &self,
        box_id: BoxId,
        messages: &[MessageId],
    ) -> Result<HashMap<MessageId, Arc<MessageState>>, AppError> {
        let mut known: HashMap<MessageId, Arc<MessageState>> = HashMap::with_capacity(messages.len());
        let mut wanted: Vec<Wanted> = Vec::with_capacity(messages.len());
        for &message_id in messages {
            if wanted.iter().any(|wanted| wanted.message_id == message_id) {
                continue;
            }
            let state = self.states.get(box_id, message_id);
            let revision = state.as_ref().map_or(Revision(0), |state| state.revision());
            wanted.push(Wanted { message_id, known: revision });
            if let Some(state) = state {
                known.insert(message_id, state);
            }
        }
        let tails = self.store.messages(box_id, &wanted).await?;
        let mut states = HashMap::with_capacity(tails.len());
        for tail in tails {
            let state = match known.remove(&tail.message_id) {
                Some(state) if tail.events.is_empty() => state,
                Some(mut state) => {
                    let newer = Arc::make_mut(&mut state);
                    tail.events.iter().for_each(|event| newer.apply(event));
                    state
                }
                None => match MessageState::replay(box_id, &tail.events) {
                    Some(state) => Arc::new(state),
                    None => continue,
                },
            };
            self.states.put(&state);
            states.insert(tail.message_id, state);
        }
        Ok(states)
    }

    /// The state of one message.
    ///
    /// # Errors
    /// [`AppError::NoMessage`] when the box does not have it.
    pub(crate) async fn state(
        &self,
        box_id: BoxId,
        message: MessageId,
    ) -> Result<Arc<MessageState>, AppError> {
        self.find_state(box_id, message).await?.ok_or(AppError::NoMessage { box_id, message })
    }

    /// The state of one message, if the box has it.
    pub(crate) async fn find_state(
        &self,
        box_id: BoxId,
        message: MessageId,
    ) -> Result<Option<Arc<MessageState>>, AppError> {
        Ok(self.states(box_id, &[message]).await?.remove(&message))
    }

    /// The state right after `event`, with the event itself; `None` when the message has no such event in this box.
    pub(crate) async fn state_at(
        &self,
        box_id: BoxId,
        message_id: MessageId,
        event: EventId,
    ) -> Result<Option<(Arc<MessageState>, Event)>, AppError> {
        let mut tails = self.store.messages(box_id, &[Wanted { message_id, known: Revision(0) }]).await?;
        let Some(mut events) = tails.pop().map(|tail| tail.events) else { return Ok(None) };
        let Some(position) = events.iter().position(|recorded| recorded.id == event) else { return Ok(None) };
        events.truncate(position + 1);
        let state = MessageState::replay(box_id, &events).map(Arc::new);
        Ok(state.zip(events.pop()))
    }

    /// The state now, with the recorded event `event`; `None` when the message has no such event in this box.
    pub(crate) async fn state_with(
        &self,
        box_id: BoxId,
        message_id: MessageId,
        event: EventId,
    ) -> Result<Option<(Arc<MessageState>, Event)>, AppError> {
        let mut tails = self.store.messages(box_id, &[Wanted { message_id, known: Revision(0) }]).await?;
        let Some(mut events) = tails.pop().map(|tail| tail.events) else { return Ok(None) };
        let Some(state) = MessageState::replay(box_id, &events).map(Arc::new) else { return Ok(None) };
        self.states.put(&state);
        let position = events.iter().position(|recorded| recorded.id == event);
        Ok(position.map(|position| (state, events.swap_remove(position))))
    }
}
