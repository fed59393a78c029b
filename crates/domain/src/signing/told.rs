//! What programs are told of signing.

use bytes::Bytes;

use super::Confirmed;

/// What `DssSign` has come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DssResult {
    /// How far it is.
    pub status: DssStatus,
    /// Where it is confirmed.
    pub confirmed: Confirmed,
}

/// How far `DssSign` is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DssStatus {
    /// It waits, or is being done.
    InProgress,
    /// It is done: the signature of each file, or none.
    Completed(Vec<Option<Bytes>>),
    /// The holder refused.
    Cancelled,
    /// The holder said nothing in time.
    Timeout,
    /// It cannot be done.
    Crashed,
    /// The holder has something else to confirm first.
    Occupied,
}

/// A signature that `CloudSign` made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MadeSignature {
    /// Its bytes.
    Inline(Bytes),
    /// Its name on the shelf.
    OnShelf(String),
}

/// What `AutoSignReceipts` has done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedReceipts {
    /// So many receipts were posted.
    pub count: u64,
    /// Where the next batch begins; empty behind the last one.
    pub next: String,
}
