//! Message states as folds of the journal, remembered between calls.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use potok_domain::{Event, MessageState, Revision};
use potok_store::{Moment, Part, StreamId, Wanted};
use potok_types::{BoxId, EventId, MessageId};
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::{Core, CoreError, Missing};

/// Known states of messages. Events never change, so a remembered state is never wrong: at most the newest one lacks the
/// newest events, and those are asked for when something may have happened to the message.
#[derive(Debug)]
pub(crate) struct StateCache {
    newest: Cache<(BoxId, MessageId), Newest, Weight>,
    /// States after some of the events only: what clients with an old event in hand ask for.
    past: Cache<(BoxId, MessageId, Revision), Arc<MessageState>, Weight>,
}

/// A state as it was at some moment.
#[derive(Clone, Debug)]
struct Newest {
    state: Arc<MessageState>,
    /// It lacked no event then; `None` where nobody looked.
    since: Option<Moment>,
}

/// An ordinary message of a document or two with its signatures and receipts.
const ORDINARY_BYTES: u64 = 6 * 1024;

/// Memory that a state takes: a message of forty documents counts as what it is.
#[derive(Clone, Copy, Debug)]
struct Weight;

impl Weighter<(BoxId, MessageId, Revision), Arc<MessageState>> for Weight {
    fn weight(&self, _: &(BoxId, MessageId, Revision), state: &Arc<MessageState>) -> u64 {
        state.weight_bytes() as u64
    }
}

impl Weighter<(BoxId, MessageId), Newest> for Weight {
    fn weight(&self, _: &(BoxId, MessageId), newest: &Newest) -> u64 {
        newest.state.weight_bytes() as u64
    }
}

impl StateCache {
    /// Remembers about `capacity` ordinary messages, and as many of their past states; fewer where they are large.
    pub(crate) fn new(capacity: usize) -> Self {
        let capacity = capacity.max(1);
        let bytes = capacity as u64 * ORDINARY_BYTES;
        Self {
            newest: Cache::with_weighter(capacity, bytes, Weight),
            past: Cache::with_weighter(capacity, bytes, Weight),
        }
    }

    fn get(&self, box_id: BoxId, message: MessageId) -> Option<Arc<MessageState>> {
        self.newest.get(&(box_id, message)).map(|newest| newest.state)
    }

    /// How many are remembered as they are now.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.newest.len()
    }

    /// What those weigh.
    #[cfg(test)]
    pub(crate) fn weight(&self) -> u64 {
        self.newest.weight()
    }

    /// Remembers `state` unless a newer one is there already.
    pub(crate) fn put(&self, state: &Arc<MessageState>) {
        self.put_as_of(state, None);
    }

    /// The same, when it lacks no event that was there at `moment`.
    fn put_as_of(&self, state: &Arc<MessageState>, moment: Option<Moment>) {
        let key = (state.box_id, state.message_id);
        let is_newer = self.newest.get(&key).is_none_or(|known| {
            let (known, new) = (known.state.revision(), state.revision());
            known < new || known == new && moment.is_some()
        });
        if is_newer {
            self.newest.insert(key, Newest { state: Arc::clone(state), since: moment });
        }
    }
}

impl Core {
    /// The states of many messages of one box, with one reading of the store, and none when nothing happened to them since they
    /// were remembered. Those that the box does not have are left out.
    pub(crate) async fn states(
        &self,
        box_id: BoxId,
        messages: &[MessageId],
    ) -> Result<HashMap<MessageId, Arc<MessageState>>, CoreError> {
        // Before anything is read.
        let now = self.moments.moment();
        let mut states = HashMap::with_capacity(messages.len());
        let mut known: HashMap<MessageId, Arc<MessageState>> = HashMap::new();
        let mut wanted: Vec<Wanted> = Vec::new();
        for &message_id in messages {
            let is_asked = wanted.iter().any(|wanted| wanted.stream == StreamId::from(message_id));
            if is_asked || states.contains_key(&message_id) {
                continue;
            }
            let newest = self.states.newest.get(&(box_id, message_id));
            let state = newest.as_ref().map(|newest| Arc::clone(&newest.state));
            let since = newest.and_then(|newest| newest.since).zip(now);
            let part = Part::Stream(box_id, message_id.into());
            if let (Some(state), Some((since, now))) = (&state, since)
                && !self.moments.has_changed(part, since, now)
            {
                states.insert(message_id, Arc::clone(state));
                continue;
            }
            let revision = state.as_ref().map_or(Revision(0), |state| state.revision());
            wanted.push(Wanted::after(message_id, revision));
            if let Some(state) = state {
                known.insert(message_id, state);
            }
        }
        if wanted.is_empty() {
            return Ok(states);
        }
        for tail in self.journal.messages(box_id, &wanted).await? {
            let known = known.remove(&tail.message_id);
            let Some(state) = newer(box_id, known, &tail.events) else { continue };
            self.states.put_as_of(&state, now);
            states.insert(tail.message_id, state);
        }
        Ok(states)
    }

