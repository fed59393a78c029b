//! Making read models again from the journal, message by message, beside a running server.

use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;
use potok_domain::DocumentRef;
use potok_domain::rows::DocumentRow;
use potok_types::{
    BoxId, ContentHash, DepartmentId, EntityId, EventId, IndexKey, MessageId, PowerId, RouteId, UserId,
};

use crate::{FeedEntry, StoreError};

/// What readers of one message of a box find ready, as it follows from the events of the message.
#[derive(Clone, Debug)]
pub struct Derived {
    /// The message.
    pub message_id: MessageId,
    /// Each event, in order.
    pub events: Vec<DerivedEvent>,
    /// The rows of its documents after the last event.
    pub documents: Vec<DocumentRow>,
    /// Pairs (document, its base) that its events name.
    pub links: Vec<(DocumentRef, DocumentRef)>,
}

/// What follows from one event and those before it.
#[derive(Clone, Debug)]
pub struct DerivedEvent {
    /// The event.
    pub id: EventId,
    /// The ready bytes, see [`crate::NewEvent::ready`].
    pub ready: Bytes,
    /// What filters of the feed look at.
    pub feed: FeedEntry,
}

/// Something kept that does not follow from the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// The ready bytes of an event.
    Ready(EventId),
    /// The place of an event in the feed: its time, its kind of message, its documents; or it has none.
    Feed(EventId),
    /// The row of a document is another one, is missing, or is one of no document.
    Document(EntityId),
    /// The words or tags by which a document is found.
    Words(EntityId),
    /// A link from this document to its base is missing.
    Link(DocumentRef),
    /// The running totals at a key of the feed, or a row there that belongs to no event.
    Totals(IndexKey),
    /// The name of a large content that an event has is not noted, though the event is.
    ContentName(ContentHash),
    /// More events are said to be noted than there are.
    ContentPlace,
    /// The organization of the box is not what the directory says.
    Organization,
    /// A department is not what the directory says.
    Department(DepartmentId),
    /// An employee is not what the directory says.
    Employee(UserId),
    /// A route of approval is not what the directory says.
    Route(RouteId),
    /// A power of attorney that an employee has at hand.
    EmployeePower(UserId, PowerId),
    /// A user is not what the directory says.
    User(UserId),
    /// Where this box stands in the list of counteragents, or whether it does.
    Counteragent(BoxId),
    /// Something is kept that nothing in the journal accounts for.
    Stray(StrayKind),
}

/// What a stray row is one of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StrayKind {
    /// The row of a document whose message the box does not have.
    Document,
    /// The list of the words of a document that is not there.
    Words,
    /// A word under which a document is found that is not there, or does not have it.
    Token,
    /// A tag of a document that is not there.
    Tag,
    /// Who was asked about a document that is not there.
    Asked,
    /// What filters of the feed see of events that are not there.
    FeedProfile,
    /// What documents have in common, under another name than its own, or in a box without documents.
    DocumentProfile,
    /// A link that no document accounts for.
    Link,
}

/// A row that nothing in the journal accounts for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stray {
    /// What it is.
    pub kind: StrayKind,
    /// What it belongs to is not there at all, so that no reader ever gets to it and its number may be given anew: it has
    /// to go before anything else is put right. Others are judged by rows that may be wrong themselves, and go last.
    pub is_orphan: bool,
    /// Names the row to the store that found it, and means nothing elsewhere.
    pub key: Vec<KeyPart>,
}

/// A link between documents, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptLink {
    /// The document that refers and its base; `None` where what is kept names no documents.
    pub link: Option<(DocumentRef, DocumentRef)>,
    /// As in [`Stray::key`].
    pub key: Vec<KeyPart>,
}

/// A part of the key of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyPart {
    /// A number.
    Number(i64),
    /// A text.
    Text(String),
    /// An id or a digest.
    Bytes(Vec<u8>),
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ready(event) => write!(f, "the ready bytes of event {event}"),
            Self::Feed(event) => write!(f, "the place of event {event} in the feed"),
            Self::Document(id) => write!(f, "the row of document {id}"),
            Self::Words(id) => write!(f, "the words and tags of document {id}"),
            Self::Link(document) => {
                write!(f, "a link of document {} of message {}", document.entity_id, document.message_id)
            }
            Self::Totals(key) => write!(f, "the running totals of the feed at {key}"),
            Self::ContentName(hash) => write!(f, "the name of content {hash}"),
            Self::ContentPlace => f.write_str("the place up to which names of contents are noted"),
            Self::Organization => f.write_str("the organization of the box"),
            Self::Department(id) => write!(f, "department {id}"),
            Self::Employee(user) => write!(f, "employee {user}"),
            Self::Route(id) => write!(f, "route of approval {id}"),
            Self::EmployeePower(user, number) => write!(f, "power of attorney {number} of user {user}"),
            Self::User(id) => write!(f, "user {id}"),
            Self::Counteragent(other) => write!(f, "the place of box {other} in the list of counteragents"),
            Self::Stray(kind) => write!(f, "{kind}"),
        }
    }
}

