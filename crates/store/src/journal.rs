//! The journal: the truth from which everything else can be rebuilt.

use async_trait::async_trait;
use bytes::Bytes;
use potok_domain::directory::{DirectoryChange, DirectoryEvent};
use potok_domain::erasure::{Erasure, ErasureEvent};
use potok_domain::feed::ConcernedDocument;
use potok_domain::forwarding::Forwarding;
use potok_domain::powers::RegisterEvent;
use potok_domain::relation::{GroupEvent, RelationEvent};
use potok_domain::rows::DocumentRow;
use potok_domain::{DocumentRef, Event, MessageType, Revision};
use potok_types::{BoxId, ContentHash, EventId, IndexKey, MessageId, Ticks};
use uuid::Uuid;

use crate::stored::{
    StoredFormError, decode_directory_event, decode_erasure_event, decode_event, encode_directory_event,
    encode_erasure_event, encode_event, encode_forwarding, encode_group_event, encode_register_event,
    encode_relation_event,
};
use crate::{
    CounteragentRow, EventPlace, LeaseToken, StoreError, StreamId, StreamKind, UserCertificate, Wanted,
};

/// One transaction of one box, all or nothing: everything that one decision writes.
///
/// It is prepared: events are in their stored form and rendered, so that a writer has bytes to write and nothing to
/// think about.
#[derive(Clone, Debug)]
pub struct Append {
    /// The box.
    pub box_id: BoxId,
    /// What happens to which streams, each named once. Their events get their keys in this order. May be empty when
    /// only a lease is settled.
    pub streams: Vec<StreamAppend>,
    /// Makes a repeat of the call return the first result.
    pub operation: Option<NewOperation>,
    /// The delivery that is done with this append.
    pub settles: Option<LeaseToken>,
}

impl Append {
    /// Writes `streams` of `box_id`.
    pub const fn new(box_id: BoxId, streams: Vec<StreamAppend>) -> Self {
        Self { box_id, streams, operation: None, settles: None }
    }

    /// Forgets a delivery of which nobody is told anything.
    pub const fn settling(lease: LeaseToken) -> Self {
        Self { box_id: lease.box_id, streams: Vec::new(), operation: None, settles: Some(lease) }
    }
}

/// What happens to one stream.
#[derive(Clone, Debug)]
pub struct StreamAppend {
    /// The stream.
    pub stream: StreamId,
    /// How many events of the stream the decision had seen.
    pub expected: Revision,
    /// In order.
    pub events: Vec<NewEvent>,
    /// The rows of the message's documents after these events. A row that is as it was costs next to nothing. A message
    /// without events has none.
    pub documents: Vec<DocumentRow>,
    /// Bytes small enough to live beside the events. Those already there are left as they are.
    pub contents: Vec<SmallContent>,
    /// Documents of this message and the existing documents that they refer to.
    pub links: Vec<(DocumentRef, DocumentRef)>,
    /// Where the other box of a relation stands in the list of counteragents after these events. A stream that is no relation
    /// has none.
    pub counteragent: Option<CounteragentRow>,
    /// Rows of the directory after these events, in a stream of [`StreamKind::DIRECTORY`](crate::StreamKind::DIRECTORY).
    pub directory: Vec<DirectoryRow>,
}

/// A row of the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryRow {
    /// What it says.
    pub change: DirectoryChange,
    /// When: a row that goes may leave behind that it was there.
    pub at: Ticks,
    /// For a user who gets one: the hash of the password, which no event holds.
    pub password_hash: Option<String>,
    /// For a user who gets one: a certificate that opens the account, which no event holds either.
    pub certificate: Option<UserCertificate>,
}

impl DirectoryRow {
    /// Whether it is the row of a user.
    pub const fn is_of_user(&self) -> bool {
        matches!(self.change, DirectoryChange::User(_))
    }
}

