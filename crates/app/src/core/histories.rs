//! What each event of a message was about, remembered between calls.

use std::collections::HashMap;
use std::sync::Arc;

use potok_domain::feed::{ConcernedDocument, concerned_documents};
use potok_domain::{Event, EventMark, MessageState, Revision};
use potok_store::{StreamId, Wanted};
use potok_types::{BoxId, EntityId, EventId, MessageId};
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::{Core, CoreError};

/// Documents that remembered events are about, in all: some ten megabytes.
const KEPT_DOCUMENTS: u64 = 100_000;
/// How many messages that may be.
const KEPT_MESSAGES: usize = 10_000;

/// A message event by event.
#[derive(Clone, Debug)]
pub(crate) struct History {
    /// The message after all of the events.
    state: Arc<MessageState>,
    /// For each event, the documents that it is about, as they were right after it.
    concerned: Vec<Arc<[ConcernedDocument]>>,
}

impl History {
    /// What the first events tell; `None` when they open no message.
    fn of(box_id: BoxId, events: &[Event]) -> Option<Self> {
        let (first, rest) = events.split_first()?;
        let state = MessageState::open(box_id, first)?;
        let concerned = vec![concerned_documents(&state, first).into()];
        let mut history = Self { state: Arc::new(state), concerned };
        history.extend(rest);
        Some(history)
    }

    /// With the events that came after.
    fn extend(&mut self, events: &[Event]) {
        if events.is_empty() {
            return;
        }
        let state = Arc::make_mut(&mut self.state);
        for event in events {
            state.apply(event);
            self.concerned.push(concerned_documents(state, event).into());
        }
    }

    /// The message after all of the events.
    pub(crate) const fn state(&self) -> &Arc<MessageState> {
        &self.state
    }

    /// The number of `event`, counted from 0.
    pub(crate) fn step(&self, event: EventId) -> Option<usize> {
        self.state.events().iter().position(|mark| mark.id == event)
    }

    /// The event number `step`.
    pub(crate) fn mark(&self, step: usize) -> Option<EventMark> {
        self.state.events().get(step).copied()
    }

    /// What the event number `step` is about.
    pub(crate) fn concerned(&self, step: usize) -> &[ConcernedDocument] {
        self.concerned.get(step).map(|concerned| &concerned[..]).unwrap_or_default()
    }

    /// The event before number `step` that was about `document`.
    pub(crate) fn previous(&self, step: usize, document: EntityId) -> Option<usize> {
        let is_about = |concerned: &Arc<[ConcernedDocument]>| {
            concerned.iter().any(|concerned| concerned.document == document)
        };
        self.concerned[..step].iter().rposition(is_about)
    }
}

/// Histories by message, bounded by the documents in them.
#[derive(Debug)]
pub(crate) struct HistoryCache(Cache<(BoxId, MessageId), Arc<History>, Documents>);

#[derive(Clone, Debug)]
struct Documents;

impl Weighter<(BoxId, MessageId), Arc<History>> for Documents {
    fn weight(&self, _: &(BoxId, MessageId), history: &Arc<History>) -> u64 {
        // The state that comes with it counts too.
        let documents: usize = history.concerned.iter().map(|concerned| concerned.len()).sum();
        (documents + history.state.entities().len()) as u64
    }
}

impl Default for HistoryCache {
    fn default() -> Self {
        Self(Cache::with_weighter(KEPT_MESSAGES, KEPT_DOCUMENTS, Documents))
    }
}

/// Histories, and the events of those messages that were read as a whole.
#[derive(Default)]
pub(crate) struct Histories {
    pub(crate) found: HashMap<MessageId, Arc<History>>,
    pub(crate) read: HashMap<MessageId, Vec<Event>>,
}

impl Core {
    /// The histories of messages of one box, with one reading of the store, and only of what is not remembered. Messages that
    /// the box does not have are left out.
    pub(crate) async fn histories(
        &self,
        box_id: BoxId,
        messages: &[MessageId],
    ) -> Result<Histories, CoreError> {
        let mut known: HashMap<MessageId, Arc<History>> = HashMap::new();
        let mut wanted: Vec<Wanted> = Vec::new();
        for &message_id in messages {
            if wanted.iter().any(|wanted| wanted.stream == StreamId::from(message_id)) {
                continue;
            }
            let history = self.histories.0.get(&(box_id, message_id));
            let revision = history.as_ref().map_or(Revision(0), |history| history.state.revision());
            wanted.push(Wanted::after(message_id, revision));
            known.extend(history.map(|history| (message_id, history)));
        }
        let mut histories = Histories::default();
        for tail in self.journal.messages(box_id, &wanted).await? {
            let message_id = tail.message_id;
            let history = match known.remove(&message_id) {
                Some(known) if tail.events.is_empty() => known,
                Some(mut known) => {
                    Arc::make_mut(&mut known).extend(&tail.events);
                    known
                }
                None => {
                    let Some(history) = History::of(box_id, &tail.events) else { continue };
                    histories.read.insert(message_id, tail.events);
                    Arc::new(history)
                }
            };
            self.states.put(history.state());
            self.histories.0.insert((box_id, message_id), Arc::clone(&history));
            histories.found.insert(message_id, history);
        }
        Ok(histories)
    }
}
