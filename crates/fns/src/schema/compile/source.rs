//! The document of a schema, with its names looked up and everything unknown refused.

use std::collections::BTreeMap;

use super::super::SchemaError;
use super::super::model::{INSTANCE, Namespace, SCHEMA, XML};
use crate::xml::{self, Document, is_name};

/// An element of the namespace of XML Schema.
#[derive(Clone, Copy)]
pub(super) struct Xs<'d> {
    /// Its name without prefix.
    pub(super) kind: &'d str,
    element: &'d xml::Element,
}

/// What each construct may have: attributes, and constructs inside of it. Others are refused.
const KNOWN: &[(&str, &[&str], &[&str])] = &[
    (
        "schema",
        &["targetNamespace", "elementFormDefault", "attributeFormDefault", "version"],
        &["annotation", "element", "attribute", "simpleType", "complexType", "group", "attributeGroup"],
    ),
    (
        "element",
        &["name", "ref", "type", "minOccurs", "maxOccurs", "default", "fixed", "nillable", "form"],
        &["annotation", "simpleType", "complexType"],
    ),
    ("attribute", &["name", "ref", "type", "use", "default", "fixed", "form"], &["annotation", "simpleType"]),
    ("simpleType", &["name"], &["annotation", "restriction"]),
    (
        "complexType",
        &["name", "mixed", "abstract"],
        &[
            "annotation",
            "simpleContent",
            "complexContent",
            "group",
            "all",
            "choice",
            "sequence",
            "attribute",
            "attributeGroup",
            "anyAttribute",
        ],
    ),
    ("simpleContent", &[], &["annotation", "extension", "restriction"]),
    ("complexContent", &["mixed"], &["annotation", "extension"]),
    (
        "extension",
        &["base"],
        &["annotation", "group", "all", "choice", "sequence", "attribute", "attributeGroup", "anyAttribute"],
    ),
    (
        "restriction",
        &["base"],
        &[
            "annotation",
            "simpleType",
            "length",
            "minLength",
            "maxLength",
            "totalDigits",
            "fractionDigits",
            "whiteSpace",
            "minInclusive",
            "minExclusive",
            "maxInclusive",
            "maxExclusive",
            "pattern",
            "enumeration",
            "attribute",
            "attributeGroup",
        ],
    ),
    ("sequence", OCCURS, PARTICLES),
    ("choice", OCCURS, PARTICLES),
    ("all", OCCURS, &["annotation", "element"]),
    ("group", &["name", "ref", "minOccurs", "maxOccurs"], &["annotation", "all", "choice", "sequence"]),
    ("attributeGroup", &["name", "ref"], &["annotation", "attribute", "attributeGroup", "anyAttribute"]),
    ("any", &["namespace", "processContents", "minOccurs", "maxOccurs"], &["annotation"]),
    ("anyAttribute", &["namespace", "processContents"], &["annotation"]),
    ("length", FACET, &["annotation"]),
    ("minLength", FACET, &["annotation"]),
    ("maxLength", FACET, &["annotation"]),
    ("totalDigits", FACET, &["annotation"]),
    ("fractionDigits", FACET, &["annotation"]),
    ("whiteSpace", FACET, &["annotation"]),
    ("minInclusive", FACET, &["annotation"]),
    ("minExclusive", FACET, &["annotation"]),
    ("maxInclusive", FACET, &["annotation"]),
    ("maxExclusive", FACET, &["annotation"]),
    ("pattern", &["value"], &["annotation"]),
    ("enumeration", &["value"], &["annotation"]),
];
const OCCURS: &[&str] = &["minOccurs", "maxOccurs"];
const PARTICLES: &[&str] = &["annotation", "element", "group", "choice", "sequence", "any"];
const FACET: &[&str] = &["value", "fixed"];

pub(super) type Named<'d> = BTreeMap<&'d str, Xs<'d>>;

