//! Schemas of contracts, by which programs hold their data to the format before they send them.
//!
//! A schema says which names there are, which of them repeat, and what a value may be; elements stand in any order, and an
//! empty value is an absent one. What has to be there depends on what else is said: only the maker of titles tells that.

use potok_fns::Rule as Simple;
use potok_fns::xml::Writer;

use crate::Format;
use crate::rule::Rule;
use crate::sources::{DETAILS, REFERENCE};
use crate::table::{Child, Shape};

/// Elements in any order, none of them twice, are said as such up to so many.
const ALL: usize = 16;

impl Format {
    /// The schema of the data that programs send, UTF-8.
    pub fn contract_schema(self) -> Vec<u8> {
        let table = self.table();
        schema(table.contract, &table.shape)
    }

    /// The schema of what those data say of who signs, alone; `None` where they say nothing of that.
    pub fn signers_schema(self) -> Option<Vec<u8>> {
        self.table().shape.child(SIGNERS).map(|signers| schema(SIGNERS, &signers.shape))
    }
}

const SIGNERS: &str = "Signers";

fn schema(root: &str, shape: &Shape) -> Vec<u8> {
    let mut schema = Schema(Writer::utf8());
    schema.open("xs:schema", &[("xmlns:xs", "http://www.w3.org/2001/XMLSchema")]);
    schema.open("xs:element", &[("name", root)]);
    schema.type_of(shape);
    schema.close();
    schema.close();
    schema.0.finish()
}

struct Schema(Writer);

impl Schema {
    fn open(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.0.open(name);
        for (name, value) in attributes {
            self.0.attribute(name, value).expect("tables have no characters that XML cannot hold");
        }
    }

    fn close(&mut self) {
        self.0.close();
    }

    fn type_of(&mut self, shape: &Shape) {
        self.type_with(shape, None);
    }

    /// The type of an element that has one more attribute, of which anything may be said.
    fn type_with(&mut self, shape: &Shape, more: Option<&str>) {
        let Shape { attributes, children, text, .. } = shape;
        if attributes.is_empty() && children.is_empty() && *text {
            return self.simple_type(&facets(shape, None));
        }
        let is_mixed = *text && !children.is_empty();
        self.open("xs:complexType", if is_mixed { &[("mixed", "true")] } else { &[] });
        if *text && children.is_empty() {
            self.open("xs:simpleContent", &[]);
            self.open("xs:extension", &[("base", "xs:string")]);
            self.attributes(shape);
            self.close();
            self.close();
        } else {
            self.children(children);
            self.attributes(shape);
            if let Some(name) = more.filter(|name| !attributes.contains(name)) {
                self.open("xs:attribute", &[("name", name), ("type", "xs:string")]);
                self.close();
            }
        }
        self.close();
    }

    fn children(&mut self, children: &[Child]) {
        if children.is_empty() {
            return;
        }
        if children.len() <= ALL && children.iter().all(|child| !child.many) {
            self.open("xs:all", &[]);
            children.iter().for_each(|child| self.element(child, &[("minOccurs", "0")]));
        } else {
            self.open("xs:choice", &[("minOccurs", "0"), ("maxOccurs", "unbounded")]);
            children.iter().for_each(|child| self.element(child, &[]));
        }
        self.close();
    }

    /// A child. An organization may be described, or its box be named with what is to be said otherwise than is known of it.
    fn element(&mut self, child: &Child, more: &[(&str, &str)]) {
        self.open("xs:element", &[&[("name", child.name)][..], more].concat());
        self.type_of(&child.shape);
        self.close();
        if child.name == DETAILS {
            self.open("xs:element", &[&[("name", REFERENCE)][..], more].concat());
            self.type_with(&child.shape, Some("BoxId"));
            self.close();
        }
    }

    fn attributes(&mut self, shape: &Shape) {
        for &name in &shape.attributes {
            self.open("xs:attribute", &[("name", name)]);
            self.simple_type(&facets(shape, Some(name)));
            self.close();
        }
    }

    fn simple_type(&mut self, facets: &[Facet]) {
        self.open("xs:simpleType", &[]);
        self.open("xs:restriction", &[("base", "xs:string")]);
        for (facet, value) in facets {
            self.open(facet, &[("value", value.as_str())]);
            self.close();
        }
        self.close();
        self.close();
    }
}

type Facet = (&'static str, String);

/// What a value may be: where all of its rules name words, any of these, and what they say where all say the same.
fn facets(shape: &Shape, attribute: Option<&str>) -> Vec<Facet> {
    let rules = shape.rules.iter().filter(|(of, _)| *of == attribute).map(|(_, rule)| of_rule(rule));
    let rules: Vec<Vec<Facet>> = rules.collect();
    let names_words =
        |rule: &Vec<Facet>| !rule.is_empty() && rule.iter().all(|(facet, _)| *facet == ENUMERATION);
    if rules.iter().all(names_words) {
        let mut words = rules.concat();
        words.sort_unstable();
        words.dedup();
        return words;
    }
    let mut rules = rules.into_iter();
    let first = rules.next().unwrap_or_default();
    if rules.all(|other| other == first) { first } else { Vec::new() }
}

const ENUMERATION: &str = "xs:enumeration";

fn of_rule(rule: &Rule) -> Vec<Facet> {
    match rule {
        Rule::Simple(Simple::Text(most)) | Rule::Between(_, most) => {
            vec![("xs:maxLength", most.to_string())]
        }
        Rule::Simple(Simple::Exactly(length)) => pattern(&format!(".{{{length}}}")),
        Rule::Simple(Simple::InnOrganization) => digits(&[10]),
        Rule::Simple(Simple::InnPerson) => digits(&[12]),
        Rule::Simple(Simple::Constant(constant)) => one_of(std::iter::once(*constant)),
        Rule::Digits(lengths) => digits(lengths),
        Rule::Shape(classifier) => digits(classifier.lengths()),
        Rule::Guid => pattern(".{36}"),
        Rule::Date => pattern(DATE),
        Rule::Time => pattern(TIME),
        Rule::Clock => pattern("[0-9]{2}:[0-9]{2}:[0-9]{2}"),
        Rule::Moment => pattern(&format!("{DATE} {TIME}")),
        Rule::Decimal(_) => pattern(r"[\-+]?[0-9]*(\.[0-9]*)?"),
        Rule::Like(pictures) => {
            let escaped = pictures.join("|").replace('.', r"\.").replace('+', r"\+").replace('-', r"\-");
            pattern(&escaped.replace('9', "[0-9]"))
        }
        Rule::OneOf(values) => one_of(values.iter().copied()),
        Rule::Map(map) => one_of(map.0.iter().map(|(contract, _)| *contract)),
        Rule::Any | Rule::Simple(_) | Rule::Code(_) | Rule::Part(_) => Vec::new(),
    }
}

const DATE: &str = r"[0-9]{2}\.[0-9]{2}\.[0-9]{4}";
const TIME: &str = r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}";

fn pattern(pattern: &str) -> Vec<Facet> {
    vec![("xs:pattern", format!("({pattern})?"))]
}

fn digits(lengths: &[usize]) -> Vec<Facet> {
    let each: Vec<String> = lengths.iter().map(|length| format!("[0-9]{{{length}}}")).collect();
    pattern(&each.join("|"))
}

fn one_of(values: impl Iterator<Item = &'static str>) -> Vec<Facet> {
    let mut facets: Vec<Facet> =
        values.chain(std::iter::once("")).map(|value| (ENUMERATION, value.to_owned())).collect();
    facets.sort_unstable();
    facets.dedup();
    facets
}
