//! Whether a box holds together: for whoever has just put a copy in its place.

use std::fmt;

use async_trait::async_trait;
use potok_domain::Revision;
use potok_domain::erasure::Erasure;
use potok_types::{BoxId, ContentHash, ContentRef, EventId, IndexKey};

use crate::{StoreError, StreamId};

/// Something of a box that is not there, or not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// A stream lacks some of its events.
    Stream {
        /// The stream that lacks them.
        stream: StreamId,
        /// How many there are.
        events: u64,
        /// How many there were.
        revision: Revision,
    },
    /// The feed lacks something before this place.
    Feed(IndexKey),
    /// An event of a message is not in the feed.
    NotInFeed(EventId),
    /// An event cannot be read.
    Event(EventId),
    /// Bytes that live beside the events are not those of their name.
    SmallContent(ContentHash),
    /// A message was erased and no act says so, or what is left of it is not what an act says.
    Erased(StreamId),
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stream { stream, events, revision } => {
                write!(f, "the {stream} has {events} events of {}", revision.0)
            }
            Self::Feed(key) => write!(f, "the feed lacks something before {key}"),
            Self::NotInFeed(event) => write!(f, "event {event} is not in the feed"),
            Self::Event(event) => write!(f, "event {event} cannot be read"),
            Self::SmallContent(hash) => write!(f, "content {hash} is damaged"),
            Self::Erased(stream) => {
                write!(f, "what is left of the {stream} is not what an act of erasing says of it")
            }
        }
    }
}

/// What an event of a journal counts by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventMark {
    /// Its stream.
    pub stream: StreamId,
    /// The revision of the stream that it made.
    pub revision: Revision,
    /// Its id.
    pub event: EventId,
    /// Its place in the box.
    pub key: IndexKey,
    /// The digest of its stored form.
    pub stored: ContentHash,
}

/// What some events of a box showed.
#[derive(Clone, Debug, Default)]
pub struct EventsPage {
    /// What is wrong.
    pub gaps: Vec<Gap>,
    /// Contents that the events name and that do not live beside them, each once in the page.
    pub large: Vec<ContentRef>,
    /// Each event, in the order in which they were written.
    pub marks: Vec<EventMark>,
    /// The key behind which to go on; `None` at the end.
    pub next: Option<i64>,
}

/// What of a box was erased.
#[derive(Clone, Debug, Default)]
pub struct Erased {
    /// By which acts, oldest first.
    pub acts: Vec<Erasure>,
    /// What is gone otherwise than they say.
    pub gaps: Vec<Gap>,
}

/// What some contents beside the events of a box showed.
#[derive(Clone, Debug, Default)]
pub struct ContentsPage {
    /// Those that are damaged.
    pub gaps: Vec<Gap>,
    /// Where to go on; `None` at the end.
    pub next: Option<ContentHash>,
}

/// Looks through a store, some rows at a time, and changes nothing.
#[async_trait]
pub trait Continuity: Send + Sync {
    /// What is missing in the streams and in the feed of the box: of the feed the first few hundred.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn gaps(&self, box_id: BoxId) -> Result<Vec<Gap>, StoreError>;

    /// Acts by which messages of the box were erased, and whether what is left of those is what they say. It is among the
    /// [`Self::gaps`] too.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn erased(&self, box_id: BoxId) -> Result<Erased, StoreError>;

    /// Reads events of the box behind a key, in the order in which they were written; 0 is before the first. An event of a message
    /// is found by its place in the feed: one that has none is among the [`Self::gaps`]. Of what was erased the marks are there.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn events(&self, box_id: BoxId, after: i64) -> Result<EventsPage, StoreError>;

    /// Reads contents beside the events of the box behind one.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn small_contents(
        &self,
        box_id: BoxId,
        after: Option<ContentHash>,
    ) -> Result<ContentsPage, StoreError>;
}
