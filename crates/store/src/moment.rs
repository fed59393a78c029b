//! Whether what was read before is still so: for whoever remembers it.

use potok_types::BoxId;

use crate::StreamId;

/// How far a store has come, whoever changed it. Two of them are compared, and mean nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Another one after every change of what [`Tokens::session`](crate::Tokens::session) answered with an access token.
    pub sessions: i64,
    /// Another one after every transaction of a program that runs beside this one.
    pub beside: i64,
    /// Rises with the transactions of this program.
    pub own: u64,
}

/// What somebody read of a box, and remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Anything that the journal of the box says, and everything that is derived from it.
    Box(BoxId),
    /// The events of one stream of the box, and the links from and to its documents.
    Stream(BoxId, StreamId),
}

/// Tells whoever remembers something whether it is still so. Asks no disk that could be slow.
///
/// The moment has to be taken before anything is read: then what was read lacks no change that was acknowledged before the
/// moment, and what was changed since is told as changed, whether it was read or not.
pub trait Moments: Send + Sync {
    /// How far the store has come; `None` when it cannot be told now, and nothing that is remembered may be believed.
    fn moment(&self) -> Option<Moment>;

    /// Whether the part may have changed between the two moments. Says so too often where it is not known.
    fn has_changed(&self, part: Part, since: Moment, now: Moment) -> bool;
}
