//! Rules of titles that their schemas do not say: what one value asks of another.

mod line;

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::LazyLock;

use potok_fns::recognize::{Recognized, TitleFormat, recognize};
use potok_fns::xml::{Document, Element, Fault, Position, XmlError, shorten};

use crate::{LIMITS, Violations};
use line::{Ask, Rule, Test};

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
pub fn has_rules(format: TitleFormat, title_index: i32) -> bool {
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
    let rules = rules(known.format, known.title_index);
    if rules.is_empty() && file_name.is_none() {
        return Ok(Vec::new());
    }
    let document = Document::parse(title, &LIMITS)?;
    let mut checker = Checker::new(&document.root, rules);
    if let Some(name) = file_name {
        checker.name(name);
    }
    checker.element(&document.root, 0);
    Ok(checker.found)
}

/// The same of a title that is being made, which has no positions yet.
pub(crate) fn broken_by<'a, N: Node<'a>>(root: N, format: TitleFormat, title_index: i32) -> Violations {
    let rules = rules(format, title_index);
    if rules.is_empty() {
        return Vec::new();
    }
    let mut checker = Checker::new(root, rules);
    checker.element(root, 0);
    checker.found
}

/// An element of a title, written or not.
pub(crate) trait Node<'a>: Copy {
    fn name(self) -> &'a str;
    fn attribute(self, name: &str) -> Option<&'a str>;
    fn text(self) -> &'a str;
    fn position(self) -> Option<Position>;
    fn children(self) -> impl Iterator<Item = Self>;
}

impl<'a> Node<'a> for &'a Element {
    fn name(self) -> &'a str {
        &self.name
    }

    fn attribute(self, name: &str) -> Option<&'a str> {
        self.attribute(name)
    }

    fn text(self) -> &'a str {
        &self.text
    }

    fn position(self) -> Option<Position> {
        Some(self.position)
    }

    fn children(self) -> impl Iterator<Item = Self> {
        self.children.iter()
    }
}

struct Checker<'a, N> {
    root: N,
    rules: &'static [Rule],
    /// Open elements, each with its number among those of its name; 0 when it is the only one.
    path: Vec<(&'a str, usize)>,
    found: Violations,
    /// What tests from the root came to, by where they lie: it is the same for every element, of which there may be many.
    known: RefCell<HashMap<usize, bool>>,
}

impl<'a, N: Node<'a>> Checker<'a, N> {
    fn new(root: N, rules: &'static [Rule]) -> Self {
        Self { root, rules, path: Vec::new(), found: Vec::new(), known: RefCell::default() }
    }

    fn element(&mut self, element: N, number: usize) {
        if self.found.len() >= VIOLATIONS {
            return;
        }
        self.path.push((element.name(), number));
        for rule in self.rules {
            if self.is_at(rule) && self.is_broken(rule, element) {
                let (ru, en) = rule.told();
                self.tell(element, Fault::BrokenRule { ru, en });
            }
        }
        let mut number = 0;
        let (mut before, mut children) = ("", element.children().peekable());
        while let Some(child) = children.next() {
            let name = child.name();
            let is_next = before == name;
            number = if is_next { number + 1 } else { 1 };
            let is_alone = !is_next && children.peek().is_none_or(|next| next.name() != name);
            self.element(child, if is_alone { 0 } else { number });
            before = name;
        }
        self.path.pop();
    }

    fn is_at(&self, rule: &Rule) -> bool {
        let Some(before) = self.path.len().checked_sub(rule.context.len()) else { return false };
        self.path[before..].iter().zip(&rule.context).all(|((name, _), step)| name == step)
    }

    fn is_broken(&self, rule: &Rule, element: N) -> bool {
        let holds = |test: &Test| self.holds(test, element);
        rule.when.iter().all(holds) && !rule.need.iter().any(|all| all.iter().all(holds))
    }

    fn holds(&self, test: &Test, context: N) -> bool {
        if !test.path.from_root {
            return Self::holds_at(test, context);
        }
        let place = std::ptr::from_ref(test).addr();
        *self.known.borrow_mut().entry(place).or_insert_with(|| Self::holds_at(test, self.root))
    }

    fn holds_at(test: &Test, from: N) -> bool {
        let (steps, attribute) = (&test.path.steps, test.path.attribute);
        match &test.ask {
            Ask::Present => any_value(from, steps, attribute, &|_| true),
            Ask::Absent => !any_value(from, steps, attribute, &|_| true),
            Ask::Is(values) => any_value(from, steps, attribute, &|value| is_one_of(values, value)),
            Ask::IsOther(values) => any_value(from, steps, attribute, &|value| !is_one_of(values, value)),
        }
    }

    fn name(&mut self, name: &str) {
        let inside = self.root.attribute("ИдФайл").unwrap_or_default();
        if inside != name {
            let (name, inside) = (shorten(name), shorten(inside));
            self.path.push((self.root.name(), 0));
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

    fn tell(&mut self, element: N, fault: Fault) {
        let one = |(name, number): &(&str, usize)| match number {
            0 => (*name).to_owned(),
            number => format!("{name}[{number}]"),
        };
        let place = self.path.iter().map(one).collect::<Vec<_>>().join("/");
        self.found.push(XmlError { position: element.position(), place, fault });
    }
}

/// Whether a value is one of a rule's, which write a space as `_`.
fn is_one_of(values: &[&str], value: &str) -> bool {
    values.iter().any(|known| *known == value || known.contains('_') && known.replace('_', " ") == value)
}

/// Whether something of a kind stands at a path, in any of the elements that it leads to.
fn any_value<'a, N: Node<'a>>(
    from: N,
    steps: &[&str],
    attribute: Option<&str>,
    is_so: &dyn Fn(&str) -> bool,
) -> bool {
    let Some((step, rest)) = steps.split_first() else {
        return match attribute {
            Some(name) => from.attribute(name).is_some_and(is_so),
            None => is_so(from.text().trim()),
        };
    };
    let mut children = from.children().filter(|child| child.name() == *step);
    children.any(|child| any_value(child, rest, attribute, is_so))
}

#[cfg(test)]
mod tests;
