//! Reading and writing XML that anybody may have sent.
//!
//! No XML library is safe alone: entity bombs, deep nesting and thousands of attributes on one element cost memory or
//! quadratic time in all of them. So every document passes [`check`] or [`Document::parse`] first, which refuse what no
//! official document needs, and nothing here ever fetches, expands or includes anything.

mod encoding;
mod error;
mod malformed;
mod names;
mod piece;
mod read;
mod tree;
mod write;

pub use encoding::{Encoding, decode, in_utf8};
pub use error::{Fault, Position, XmlError};
pub(crate) use names::{Names, Number};
pub use piece::Piece;
pub(crate) use read::{Cursor, Given, Sink, Tag, is_name, is_name_character, is_space, peek, walk};
pub use read::{check, root_attribute, root_name, shorten};
pub use tree::{Attribute, Document, Element, Wanted};
pub use write::Writer;

/// What a document may be at most. Everything beyond is refused before it costs more than one pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole document as it came.
    pub bytes: usize,
    /// Elements inside each other; the root is at depth 1.
    pub depth: usize,
    /// Attributes of one element: libraries compare each with each.
    pub attributes: usize,
    /// Elements, texts, comments and instructions together.
    pub nodes: usize,
}

impl Limits {
    /// Confirmations, receipts, refusals and revocations: a few dozen elements and some signatures.
    pub const SERVICE: Self = Self { bytes: 8 << 20, depth: 64, attributes: 256, nodes: 10_000 };
    /// Powers of attorney: some people, their addresses, and a list of what they may do.
    pub const POWER: Self = Self {
        bytes: potok_types::limits::POWER_FILE_BYTES as usize,
        depth: 64,
        attributes: 256,
        nodes: 20_000,
    };
    /// Titles: as large as a document may be.
    pub const TITLE: Self = Self {
        bytes: potok_types::limits::DOCUMENT_BYTES as usize,
        depth: 64,
        attributes: 256,
        nodes: 4_000_000,
    };
}
