//! The data of a program, before a title is made of them.

use potok_fns::xml::{self, Document, Element, XmlError};

use crate::LIMITS;

/// Violations that are told at most.
pub(crate) const VIOLATIONS: usize = potok_fns::schema::Schema::VIOLATIONS;

/// What a program has sent, read and not yet held to its format.
#[derive(Clone, Debug)]
pub struct Contract {
    pub(crate) root: Element,
}

impl Contract {
    /// Reads the data of a program: XML in any encoding, elements in any order.
    ///
    /// # Errors
    /// They are not safe or not XML.
    pub fn read(bytes: &[u8]) -> Result<Self, XmlError> {
        Document::parse(&xml::in_utf8(bytes, &LIMITS), &LIMITS).map(|document| Self { root: document.root })
    }
}

/// The element at the end of a path, the first of each name.
pub(crate) fn find<'a>(from: &'a Element, steps: &[&str]) -> Option<&'a Element> {
    steps.iter().try_fold(from, |element, step| element.child(step))
}