impl fmt::Display for StrayKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Document => "the row of a document of no message",
            Self::Words => "the words of a document that is not there",
            Self::Token => "a word under which a document is found that is not there or does not have it",
            Self::Tag => "a tag of a document that is not there",
            Self::Asked => "somebody who was asked about a document that is not there",
            Self::FeedProfile => "a profile of the feed that no event has",
            Self::DocumentProfile => "a profile of documents that is not what its digest says",
            Self::Link => "a link that no document accounts for",
        })
    }
}

/// What a comparison found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compared {
    /// What differed.
    Differences(Vec<Difference>),
    /// The message has other events than those that were looked at: somebody appended. Nothing was compared or written.
    Moved,
}

/// Where a rebuild stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RebuildPlace {
    /// The box at hand.
    pub box_id: BoxId,
    /// Its last message that is done.
    pub message_id: MessageId,
    /// Messages done so far, over all boxes.
    pub messages: u64,
    /// Differences put right so far.
    pub differences: u64,
}

/// Read models, to be compared with the journal and made again from it. Each call that writes is one small transaction
/// of one box.
#[async_trait]
pub trait ReadModels: Send + Sync {
    /// The first box behind `after` that has events, or of which anything is kept for readers.
    async fn next_box(&self, after: Option<BoxId>) -> Result<Option<BoxId>, StoreError>;
    /// Messages of the box behind `after`, in the order of their ids.
    async fn messages_behind(
        &self,
        box_id: BoxId,
        after: Option<MessageId>,
        limit: usize,
    ) -> Result<Vec<MessageId>, StoreError>;
    /// How many messages all boxes have.
    async fn count_messages(&self) -> Result<u64, StoreError>;

    /// What is kept of the message and does not follow from its events.
    async fn compare(&self, box_id: BoxId, derived: &Derived) -> Result<Compared, StoreError>;
    /// The same, put right, but for places in the feed: see [`Self::put_feed_right`].
    async fn put_right(&self, box_id: BoxId, derived: &Derived) -> Result<Compared, StoreError>;
    /// The running totals of the feed that are not what its rows add up to.
    async fn compare_feed(&self, box_id: BoxId) -> Result<Vec<Difference>, StoreError>;
    /// Gives `entries` their places, and adds up the totals of the whole feed again. What differed of the totals.
    async fn put_feed_right(
        &self,
        box_id: BoxId,
        entries: &[(EventId, FeedEntry)],
    ) -> Result<Vec<Difference>, StoreError>;

    /// Places in the list of counteragents that are not what the last event of the relation says, of boxes behind `after`, some
    /// at a time; with the box after which to go on, `None` at the end. Put right if asked.
    async fn compare_counteragents(
        &self,
        box_id: BoxId,
        after: Option<BoxId>,
        is_put_right: bool,
    ) -> Result<(Vec<Difference>, Option<BoxId>), StoreError>;

    /// Rows that nothing in the journal accounts for, in no order; links have [`Self::links_behind`]. Where there are very
    /// many, some of them: after their removal the others are found. `None` asks for rows that are not kept by box.
    async fn strays(&self, box_id: Option<BoxId>) -> Result<Vec<Stray>, StoreError>;
    /// Links of the box behind one, in an order of the store.
    async fn links_behind(
        &self,
        box_id: BoxId,
        after: Option<&KeptLink>,
        limit: usize,
    ) -> Result<Vec<KeptLink>, StoreError>;
    /// Takes `strays` away, all of them found by [`Self::strays`] with the same `box_id`, or links of it; but for those
    /// that something accounts for by now.
    async fn remove_strays(&self, box_id: Option<BoxId>, strays: &[Stray]) -> Result<(), StoreError>;

    /// Where a rebuild was left; `None` when the last one came to its end.
    async fn rebuild_place(&self) -> Result<Option<RebuildPlace>, StoreError>;
    /// Remembers where a rebuild stands, or that it came to its end.
    async fn put_rebuild_place(&self, place: Option<RebuildPlace>) -> Result<(), StoreError>;
}
