//! Erasing what a box has kept for as long as it has to: an act of an administrator, and what it came to.
//!
//! An act is a stream of the box. Its first event says who wants what erased and why, each later one names the messages that went
//! with it in the same transaction, and the last one says that nothing is left to do. So an act that was broken off is gone on with, and
//! of what is gone it can be told for ever by whom.

use potok_types::{ContentHash, EventId, IndexKey, MessageId, Ticks};

use crate::docflow::docflow;
use crate::{EntityState, MessageState, MessageType, Revision};

/// What is to be erased, and who answers for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasureOrder {
    /// Messages that have no event of this time or later.
    pub before: Ticks,
    /// Also those in which somebody has yet to act.
    pub with_unfinished: bool,
    /// Who wants it, in words: up to 200 characters.
    pub by: String,
    /// Why, in words: up to 500 characters.
    pub reason: String,
}

/// One step of an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasureEvent {
    /// Its id.
    pub id: EventId,
    /// When it was written, by the clock of the server.
    pub at: Ticks,
    /// What it was.
    pub change: ErasureChange,
}

/// What a step was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErasureChange {
    /// It was begun.
    Begun(ErasureOrder),
    /// These messages went, with this event.
    Erased(Vec<ErasedMessage>),
    /// There is nothing left to do.
    Ended {
        /// Contents that nothing of the box names any more and that it forgot after the messages, in the run that ended the act.
        contents: u64,
    },
}

/// A message that went, all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErasedMessage {
    /// Which one.
    pub message_id: MessageId,
    /// How many events it had.
    pub events: u32,
    /// The key of the last of them.
    pub last: IndexKey,
    /// Of what is left of each event: its place, its id and the digest of its stored form.
    pub digest: ContentHash,
}

/// An act, as far as it has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// Its first event, which names the stream too.
    pub id: EventId,
    /// When it was begun.
    pub begun_at: Ticks,
    /// What was to be erased.
    pub order: ErasureOrder,
    /// Messages that went so far.
    pub messages: u64,
    /// Their events.
    pub events: u64,
    /// The key of the last event that went.
    pub up_to: Option<IndexKey>,
    /// When it was ended, and how many contents went.
    pub ended: Option<(Ticks, u64)>,
    /// How many events the act itself has.
    pub revision: Revision,
}

impl Erasure {
    /// The act that `events` tell of; `None` where they do not begin with its order.
    pub fn of(events: &[ErasureEvent]) -> Option<Self> {
        let (first, rest) = events.split_first()?;
        let ErasureChange::Begun(order) = &first.change else { return None };
        let mut act = Self::begun(first.id, first.at, order.clone());
        rest.iter().for_each(|event| act.apply(event));
        Some(act)
    }

    /// An act of which nothing is done yet.
    pub const fn begun(id: EventId, begun_at: Ticks, order: ErasureOrder) -> Self {
        let revision = Revision(1);
        Self { id, begun_at, order, messages: 0, events: 0, up_to: None, ended: None, revision }
    }

    fn apply(&mut self, event: &ErasureEvent) {
        self.revision.0 += 1;
        match &event.change {
            ErasureChange::Begun(_) => {}
            ErasureChange::Erased(messages) => {
                for message in messages {
                    self.messages += 1;
                    self.events += u64::from(message.events);
                    self.up_to = self.up_to.max(Some(message.last));
                }
            }
            ErasureChange::Ended { contents } => self.ended = Some((event.at, *contents)),
        }
    }
}

/// Why a message is not erased, however old it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// Somebody has yet to act; or it is a draft or a template that nobody has thrown away.
    Unfinished,
    /// A document of it was forwarded to a box that reads it here.
    Forwarded,
}

/// What speaks against erasing the message. A document that was deleted in the box waits for nobody.
pub fn held(state: &MessageState) -> Option<Held> {
    let is_forwarded =
        |found: &EntityState| found.document.as_ref().is_some_and(|it| !it.forwards.is_empty());
    if state.documents().any(|(found, _)| is_forwarded(found)) {
        return Some(Held::Forwarded);
    }
    let is_over = |found: &EntityState| {
        let is_finished = || docflow(state, found.entity.id).is_some_and(|flow| flow.is_finished);
        found.document.as_ref().is_some_and(|it| it.is_deleted)
            || state.message_type == MessageType::Letter && is_finished()
    };
    let is_finished = state.is_recycled || state.documents().all(|(found, _)| is_over(found));
    (!is_finished).then_some(Held::Unfinished)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_is_what_its_events_say() {
        let at = Ticks::new;
        let event = |n: u128, change: ErasureChange| ErasureEvent {
            id: EventId::from_uuid(uuid::Uuid::from_u128(n)),
            at: at(n as i64),
            change,
        };
        let order = ErasureOrder {
            before: at(1),
            with_unfinished: false,
            by: "А".to_owned(),
            reason: "Б".to_owned(),
        };
        let erased = |n: u128, events: u32, last: i64| ErasedMessage {
            message_id: MessageId::from_uuid(uuid::Uuid::from_u128(n)),
            events,
            last: IndexKey::new(last),
            digest: ContentHash::of(b""),
        };
        let told = [
            event(10, ErasureChange::Begun(order.clone())),
            event(11, ErasureChange::Erased(vec![erased(1, 3, 7), erased(2, 1, 9)])),
            event(12, ErasureChange::Erased(vec![erased(3, 2, 8)])),
            event(13, ErasureChange::Ended { contents: 5 }),
        ];
        let act = Erasure::of(&told).expect("it begins with its order");
        assert_eq!((act.messages, act.events, act.up_to), (3, 6, Some(IndexKey::new(9))));
        assert_eq!((act.ended, act.revision, act.order), (Some((at(13), 5)), Revision(4), order));
        assert_eq!(Erasure::of(&told[..3]).and_then(|act| act.ended), None);
        assert_eq!(Erasure::of(&told[1..]), None);
        assert_eq!(Erasure::of(&[]), None);
    }
}