    /// The states right after the given events, with at most one reading of the store. `now` has the messages as they
    /// are; events that are not in their message are left out. `read` has all events of those messages that were read anyway.
    pub(crate) async fn past_states(
        &self,
        box_id: BoxId,
        now: &HashMap<MessageId, Arc<MessageState>>,
        wanted: &[(MessageId, EventId)],
        read: &HashMap<MessageId, Vec<Event>>,
    ) -> Result<HashMap<(MessageId, EventId), Arc<MessageState>>, CoreError> {
        let mut found = HashMap::with_capacity(wanted.len());
        let mut missing: BTreeMap<MessageId, BTreeMap<usize, EventId>> = BTreeMap::new();
        for &(message_id, event) in wanted {
            let Some(state) = now.get(&message_id) else { continue };
            let Some(step) = state.events().iter().position(|mark| mark.id == event) else { continue };
            let known = match revision_after(step) {
                revision if revision == state.revision() => Some(Arc::clone(state)),
                revision => self.states.past.get(&(box_id, message_id, revision)),
            };
            match known {
                Some(known) => {
                    found.insert((message_id, event), known);
                }
                None => {
                    missing.entry(message_id).or_default().insert(step, event);
                }
            }
        }
        let asked = missing.keys().filter(|message_id| !read.contains_key(message_id));
        let asked: Vec<Wanted> = asked.map(|&message_id| Wanted::all(message_id)).collect();
        let tails = if asked.is_empty() { Vec::new() } else { self.journal.messages(box_id, &asked).await? };
        let read = read.iter().map(|(message_id, events)| (*message_id, &events[..]));
        for (message_id, events) in read.chain(tails.iter().map(|tail| (tail.message_id, &tail.events[..]))) {
            let Some(steps) = missing.get(&message_id) else { continue };
            for (step, state) in states_after(box_id, events, steps.keys().copied()) {
                let Some(event) = steps.get(&step) else { continue };
                let key = (box_id, message_id, revision_after(step));
                self.states.past.insert(key, Arc::clone(&state));
                found.insert((message_id, *event), state);
            }
        }
        Ok(found)
    }

    /// The states of messages after some of their events, with at most one reading of the store. Places that the box does not
    /// have are left out.
    pub(crate) async fn states_as_of(
        &self,
        box_id: BoxId,
        places: &[(MessageId, Revision)],
    ) -> Result<Vec<Arc<MessageState>>, CoreError> {
        let mut found = Vec::with_capacity(places.len());
        let mut missing = Vec::new();
        for &(message_id, revision) in places {
            match self.states.past.get(&(box_id, message_id, revision)) {
                Some(state) => found.push(state),
                None => missing.push(Wanted { up_to: revision, ..Wanted::all(message_id) }),
            }
        }
        if missing.is_empty() {
            return Ok(found);
        }
        for tail in self.journal.messages(box_id, &missing).await? {
            let Some(state) = newer(box_id, None, &tail.events) else { continue };
            let key = (box_id, state.message_id, state.revision());
            self.states.past.insert(key, Arc::clone(&state));
            found.push(state);
        }
        Ok(found)
    }

