//! Documents made from a schema: as little as it allows, as much as it allows, and by chance.

use potok_fns::xml::{Document, Element, Limits};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::Random;

/// Elements inside each other that are made on purpose.
const DEPTH: usize = 24;
/// Bytes of one document, about.
const BYTES: usize = 60_000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Much {
    Least,
    Most,
    Chance,
}

/// Documents of every root of a schema.
pub(crate) fn documents(schema: &[u8], random: &Random) -> Vec<String> {
    let Ok(document) = Document::parse(schema, &Limits::TITLE) else { return Vec::new() };
    let mut made = Vec::new();
    for root in document.root.children.iter().filter(|child| local(child) == "element") {
        for much in [Much::Least, Much::Most, Much::Chance, Much::Chance, Much::Chance] {
            let mut maker = Maker::new(&document.root, much, random);
            maker.element(root, 1);
            made.push(format!("<?xml version=\"1.0\" encoding=\"windows-1251\"?>\n{}", maker.out));
        }
    }
    made
}

fn local(element: &Element) -> &str {
    element.name.split_once(':').map_or(&*element.name, |(_, local)| local)
}

struct Maker<'s> {
    schema: &'s Element,
    much: Much,
    random: &'s Random,
    out: String,
}

impl<'s> Maker<'s> {
    fn new(schema: &'s Element, much: Much, random: &'s Random) -> Self {
        Self { schema, much, random, out: String::new() }
    }