impl StreamAppend {
    /// Adds `events` to the directory of `box_id`, which has `expected`, with the rows that follow from them.
    pub fn of_directory(box_id: BoxId, expected: Revision, events: &[DirectoryEvent]) -> Self {
        let stream = StreamId::directory(box_id);
        let row = |event: &DirectoryEvent| DirectoryRow {
            change: event.change.clone(),
            at: event.at,
            password_hash: None,
            certificate: None,
        };
        Self {
            directory: events.iter().map(row).collect(),
            ..Self::new(
                stream,
                expected,
                events.iter().map(|it| NewEvent::of_directory(stream, it)).collect(),
            )
        }
    }

    /// Adds `events` to a stream that has `expected` events.
    pub fn new(stream: impl Into<StreamId>, expected: Revision, events: Vec<NewEvent>) -> Self {
        let stream = stream.into();
        Self {
            stream,
            expected,
            events,
            documents: Vec::new(),
            contents: Vec::new(),
            links: Vec::new(),
            directory: Vec::new(),
            counteragent: None,
        }
    }
}

/// One event, ready to be written.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// The stream that it was made for. An append to another stream refuses it.
    pub stream: StreamId,
    /// Its id; unlike any other of a message in the box. The first event of a message, and no other, has the id of the
    /// message.
    pub id: EventId,
    /// The truth, in the stored form of its kind.
    pub stored: Bytes,
    /// The same as its readers get it; for a message the `BoxEvent` in protobuf, without contents and without
    /// `IndexKey`.
    pub ready: Bytes,
    /// Its place in the feed of the box, for events of messages.
    pub feed: Option<FeedEntry>,
    /// The boxes that have to get it, in this order. The zero box is the operator.
    pub deliver_to: Vec<BoxId>,
}

impl NewEvent {
    /// An event of a relation, which the boxes of `deliver_to` have to get.
    pub fn of_relation(other: BoxId, event: &RelationEvent, deliver_to: Vec<BoxId>) -> Self {
        let stored = encode_relation_event(event).into();
        let stream = StreamId::relation(other);
        Self { stream, id: event.id, stored, ready: Bytes::new(), feed: None, deliver_to }
    }

    /// An event of the groups of `box_id`, of which nobody else learns.
    pub fn of_groups(box_id: BoxId, event: &GroupEvent) -> Self {
        let stored = encode_group_event(event).into();
        let stream = StreamId::groups(box_id);
        Self { stream, id: event.id, stored, ready: Bytes::new(), feed: None, deliver_to: Vec::new() }
    }

    /// An event of the register of powers of attorney. Its readers read what is stored.
    pub fn of_power(stream: StreamId, event: &RegisterEvent) -> Self {
        let stored = encode_register_event(event).into();
        Self { stream, id: event.id, stored, ready: Bytes::new(), feed: None, deliver_to: Vec::new() }
    }

    /// An event of a message with its ready `BoxEvent`.
    pub fn of_message(
        event: &Event,
        ready: Bytes,
        message_type: MessageType,
        concerned: Vec<ConcernedDocument>,
    ) -> Self {
        Self {
            stream: event.message_id.into(),
            id: event.id,
            stored: encode_event(event).into(),
            ready,
            feed: Some(FeedEntry { at: event.at, message_type, concerned }),
            deliver_to: Vec::new(),
        }
    }

    /// `forwarding` in the box that forwards, under an id of its own, as `id`; it has to reach the other box.
    pub fn of_forwarding(id: EventId, forwarding: &Forwarding) -> Self {
        let stream = StreamId::forwarding(forwarding.to);
        let stored = encode_forwarding(forwarding).into();
        Self { stream, id, stored, ready: Bytes::new(), feed: None, deliver_to: vec![forwarding.to] }
    }

    /// `forwarding` in the box that gets it.
    pub fn of_forwarded(forwarding: &Forwarding) -> Self {
        let stream = StreamId::forwarded(forwarding.id);
        let stored = encode_forwarding(forwarding).into();
        Self { stream, id: forwarding.id, stored, ready: Bytes::new(), feed: None, deliver_to: Vec::new() }
    }

