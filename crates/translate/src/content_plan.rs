//! Which contents of an answer carry their bytes.
//!
//! The bytes of an answer are bounded, and they are kept elsewhere. So an answer that may carry bytes is built twice by
//! the same walk: a planning pass finds out which contents fit, the caller loads them, and a filling pass puts them in.

use std::collections::{HashMap, HashSet};

use bytes::Bytes;
use potok_types::limits::INLINE_CONTENT_BYTES;
use potok_types::{ContentHash, ContentRef};

/// Which budget a content draws on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentKind {
    /// The file of a root document.
    Main,
    /// Signatures, service files, comments.
    Other,
    /// Certificates of signatures.
    Certificate,
}

/// How many bytes one answer may carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentBudget {
    /// Nothing is carried.
    Nothing,
    /// This many bytes in all.
    Shared(u64),
    /// Each kind has its own.
    Separate {
        /// For [`ContentKind::Main`].
        main: u64,
        /// For [`ContentKind::Other`].
        other: u64,
        /// For [`ContentKind::Certificate`].
        certificates: u64,
    },
}

impl ContentBudget {
    /// Of a message or an event: one sum.
    pub const MESSAGE: Self = Self::Shared(INLINE_CONTENT_BYTES);
    /// Of an answer with docflows: the API counts the main documents only, so all the rest has bounds of its own.
    pub const DOCFLOWS: Self = Self::Separate {
        main: INLINE_CONTENT_BYTES,
        other: INLINE_CONTENT_BYTES,
        certificates: INLINE_CONTENT_BYTES,
    };
}

/// Decides content by content, in the order of the walk, what still fits: a content that does not fit is skipped, and
/// the next smaller one is tried. The last byte of a budget may be used.
///
/// Both passes must ask for the same contents in the same order.
#[derive(Clone, Debug)]
pub struct ContentPlan {
    left: ContentBudget,
    planned: Vec<ContentHash>,
    known: HashSet<ContentHash>,
    loaded: HashMap<ContentHash, Bytes>,
}

impl ContentPlan {
    /// Plans and fills nothing.
    pub fn nothing() -> Self {
        Self::planning(ContentBudget::Nothing)
    }

    /// The first pass: [`Self::take`] gives nothing and remembers what fits.
    pub fn planning(budget: ContentBudget) -> Self {
        Self::filling(budget, HashMap::new())
    }

    /// The second pass: [`Self::take`] gives what fits, as far as it was loaded. `budget` is that of the first pass.
    pub fn filling(budget: ContentBudget, loaded: HashMap<ContentHash, Bytes>) -> Self {
        Self { left: budget, planned: Vec::new(), known: HashSet::new(), loaded }
    }

    /// The bytes of `content` if they are `wanted` and still fit. What is not wanted leaves the budget alone.
    pub fn take(&mut self, kind: ContentKind, content: &ContentRef, wanted: bool) -> Option<Bytes> {
        if !wanted || !self.spend(kind, content.size_bytes) {
            return None;
        }
        if self.known.insert(content.hash) {
            self.planned.push(content.hash);
        }
        self.loaded.get(&content.hash).cloned()
    }

    /// What to load for the second pass, each content once, in the order of the walk.
    pub fn hashes(&self) -> &[ContentHash] {
        &self.planned
    }

    fn spend(&mut self, kind: ContentKind, size: u64) -> bool {
        let left = match (&mut self.left, kind) {
            (ContentBudget::Nothing, _) => return false,
            (ContentBudget::Shared(left), _) => left,
            (ContentBudget::Separate { main, .. }, ContentKind::Main) => main,
            (ContentBudget::Separate { other, .. }, ContentKind::Other) => other,
            (ContentBudget::Separate { certificates, .. }, ContentKind::Certificate) => certificates,
        };
        let Some(rest) = left.checked_sub(size) else { return false };
        *left = rest;
        true
    }
}

#[cfg(test)]
mod tests;