    fn named(&self, kinds: &[&str], name: &str) -> Option<&'s Element> {
        // A name with the prefix of the schema's own language is a built-in one.
        let prefix = self.schema.name.split_once(':').map_or("", |(prefix, _)| prefix);
        if !prefix.is_empty() && name.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(':')) {
            return None;
        }
        let name = name.rsplit(':').next().unwrap_or_default();
        self.schema
            .children
            .iter()
            .find(|child| kinds.contains(&local(child)) && child.attribute("name") == Some(name))
    }

    fn wants(&self, optional: bool, depth: usize) -> bool {
        if !optional {
            return true;
        }
        let room = depth < DEPTH && self.out.len() < BYTES;
        match self.much {
            Much::Least => false,
            Much::Most => room,
            Much::Chance => room && self.random.below(3) > 0,
        }
    }

    fn element(&mut self, declared: &'s Element, depth: usize) {
        if let Some(name) = declared.attribute("ref") {
            if let Some(global) = self.named(&["element"], name) {
                self.element(global, depth);
            }
            return;
        }
        let name = declared.attribute("name").unwrap_or_default();
        self.out.push_str(&format!("\n{}<{name}", "  ".repeat(depth - 1)));
        let inside = declared.children.iter().find(|child| local(child).ends_with("Type"));
        let kind = declared.attribute("type");
        let definition = inside.or_else(|| self.named(&["simpleType", "complexType"], kind?));
        match definition {
            Some(definition) if local(definition) == "complexType" => {
                self.attributes(definition);
                let start = self.out.len();
                self.out.push('>');
                self.content(definition, depth);
                if self.out.len() == start + 1 {
                    self.out.truncate(start);
                    self.out.push_str("/>");
                    return;
                }
                if self.out.ends_with('>') {
                    self.out.push_str(&format!("\n{}", "  ".repeat(depth - 1)));
                }
            }
            Some(definition) => {
                let value = self.value(definition);
                self.out.push_str(&format!(">{}", escaped(&value)));
            }
            None => {
                let value = self.builtin(kind.unwrap_or("string"), &[]);
                self.out.push_str(&format!(">{}", escaped(&value)));
            }
        }
        self.out.push_str(&format!("</{name}>"));
    }

    fn attributes(&mut self, holder: &'s Element) {
        for child in &holder.children {
            match local(child) {
                "attribute" => {
                    if !self.wants(child.attribute("use") != Some("required"), 1) {
                        continue;
                    }
                    let inside = child.children.iter().find(|child| local(child) == "simpleType");
                    let kind = child.attribute("type");
                    let value = match inside.or_else(|| self.named(&["simpleType"], kind?)) {
                        Some(definition) => self.value(definition),
                        None => self.builtin(kind.unwrap_or("string"), &[]),
                    };
                    let value = child.attribute("fixed").map_or(value, str::to_owned);
                    let name = child.attribute("name").unwrap_or("x");
                    self.out.push_str(&format!(" {name}=\"{}\"", escaped(&value)));
                }
                "complexContent" | "simpleContent" => self.attributes(child),
                "extension" => {
                    if let Some(base) =
                        child.attribute("base").and_then(|base| self.named(&["complexType"], base))
                    {
                        self.attributes(base);
                    }
                    self.attributes(child);
                }
                "attributeGroup" => {
                    let name = child.attribute("ref").unwrap_or_default();
                    if let Some(group) = self.named(&["attributeGroup"], name) {
                        self.attributes(group);
                    }
                }
                _ => {}
            }
        }
    }

    fn content(&mut self, holder: &'s Element, depth: usize) {
        for child in &holder.children {
            match local(child) {
                "sequence" | "choice" | "all" | "group" => self.particle(child, depth),
                "complexContent" => self.content(child, depth),
                "simpleContent" => {
                    if let Some(derivation) = child.children.first() {
                        let base = derivation.attribute("base").unwrap_or("string");
                        let value = match self.named(&["simpleType"], base) {
                            Some(definition) => self.value(definition),
                            None => self.builtin(base, &[]),
                        };
                        self.out.push_str(&escaped(&value));
                    }
                }
                "extension" => {
                    if let Some(base) =
                        child.attribute("base").and_then(|base| self.named(&["complexType"], base))
                    {
                        self.content(base, depth);
                    }
                    self.content(child, depth);
                }
                _ => {}
            }
        }
    }

    fn particle(&mut self, particle: &'s Element, depth: usize) {
        let number = |name: &str| particle.attribute(name).and_then(|text| text.parse::<usize>().ok());
        let least = number("minOccurs").unwrap_or(1);
        let most = match particle.attribute("maxOccurs") {
            Some("unbounded") => least.max(3),
            _ => number("maxOccurs").unwrap_or(1),
        };
        let mut times = least;
        while times < most && self.wants(true, depth) {
            times += 1;
            if self.much == Much::Most && self.out.len() > BYTES / 2 {
                break;
            }
        }
        for _ in 0..times {
            match local(particle) {
                "element" => self.element(particle, depth + 1),
                "choice" => {
                    let options: Vec<_> =
                        particle.children.iter().filter(|child| local(child) != "annotation").collect();
                    if !options.is_empty() {
                        let chosen =
                            if self.much == Much::Least { 0 } else { self.random.below(options.len()) };
                        self.particle(options[chosen], depth);
                    }
                }
                "sequence" | "all" => {
                    for child in particle.children.iter().filter(|child| local(child) != "annotation") {
                        self.particle(child, depth);
                    }
                }
                "group" => {
                    if let Some(group) = self.named(&["group"], particle.attribute("ref").unwrap_or_default())
                    {
                        self.content(group, depth);
                    }
                }
                "any" => self.out.push_str("<x/>"),
                _ => {}
            }
        }
    }

    /// A value of a simple type.
    fn value(&mut self, definition: &'s Element) -> String {
        let mut facets: Vec<(&str, &str)> = Vec::new();
        let mut at = definition;
        loop {
            let Some(restriction) = at.children.iter().find(|child| local(child) == "restriction") else {
                return "1".into();
            };
            for facet in &restriction.children {
                if let Some(value) = facet.attribute("value") {
                    facets.push((local(facet), value));
                }
            }
            let base = restriction.attribute("base").unwrap_or("string");
            let inside = restriction.children.iter().find(|child| local(child) == "simpleType");
            match inside.or_else(|| self.named(&["simpleType"], base)) {
                Some(definition) => at = definition,
                None => return self.builtin(base, &facets),
            }
        }
    }

    fn builtin(&self, name: &str, facets: &[(&str, &str)]) -> String {
        let all = |kind: &str| -> Vec<&str> {
            facets.iter().filter(|(facet, _)| *facet == kind).map(|&(_, value)| value).collect()
        };
        let first = |kind: &str| all(kind).first().and_then(|value| value.parse::<usize>().ok());
        let enumerated = all("enumeration");
        if !enumerated.is_empty() {
            return self.random.of(&enumerated).to_owned();
        }
        let patterns = all("pattern");
        if !patterns.is_empty()
            && let Some(value) = self.fitting(self.random.of(&patterns))
        {
            return value;
        }
        let least = first("length").or(first("minLength")).unwrap_or(0);
        let most = first("length").or(first("maxLength")).unwrap_or(least.max(8));
        match name.rsplit(':').next().unwrap_or_default() {
            "decimal" | "integer" | "int" | "nonNegativeInteger" | "positiveInteger" => {
                let total = first("totalDigits").unwrap_or(4);
                let fraction = first("fractionDigits").unwrap_or(0);
                let whole = total.saturating_sub(fraction).clamp(1, 6);
                let mut text = "7".repeat(if self.much == Much::Most { whole } else { 1 });
                if fraction > 0 && self.much != Much::Least && name.ends_with("decimal") {
                    text.push('.');
                    text.push_str(&"5".repeat(fraction.min(2)));
                }
                text
            }
            "boolean" => "true".into(),
            "base64Binary" => "QUJD".repeat(if self.much == Much::Most { 20 } else { 1 }),
            "date" => "2026-11-28".into(),
            "time" => "12:30:00".into(),
            "dateTime" => "2026-11-28T12:30:00".into(),
            _ => {
                let length = match self.much {
                    Much::Least => least,
                    Much::Most => most.min(300),
                    Much::Chance => least + self.random.below(most.saturating_sub(least).min(40) + 1),
                };
                "Заречный ¤ край 5".replace('¤', "и").chars().cycle().take(length).collect()
            }
        }
    }

    fn fitting(&self, pattern: &str) -> Option<String> {
        let seed: Vec<u8> = (0..32).map(|_| self.random.below(256) as u8).collect();
        let mut runner =
            TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
        let made = proptest::string::string_regex(pattern).ok()?.new_tree(&mut runner).ok()?;
        Some(made.current())
    }
}

fn escaped(value: &str) -> String {
    value.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
