//! A title on its way out.

use std::borrow::Cow;

use potok_fns::schema::Schema;
use potok_fns::xml::{Position, Writer};

use crate::rules::Node;

/// A title that is being made: its elements in the order of the text, and their attributes behind each other.
#[derive(Debug, Default)]
pub(crate) struct Made<'a> {
    elements: Vec<Part<'a>>,
    attributes: Vec<(&'static str, Cow<'a, str>)>,
}

#[derive(Debug)]
struct Part<'a> {
    name: &'static str,
    /// Its attributes: where they begin and where they end.
    attributes: [usize; 2],
    text: Option<Cow<'a, str>>,
    /// Where the next element begins that is not inside of this one.
    end: usize,
}

/// An element to which more is put, until [`Made::close`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Open {
    at: usize,
    /// Whether anything in it was said by somebody: what is always the same makes no element worth writing.
    pub(crate) said: bool,
}

impl<'a> Made<'a> {
    /// The next element of the one that is open.
    pub(crate) fn open(&mut self, name: &'static str) -> Open {
        let (at, end) = (self.elements.len(), self.attributes.len());
        self.elements.push(Part { name, attributes: [end, end], text: None, end: 0 });
        Open { at, said: false }
    }

    /// An attribute of the element that was opened last: elements inside of it come after all of them.
    pub(crate) fn put(&mut self, open: Open, name: &'static str, value: Cow<'a, str>) {
        self.attributes.push((name, value));
        self.elements[open.at].attributes[1] = self.attributes.len();
    }

    pub(crate) fn set_text(&mut self, open: Open, text: Cow<'a, str>) {
        self.elements[open.at].text = Some(text);
    }

    pub(crate) fn has_text(&self, open: Open) -> bool {
        self.elements[open.at].text.is_some()
    }

    pub(crate) fn close(&mut self, open: Open) {
        self.elements[open.at].end = self.elements.len();
    }

    /// Takes an element back, with all that is in it.
    pub(crate) fn undo(&mut self, open: Open) {
        self.attributes.truncate(self.elements[open.at].attributes[0]);
        self.elements.truncate(open.at);
    }

    /// How many elements there are.
    pub(crate) fn len(&self) -> usize {
        self.elements.len()
    }

    pub(crate) fn has_attribute(&self, open: Open, name: &str) -> bool {
        let [start, end] = self.elements[open.at].attributes;
        self.attributes[start..end].iter().any(|(known, _)| *known == name)
    }

    /// Whether an element anywhere is called so.
    pub(crate) fn any_element(&self, is_called: impl Fn(&str) -> bool) -> bool {
        self.elements.iter().any(|part| is_called(part.name))
    }

    /// Whether an element anywhere has such an attribute.
    pub(crate) fn any_attribute(&self, name: &str) -> bool {
        self.attributes.iter().any(|(known, _)| *known == name)
    }

    /// Gives those attributes of the root another value that have `this`.
    pub(crate) fn replace(&mut self, this: &str, value: &str) {
        let [start, end] = self.elements[0].attributes;
        for (_, known) in self.attributes[start..end].iter_mut().filter(|(_, known)| known == this) {
            *known = Cow::Owned(value.to_owned());
        }
    }

    /// Whether a schema allows it.
    pub(crate) fn is_valid(&self, schema: &Schema) -> bool {
        schema.allows(|told| {
            let mut ends: Vec<usize> = Vec::new();
            for (at, part) in self.elements.iter().enumerate() {
                while ends.pop_if(|end| *end <= at).is_some() {
                    told.close();
                }
                told.open(part.name);
                for (name, value) in &self.attributes[part.attributes[0]..part.attributes[1]] {
                    told.attribute(name, value);
                }
                if let Some(text) = &part.text {
                    told.text(text);
                }
                ends.push(part.end);
            }
            ends.iter().for_each(|_| told.close());
        })
    }

    /// Its root.
    pub(crate) fn root<'m>(&'m self) -> MadeNode<'m, 'a> {
        MadeNode { made: self, at: 0 }
    }

    /// The bytes of the document.
    ///
    /// # Errors
    /// The character that XML cannot hold.
    pub(crate) fn write(&self, mut writer: Writer) -> Result<Vec<u8>, char> {
        // Where the open elements end.
        let mut ends: Vec<usize> = Vec::new();
        for (at, part) in self.elements.iter().enumerate() {
            while ends.pop_if(|end| *end <= at).is_some() {
                writer.close();
            }
            writer.open(part.name);
            for (name, value) in &self.attributes[part.attributes[0]..part.attributes[1]] {
                writer.attribute(name, value)?;
            }
            match &part.text {
                Some(text) => writer.close_with_text(text)?,
                None => ends.push(part.end),
            }
        }
        ends.iter().for_each(|_| writer.close());
        Ok(writer.finish())
    }
}

/// An element of it.
#[derive(Clone, Copy)]
pub(crate) struct MadeNode<'m, 'a> {
    made: &'m Made<'a>,
    at: usize,
}

impl<'m> Node<'m> for MadeNode<'m, '_> {
    fn name(self) -> &'m str {
        self.made.elements[self.at].name
    }

    fn attribute(self, name: &str) -> Option<&'m str> {
        let [start, end] = self.made.elements[self.at].attributes;
        let found = self.made.attributes[start..end].iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| &**value)
    }

    fn text(self) -> &'m str {
        self.made.elements[self.at].text.as_deref().unwrap_or_default()
    }

    fn position(self) -> Option<Position> {
        None
    }

    fn children(self) -> impl Iterator<Item = Self> {
        let Self { made, at } = self;
        let (end, mut next) = (made.elements[at].end, at + 1);
        std::iter::from_fn(move || {
            let child = (next < end).then_some(Self { made, at: next })?;
            next = made.elements[next].end;
            Some(child)
        })
    }
}
