//! A small document in memory.

use super::encoding::decode;
use super::read::{Cursor, Given, Sink, walk};
use super::{Encoding, Limits, Position, XmlError};

/// A document that passed the guard.
#[derive(Clone, Debug)]
pub struct Document {
    /// How its bytes were encoded.
    pub encoding: Encoding,
    /// The root element.
    pub root: Element,
}

/// An element with what stands in it. The order between texts and elements is not kept: official formats have none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Name as written, with its prefix if it has one.
    pub name: String,
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
    pub name: String,
    /// Value with entities resolved.
    pub value: String,
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
}

impl Wanted {
    /// Keeps the elements along a path from the root, the root's own name left out.
    pub fn keep(&mut self, path: &[&'static str]) {
        let Some((first, rest)) = path.split_first() else {
            return;
        };
        let index = match self.children.iter().position(|(name, _)| name == first) {
            Some(index) => index,
            None => {
                self.children.push((first, Self::default()));
                self.children.len() - 1
            }
        };
        self.children[index].1.keep(rest);
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
        let mut tree = Tree {
            cursor: Cursor::new(&text),
            open: Vec::new(),
            wanted: vec![wanted],
            dropped: 0,
            root: None,
        };
        walk(&text, limits, &mut tree)?;
        Ok(Self { encoding, root: tree.root.expect("the walk refuses a document without a root") })
    }
}

struct Tree<'a, 'w> {
    cursor: Cursor<'a>,
    open: Vec<Element>,
    /// What is wanted inside each open element; `None` is everything.
    wanted: Vec<Option<&'w Wanted>>,
    /// How deep the walk is inside an element nobody wants.
    dropped: usize,
    root: Option<Element>,
}

impl<'a> Sink<'a> for Tree<'a, '_> {
    fn start(&mut self, name: &'a str, attributes: &mut Vec<Given<'a>>, offset: usize) {
        if self.dropped > 0 {
            self.dropped += 1;
            return;
        }
        let inside = match self.wanted.last().copied().flatten() {
            // The root is always kept: paths start inside of it.
            Some(wanted) if self.open.is_empty() => Some(wanted),
            Some(wanted) => match wanted.children.iter().find(|(wanted, _)| *wanted == name) {
                Some((_, inside)) => Some(inside),
                None => {
                    self.dropped = 1;
                    return;
                }
            },
            None => None,
        };
        self.wanted.push(inside);
        let position = self.cursor.at(offset);
        let attributes = attributes
            .drain(..)
            .map(|Given { name, value, offset }| Attribute {
                name: name.to_owned(),
                value: value.into_owned(),
                position: self.cursor.at(offset),
            })
            .collect();
        self.open.push(Element {
            name: name.to_owned(),
            attributes,
            children: Vec::new(),
            text: String::new(),
            position,
        });
    }

    fn text(&mut self, text: &str) {
        if self.dropped == 0
            && let Some(element) = self.open.last_mut()
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
        let Some(element) = self.open.pop() else {
            return;
        };
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
    }
}
