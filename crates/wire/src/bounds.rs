//! How much of each field a stranger may send.

use std::fmt;

use crate::codec::for_each_message;
use crate::error::{Fault, Reason};
use crate::message::{MessageVisitor, WireMessage};
use crate::shape::{Field, FieldKind, Shape};

/// What one field may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// Elements, if it is a list.
    pub elements: u32,
    /// Characters of a text, or bytes; of each element, if it is a list.
    pub length: u32,
}

impl Bound {
    /// As much as there is.
    pub const NONE: Self = Self { elements: u32::MAX, length: u32::MAX };

    pub(crate) fn check_count(self, count: usize) -> Result<(), Fault> {
        if count <= self.elements as usize {
            return Ok(());
        }
        Err(Fault::new(Reason::TooMany { most: self.elements }))
    }

    /// `text` need not be UTF-8 yet.
    pub(crate) fn check_text(self, text: &[u8]) -> Result<(), Fault> {
        let most = self.length as usize;
        // A character has one byte that continues none.
        let begins = |byte: &&u8| **byte & 0xC0 != 0x80;
        if text.len() <= most
            || text.len() <= most.saturating_mul(4) && text.iter().filter(begins).count() <= most
        {
            return Ok(());
        }
        Err(Fault::new(Reason::TooLong { most: self.length }))
    }

    pub(crate) fn check_bytes(self, given: usize) -> Result<(), Fault> {
        if given <= self.length as usize {
            return Ok(());
        }
        Err(Fault::new(Reason::TooLarge { given, most: self.length }))
    }
}

/// A field, for those who decide on its bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldName {
    /// The message without its package: `MessageToPost`.
    pub message: &'static str,
    /// The field as JSON names it.
    pub field: &'static str,
    /// How a value of it looks.
    pub kind: FieldKind,
    /// Whether it is a list.
    pub is_list: bool,
}

/// The bounds of all fields of all messages.
pub struct Bounds(Vec<Box<[Bound]>>);

impl Bounds {
    /// Asks for the bound of every field.
    pub fn new(bound: impl Fn(FieldName) -> Bound) -> Self {
        let mut all = All { bound, rows: Vec::new() };
        for_each_message(&mut all);
        Self(all.rows)
    }

    /// Of the field at `index` of `shape`.
    pub(crate) fn of(&self, shape: &Shape, index: usize) -> Bound {
        self.0[shape.place][index]
    }
}

impl fmt::Debug for Bounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bounds").finish_non_exhaustive()
    }
}

struct All<F> {
    bound: F,
    rows: Vec<Box<[Bound]>>,
}

impl<F: Fn(FieldName) -> Bound> MessageVisitor for All<F> {
    fn visit<M: WireMessage>(&mut self) {
        let shape = M::SHAPE;
        assert_eq!(shape.place, self.rows.len(), "messages are shown in their order");
        let bound = |field: &Field| {
            (self.bound)(FieldName {
                message: shape.short_name(),
                field: field.name,
                kind: field.kind,
                is_list: field.repeated,
            })
        };
        self.rows.push(shape.fields.iter().map(bound).collect());
    }
}
