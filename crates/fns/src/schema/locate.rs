//! Where an element starts: the library names the place behind the last tag it saw.

use std::collections::HashSet;

use crate::xml::{Given, Limits, Position, Sink, walk};

/// The elements of some paths, in order.
pub(super) struct Places {
    wanted: HashSet<String>,
    path: String,
    found: Vec<Place>,
}

struct Place {
    path: String,
    start: Position,
    behind: Position,
    attributes: Vec<(String, Position)>,
}

impl Places {
    /// Finds all elements with these paths in a text that passed the guard.
    pub(super) fn find(text: &str, limits: &Limits, wanted: HashSet<String>) -> Self {
        let mut places = Self { wanted, path: String::new(), found: Vec::new() };
        // The text has been read before, so nothing in it can be refused now; what was found stays in any case.
        let _ = walk(text, limits, &mut places);
        places
    }

    /// Where the attribute, or else the element, of a path starts: of the last such element whose tag ends before the
    /// place that the library named.
    pub(super) fn start(&self, path: &str, attribute: Option<&str>, named: Position) -> Option<Position> {
        let place = self.found.iter().rev().find(|place| place.path == path && place.behind <= named)?;
        let attribute = attribute
            .and_then(|name| place.attributes.iter().find(|(found, _)| found == name).map(|(_, at)| *at));
        Some(attribute.unwrap_or(place.start))
    }
}

impl Sink for Places {
    fn start(&mut self, name: &str, attributes: Vec<Given<'_>>, start: Position, behind: Position) {
        if !self.path.is_empty() {
            self.path.push('/');
        }
        self.path.push_str(name);
        if self.wanted.contains(&self.path) {
            let attributes =
                attributes.into_iter().map(|given| (given.name.to_owned(), given.position)).collect();
            self.found.push(Place { path: self.path.clone(), start, behind, attributes });
        }
    }

    fn text(&mut self, _: &str) {}

    fn end(&mut self) {
        self.path.truncate(self.path.rfind('/').unwrap_or(0));
    }
}
