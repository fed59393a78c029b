//! Simple types and attributes.

use super::super::SchemaError;
use super::super::builtin::{ANY_SIMPLE, Space};
use super::super::model::{Attribute, Namespace, TypeId};
use super::super::simple::{Facet, Side, Simple};
use super::source::Xs;
use super::{Compiler, Draft};

/// An attribute of a type, or a name that the type takes away again.
pub(super) enum Use {
    Attribute(Attribute),
    Prohibited,
}

impl<'d> Compiler<'d> {
    /// A `simpleType`: what it narrows, and itself.
    pub(super) fn simple_type(&mut self, at: Xs<'d>) -> Result<(TypeId, Simple), SchemaError> {
        let [restriction] = self.source.children(at)?[..] else {
            return Err(at.invalid("it has to be one restriction".into()));
        };
        let mut children = self.source.children(restriction)?;
        let inside = match children.first() {
            Some(first) if first.kind == "simpleType" => Some(children.remove(0)),
            _ => None,
        };
        let base = match (restriction.attribute("base"), inside) {
            (Some(name), None) => self.type_by_name(restriction, name)?,
            (None, Some(definition)) => self.anonymous(definition)?,
            _ => return Err(restriction.invalid("it needs one base type".into())),
        };
        let Draft::Simple(simple) = self.draft(base)? else {
            return Err(restriction.invalid("its base is no simple type".into()));
        };
        let simple = simple.clone();
        if simple.is_any() {
            return Err(restriction.unsupported("a restriction of anySimpleType".into()));
        }
        Ok((base, narrowed(restriction, &simple, &children)?))
    }

    /// An attribute of the whole schema.
    pub(super) fn global_attribute(&mut self, at: Xs<'d>) -> Result<Attribute, SchemaError> {
        if let Some(name) = ["ref", "use", "form"].into_iter().find(|name| at.attribute(name).is_some()) {
            return Err(at.invalid(format!("it cannot have {name} here")));
        }
        self.attribute(at, self.source.target())
    }

    /// An attribute inside of a type or group.
    pub(super) fn attribute_use(&mut self, at: Xs<'d>) -> Result<Use, SchemaError> {
        let required = match at.attribute("use") {
            None | Some("optional") => false,
            Some("required") => true,
            Some("prohibited") => return Ok(Use::Prohibited),
            Some(other) => return Err(at.invalid(format!("use cannot be {other:?}"))),
        };
        let mut attribute = match at.attribute("ref") {
            Some(name) => {
                if ["name", "type", "form"].iter().any(|name| at.attribute(name).is_some()) {
                    return Err(at.invalid("it has a ref and a declaration of its own".into()));
                }
                let (namespace, local) = self.source.resolve(at, name)?;
                let found =
                    (namespace == self.source.target()).then(|| self.source.attributes.get(local).copied());
                let global =
                    found.flatten().ok_or_else(|| at.invalid(format!("there is no attribute {name:?}")))?;
                let mut attribute = self.global_attribute(global)?;
                if let (Some(fixed), true) = self.value_of(at, attribute.kind)? {
                    attribute.fixed = Some(fixed);
                }
                attribute
            }
            None => {
                let namespace = self.form(at, self.source.qualified_attributes)?;
                self.attribute(at, namespace)?
            }
        };
        attribute.required = required;
        Ok(Use::Attribute(attribute))
    }

    /// The namespace of a local element or attribute.
    pub(super) fn form(&self, at: Xs<'d>, usual: bool) -> Result<Namespace, SchemaError> {
        match at.attribute("form") {
            None if usual => Ok(self.source.target()),
            Some("qualified") => Ok(self.source.target()),
            None | Some("unqualified") => Ok(Namespace::NONE),
            Some(other) => Err(at.invalid(format!("form cannot be {other:?}"))),
        }
    }

    fn attribute(&mut self, at: Xs<'d>, namespace: Namespace) -> Result<Attribute, SchemaError> {
        let name = at.name()?;
        if name == "xmlns" {
            return Err(at.invalid("no attribute can have this name".into()));
        }
        let inside = self.source.children(at)?;
        let kind = self.type_of(at, single(at, &inside)?, ANY_SIMPLE)?;
        if !matches!(self.draft(kind)?, Draft::Simple(_)) {
            return Err(at.invalid("its type is no simple type".into()));
        }
        let (value, fixed) = self.value_of(at, kind)?;
        let symbol = self.names.intern(namespace, name);
        Ok(Attribute { symbol, kind, required: false, fixed: value.filter(|_| fixed) })
    }
}

/// The one construct inside of another, if any.
pub(super) fn single<'d>(at: Xs<'d>, inside: &[Xs<'d>]) -> Result<Option<Xs<'d>>, SchemaError> {
    match inside {
        [] => Ok(None),
        [one] => Ok(Some(*one)),
        _ => Err(at.invalid("there is more than one type in it".into())),
    }
}

/// A simple type with the facets of a restriction.
pub(super) fn narrowed(at: Xs<'_>, base: &Simple, facets: &[Xs<'_>]) -> Result<Simple, SchemaError> {
    let facets = facets.iter().map(|&facet| read(facet)).collect::<Result<Vec<_>, _>>()?;
    base.restricted(&facets).map_err(|reason| at.invalid(reason))
}

fn read<'d>(at: Xs<'d>) -> Result<Facet<'d>, SchemaError> {
    let value = at.attribute("value").ok_or_else(|| at.invalid("it has no value".into()))?;
    let trimmed = value.trim_matches(crate::xml::is_space);
    let count = || trimmed.parse::<usize>().map_err(|_| at.invalid(format!("{value:?} is no number")));
    Ok(match at.kind {
        "length" => Facet::Length(count()?),
        "minLength" => Facet::MinLength(count()?),
        "maxLength" => Facet::MaxLength(count()?),
        "totalDigits" => match count()? {
            0 => return Err(at.invalid("a number has at least one digit".into())),
            count => Facet::TotalDigits(count),
        },
        "fractionDigits" => Facet::FractionDigits(count()?),
        "minInclusive" => Facet::Bound(Side::MinInclusive, trimmed),
        "minExclusive" => Facet::Bound(Side::MinExclusive, trimmed),
        "maxInclusive" => Facet::Bound(Side::MaxInclusive, trimmed),
        "maxExclusive" => Facet::Bound(Side::MaxExclusive, trimmed),
        "pattern" => Facet::Pattern(value),
        "enumeration" => Facet::Enumeration(value),
        "whiteSpace" => Facet::WhiteSpace(match trimmed {
            "preserve" => Space::Preserve,
            "replace" => Space::Replace,
            "collapse" => Space::Collapse,
            _ => return Err(at.invalid(format!("{value:?} is no way to treat white space"))),
        }),
        _ => return Err(at.unsupported(format!("{} in a simple type", at.kind))),
    })
}
