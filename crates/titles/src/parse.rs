//! From title to contract: the same table, read the other way.

use potok_fns::xml::{Document, Element, Fault, Position, XmlError, shorten};

use crate::contract::VIOLATIONS;
use crate::data::is_hint;
use crate::draft::{At, Draft};
use crate::file_name;
use crate::rule::Rule;
use crate::table::{Ask, Attribute, Bind, Element as Row, Node, Place, Source, Table, Tail, Test, Value};

/// Takes a title apart. With the data come all violations: whoever does not care for them has the data all the same.
pub(crate) fn parse(table: &Table, title: &Document) -> (Draft, Vec<XmlError>) {
    let root = &title.root;
    let mut reader = Reader { draft: Draft::new(table.contract), path: Vec::new(), violations: Vec::new() };
    if root.name != table.root {
        let fault = Fault::OtherDocument { expected: table.root.to_owned(), found: shorten(&root.name) };
        reader.tell(root.position, None, fault);
        return (reader.draft, reader.violations);
    }
    reader.path.push(root.name.to_string());
    reader.inside(&table.inside, root, Draft::ROOT);
    reader.participants(table, root.attribute("ИдФайл").unwrap_or_default());
    let mut violations = reader.violations;
    violations.sort_by_key(|violation| violation.position);
    violations.truncate(VIOLATIONS);
    (reader.draft, violations)
}

struct Reader {
    draft: Draft,
    path: Vec<String>,
    violations: Vec<XmlError>,
}

impl Reader {
    fn inside(&mut self, nodes: &[Node], title: &Element, here: At) {
        self.attributes(nodes, title, here);
        let mut next = 0;
        for (index, node) in nodes.iter().enumerate() {
            let (rows, optional) = match node {
                Node::Element(row) => (std::slice::from_ref(row), row.optional || !row.when.is_empty()),
                Node::Choice { optional, of } => (of.as_slice(), *optional),
                Node::Attribute(_) | Node::Known { .. } => continue,
            };
            // What nobody has a name for from here on is passed over, so that the rest is still read.
            while let Some(child) = title.children.get(next).filter(|child| !is_named(&nodes[index..], child))
            {
                self.tell(child.position, None, Fault::UnexpectedElement(shorten(&child.name)));
                next += 1;
            }
            let child = title.children.get(next);
            let named = |row: &&Row| child.is_some_and(|child| child.name == row.name);
            let constant = |row: &&Row| child.is_some_and(|child| says(row, child));
            // Of rows with one name: the one that always says this, or one that says something of its own.
            let row = rows.iter().filter(named).find(constant);
            let row = row.or_else(|| rows.iter().filter(named).find(|row| !row.is_constant()));
            let row = row.or_else(|| rows.iter().find(named));
            let Some(row) = row else {
                if !optional {
                    let names = rows.iter().map(|row| row.name).collect::<Vec<_>>().join(" | ");
                    self.tell(title.position, None, Fault::MissingElement(names));
                }
                continue;
            };
            let mut number = 0;
            while let Some(child) = title.children.get(next).filter(|child| child.name == row.name) {
                if number == 1 && !row.many {
                    break;
                }
                number += 1;
                next += 1;
                let numbered = if row.many { format!("{}[{number}]", row.name) } else { row.name.to_owned() };
                self.path.push(numbered);
                self.element(row, child, here);
                self.path.pop();
            }
        }
        for child in title.children.iter().skip(next) {
            self.tell(child.position, None, Fault::UnexpectedElement(shorten(&child.name)));
        }
    }

    fn attributes(&mut self, nodes: &[Node], title: &Element, here: At) {
        let mut known: Vec<&str> = Vec::new();
        let rows = nodes.iter().filter_map(|node| match node {
            Node::Attribute(row) => Some(row),
            _ => None,
        });
        // Whether a name is data depends on its code, which may stand behind it.
        let (names, values): (Vec<_>, Vec<_>) =
            rows.partition(|row| matches!(row.value.source, Source::Name(_, _, Some(_))));
        for row in values.into_iter().chain(names) {
            // Of several rows with one name that is meant whose tests on the kind of document hold.
            if known.contains(&row.name) || !self.may_hold(&row.when) {
                continue;
            }
            match title.attributes.iter().find(|attribute| attribute.name == row.name) {
                Some(found) => {
                    known.push(row.name);
                    self.attribute(row, &found.value, found.position, here);
                }
                None if row.required && row.when.is_empty() => {
                    self.tell(title.position, None, Fault::MissingAttribute(row.name.to_owned()));
                }
                None => {}
            }
        }
        for attribute in title.attributes.iter().filter(|attribute| !is_hint(attribute)) {
            if !known.contains(&attribute.name.as_str()) {
                self.tell(attribute.position, None, Fault::UnexpectedAttribute(shorten(&attribute.name)));
            }
        }
    }

    fn attribute(&mut self, row: &Attribute, value: &str, position: Position, here: At) {
        self.value(&row.value, value, position, Some(row.name), here);
        self.asides(&row.when, &row.set, here);
    }

