//! Where in a structure something of a contract was said.

use potok_fns::xml::{Position, XmlError};

/// Fields of a structure, each inside of another one.
#[derive(Debug)]
pub(super) struct Places(Vec<Node>);

#[derive(Debug)]
struct Node {
    /// The field that it is in; the first one is in itself.
    outer: At,
    name: &'static str,
    /// Which of several, from 1; 0 of what is there once.
    number: u32,
}

/// A field.
pub(super) type At = u32;

/// Columns that no text has: what is told of them is of a structure. An element has another one than the values and elements in it,
/// for those that stand where their element does were filled in by the server.
const LEAST: u32 = u32::MAX - 64;
const VALUE: u32 = u32::MAX;

impl Places {
    /// The structure.
    pub(super) const ROOT: At = 0;

    pub(super) fn new(structure: &'static str) -> Self {
        Self(vec![Node { outer: Self::ROOT, name: structure, number: 0 }])
    }

    /// A field inside of another one. `number` is which of several it is, from 1.
    pub(super) fn add(&mut self, outer: At, name: &'static str, number: usize) -> At {
        self.0.push(Node { outer, name, number: u32::try_from(number).unwrap_or_default() });
        At::try_from(self.0.len() - 1).unwrap_or_default()
    }

    /// An element that a field has made, so many steps below that of the field around it.
    pub(super) fn element(at: At, steps: usize) -> Position {
        let steps = u32::try_from(steps).unwrap_or(u32::MAX);
        Position { line: at, column: LEAST.saturating_add(steps).min(VALUE - 1) }
    }

    pub(super) const fn value(at: At) -> Position {
        Position { line: at, column: VALUE }
    }

    /// As `UniversalTransferDocumentSellerTitleInfo.InvoiceTable.Items[0].Price`.
    pub(super) fn path(&self, at: At) -> String {
        let Some(Node { outer, name, number }) = self.0.get(at as usize) else { return String::new() };
        if at == Self::ROOT {
            return (*name).to_owned();
        }
        let mut path = self.path(*outer);
        path.push('.');
        path.push_str(name);
        if *number > 0 {
            path.push_str(&format!("[{}]", number - 1));
        }
        path
    }

    /// The names of a field and of those around it, but for the structure.
    pub(super) fn names(&self, at: At) -> Vec<&'static str> {
        match self.0.get(at as usize) {
            Some(Node { outer, name, .. }) if at != Self::ROOT => {
                let mut names = self.names(*outer);
                names.push(name);
                names
            }
            _ => Vec::new(),
        }
    }

    /// The field that said what an error is about; `None` of what no structure has said.
    pub(super) fn at(error: &XmlError) -> Option<At> {
        match error.position {
            Some(Position { line, column: LEAST.. }) => Some(line),
            _ => None,
        }
    }
}
