//! Lines, columns and paths of offsets: a second pass over a document that has something wrong.

use std::collections::HashMap;

use super::validate::Found;
use super::violation::Violation;
use crate::xml::{Cursor, Given, Limits, Number, Position, Sink, walk};

/// The broken rules of a text with their places, in the order of the text.
pub(super) fn locate(text: &str, limits: &Limits, mut found: Vec<Found>) -> Vec<Violation> {
    // Rules about the end of an element come after those of what stands in it.
    found.sort_by_key(|found| (found.element, found.attribute.as_ref().map(|(offset, _)| *offset)));
    let mut places = Places {
        cursor: Cursor::new(text),
        found: found.into_iter().peekable(),
        open: Vec::new(),
        beside: vec![HashMap::new()],
        violations: Vec::new(),
    };
    // The text has been read before, so nothing in it can be refused now; what was found stays in any case.
    let _ = walk(text, limits, &mut places);
    places.violations
}

struct Places<'a> {
    cursor: Cursor<'a>,
    found: std::iter::Peekable<std::vec::IntoIter<Found>>,
    /// Open elements with their numbers among those of their name.
    open: Vec<(&'a str, usize)>,
    /// How many elements of each name stand in each open element so far.
    beside: Vec<HashMap<&'a str, usize>>,
    violations: Vec<Violation>,
}

impl Places<'_> {
    fn path(&self) -> String {
        self.open.iter().map(|(name, number)| format!("/{name}[{number}]")).collect()
    }
}

impl<'a> Sink<'a> for Places<'a> {
    fn start(&mut self, (name, _): (&'a str, Number), _: &mut Vec<Given<'a>>, offset: usize) {
        if self.found.peek().is_none() {
            return;
        }
        let number = self.beside.last_mut().map_or(1, |names| {
            let number = names.entry(name).or_default();
            *number += 1;
            *number
        });
        self.open.push((name, number));
        self.beside.push(HashMap::new());
        while let Some(found) = self.found.next_if(|found| found.element <= offset) {
            let (at, place) = match &found.attribute {
                Some((at, name)) => (*at, format!("{}/@{name}", self.path())),
                None => (offset, self.path()),
            };
            let position: Position = self.cursor.at(at);
            let rule = &found.rule;
            self.violations.push(Violation {
                position,
                place,
                rule: rule.id(),
                ru: rule.ru(),
                en: rule.en(),
            });
        }
    }

    fn text(&mut self, _: &str) {}

    fn end(&mut self) {
        self.open.pop();
        self.beside.pop();
    }
}