    fn element(&mut self, row: &Row, title: &Element, here: At) {
        self.asides(&row.when, &[], here);
        let here = match &row.bind {
            Bind::Here => here,
            Bind::At(steps) => self.draft.descend(here, steps, None),
            Bind::Each(steps, many) => self.draft.descend(here, steps, Some(*many)),
        };
        match &row.value {
            Some(value) => {
                if let Some(child) = title.children.first() {
                    self.tell(child.position, None, Fault::UnexpectedElement(shorten(&child.name)));
                }
                for attribute in title.attributes.iter().filter(|attribute| !is_hint(attribute)) {
                    let fault = Fault::UnexpectedAttribute(shorten(&attribute.name));
                    self.tell(attribute.position, None, fault);
                }
                self.value(value, &title.text, title.position, None, here);
            }
            None => {
                let text = title.text.as_str();
                if !text.trim().is_empty() || title.children.is_empty() && !text.is_empty() {
                    self.tell(title.position, None, Fault::UnexpectedText);
                }
                self.inside(&row.inside, title, here);
            }
        }
        self.asides(&[], &row.set, here);
    }

    fn value(
        &mut self,
        value: &Value,
        text: &str,
        position: Position,
        attribute: Option<&'static str>,
        here: At,
    ) {
        match value.rule.to_contract(text) {
            // An empty value is one that was not given.
            Ok(given) if given.is_empty() => {}
            Ok(given) => {
                if let Source::Contract(place) = &value.source {
                    self.draft.put(here, place, &value.rule, &given);
                } else if let Source::Name(_, _, Some(other)) = &value.source {
                    self.name(value, other, &given, here);
                }
            }
            Err(fault) => self.tell(position, attribute, fault),
        }
    }

    /// A name is kept only where its code says nothing.
    fn name(&mut self, value: &Value, other: &Place, name: &str, here: At) {
        let Source::Name(classifier, code, _) = &value.source else { return };
        let code = code.attribute.and_then(|code| self.draft.attribute(here, code));
        if code.is_none_or(|code| classifier.name(code).is_none()) {
            self.draft.put(here, other, &value.rule, name);
        }
    }

    /// What was the condition of an element is data of the contract.
    fn asides(&mut self, when: &[Test], set: &[(Place, &'static str)], here: At) {
        for test in when.iter().filter(|test| !test.place.from_root) {
            if let Ask::Is(values) = &test.ask
                && let [value] = values.as_slice()
                && *value != "-"
            {
                self.draft.put(here, &test.place, &Rule::Any, value);
            }
        }
        for (place, value) in set {
            self.draft.put(here, place, &Rule::Any, value);
        }
    }

    /// Whether the tests on the kind of document hold, as far as it is known.
    fn may_hold(&self, when: &[Test]) -> bool {
        when.iter().filter(|test| test.place.from_root).all(|test| {
            let found = test.place.attribute.and_then(|name| self.draft.attribute(Draft::ROOT, name));
            match &test.ask {
                Ask::Is(values) => values.contains(&found.unwrap_or("-")),
                Ask::Present => found.is_some(),
                Ask::Absent => found.is_none(),
                Ask::Keeps(rule) => found.is_some_and(|value| rule.keeps(value)),
            }
        })
    }

    /// What only the name of the file says.
    fn participants(&mut self, table: &Table, file_id: &str) {
        if let Some(ids) = file_name::participants(file_id) {
            for (places, id) in [&table.sender, &table.recipient].into_iter().zip(ids) {
                if let Some(Source::Contract(place)) = places.first() {
                    self.draft.put(Draft::ROOT, place, &Rule::Any, id);
                }
            }
        }
        if table.file.tail == Tail::Goods {
            let steps = ["MetaData", "IncludeIdentificationNumbers"];
            for kind in file_name::marked_kinds(file_id) {
                let at = self.draft.descend(Draft::ROOT, &steps, Some(1));
                self.draft.put(at, &Place::here(), &Rule::Any, kind);
            }
        }
    }

    fn tell(&mut self, position: Position, attribute: Option<&str>, fault: Fault) {
        if self.violations.len() >= VIOLATIONS {
            return;
        }
        let mut place = self.path.join("/");
        if let Some(attribute) = attribute {
            place.push_str("/@");
            place.push_str(attribute);
        }
        self.violations.push(XmlError { position: Some(position), place, fault });
    }
}

/// Whether an element says what a row always says.
fn says(row: &Row, title: &Element) -> bool {
    if let Some(Value { source: Source::Literal(text), .. }) = &row.value {
        return title.text == *text;
    }
    row.is_constant()
        && title.children.is_empty()
        && title.attributes.iter().all(|found| {
            row.inside.iter().any(|node| match node {
                Node::Attribute(Attribute {
                    name,
                    value: Value { source: Source::Literal(text), .. },
                    ..
                }) => found.name == *name && found.value == *text,
                _ => false,
            })
        })
}

fn is_named(nodes: &[Node], child: &Element) -> bool {
    nodes.iter().any(|node| match node {
        Node::Element(row) => child.name == row.name,
        Node::Choice { of, .. } => of.iter().any(|row| child.name == row.name),
        Node::Attribute(_) | Node::Known { .. } => false,
    })
}
