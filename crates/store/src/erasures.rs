//! Erasing messages of a box. What is left of each event is its place, its id and the digest of its stored form, so that the
//! chain of the journal is what it was.

use async_trait::async_trait;
use potok_domain::Revision;
use potok_domain::erasure::ErasedMessage;
use potok_types::{BoxId, ContentHash, EventId, IndexKey, MessageId, Ticks};

use crate::{AppendError, StoreError, StreamId};

/// A message that has no event of some time or later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erasable {
    /// Which one.
    pub message_id: MessageId,
    /// How many events it has.
    pub revision: Revision,
    /// The key of the last of them.
    pub last: IndexKey,
    /// One of them has yet to be delivered: it is not erased before that.
    pub is_to_be_delivered: bool,
}

/// One event of an act, to be written with what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErasureStep {
    /// The box.
    pub box_id: BoxId,
    /// The act, by its first event.
    pub act: EventId,
    /// How many events the act has.
    pub expected: Revision,
    /// The id of the new one.
    pub event: EventId,
    /// Its time.
    pub at: Ticks,
}

impl ErasureStep {
    /// The stream of the act.
    pub const fn stream(&self) -> StreamId {
        StreamId::erasure(self.act)
    }
}

/// What was done about contents that erased messages named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SettledContents {
    /// How many were looked at; none when there are no more.
    pub seen: u64,
    /// How many lived beside the events and are gone.
    pub small: u64,
    /// Those that live elsewhere, and that this box does not name any more. Others may.
    pub large: Vec<ContentHash>,
}

/// What is left of an event that was erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tombstone {
    /// Which event of its message, from 1.
    pub revision: Revision,
    /// Its id.
    pub event: EventId,
    /// Its place in the box.
    pub key: IndexKey,
    /// The digest of its stored form.
    pub stored: ContentHash,
}

impl Tombstone {
    /// The digest of what is left of a message, by which an act names it: all of its events, in their order.
    pub fn digest(all: &[Self]) -> ContentHash {
        let mut bytes = b"potok erased 1".to_vec();
        for Self { revision, event, key, stored } in all {
            bytes.extend_from_slice(&revision.0.to_be_bytes());
            bytes.extend_from_slice(event.as_bytes());
            bytes.extend_from_slice(&key.get().to_be_bytes());
            bytes.extend_from_slice(stored.as_bytes());
        }
        ContentHash::of(&bytes)
    }
}

/// Messages that go. An act is a stream of its own ([`StreamKind::ERASURE`](crate::StreamKind::ERASURE)), which is begun by an
/// append; each call that writes is one transaction.
#[async_trait]
pub trait Erasures: Send + Sync {
    /// Messages of the box that have no event of `before` or later, in the order of their last events: `limit` behind `after`.
    async fn erasable(
        &self,
        box_id: BoxId,
        after: IndexKey,
        before: Ticks,
        limit: usize,
    ) -> Result<Vec<Erasable>, StoreError>;

    /// Takes those of `messages` away that have as many events as is said here and nothing to deliver, with everything that is kept
    /// of them for readers, and writes which ones that were as the next event of the act; nothing where none is left. Which
    /// contents they named is noted for [`Self::settle_contents`].
    ///
    /// Until the act is ended, running totals count the events that went, and links and operations still name them.
    ///
    /// # Errors
    /// [`AppendError::Stale`] when the act has another number of events; nothing was written then.
    async fn erase(
        &self,
        step: ErasureStep,
        messages: &[(MessageId, Revision)],
    ) -> Result<Vec<ErasedMessage>, AppendError>;

    /// Looks at up to `limit` contents that erased messages of the box named, and takes those away that no other event of the box
    /// names: the bytes where they live beside the events, else the note that the box names them.
    async fn settle_contents(&self, box_id: BoxId, limit: usize) -> Result<SettledContents, StoreError>;

    /// Ends an act: adds up the totals of the feed again, and takes away what nothing is left for: links, operations, profiles.
    ///
    /// # Errors
    /// [`AppendError::Stale`] when the act has another number of events.
    async fn end_erasure(&self, step: ErasureStep, contents: u64) -> Result<(), AppendError>;
}
