//! A document that is being made, held to a schema without being written first.

use super::Schema;
use super::validate::Validation;
use crate::xml::{Given, Names, Number, Sink as _};

/// What a document consists of, in order.
pub struct Told<'m, 'a> {
    validation: Validation<'m, 'a>,
    names: Names<'a>,
    /// The element opened last, whose attributes are still told.
    opened: Option<(&'a str, Number)>,
    attributes: Vec<Given<'a>>,
    /// Whether a name was none.
    is_broken: bool,
}

impl<'a> Told<'_, 'a> {
    /// The start of an element.
    pub fn open(&mut self, name: &'a str) {
        self.flush();
        self.opened = self.number(name).map(|number| (name, number));
    }

    /// An attribute of the element opened last, before anything stands in it.
    pub fn attribute(&mut self, name: &'a str, value: &'a str) {
        if let Some(number) = self.number(name) {
            self.attributes.push(Given { name, number, value: value.into(), offset: 0 });
        }
    }

    /// The text of the element opened last.
    pub fn text(&mut self, text: &str) {
        self.flush();
        // Bytes have no place for a text that is empty.
        if !text.is_empty() {
            self.validation.text(text);
        }
    }

    /// The end of the element opened last.
    pub fn close(&mut self) {
        self.flush();
        self.validation.end();
    }

    fn number(&mut self, name: &'a str) -> Option<Number> {
        let number = self.names.number(name);
        self.is_broken |= number.is_none();
        number
    }

    fn flush(&mut self) {
        if let Some(name) = self.opened.take() {
            self.validation.start(name, &mut self.attributes, 0);
            self.attributes.clear();
        }
    }
}

impl Schema {
    /// Whether a document that `tell` tells is valid. What is wrong with one that is not, and where, [`Schema::validate`] says
    /// of its bytes: the two agree.
    pub fn allows<'a>(&self, tell: impl FnOnce(&mut Told<'_, 'a>)) -> bool {
        let mut told = Told {
            validation: Validation::new(&self.0, 1),
            names: Names::default(),
            opened: None,
            attributes: Vec::new(),
            is_broken: false,
        };
        tell(&mut told);
        !told.is_broken && told.validation.found.is_empty()
    }
}
