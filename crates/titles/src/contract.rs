//! The data of a program, before a title is made of them.

use potok_fns::xml::{Attribute, Document, Element, Fault, XmlError, shorten};

use crate::LIMITS;
use crate::table::{Shape, Table};

/// Violations that are told at most.
pub(crate) const VIOLATIONS: usize = potok_fns::schema::Schema::VIOLATIONS;

/// What a program has sent, read and not yet held to its format.
#[derive(Clone, Debug)]
pub struct Contract {
    pub(crate) root: Element,
}

impl Contract {
    /// Reads the data of a program: XML in UTF-8 or windows-1251, elements in any order.
    ///
    /// # Errors
    /// They are not safe or not XML.
    pub fn read(bytes: &[u8]) -> Result<Self, XmlError> {
        Document::parse(bytes, &LIMITS).map(|document| Self { root: document.root })
    }

    /// What stands in the data and has no place in the contract of the format.
    pub(crate) fn unknown(&self, table: &Table) -> Vec<XmlError> {
        let mut unknown = Unknown { found: Vec::new(), path: vec![self.root.name.clone()] };
        if self.root.name == table.contract {
            unknown.element(&self.root, &table.shape);
        } else {
            let expected = table.contract.to_owned();
            let fault = Fault::OtherDocument { expected, found: shorten(&self.root.name) };
            unknown.found.push(XmlError { position: Some(self.root.position), place: String::new(), fault });
        }
        unknown.found
    }
}

struct Unknown {
    found: Vec<XmlError>,
    path: Vec<String>,
}

impl Unknown {
    fn element(&mut self, element: &Element, shape: &Shape) {
        if self.found.len() >= VIOLATIONS {
            return;
        }
        for attribute in element.attributes.iter().filter(|attribute| !is_hint(attribute)) {
            if !shape.attributes.contains(&attribute.name.as_str()) {
                let fault = Fault::UnexpectedAttribute(shorten(&attribute.name));
                self.tell(attribute.position, fault);
            } else if shape.flags.contains(&attribute.name.as_str())
                && !matches!(attribute.value.as_str(), "" | "true" | "false")
            {
                let (ru, en) = ("допустимо: true, false", "one of true, false");
                let value = shorten(&attribute.value);
                self.tell_of(attribute, Fault::BadValue { value, rule_ru: ru.into(), rule_en: en.into() });
            }
        }
        if !shape.text && !element.text.trim().is_empty() {
            self.tell(element.position, Fault::UnexpectedText);
        }
        let mut seen: Vec<&str> = Vec::new();
        for child in &element.children {
            let name = child.name.as_str();
            match shape.child(name) {
                Some(known) if known.many || !seen.contains(&name) => {
                    if !known.many {
                        seen.push(name);
                    }
                    self.path.push(child.name.clone());
                    self.element(child, &known.shape);
                    self.path.pop();
                }
                _ => self.tell(child.position, Fault::UnexpectedElement(shorten(name))),
            }
        }
    }

    fn tell_of(&mut self, attribute: &Attribute, fault: Fault) {
        self.path.push(format!("@{}", attribute.name));
        self.tell(attribute.position, fault);
        self.path.pop();
    }

    fn tell(&mut self, position: potok_fns::xml::Position, fault: Fault) {
        if self.found.len() < VIOLATIONS {
            self.found.push(XmlError { position: Some(position), place: self.path.join("/"), fault });
        }
    }
}

/// Where a schema lies, and what prefixes mean: no part of any format.
pub(crate) fn is_hint(attribute: &Attribute) -> bool {
    attribute.name.starts_with("xmlns") || attribute.name.starts_with("xsi:")
}

/// The element at the end of a path, the first of each name.
pub(crate) fn find<'a>(from: &'a Element, steps: &[&str]) -> Option<&'a Element> {
    steps.iter().try_fold(from, |element, step| element.child(step))
}