    /// An event of an act of erasing. Its readers read what is stored.
    pub fn of_erasure(stream: StreamId, event: &ErasureEvent) -> Self {
        let stored = encode_erasure_event(event).into();
        Self { stream, id: event.id, stored, ready: Bytes::new(), feed: None, deliver_to: Vec::new() }
    }

    /// An event of a directory. Its readers read what is stored.
    pub fn of_directory(stream: StreamId, event: &DirectoryEvent) -> Self {
        Self {
            stream,
            id: event.id,
            stored: encode_directory_event(event).into(),
            ready: Bytes::new(),
            feed: None,
            deliver_to: Vec::new(),
        }
    }
}

/// What filters of the feed look at.
#[derive(Clone, Debug)]
pub struct FeedEntry {
    /// The event's own time.
    pub at: Ticks,
    /// The kind of its message.
    pub message_type: MessageType,
    /// The documents that it is about.
    pub concerned: Vec<ConcernedDocument>,
}

/// Bytes kept in the box itself.
#[derive(Clone, Debug)]
pub struct SmallContent {
    /// The name by which events refer to it: the hash of its bytes.
    pub hash: ContentHash,
    /// The content.
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

/// A call, and the event by which a repeat of it finds what it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOperation {
    /// The call.
    pub operation: Operation,
    /// What it did: an event of the same append.
    pub made: EventPlace,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    /// What became of each stream, in the order of the append.
    pub streams: Vec<AppendedStream>,
}

impl Appended {
    /// The keys of all events, in the order of the append.
    pub fn keys(&self) -> impl Iterator<Item = IndexKey> + '_ {
        self.streams.iter().flat_map(|of_stream| &of_stream.keys).copied()
    }
}

/// What was written to one stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppendedStream {
    /// The stream's revision now.
    pub revision: Revision,
    /// One key for each event.
    pub keys: Vec<IndexKey>,
}

/// Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// Somebody else appended first: load, decide and append again.
    #[error("the {stream} is at revision {}, not at the expected one", found.0)]
    Stale {
        /// The first of the streams that is not where it was expected.
        stream: StreamId,
        /// Where it is.
        found: Revision,
    },
    /// The operation was done before.
    #[error("the operation was done before, by event {} of {}", .0.event, .0.stream)]
    Repeated(EventPlace),
    /// The delivery belongs to another worker by now.
    #[error("the lease ran out")]
    LeaseLost,
    /// The message was erased: it takes no more events, and does not begin anew.
    #[error("the {0} was erased")]
    Erased(StreamId),
    /// Another user has this login, or a certificate that the user with it should get.
    #[error("the login {0:?} is taken, or its certificate")]
    LoginTaken(String),
    /// The store failed. Where the connection to it broke, the append may have been done all the same; the same append
    /// sent again finds out: it is [`Self::Stale`] then.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Some events of a message.
#[derive(Clone, Debug)]
pub struct MessageTail {
    /// The message.
    pub message_id: MessageId,
    /// The wanted ones, in order.
    pub events: Vec<Event>,
}

/// The append-only record of every box.
#[async_trait]
pub trait Journal: Send + Sync {
    /// Appends if each stream is still where `append` expects it; otherwise nothing is written at all.
    ///
    /// Index keys are given here, under the box's write order: `max(now, last + 1)`, so no reader of the feed can have
    /// passed a key that appears later. Durable when it returns.
    ///
    /// # Errors
    /// [`AppendError`]: nothing was written. [`AppendError::Repeated`] is found before [`AppendError::LeaseLost`], and
    /// that before [`AppendError::Stale`] and [`AppendError::Erased`], and those before [`AppendError::LoginTaken`]. A stream named twice, an event in a stream that it was not made for, and rows of
    /// a message that has no events, are refused as [`AppendError::Store`].
    async fn append(&self, append: Append) -> Result<Appended, AppendError>;