pub(super) struct Source<'d> {
    prefixes: Vec<(&'d str, &'d str)>,
    pub(super) target_uri: &'d str,
    pub(super) qualified_elements: bool,
    pub(super) qualified_attributes: bool,
    pub(super) types: Named<'d>,
    pub(super) elements: Named<'d>,
    pub(super) attributes: Named<'d>,
    pub(super) groups: Named<'d>,
    pub(super) attribute_groups: Named<'d>,
}

impl<'d> Source<'d> {
    pub(super) fn new(document: &'d Document) -> Result<Self, SchemaError> {
        let element = &document.root;
        let prefixes = element
            .attributes
            .iter()
            .filter_map(|given| match given.name.as_str() {
                "xmlns" => Some(("", given.value.as_str())),
                name => name.strip_prefix("xmlns:").map(|prefix| (prefix, given.value.as_str())),
            })
            .collect();
        let mut source = Self {
            prefixes,
            target_uri: "",
            qualified_elements: false,
            qualified_attributes: false,
            types: Named::new(),
            elements: Named::new(),
            attributes: Named::new(),
            groups: Named::new(),
            attribute_groups: Named::new(),
        };
        let root = source.construct(element)?;
        if root.kind != "schema" {
            return Err(root.invalid("the document is no schema".into()));
        }
        source.check(root)?;
        source.target_uri = root.attribute("targetNamespace").unwrap_or_default();
        if [SCHEMA, INSTANCE, XML].contains(&source.target_uri) {
            return Err(root.invalid(format!("a schema of {} cannot be given", source.target_uri)));
        }
        let qualified = |name| match root.attribute(name) {
            None | Some("unqualified") => Ok(false),
            Some("qualified") => Ok(true),
            Some(other) => Err(root.invalid(format!("{name} cannot be {other:?}"))),
        };
        source.qualified_elements = qualified("elementFormDefault")?;
        source.qualified_attributes = qualified("attributeFormDefault")?;
        for child in source.children(root)? {
            let named = match child.kind {
                "element" => &mut source.elements,
                "attribute" => &mut source.attributes,
                "group" => &mut source.groups,
                "attributeGroup" => &mut source.attribute_groups,
                "simpleType" | "complexType" => &mut source.types,
                _ => continue,
            };
            let name = child.name()?;
            if named.insert(name, child).is_some() {
                return Err(child.invalid(format!("there are two of the name {name:?}")));
            }
        }
        Ok(source)
    }

    pub(super) fn target(&self) -> Namespace {
        if self.target_uri.is_empty() { Namespace::NONE } else { Namespace::TARGET }
    }

