//! Rules of titles that their schemas do not say: what one value asks of another.

mod line;

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::LazyLock;

use potok_fns::recognize::{Recognized, TitleFormat, recognize};
use potok_fns::xml::{Document, Element, Fault, XmlError, shorten};

use crate::{LIMITS, Violations};
use line::{Ask, Path, Rule, Test};

/// Violations that are told at most.
const VIOLATIONS: usize = potok_fns::schema::Schema::VIOLATIONS;

macro_rules! sets {
    ($($name:ident $file:literal;)+) => {$(
        static $name: LazyLock<Vec<Rule>> = LazyLock::new(|| {
            line::rules(include_str!(concat!("../../rules/", $file)))
                .unwrap_or_else(|line| panic!("{}: {line}", $file))
        });
    )+};
}

sets! {
    UTD970_SELLER "utd970_0.rules";
    UTD970_BUYER "utd970_1.rules";
    RECONCILIATION_SENDER "reconciliation405_0.rules";
    RECONCILIATION_RECIPIENT "reconciliation405_1.rules";
    WORKS691_CONTRACTOR "works691_0.rules";
    WORKS691_CUSTOMER "works691_1.rules";
}

fn rules(format: TitleFormat, title_index: i32) -> &'static [Rule] {
    match (format, title_index) {
        (TitleFormat::Utd970V502 | TitleFormat::Utd970V503, 0) => &UTD970_SELLER,
        (TitleFormat::Utd970V502 | TitleFormat::Utd970V503, _) => &UTD970_BUYER,
        (TitleFormat::Reconciliation405, 0) => &RECONCILIATION_SENDER,
        (TitleFormat::Reconciliation405, _) => &RECONCILIATION_RECIPIENT,
        (TitleFormat::Works691, 0) => &WORKS691_CONTRACTOR,
        (TitleFormat::Works691, _) => &WORKS691_CUSTOMER,
        _ => &[],
    }
}

/// Whether there are rules of a title beyond its schema.
pub(crate) fn has_rules(format: TitleFormat, title_index: i32) -> bool {
    !rules(format, title_index).is_empty()
}

/// Everything in a title that breaks a rule beyond its schema, in the order of the text, 100 at most; empty for files that are no
/// titles and for formats without such rules. `file_name` is the name of the file without its extension, where it has one: it
/// has to be the one inside.
///
/// # Errors
/// The bytes are not safe or not XML.
pub fn broken_rules(title: &[u8], file_name: Option<&str>) -> Result<Violations, XmlError> {
    let Recognized::Title(known) = recognize(title)? else { return Ok(Vec::new()) };
    let document = Document::parse(title, &LIMITS)?;
    let rules = rules(known.format, known.title_index);
    let known = RefCell::default();
    let mut checker = Checker { root: &document.root, rules, path: Vec::new(), found: Vec::new(), known };
    if let Some(name) = file_name {
        checker.name(name);
    }
    checker.element(&document.root, 0);
    Ok(checker.found)
}

struct Checker<'a> {
    root: &'a Element,
    rules: &'static [Rule],
    /// Open elements, each with its number among those of its name; 0 when it is the only one.
    path: Vec<(&'a str, usize)>,
    found: Violations,
    /// What tests from the root came to, by where they lie: it is the same for every element, of which there may be many.
    known: RefCell<HashMap<usize, bool>>,
}

impl<'a> Checker<'a> {
    fn element(&mut self, element: &'a Element, number: usize) {
        if self.found.len() >= VIOLATIONS {
            return;
        }
        self.path.push((&element.name, number));
        for rule in self.rules {
            if self.is_at(rule) && self.is_broken(rule, element) {
                let (ru, en) = rule.told();
                self.tell(element, Fault::BrokenRule { ru, en });
            }
        }
        let mut number = 0;
        for (index, child) in element.children.iter().enumerate() {
            let is_same = |at: Option<usize>| {
                at.and_then(|at| element.children.get(at)).is_some_and(|other| other.name == child.name)
            };
            let is_next = is_same(index.checked_sub(1));
            number = if is_next { number + 1 } else { 1 };
            let is_alone = !is_next && !is_same(Some(index + 1));
            self.element(child, if is_alone { 0 } else { number });
        }
        self.path.pop();
    }

    fn is_at(&self, rule: &Rule) -> bool {
        let Some(before) = self.path.len().checked_sub(rule.context.len()) else { return false };
        self.path[before..].iter().zip(&rule.context).all(|((name, _), step)| name == step)
    }

    fn is_broken(&self, rule: &Rule, element: &'a Element) -> bool {
        let holds = |test: &Test| self.holds(test, element);
        rule.when.iter().all(holds) && !rule.need.iter().any(|all| all.iter().all(holds))
    }

    fn holds(&self, test: &Test, context: &'a Element) -> bool {
        if !test.path.from_root {
            return Self::holds_at(test, context);
        }
        let place = std::ptr::from_ref(test).addr();
        *self.known.borrow_mut().entry(place).or_insert_with(|| Self::holds_at(test, self.root))
    }

    fn holds_at(test: &Test, from: &'a Element) -> bool {
        let found = values(&test.path, from);
        match &test.ask {
            Ask::Present => !found.is_empty(),
            Ask::Absent => found.is_empty(),
            Ask::Is(values) => found.iter().any(|value| is_one_of(values, value)),
            Ask::IsOther(values) => found.iter().any(|value| !is_one_of(values, value)),
        }
    }

    fn name(&mut self, name: &str) {
        let inside = self.root.attribute("ИдФайл").unwrap_or_default();
        if inside != name {
            let (name, inside) = (shorten(name), shorten(inside));
            self.path.push((&self.root.name, 0));
            let fault = Fault::BrokenRule {
                ru: format!(
                    "правило file.name (код 0400400007): файл называется «{name}», а @ИдФайл - «{inside}»"
                ),
                en: format!(
                    "rule file.name (code 0400400007): the file is called {name:?}, @ИдФайл is {inside:?}"
                ),
            };
            self.tell(self.root, fault);
            self.path.pop();
        }
    }

    fn tell(&mut self, element: &Element, fault: Fault) {
        let one = |(name, number): &(&str, usize)| match number {
            0 => (*name).to_owned(),
            number => format!("{name}[{number}]"),
        };
        let place = self.path.iter().map(one).collect::<Vec<_>>().join("/");
        self.found.push(XmlError { position: Some(element.position), place, fault });
    }
}

/// Whether a value is one of a rule's, which write a space as `_`.
fn is_one_of(values: &[&str], value: &str) -> bool {
    values.iter().any(|known| *known == value || known.contains('_') && known.replace('_', " ") == value)
}

/// What stands at a path, of all elements that it leads to.
fn values<'a>(path: &Path, from: &'a Element) -> Vec<&'a str> {
    let mut found = vec![from];
    for step in &path.steps {
        found = found.into_iter().flat_map(|element| element.children_named(step)).collect();
    }
    match path.attribute {
        Some(name) => found.into_iter().filter_map(|element| element.attribute(name)).collect(),
        None => found.into_iter().map(|element| element.text.trim()).collect(),
    }
}

#[cfg(test)]
mod tests;
