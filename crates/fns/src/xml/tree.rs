//! A small document in memory.

use std::borrow::Cow;
use std::sync::Arc;

use super::encoding::decode;
use super::names::Number;
use super::read::{Cursor, Given, Sink, walk};
use super::{Encoding, Fault, Limits, Piece, Position, XmlError};

/// A document that passed the guard.
#[derive(Clone, Debug)]
pub struct Document {
    /// How its bytes were encoded.
    pub encoding: Encoding,
    /// Which of the paths to be noticed were there, as bits.
    pub noticed: u8,
    /// The root element.
    pub root: Element,
}

/// An element with what stands in it. The order between texts and elements is not kept: official formats have none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Name as written, with its prefix if it has one.
    pub name: Piece,
    /// Attributes in order.
    pub attributes: Vec<Attribute>,
    /// Elements in order.
    pub children: Vec<Element>,
    /// All text directly inside, with entities resolved.
    pub text: String,
    /// Where the element starts.
    pub position: Position,
}

/// An attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Name as written.
    pub name: Piece,
    /// Value with entities resolved.
    pub value: Piece,
    /// Where the name starts.
    pub position: Position,
}

impl Element {
    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|a| a.name == name).map(|a| a.value.as_str())
    }

    /// The first child of a name.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|e| e.name == name)
    }

    /// All children of a name.
    pub fn children_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |e| e.name == name)
    }
}

/// The names of elements worth keeping, as a tree: everything else is checked and dropped, so that a document with a
/// hundred thousand goods costs no memory when only its totals are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    children: Vec<(&'static str, Wanted)>,
    /// Kept with attributes and text; else only passed through.
    kept: bool,
    /// Bits that are set when such an element is there.
    noticed: u8,
}

impl Wanted {
    /// Elements that are kept of one document at most.
    pub const KEPT: usize = 100_000;

    /// Keeps the elements along a path from the root, the root's own name left out.
    pub fn keep(&mut self, path: &[&'static str]) {
        let Some((first, rest)) = path.split_first() else {
            return;
        };
        let child = self.child(first);
        child.kept = true;
        child.keep(rest);
    }

    /// Sets a bit of [`Document::noticed`] when an element of this path is there, without keeping it.
    pub fn notice(&mut self, path: &[&'static str], bit: u8) {
        match path.split_first() {
            Some((first, rest)) => self.child(first).notice(rest, bit),
            None => self.noticed |= bit,
        }
    }

    fn child(&mut self, name: &'static str) -> &mut Self {
        let index = match self.children.iter().position(|(known, _)| *known == name) {
            Some(index) => index,
            None => {
                self.children.push((name, Self::default()));
                self.children.len() - 1
            }
        };
        &mut self.children[index].1
    }
}

impl Document {
    /// Reads a whole document.
    ///
    /// # Errors
    /// The first thing in it that is not allowed, with its place.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, XmlError> {
        Self::read(bytes, limits, None)
    }

    /// Reads a whole document and keeps only the wanted elements, with their attributes and texts.
    ///
    /// # Errors
    /// The first thing in it that is not allowed, wanted or not.
    pub fn parse_wanted(bytes: &[u8], limits: &Limits, wanted: &Wanted) -> Result<Self, XmlError> {
        Self::read(bytes, limits, Some(wanted))
    }

    fn read(bytes: &[u8], limits: &Limits, wanted: Option<&Wanted>) -> Result<Self, XmlError> {
        let (text, encoding) = decode(bytes, limits)?;
        // What is kept of a document must not keep the rest of it.
        let (shared, text) = match wanted {
            None => (Some(Arc::new(text.into_owned())), Cow::Borrowed("")),
            Some(_) => (None, text),
        };
        let text = shared.as_ref().map_or(&*text, |shared| shared.as_str());
        let mut tree = Tree {
            shared: shared.as_ref(),
            cursor: Cursor::new(text),
            open: Vec::new(),
            wanted: vec![wanted],
            kept: 0,
            noticed: 0,
            dropped: 0,
            root: None,
        };
        walk(text, limits, &mut tree)?;
        if wanted.is_some() && tree.kept > Wanted::KEPT {
            return Err(XmlError::bare(Fault::TooManyNodes { limit: Wanted::KEPT }));
        }
        let noticed = tree.noticed;
        Ok(Self { encoding, noticed, root: tree.root.expect("the walk refuses a document without a root") })
    }
}

struct Tree<'a, 'w> {
    /// The text, when all of it is kept.
    shared: Option<&'a Arc<String>>,
    cursor: Cursor<'a>,
    /// Open elements; `None` for those that are only passed through.
    open: Vec<Option<Element>>,
    /// What is wanted inside each open element; `None` is everything.
    wanted: Vec<Option<&'w Wanted>>,
    /// How many elements were kept.
    kept: usize,
    noticed: u8,
    /// How deep the walk is inside an element nobody wants.
    dropped: usize,
    root: Option<Element>,
}

fn piece(shared: Option<&Arc<String>>, part: Cow<'_, str>) -> Piece {
    match (shared, part) {
        (Some(text), Cow::Borrowed(part)) => Piece::of(text, part),
        (_, part) => part.into_owned().into(),
    }
}

impl<'a> Sink<'a> for Tree<'a, '_> {
    fn start(&mut self, (name, _): (&'a str, Number), attributes: &mut Vec<Given<'a>>, offset: usize) {
        if self.dropped > 0 {
            self.dropped += 1;
            return;
        }
        let (inside, is_kept) = match self.wanted.last().copied().flatten() {
            // The root is always kept: paths start inside of it.
            Some(wanted) if self.open.is_empty() => (Some(wanted), true),
            Some(wanted) => match wanted.children.iter().find(|(wanted, _)| *wanted == name) {
                Some((_, inside)) => (Some(inside), inside.kept),
                None => {
                    self.dropped = 1;
                    return;
                }
            },
            None => (None, true),
        };
        self.noticed |= inside.map_or(0, |inside| inside.noticed);
        self.wanted.push(inside);
        // Whoever wants too much is refused in the end and costs no more till then.
        let is_full = inside.is_some() && self.kept > Wanted::KEPT;
        if !is_kept || is_full {
            self.open.push(None);
            return;
        }
        self.kept += 1;
        let position = self.cursor.at(offset);
        let attributes = attributes
            .drain(..)
            .map(|Given { name, value, offset, .. }| Attribute {
                name: piece(self.shared, name.into()),
                value: piece(self.shared, value),
                position: self.cursor.at(offset),
            })
            .collect();
        self.open.push(Some(Element {
            name: piece(self.shared, name.into()),
            attributes,
            children: Vec::new(),
            text: String::new(),
            position,
        }));
    }

    fn text(&mut self, text: &str) {
        if self.dropped == 0
            && let Some(Some(element)) = self.open.last_mut()
        {
            element.text.push_str(text);
        }
    }

    fn end(&mut self) {
        if self.dropped > 0 {
            self.dropped -= 1;
            return;
        }
        self.wanted.pop();
        let Some(Some(element)) = self.open.pop() else {
            return;
        };
        match self.open.last_mut() {
            Some(Some(parent)) => parent.children.push(element),
            // What is kept stands in what is kept.
            Some(None) => {}
            None => self.root = Some(element),
        }
    }
}
