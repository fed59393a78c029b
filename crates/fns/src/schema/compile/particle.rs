//! Elements, wildcards and the groups around them.

use super::super::SchemaError;
use super::super::automaton::{Occurring, Particle};
use super::super::model::{Allowed, Element, ElementId, Namespace, Process, Symbol, TypeId, Wildcard};
use super::Compiler;
use super::simple::single;
use super::source::Xs;

impl<'d> Compiler<'d> {
    pub(super) fn group_by_ref(&mut self, at: Xs<'d>) -> Result<Xs<'d>, SchemaError> {
        let name = at.attribute("ref").ok_or_else(|| at.invalid("it has no ref".into()))?;
        let (namespace, local) = self.source.resolve(at, name)?;
        let found = (namespace == self.source.target()).then(|| self.source.groups.get(local).copied());
        found.flatten().ok_or_else(|| at.invalid(format!("there is no group {name:?}")))
    }

    /// A group of the whole schema.
    pub(super) fn group(&mut self, at: Xs<'d>) -> Result<Occurring, SchemaError> {
        let [inside] = self.source.children(at)?[..] else {
            return Err(at.invalid("it has to be one sequence, choice or all".into()));
        };
        if inside.kind == "all" {
            self.all(inside, inside, false)?;
            return Ok(once(Particle::Sequence(Vec::new())));
        }
        self.particle(inside)
    }

    pub(super) fn particle(&mut self, at: Xs<'d>) -> Result<Occurring, SchemaError> {
        let (least, most) = at.occurs()?;
        let particle = match at.kind {
            "element" => {
                let element = self.local_element(at)?;
                Particle::Element(self.elements[element.0].symbol, element)
            }
            "any" => Particle::Any(wildcard(at, self)?),
            "group" => {
                let definition = self.group_by_ref(at)?;
                if self.source.children(definition)?.first().is_some_and(|inside| inside.kind == "all") {
                    return Err(at.invalid("xs:all has to be all of a type's content".into()));
                }
                self.deeper(at)?;
                let group = self.group(definition)?;
                self.chain -= 1;
                Particle::Sequence(vec![group])
            }
            kind => {
                let parts = self.source.children(at)?;
                let parts =
                    parts.into_iter().map(|part| self.particle(part)).collect::<Result<Vec<_>, _>>()?;
                if kind == "choice" { Particle::Choice(parts) } else { Particle::Sequence(parts) }
            }
        };
        Ok(Occurring { particle, least, most })
    }

    /// An element of the whole schema.
    pub(super) fn global_element(&mut self, at: Xs<'d>) -> Result<ElementId, SchemaError> {
        if let Some(name) =
            ["ref", "form", "minOccurs", "maxOccurs"].into_iter().find(|name| at.attribute(name).is_some())
        {
            return Err(at.invalid(format!("it cannot have {name} here")));
        }
        let symbol = self.names.intern(self.source.target(), at.name()?);
        if let Some(&known) = self.roots.get(&symbol) {
            return Ok(known);
        }
        // Elements may stand inside of themselves, so the place is taken before the type is looked at.
        let id = ElementId(self.elements.len());
        self.roots.insert(symbol, id);
        self.elements.push(Element { symbol, kind: TypeId(0), nillable: false, value: None, fixed: false });
        self.elements[id.0] = self.element(at, symbol)?;
        Ok(id)
    }

    pub(super) fn local_element(&mut self, at: Xs<'d>) -> Result<ElementId, SchemaError> {
        if let Some(name) = at.attribute("ref") {
            let own = ["name", "type", "nillable", "default", "fixed", "form"];
            if own.iter().any(|name| at.attribute(name).is_some()) {
                return Err(at.invalid("it has a ref and a declaration of its own".into()));
            }
            let (namespace, local) = self.source.resolve(at, name)?;
            let found = (namespace == self.source.target()).then(|| self.source.elements.get(local).copied());
            let global =
                found.flatten().ok_or_else(|| at.invalid(format!("there is no element {name:?}")))?;
            return self.global_element(global);
        }
        let namespace = self.form(at, self.source.qualified_elements)?;
        let symbol = self.names.intern(namespace, at.name()?);
        let element = self.element(at, symbol)?;
        self.elements.push(element);
        Ok(ElementId(self.elements.len() - 1))
    }

    fn element(&mut self, at: Xs<'d>, symbol: Symbol) -> Result<Element, SchemaError> {
        let inside = self.source.children(at)?;
        let kind = self.type_of(at, single(at, &inside)?, "anyType")?;
        let (value, fixed) = self.value_of(at, kind)?;
        Ok(Element { symbol, kind, nillable: at.flag("nillable")?, value, fixed })
    }
}

pub(super) fn once(particle: Particle) -> Occurring {
    Occurring { particle, least: 1, most: Some(1) }
}

/// Whether nothing can ever stand there, and nothing has to.
pub(super) fn is_nothing(occurring: &Occurring) -> bool {
    occurring.most == Some(0)
        || match &occurring.particle {
            Particle::Element(..) | Particle::Any(_) => false,
            Particle::Sequence(parts) => parts.iter().all(is_nothing),
            Particle::Choice(parts) => {
                parts.is_empty() && occurring.least == 0 || !parts.is_empty() && parts.iter().all(is_nothing)
            }
        }
}

pub(super) fn wildcard(at: Xs<'_>, compiler: &Compiler<'_>) -> Result<Wildcard, SchemaError> {
    let target_uri = compiler.source.target_uri;
    let allowed = match at.attribute("namespace") {
        None | Some("##any") => Allowed::Any,
        Some("##other") => Allowed::Other,
        Some(list) => {
            let mut allowed = (false, false);
            for item in list.split_ascii_whitespace() {
                match item {
                    "##local" => allowed.0 = true,
                    "##targetNamespace" if compiler.source.target() == Namespace::NONE => allowed.0 = true,
                    "##targetNamespace" => allowed.1 = true,
                    uri if uri == target_uri => allowed.1 = true,
                    uri => return Err(at.unsupported(format!("the namespace {uri} of {}", at.kind))),
                }
            }
            Allowed::Listed { none: allowed.0, target: allowed.1 }
        }
    };
    let process = match at.attribute("processContents") {
        None | Some("strict") => Process::Strict,
        Some("lax") => Process::Lax,
        Some("skip") => Process::Skip,
        Some(other) => return Err(at.invalid(format!("processContents cannot be {other:?}"))),
    };
    Ok(Wildcard { allowed, process })
}
