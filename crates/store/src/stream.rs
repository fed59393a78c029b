//! Streams: what a box keeps in order. A message is one, and so is whatever else has a history of its own.

use std::fmt;

use potok_domain::Revision;
use potok_types::{BoxId, EventId, MessageId, PowerId};
use uuid::Uuid;

/// What streams of one sort tell about. The number is stored: it is never given to another kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamKind(u8);

impl StreamKind {
    /// Messages; the stream has the id of the message, and its first event too.
    pub const MESSAGE: Self = Self(1);
    /// The directory: one stream in each box, named after it, and one of users, see [`StreamId::directory`].
    pub const DIRECTORY: Self = Self(2);
    /// What another box is to the box; the stream has the id of the other box.
    pub const RELATION: Self = Self(3);
    /// The groups of the counteragents of the box; the stream has the id of the box.
    pub const GROUPS: Self = Self(4);
    /// Powers of attorney in the register, in the box zero; the stream has the registration number for its id.
    pub const POWER: Self = Self(5);
    /// What the box forwarded to another one, in order; the stream has the id of the other box.
    pub const FORWARDING: Self = Self(6);
    /// One document that another box forwarded to the box; the stream has the id of the forwarding, and its one event too.
    pub const FORWARDED: Self = Self(7);
    /// One act by which messages of the box were erased; the stream has the id of its first event.
    pub const ERASURE: Self = Self(8);

    /// The kind with this number. Stores keep streams of kinds that they have never heard of.
    pub const fn new(number: u8) -> Self {
        Self(number)
    }

    /// Its number.
    pub const fn number(self) -> u8 {
        self.0
    }
}

impl fmt::Display for StreamKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::MESSAGE => f.write_str("message"),
            Self::DIRECTORY => f.write_str("directory"),
            Self::RELATION => f.write_str("relation to box"),
            Self::GROUPS => f.write_str("groups of counteragents of box"),
            Self::POWER => f.write_str("power of attorney"),
            Self::FORWARDING => f.write_str("forwardings to box"),
            Self::FORWARDED => f.write_str("forwarded document"),
            Self::ERASURE => f.write_str("erasure"),
            Self(number) => write!(f, "stream of kind {number}"),
        }
    }
}

/// A stream of one box. The same message in another box is another stream with the same id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId {
    /// What it tells about.
    pub kind: StreamKind,
    /// Which one.
    pub id: Uuid,
}

impl StreamId {
    /// What happens to the organization of a box and its people; of the box
    /// [`USERS_BOX`](potok_domain::directory::USERS_BOX), what happens to users.
    pub const fn directory(box_id: BoxId) -> Self {
        Self { kind: StreamKind::DIRECTORY, id: box_id.uuid() }
    }

    /// What `other` is to the box.
    pub const fn relation(other: BoxId) -> Self {
        Self { kind: StreamKind::RELATION, id: other.uuid() }
    }

    /// The groups of counteragents of `box_id`.
    pub const fn groups(box_id: BoxId) -> Self {
        Self { kind: StreamKind::GROUPS, id: box_id.uuid() }
    }

    /// What the register knows of a power of attorney, in [`REGISTER_BOX`](potok_domain::powers::REGISTER_BOX).
    pub const fn power(number: PowerId) -> Self {
        Self { kind: StreamKind::POWER, id: number.uuid() }
    }

    /// What the box forwarded to `to`.
    pub const fn forwarding(to: BoxId) -> Self {
        Self { kind: StreamKind::FORWARDING, id: to.uuid() }
    }

    /// The document that came to the box by the forwarding `id`.
    pub const fn forwarded(id: EventId) -> Self {
        Self { kind: StreamKind::FORWARDED, id: id.uuid() }
    }

    /// The act of erasing that begins with the event `id`.
    pub const fn erasure(id: EventId) -> Self {
        Self { kind: StreamKind::ERASURE, id: id.uuid() }
    }

    /// The other box, if it is a relation.
    pub fn counteragent(self) -> Option<BoxId> {
        (self.kind == StreamKind::RELATION).then(|| BoxId::from_uuid(self.id))
    }

    /// The message, if it is one.
    pub fn message(self) -> Option<MessageId> {
        (self.kind == StreamKind::MESSAGE).then(|| MessageId::from_uuid(self.id))
    }
}

impl From<MessageId> for StreamId {
    fn from(id: MessageId) -> Self {
        Self { kind: StreamKind::MESSAGE, id: id.uuid() }
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.id)
    }
}

/// One event where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EventPlace {
    /// The stream that it belongs to.
    pub stream: StreamId,
    /// Which event of it.
    pub event: EventId,
}

/// Which events of a stream are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The stream.
    pub stream: StreamId,
    /// Those up to this revision are known; zero: none is.
    pub after: Revision,
    /// The last one that is wanted.
    pub up_to: Revision,
}

impl Wanted {
    /// Every event.
    pub fn all(stream: impl Into<StreamId>) -> Self {
        Self::after(stream, Revision(0))
    }

    /// What happened after `known`.
    pub fn after(stream: impl Into<StreamId>, known: Revision) -> Self {
        Self { stream: stream.into(), after: known, up_to: Revision(u32::MAX) }
    }

    /// The one event that made `revision` of the stream.
    pub fn only(stream: impl Into<StreamId>, revision: Revision) -> Self {
        Self { stream: stream.into(), after: Revision(revision.0.saturating_sub(1)), up_to: revision }
    }
}
