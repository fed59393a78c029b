//! A contract on its way out of a title.

use potok_fns::xml::Writer;

use crate::rule::Rule;
use crate::table::{Place, Shape};

/// A contract that is put together, element by element.
#[derive(Debug)]
pub(crate) struct Draft {
    parts: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    children: Vec<usize>,
    text: String,
}

/// An element of a draft.
pub(crate) type At = usize;

impl Draft {
    /// The root of every draft.
    pub(crate) const ROOT: At = 0;

    pub(crate) fn new(root: &'static str) -> Self {
        let mut draft = Self { parts: Vec::new() };
        draft.add(root);
        draft
    }

    fn add(&mut self, name: &'static str) -> At {
        self.parts.push(Part { name, attributes: Vec::new(), children: Vec::new(), text: String::new() });
        self.parts.len() - 1
    }

    fn add_to(&mut self, at: At, name: &'static str) -> At {
        let child = self.add(name);
        self.parts[at].children.push(child);
        child
    }

    /// The element at the end of a path, made where it is not there; a step that repeats is always made.
    pub(crate) fn descend(&mut self, mut at: At, steps: &[&'static str], many: Option<usize>) -> At {
        let mut is_new = false;
        for (index, name) in steps.iter().enumerate() {
            is_new |= many == Some(index);
            let known =
                self.parts[at].children.iter().copied().find(|child| self.parts[*child].name == *name);
            at = match known {
                Some(child) if !is_new => child,
                _ => self.add_to(at, name),
            };
        }
        at
    }

    /// Puts a value where nothing stands yet; parts of names are put behind each other.
    pub(crate) fn put(&mut self, at: At, place: &Place, rule: &Rule, value: &str) {
        let at = self.descend(if place.from_root { Self::ROOT } else { at }, &place.steps, None);
        let part = &mut self.parts[at];
        let Some(name) = place.attribute else {
            if part.text.is_empty() {
                part.text.push_str(value);
            }
            return;
        };
        match part.attributes.iter_mut().find(|(known, _)| *known == name) {
            None => part.attributes.push((name, value.to_owned())),
            Some((_, words)) if matches!(rule, Rule::Part(1..)) => {
                words.push(' ');
                words.push_str(value);
            }
            Some(_) => {}
        }
    }

    /// The element at the end of a path, the first of each name.
    pub(crate) fn find(&self, at: At, steps: &[&'static str]) -> Option<At> {
        steps.iter().try_fold(at, |at, step| {
            self.parts[at].children.iter().copied().find(|child| self.parts[*child].name == *step)
        })
    }

    /// What stands at a place, attribute or not empty text.
    pub(crate) fn look(&self, at: At, place: &Place) -> Option<&str> {
        let at = self.find(if place.from_root { Self::ROOT } else { at }, &place.steps)?;
        match place.attribute {
            Some(name) => self.attribute(at, name),
            None => Some(self.parts[at].text.as_str()).filter(|text| !text.is_empty()),
        }
    }

    pub(crate) fn attribute(&self, at: At, name: &str) -> Option<&str> {
        let attributes = &self.parts[at].attributes;
        attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// The bytes of the contract.
    ///
    /// # Errors
    /// The character that XML cannot hold.
    pub(crate) fn write(&self, shape: &Shape) -> Result<Vec<u8>, char> {
        let mut writer = Writer::utf8();
        self.write_part(&mut writer, Self::ROOT, shape)?;
        Ok(writer.finish())
    }

    fn write_part(&self, writer: &mut Writer, at: At, shape: &Shape) -> Result<(), char> {
        let part = &self.parts[at];
        writer.open(part.name);
        for (name, value) in Self::ordered(part, shape) {
            writer.attribute(name, value)?;
        }
        if !part.text.is_empty() {
            return writer.close_with_text(&part.text);
        }
        for (child, shape) in self.children(part, shape) {
            self.write_part(writer, child, shape)?;
        }
        writer.close();
        Ok(())
    }

    fn ordered<'a>(part: &'a Part, shape: &'a Shape) -> impl Iterator<Item = &'a (&'static str, String)> {
        shape.attributes.iter().filter_map(|name| part.attributes.iter().find(|(known, _)| known == name))
    }

    fn children<'a>(&'a self, part: &'a Part, shape: &'a Shape) -> impl Iterator<Item = (At, &'a Shape)> {
        shape.children.iter().flat_map(move |known| {
            let named = move |child: &&At| self.parts[**child].name == known.name;
            part.children.iter().filter(named).map(|child| (*child, &known.shape))
        })
    }
}