    fn uri(&self, prefix: &str) -> Option<&'d str> {
        if prefix == "xml" {
            return Some(XML);
        }
        let found = self.prefixes.iter().find(|(known, _)| *known == prefix).map(|&(_, uri)| uri);
        // Without a declaration, what has no prefix is in no namespace.
        found.or(prefix.is_empty().then_some(""))
    }

    /// A name in a value: its namespace, which is that of the schema, none or that of XML Schema, and its local part.
    pub(super) fn resolve<'n>(&self, at: Xs<'d>, name: &'n str) -> Result<(Namespace, &'n str), SchemaError> {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let uri =
            self.uri(prefix).ok_or_else(|| at.invalid(format!("the prefix of {name:?} is not declared")))?;
        match uri {
            SCHEMA => Ok((Namespace::SCHEMA, local)),
            uri if uri == self.target_uri => Ok((self.target(), local)),
            _ => Err(at.unsupported(format!("{name} of another schema"))),
        }
    }

    /// A child of a schema's elements, which are all of the namespace of XML Schema.
    fn construct(&self, element: &'d xml::Element) -> Result<Xs<'d>, SchemaError> {
        let (prefix, kind) = element.name.split_once(':').unwrap_or(("", &element.name));
        let construct = Xs { kind, element };
        match self.uri(prefix) {
            Some(SCHEMA) => Ok(construct),
            _ => Err(construct.unsupported(element.name.to_string())),
        }
    }

    /// Refuses attributes and text that a construct does not have.
    fn check(&self, at: Xs<'d>) -> Result<(), SchemaError> {
        if at.kind == "annotation" {
            return Ok(());
        }
        let Some((_, attributes, _)) = KNOWN.iter().find(|(kind, ..)| *kind == at.kind) else {
            return Err(at.unsupported(at.kind.to_owned()));
        };
        let is_root = at.kind == "schema";
        for given in &at.element.attributes {
            let name = given.name.as_str();
            if name == "xmlns" || name.starts_with("xmlns:") {
                if !is_root {
                    return Err(at.unsupported(format!("{name} inside of the schema")));
                }
            } else if name.contains(':') || name == "id" || attributes.contains(&name) {
                // Attributes of other namespaces mean nothing to the schema.
            } else {
                return Err(at.unsupported(format!("the attribute {name} of {}", at.kind)));
            }
        }
        if !at.element.text.chars().all(xml_space) {
            return Err(at.invalid("there is text in it".into()));
        }
        Ok(())
    }

    /// The constructs inside of one, without annotations.
    pub(super) fn children(&self, at: Xs<'d>) -> Result<Vec<Xs<'d>>, SchemaError> {
        let allowed = KNOWN.iter().find(|(kind, ..)| *kind == at.kind).map(|(.., children)| *children);
        let mut found = Vec::with_capacity(at.element.children.len());
        for element in &at.element.children {
            let child = self.construct(element)?;
            if !allowed.is_some_and(|allowed| allowed.contains(&child.kind)) {
                return Err(child.unsupported(format!("{} in {}", child.kind, at.kind)));
            }
            self.check(child)?;
            if child.kind != "annotation" {
                found.push(child);
            }
        }
        Ok(found)
    }
}

fn xml_space(c: char) -> bool {
    xml::is_space(c)
}

impl<'d> Xs<'d> {
    /// An attribute without the white space around it.
    pub(super) fn attribute(self, name: &str) -> Option<&'d str> {
        let value = self.element.attribute(name)?;
        // Values of facets and of default values mean what they say.
        Some(if matches!(name, "value" | "default" | "fixed") {
            value
        } else {
            value.trim_matches(xml_space)
        })
    }

    /// The attribute `name`.
    pub(super) fn name(self) -> Result<&'d str, SchemaError> {
        let name = self.attribute("name").ok_or_else(|| self.invalid("it has no name".into()))?;
        if !is_name(name) || name.contains(':') {
            return Err(self.invalid(format!("{name:?} is no name")));
        }
        Ok(name)
    }

    /// `true` or `false`, the latter if nothing is said.
    pub(super) fn flag(self, name: &str) -> Result<bool, SchemaError> {
        match self.attribute(name) {
            None | Some("false" | "0") => Ok(false),
            Some("true" | "1") => Ok(true),
            Some(other) => Err(self.invalid(format!("{name} cannot be {other:?}"))),
        }
    }

    /// `minOccurs` and `maxOccurs`.
    pub(super) fn occurs(self) -> Result<(u32, Option<u32>), SchemaError> {
        let number = |name: &str, text: &str| {
            text.parse::<u32>().map_err(|_| self.invalid(format!("{name} cannot be {text:?}")))
        };
        let least = self.attribute("minOccurs").map_or(Ok(1), |text| number("minOccurs", text))?;
        let most = match self.attribute("maxOccurs") {
            None => Some(1),
            Some("unbounded") => None,
            Some(text) => Some(number("maxOccurs", text)?),
        };
        if most.is_some_and(|most| most < least) {
            return Err(self.invalid("minOccurs is more than maxOccurs".into()));
        }
        Ok((least, most))
    }

    pub(super) fn position(self) -> xml::Position {
        self.element.position
    }

    pub(super) fn invalid(self, reason: String) -> SchemaError {
        SchemaError::invalid(Some(self.element.position), format!("{}: {reason}", self.element.name))
    }

    pub(super) fn unsupported(self, construct: String) -> SchemaError {
        SchemaError::Unsupported { construct, position: self.element.position }
    }
}