    /// The stored forms of the wanted events, in one reading of the store. One answer for each wish, in their order:
    /// `None` where the box has no event that is known or wanted, an empty list where nothing is new.
    async fn streams(&self, box_id: BoxId, wanted: &[Wanted]) -> Result<Vec<Option<Vec<Bytes>>>, StoreError>;

    /// How many events the stream has; zero where there is none.
    async fn revision(&self, box_id: BoxId, stream: StreamId) -> Result<Revision, StoreError>;

    /// The ids of the streams of a kind that the box has, in their order: `limit` behind `after`.
    async fn stream_ids(
        &self,
        box_id: BoxId,
        kind: StreamKind,
        after: Uuid,
        limit: usize,
    ) -> Result<Vec<Uuid>, StoreError>;

    /// The wanted events of the directory of the box.
    ///
    /// # Errors
    /// [`StoreError`], also when an event is damaged or a newer program wrote it.
    async fn directory_events(
        &self,
        box_id: BoxId,
        after: Revision,
        up_to: Revision,
    ) -> Result<Vec<DirectoryEvent>, StoreError> {
        let wanted = Wanted { stream: StreamId::directory(box_id), after, up_to };
        let found = self.streams(box_id, &[wanted]).await?;
        let events = found.into_iter().flatten().flatten().map(|stored| decode_directory_event(&stored));
        let unreadable = |error| StoreError { action: "read the directory", source: Box::new(error) };
        events.collect::<Result<_, StoredFormError>>().map_err(unreadable)
    }

    /// The act of erasing that begins with the event `act`, as far as it has come; `None` where the box has none.
    ///
    /// # Errors
    /// [`StoreError`], also when an event is damaged or a newer program wrote it.
    async fn erasure(&self, box_id: BoxId, act: EventId) -> Result<Option<Erasure>, StoreError> {
        let found = self.streams(box_id, &[Wanted::all(StreamId::erasure(act))]).await?;
        let events = found.into_iter().flatten().flatten().map(|stored| decode_erasure_event(&stored));
        let unreadable = |error| StoreError { action: "read an erasure", source: Box::new(error) };
        let events = events.collect::<Result<Vec<_>, StoredFormError>>().map_err(unreadable)?;
        Ok(Erasure::of(&events))
    }

    /// Every act of erasing of the box, oldest first.
    ///
    /// # Errors
    /// As [`Self::erasure`].
    async fn erasures(&self, box_id: BoxId) -> Result<Vec<Erasure>, StoreError> {
        const PAGE: usize = 100;
        let (mut acts, mut after) = (Vec::new(), Uuid::nil());
        loop {
            let ids = self.stream_ids(box_id, StreamKind::ERASURE, after, PAGE).await?;
            let Some(&last) = ids.last() else { break };
            for id in ids {
                acts.extend(self.erasure(box_id, EventId::from_uuid(id)).await?);
            }
            after = last;
        }
        acts.sort_by_key(|act| act.begun_at);
        Ok(acts)
    }

    /// The wanted events of messages, decoded. Messages that the box does not have are left out.
    ///
    /// # Errors
    /// [`StoreError`], also when an event is damaged or a newer program wrote it.
    async fn messages(&self, box_id: BoxId, wanted: &[Wanted]) -> Result<Vec<MessageTail>, StoreError> {
        let found = self.streams(box_id, wanted).await?;
        let tails = wanted.iter().zip(found).filter_map(|(wanted, found)| {
            let events = found?.iter().map(|stored| decode_event(stored)).collect::<Result<_, _>>();
            let message_id = MessageId::from_uuid(wanted.stream.id);
            Some(events.map(|events| MessageTail { message_id, events }))
        });
        let unreadable = |error| StoreError { action: "read messages", source: Box::new(error) };
        tails.collect::<Result<_, StoredFormError>>().map_err(unreadable)
    }

    /// The event that `operation` made in the box.
    async fn operation(&self, box_id: BoxId, operation: &Operation)
    -> Result<Option<EventPlace>, StoreError>;

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
