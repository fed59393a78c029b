//! What data say, and nothing of the title was made of it: it is told, not dropped.

use std::cell::RefCell;
use std::collections::HashSet;

use potok_fns::xml::{Attribute, Element, Fault, Position};

use super::{Maker, VIOLATIONS, is_nothing};
use crate::rule::Rule;
use crate::table::{Place, Shape};

/// Values of a contract that were read, by where they lie in memory.
#[derive(Default)]
pub(super) struct Marks(RefCell<HashSet<usize>>);

/// A value of a contract.
#[derive(Clone, Copy)]
pub(super) enum Given<'a> {
    Attribute(&'a Attribute),
    Text(&'a Element),
}

impl<'a> Given<'a> {
    pub(super) fn value(self) -> &'a str {
        match self {
            Self::Attribute(attribute) => &attribute.value,
            Self::Text(element) => element.text.trim(),
        }
    }

    pub(super) const fn position(self) -> Position {
        match self {
            Self::Attribute(attribute) => attribute.position,
            Self::Text(element) => element.position,
        }
    }

    fn address(self) -> usize {
        match self {
            Self::Attribute(attribute) => std::ptr::from_ref(attribute).addr(),
            Self::Text(element) => std::ptr::from_ref(element).addr(),
        }
    }
}

impl Marks {
    pub(super) fn add(&self, given: Given<'_>) {
        self.0.borrow_mut().insert(given.address());
    }

    fn has(&self, given: Given<'_>) -> bool {
        self.0.borrow().contains(&given.address())
    }
}

const NO_PLACE: Fault = Fault::Contradiction {
    ru: "при остальных данных этому значению нет места в титуле: уберите его или исправьте вид лица, подписанта или документа",
    en: "beside what else is said the title has no place for this value: leave it out, or mend the kind of person, signer or document",
};

impl<'a> Maker<'a> {
    /// Tells of each value below `element` that was not read, unless something is told of it, or of what it stands in, already.
    pub(super) fn tell_unread(&mut self, element: &'a Element, shape: &Shape) {
        if self.violations.len() >= VIOLATIONS {
            return;
        }
        for attribute in &element.attributes {
            let name = attribute.name.as_str();
            let Some(name) = shape.attributes.iter().find(|known| **known == name) else { continue };
            // What stands where its element begins was put there by this server, which fills in whatever it knows.
            if attribute.position != element.position {
                self.tell_if_unread(Given::Attribute(attribute), Some(name), shape);
            }
        }
        if shape.text {
            self.tell_if_unread(Given::Text(element), None, shape);
        }
        for (at, child) in element.children.iter().enumerate() {
            let Some(known) = shape.child(&child.name).filter(|_| child.position != element.position) else {
                continue;
            };
            let before = &element.children[..at];
            let number = before.iter().filter(|other| other.name == child.name).count() + 1;
            self.path.push((&child.name, if known.many { number } else { 0 }));
            self.tell_unread(child, &known.shape);
            self.path.pop();
        }
    }

    fn tell_if_unread(&mut self, given: Given<'a>, name: Option<&'static str>, shape: &Shape) {
        let value = given.value();
        let is_number = |rule: &Rule| matches!(rule, Rule::Decimal(_));
        let has_number = || shape.rules.iter().any(|(known, rule)| *known == name && is_number(rule));
        // What is not the case is not said, and nothing is lost with a sum of nothing.
        let is_unsaid = value.is_empty() || value == "false" || is_nothing(value) && has_number();
        if is_unsaid || shape.passed.contains(&name) || self.marks.has(given) {
            return;
        }
        let place = Place { attribute: name, ..Place::here() };
        let told = self.told_at(&place);
        let is_told = |known: &str| {
            told.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if !self.violations.iter().any(|violation| is_told(&violation.place)) {
            self.tell(Some(given.position()), &place, NO_PLACE);
        }
    }
}