    /// The state of one message.
    ///
    /// # Errors
    /// [`Missing::Message`] when the box does not have it.
    pub(crate) async fn state(
        &self,
        box_id: BoxId,
        message: MessageId,
    ) -> Result<Arc<MessageState>, CoreError> {
        self.find_state(box_id, message).await?.ok_or_else(|| Missing::Message { box_id, message }.into())
    }

    /// The state of one message, of which something is to be changed.
    ///
    /// # Errors
    /// [`Missing::ToChange`] when the box does not have it.
    pub(crate) async fn state_to_change(
        &self,
        box_id: BoxId,
        message: MessageId,
    ) -> Result<Arc<MessageState>, CoreError> {
        self.find_state(box_id, message).await?.ok_or_else(|| Missing::ToChange { box_id, message }.into())
    }

    /// What a decision stands on: the state that is known already the first time, and the newest one when others changed
    /// it meanwhile.
    ///
    /// # Errors
    /// [`Missing::ToChange`] when the box does not have it.
    pub(crate) async fn known_or_newest(
        &self,
        known: Option<Arc<MessageState>>,
        box_id: BoxId,
        message: MessageId,
    ) -> Result<Arc<MessageState>, CoreError> {
        match known {
            Some(known) => Ok(known),
            None => self.state_to_change(box_id, message).await,
        }
    }

    /// The state of one message, if the box has it.
    pub(crate) async fn find_state(
        &self,
        box_id: BoxId,
        message: MessageId,
    ) -> Result<Option<Arc<MessageState>>, CoreError> {
        Ok(self.states(box_id, &[message]).await?.remove(&message))
    }

    /// The state now, with the event that made `revision`, in one reading of the store and not of what is remembered; `None`
    /// when the message has no such event in this box.
    pub(crate) async fn state_with(
        &self,
        box_id: BoxId,
        message_id: MessageId,
        revision: Revision,
    ) -> Result<Option<(Arc<MessageState>, Event)>, CoreError> {
        let known = self.states.get(box_id, message_id);
        let after = known.as_ref().map_or(Revision(0), |state| state.revision());
        // What is not remembered is read as a whole, the event with it.
        let mut wanted = vec![Wanted::after(message_id, after)];
        if revision <= after {
            wanted.push(Wanted::only(message_id, revision));
        }
        let mut tails = self.journal.messages(box_id, &wanted).await?.into_iter();
        let Some(tail) = tails.next() else { return Ok(None) };
        let Some(state) = newer(box_id, known, &tail.events) else { return Ok(None) };
        self.states.put(&state);
        let event = match tails.next() {
            Some(mut found) => found.events.pop(),
            None => nth(tail.events, revision.0.checked_sub(after.0 + 1)),
        };
        Ok(event.map(|event| (state, event)))
    }
}

/// The state after `tail`, which follows what is known.
fn newer(box_id: BoxId, known: Option<Arc<MessageState>>, tail: &[Event]) -> Option<Arc<MessageState>> {
    match known {
        Some(mut state) => {
            if !tail.is_empty() {
                let newer = Arc::make_mut(&mut state);
                tail.iter().for_each(|event| newer.apply(event));
            }
            Some(state)
        }
        None => MessageState::replay(box_id, tail).map(Arc::new),
    }
}

fn nth(events: Vec<Event>, position: Option<u32>) -> Option<Event> {
    events.into_iter().nth(usize::try_from(position?).ok()?)
}

/// The revision of a message after its event number `step`, which counts from 0.
fn revision_after(step: usize) -> Revision {
    Revision(u32::try_from(step + 1).unwrap_or(u32::MAX))
}

/// The states right after the given steps, which rise; one replay makes them all. `events` are all events of a message.
fn states_after(
    box_id: BoxId,
    events: &[Event],
    steps: impl IntoIterator<Item = usize>,
) -> Vec<(usize, Arc<MessageState>)> {
    let mut states = Vec::new();
    let mut state: Option<MessageState> = None;
    let mut next = 0;
    for step in steps {
        for event in events.get(next..=step).unwrap_or_default() {
            match &mut state {
                Some(state) => state.apply(event),
                None => state = MessageState::open(box_id, event),
            }
        }
        next = step + 1;
        states.extend(state.clone().map(|state| (step, Arc::new(state))));
    }
    states
}
