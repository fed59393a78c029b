//! Which prefix means which namespace, at a place of a document.

use super::super::model::{Model, Namespace};
use crate::xml::Given;

/// Declarations of the open elements.
#[derive(Default)]
pub(super) struct Namespaces<'a> {
    declared: Vec<Declaration<'a>>,
}

struct Declaration<'a> {
    depth: usize,
    prefix: &'a str,
    uri: String,
}

/// What an element declares.
#[derive(Default)]
pub(super) struct Declarations {
    /// Declarations that say nothing: where they stand and their names.
    pub(super) unusable: Vec<(usize, String)>,
}

impl<'a> Namespaces<'a> {
    /// Whether nothing is declared.
    pub(super) fn is_empty(&self) -> bool {
        self.declared.is_empty()
    }

    /// Takes the declarations of an element, which is the `depth`th of the open ones.
    pub(super) fn enter(&mut self, depth: usize, attributes: &mut Vec<Given<'a>>) -> Declarations {
        let mut declarations = Declarations::default();
        if !attributes.iter().any(|given| given.name.starts_with("xmlns")) {
            return declarations;
        }
        attributes.retain(|given| {
            let prefix = match given.name.strip_prefix("xmlns") {
                Some("") => "",
                Some(rest) => match rest.strip_prefix(':') {
                    Some(prefix) => prefix,
                    None => return true,
                },
                None => return true,
            };
            let xml = given.value == super::super::model::XML;
            let unusable = prefix.contains(':')
                || given.name.ends_with(':')
                || prefix == "xmlns"
                || (prefix == "xml") != xml
                || (!prefix.is_empty() && given.value.is_empty());
            if unusable {
                declarations.unusable.push((given.offset, given.name.to_owned()));
            } else {
                self.declared.push(Declaration { depth, prefix, uri: given.value.clone().into_owned() });
            }
            false
        });
        declarations
    }

    /// Forgets the declarations of elements that are closed now.
    pub(super) fn leave(&mut self, depth: usize) {
        while self.declared.last().is_some_and(|last| last.depth > depth) {
            self.declared.pop();
        }
    }

    /// The namespace and the local part of a name; `None` when its prefix is not declared or it has two. What has no
    /// prefix is in the default namespace only if `default` says so: attributes are not.
    pub(super) fn resolve<'n>(
        &self,
        model: &Model,
        name: &'n str,
        default: bool,
    ) -> Option<(Namespace, &'n str)> {
        let Some((prefix, local)) = name.split_once(':') else {
            if !default || self.declared.is_empty() {
                return Some((Namespace::NONE, name));
            }
            return Some((self.uri("").map_or(Namespace::NONE, |uri| model.namespace(uri)), name));
        };
        if prefix.is_empty() || local.is_empty() || local.contains(':') {
            return None;
        }
        if prefix == "xml" {
            return Some((Namespace::XML, local));
        }
        Some((model.namespace(self.uri(prefix)?), local))
    }

    /// An attribute that is there twice under two prefixes.
    pub(super) fn twice<'n>(&self, attributes: &[Given<'n>]) -> Option<(usize, &'n str)> {
        let prefixed = |given: &Given<'n>| {
            let (prefix, local) = given.name.split_once(':')?;
            Some((self.uri(prefix)?, local))
        };
        attributes.iter().enumerate().find_map(|(at, given)| {
            let name = prefixed(given)?;
            let again = attributes[..at].iter().any(|other| prefixed(other) == Some(name));
            again.then_some((given.offset, given.name))
        })
    }

    fn uri(&self, prefix: &str) -> Option<&str> {
        self.declared.iter().rev().find(|known| known.prefix == prefix).map(|known| known.uri.as_str())
    }
}
