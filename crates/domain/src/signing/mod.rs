//! Signing with keys that the server holds for people: what waits for a word of the holder, and what came of it.
//!
//! A key signs nothing before its holder has said so on another way than the one on which the call came: by a code, or before
//! the administrator. Only keys of programs, which nobody watches, are excepted.

mod begin;
mod key;
mod told;
mod word;

#[cfg(test)]
mod tests;

use bytes::Bytes;
use potok_types::{BoxId, EntityId, MessageId, TaskId, Ticks, UserId};

pub use key::{HeldKey, KeyName, KeyPlace};
pub use told::{DssResult, DssStatus, MadeSignature, SignedReceipts};
pub use word::{SigningRefusal, Tried};

/// How long a signing waits for the holder's word.
pub const PATIENCE_SECONDS: i64 = 600;
/// Wrong codes after which no code is right any more.
pub const TRIES: u8 = 5;

/// SHA-256 of a code.
pub type CodeHash = [u8; 32];

/// Something to be signed by a key of a user, from the call to the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signing {
    /// Its id.
    pub id: TaskId,
    /// Whose key it is, and who alone may ask for the result.
    pub user: UserId,
    /// When it was asked for.
    pub started_at: Ticks,
    /// Which key.
    pub key: KeyName,
    /// What is signed.
    pub work: Work,
    /// How far it is.
    pub stage: Stage,
    /// Rises by one with each change.
    pub revision: u32,
}

/// What is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Work {
    /// Files, in order.
    Files {
        /// For which program.
        way: Way,
        /// The files.
        files: Vec<FileToSign>,
    },
    /// Receipts that a box owes, which are made, signed and posted.
    Receipts {
        /// The box.
        box_id: BoxId,
        /// What is received, in order.
        targets: Vec<(MessageId, EntityId)>,
        /// Where the next batch begins; empty behind the last one.
        next: String,
    },
}

/// By which methods files are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// `DssSign`: the holder confirms somewhere else.
    Dss {
        /// The box in which it was asked for.
        box_id: BoxId,
        /// Where it is confirmed.
        confirmed: Confirmed,
    },
    /// `CloudSign`: the program sends the code that the holder was told.
    Cloud,
}

/// Where a signing of `DssSign` is confirmed, as programs are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmed {
    /// Nowhere: nobody watches the key.
    Nowhere,
    /// Before the administrator.
    Elsewhere,
    /// The same, for a key that was named by whom it belongs to, as `GosKeySign` does.
    ByHolder,
}

/// A file to sign. Its bytes are not kept: a signature is over their digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileToSign {
    /// Its name, for people.
    pub name: Option<String>,
    /// The digest by the algorithm of the key.
    pub digest: Vec<u8>,
}

/// How far a signing is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It waits for the holder's word.
    Waiting {
        /// Until then.
        until: Ticks,
        /// The code that the holder was told, as its hash.
        code: Option<CodeHash>,
        /// Wrong codes so far.
        tries: u8,
    },
    /// A worker may do it.
    Ready {
        /// The program wants the signatures on the shelf of the user.
        on_shelf: bool,
    },
    /// It is done.
    Done(Done),
    /// The holder refused.
    Cancelled,
    /// The holder has something else to confirm first.
    Occupied,
    /// It cannot be done.
    Crashed {
        /// Why, for people.
        reason: String,
    },
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// The signature of each file, in DER; `None` for those that could not be signed.
    Signatures(Vec<Option<Bytes>>),
    /// Where the signature of each file lies on the shelf of the user.
    OnShelf(Vec<String>),
    /// So many receipts were posted.
    Receipts(u64),
}

/// What a signing looks like at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing<'a> {
    /// It waits for the holder's word; the holder has been told a code, or has not.
    Waiting {
        /// The code was told.
        has_code: bool,
    },
    /// The word did not come in time, or too many wrong codes did.
    Expired,
    /// It is going to be done.
    Running,
    /// It is done.
    Done(&'a Done),
    /// The holder refused.
    Cancelled,
    /// The holder has something else to confirm first.
    Occupied,
    /// It cannot be done.
    Crashed(&'a str),
}

impl Signing {
    /// What it looks like at `now`.
    pub fn standing(&self, now: Ticks) -> Standing<'_> {
        match &self.stage {
            Stage::Waiting { until, tries, .. } if now >= *until || *tries >= TRIES => Standing::Expired,
            Stage::Waiting { code, .. } => Standing::Waiting { has_code: code.is_some() },
            Stage::Ready { .. } => Standing::Running,
            Stage::Done(done) => Standing::Done(done),
            Stage::Cancelled => Standing::Cancelled,
            Stage::Occupied => Standing::Occupied,
            Stage::Crashed { reason } => Standing::Crashed(reason),
        }
    }

    /// It waits for the word of its holder.
    pub fn is_waiting(&self, now: Ticks) -> bool {
        matches!(self.standing(now), Standing::Waiting { .. })
    }

    /// The box in which it was asked for; none for a call of a user.
    pub const fn box_id(&self) -> Option<BoxId> {
        match &self.work {
            Work::Files { way: Way::Dss { box_id, .. }, .. } | Work::Receipts { box_id, .. } => Some(*box_id),
            Work::Files { way: Way::Cloud, .. } => None,
        }
    }

    /// The program that asked has the code from the holder.
    pub const fn is_by_code(&self) -> bool {
        matches!(self.work, Work::Files { way: Way::Cloud, .. })
    }

    fn at(&self, stage: Stage) -> Self {
        Self { stage, revision: self.revision + 1, ..self.clone() }
    }
}
