//! Documents with the state of their exchange.

use potok_types::{DepartmentId, EventId, IndexKey};

use super::feed::{FeedFilter, FeedOrder};
use crate::DocumentRef;

/// One document asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocflowRequest {
    /// Which document.
    pub document: DocumentRef,
    /// As it was after this event of its message; `None` is now.
    pub last_event: Option<EventId>,
    /// Its contents are wanted too.
    pub inject_content: bool,
}

/// Where an event of one document stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocflowEventPlace {
    /// The event's place in the feed of the box.
    pub key: IndexKey,
    /// The document's place among those that the event is about, from 0.
    pub ordinal: u32,
}

impl DocflowEventPlace {
    /// As clients carry it.
    pub fn to_bytes(self) -> [u8; 12] {
        let mut bytes = [0; 12];
        bytes[..8].copy_from_slice(&self.key.to_bytes());
        bytes[8..].copy_from_slice(&self.ordinal.to_be_bytes());
        bytes
    }

    /// What [`Self::to_bytes`] gave; `None` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (key, ordinal) = bytes.split_first_chunk::<8>()?;
        let ordinal = u32::from_be_bytes(ordinal.try_into().ok()?);
        Some(Self { key: IndexKey::new(i64::from_be_bytes(*key)), ordinal })
    }
}

/// A page to read.
#[derive(Clone, Debug)]
pub struct DocflowEventsRequest {
    /// Exclusive start in the chosen direction.
    pub after: Option<DocflowEventPlace>,
    /// Which way.
    pub order: FeedOrder,
    /// 1…100.
    pub limit: i32,
    /// Filters; `within` is set here.
    pub filter: FeedFilter,
    /// Documents that lay in this department or below it. Those who do not see all documents have to name one.
    pub department: Option<DepartmentId>,
    /// Return the document right after the event.
    pub with_documents: bool,
    /// Return the document right after the event before this one that was about it.
    pub with_previous: bool,
}

/// Among which documents to search.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SearchScope {
    /// Those that are not deleted.
    #[default]
    Any,
    /// Received ones that are not deleted.
    Incoming,
    /// Sent ones that are not deleted, and those to be sent.
    Outgoing,
    /// Deleted ones.
    Deleted,
    /// Those inside the organization that are not deleted.
    Internal,
}

/// A search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchRequest {
    /// Words, of which at least one has to be found; or `key: value` lines, all of which have to be tags.
    pub text: String,
    /// Among which documents.
    pub scope: SearchScope,
    /// How many found documents to leave out at the start.
    pub first_index: i32,
    /// 1…100.
    pub count: i32,
}
