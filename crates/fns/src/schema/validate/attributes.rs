//! Attributes and values.

use super::super::model::{Complex, ElementId, Namespace, Process, TypeId, TypeKind, Wildcard};
use super::super::violation::{Rule, ValueFault};
use super::Validation;
use crate::xml::{Given, is_space, shorten};

/// Attributes that every element may have.
#[derive(Default)]
pub(super) struct Special<'x> {
    pub(super) kind: Option<(usize, String)>,
    pub(super) kind_name: &'x str,
    pub(super) nil: Option<(usize, String)>,
    pub(super) nil_name: &'x str,
}

/// What says something about an element and is no attribute of it.
const ABOUT: [&str; 4] = ["type", "nil", "schemaLocation", "noNamespaceSchemaLocation"];

impl Validation<'_, '_> {
    /// The type that `xsi:type` names, or else the declared one.
    pub(super) fn type_of(
        &mut self,
        element: Option<ElementId>,
        special: &Special<'_>,
        name: &str,
        offset: usize,
    ) -> Option<TypeId> {
        let model = self.model;
        let declared = element.map(|element| model.elements[element.0].kind);
        let mut kind = declared;
        if let Some((at, given)) = &special.kind {
            let given = given.trim_matches(is_space);
            let (namespace, local) =
                self.namespaces.resolve(model, given, true).unwrap_or((Namespace::FOREIGN, given));
            let found = model.type_names.get(&(namespace, local.to_owned())).copied();
            let rule = match (found, declared) {
                (None, _) => Some(Rule::TypeUnknown(shorten(given))),
                (Some(found), Some(declared)) if !model.derives(found, declared) => {
                    Some(Rule::TypeNotAllowed { given: shorten(given), name: shorten(name) })
                }
                (Some(found), _) => {
                    kind = Some(found);
                    None
                }
            };
            if let Some(rule) = rule {
                self.tell(offset, Some((*at, special.kind_name)), rule);
            }
        }
        if let Some(kind) = kind
            && let TypeKind::Complex(Complex { is_abstract: true, .. }) = model.types[kind.0].kind
        {
            self.tell(offset, None, Rule::TypeAbstract(shorten(name)));
        }
        kind
    }

    /// Whether the element says that it has no value.
    pub(super) fn nil_of(
        &mut self,
        element: Option<ElementId>,
        special: &Special<'_>,
        name: &str,
        offset: usize,
    ) -> bool {
        let Some((at, given)) = &special.nil else { return false };
        let model = self.model;
        if let Some(element) = element
            && !model.elements[element.0].nillable
        {
            self.tell(offset, Some((*at, special.nil_name)), Rule::NotNillable(shorten(name)));
            return false;
        }
        match given.trim_matches(is_space) {
            "true" | "1" => true,
            "false" | "0" => false,
            other => {
                let fault = ValueFault::other_type(other, "boolean");
                let rule = Rule::AttributeValue { name: special.nil_name.to_owned(), fault };
                self.tell(offset, Some((*at, special.nil_name)), rule);
                false
            }
        }
    }

    /// Judges the attributes of an element of a type.
    pub(super) fn attributes(&mut self, kind: TypeId, attributes: &[Given<'_>], offset: usize) {
        let model = self.model;
        let (declared, any) = match &model.types[kind.0].kind {
            TypeKind::Any => return,
            TypeKind::Simple(_) => (&[][..], None),
            TypeKind::Complex(complex) => (&complex.attributes[..], complex.any_attribute.as_ref()),
        };
        let mut given = std::mem::take(&mut self.given);
        given.clear();
        given.resize(declared.len(), false);
        // Attributes mostly stand in the order of the schema.
        let mut next = 0;
        for attribute in attributes {
            let (namespace, symbol) = match self.plain(attribute.name, attribute.number) {
                Some(symbol) => (Namespace::NONE, symbol),
                None => match self.namespaces.resolve(model, attribute.name, false) {
                    None => continue,
                    Some((Namespace::INSTANCE, local)) if ABOUT.contains(&local) => continue,
                    Some((namespace, local)) => (namespace, model.names.find(namespace, local)),
                },
            };
            let index = symbol.and_then(|symbol| {
                let is = |index: usize| declared[index].symbol == symbol;
                (next..declared.len()).find(|&index| is(index)).or_else(|| (0..next).find(|&index| is(index)))
            });
            let Some(index) = index else {
                if any.is_none_or(|any| !self.any_attribute(any, namespace)) {
                    let rule = Rule::AttributeNotAllowed(shorten(attribute.name));
                    self.tell(offset, Some((attribute.offset, attribute.name)), rule);
                }
                continue;
            };
            given[index] = true;
            next = index + 1;
            let declared = &declared[index];
            if let Err(fault) = self.check_value(declared.kind, &attribute.value, declared.fixed.as_deref()) {
                let rule = Rule::AttributeValue { name: shorten(attribute.name), fault };
                self.tell(offset, Some((attribute.offset, attribute.name)), rule);
            }
        }
        for (attribute, given) in declared.iter().zip(&given) {
            if attribute.required && !given {
                let rule = Rule::AttributeMissing(model.names.show(attribute.symbol).to_owned());
                self.tell(offset, None, rule);
            }
        }
        self.given = given;
    }

    fn any_attribute(&self, any: &Wildcard, namespace: Namespace) -> bool {
        // No schema here declares attributes that a wildcard could find.
        any.allows(namespace, self.no_target()) && any.process != Process::Strict
    }

    pub(super) fn check_value(
        &self,
        kind: TypeId,
        value: &str,
        fixed: Option<&str>,
    ) -> Result<(), ValueFault> {
        let TypeKind::Simple(simple) = &self.model.types[kind.0].kind else { return Ok(()) };
        simple.check(value)?;
        match fixed {
            Some(fixed) if !simple.same(value, fixed) => {
                Err(ValueFault::Fixed { value: shorten(value), fixed: shorten(fixed) })
            }
            _ => Ok(()),
        }
    }
}
