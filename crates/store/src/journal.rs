//! The journal: the truth from which everything else can be rebuilt.

use async_trait::async_trait;
use bytes::Bytes;
use potok_domain::feed::ConcernedDocument;
use potok_domain::rows::DocumentRow;
use potok_domain::{DocumentRef, Event, MessageType, Revision};
use potok_types::{BoxId, ContentHash, EventId, IndexKey, MessageId};

use crate::{LeaseToken, NewDelivery, StoreError};

/// Everything one decision writes, all or nothing, to one box.
#[derive(Clone, Debug)]
pub struct Append {
    /// The box.
    pub box_id: BoxId,
    /// The message.
    pub message_id: MessageId,
    /// How many events of the message the decision had seen.
    pub expected: Revision,
    /// In order; may be empty when only a lease is settled.
    pub events: Vec<NewEvent>,
    /// The rows of the message's documents after these events. A row that is as it was costs next to nothing.
    pub documents: Vec<DocumentRow>,
    /// What has to reach other boxes.
    pub deliveries: Vec<NewDelivery>,
    /// Bytes small enough to live beside the events. Those already there are left as they are.
    pub contents: Vec<SmallContent>,
    /// Documents of this message and the existing documents that they refer to.
    pub links: Vec<(DocumentRef, DocumentRef)>,
    /// Makes a repeat of the call return the first result.
    pub operation: Option<Operation>,
    /// The delivery that is done with this append.
    pub settles: Option<LeaseToken>,
}

/// One event with its read models.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// The truth.
    pub event: Event,
    /// The kind of its message, for the feed's filters.
    pub message_type: MessageType,
    /// The ready `BoxEvent` in protobuf, without contents and without `IndexKey`.
    pub box_event: Bytes,
    /// The documents that the event is about, for the feed's filters.
    pub concerned: Vec<ConcernedDocument>,
}

/// Bytes kept in the box itself.
#[derive(Clone, Debug)]
pub struct SmallContent {
    /// Their name.
    pub hash: ContentHash,
    /// They.
    pub bytes: Bytes,
}

/// One call that must not be done twice.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Operation {
    /// The method's name without its version.
    pub method: &'static str,
    /// The caller's id, lower case, or the hash of the body.
    pub id: String,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The message's revision now.
    pub revision: Revision,
    /// One key for each event.
    pub keys: Vec<IndexKey>,
}

/// Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// Somebody else appended first: load, decide and append again.
    #[error("the message is at revision {}, not at the expected one", found.0)]
    Stale {
        /// Where it is.
        found: Revision,
    },
    /// The operation was done before.
    #[error("the operation was done before, by event {event} of message {message_id}")]
    Repeated {
        /// The message that it made or changed.
        message_id: MessageId,
        /// Its first event.
        event: EventId,
    },
    /// The delivery belongs to another worker by now.
    #[error("the lease ran out")]
    LeaseLost,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Which events of a message are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The message.
    pub message_id: MessageId,
    /// The events up to this revision are known; zero wants all.
    pub known: Revision,
}

/// The events of a message after the known ones.
#[derive(Clone, Debug)]
pub struct MessageTail {
    /// The message.
    pub message_id: MessageId,
    /// In order.
    pub events: Vec<Event>,
}

/// The append-only record of every box.
#[async_trait]
pub trait Journal: Send + Sync {
    /// Appends if the message is still at `append.expected`; otherwise nothing is written.
    ///
    /// Index keys are given here, under the box's write order: `max(now, last + 1)`, so no reader of the feed can have
    /// passed a key that appears later. Durable when it returns.
    ///
    /// # Errors
    /// [`AppendError`]: nothing was written. [`AppendError::Repeated`] is found before [`AppendError::Stale`].
    async fn append(&self, append: Append) -> Result<Appended, AppendError>;

    /// The events of many messages of one box, in one reading of the store. Messages that the box does not have are
    /// left out; a message with nothing new is there with an empty list.
    async fn messages(&self, box_id: BoxId, wanted: &[Wanted]) -> Result<Vec<MessageTail>, StoreError>;

    /// The event that `operation` made in the box, with its message.
    async fn operation(
        &self,
        box_id: BoxId,
        operation: &Operation,
    ) -> Result<Option<(MessageId, EventId)>, StoreError>;

    /// Pairs (base, referrer) for every document of the box that refers to one of `bases`, oldest first.
    async fn referrers(
        &self,
        box_id: BoxId,
        bases: &[DocumentRef],
    ) -> Result<Vec<(DocumentRef, DocumentRef)>, StoreError>;

    /// The bytes kept in the box under `hashes`; what is not there is left out.
    async fn small_contents(
        &self,
        box_id: BoxId,
        hashes: &[ContentHash],
    ) -> Result<Vec<SmallContent>, StoreError>;
}
