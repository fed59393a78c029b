//! Complex types.

use super::super::SchemaError;
use super::super::automaton::{Automaton, Occurring, Particle};
use super::super::model::{Attribute, Complex, Content, Member, TypeId, Wildcard};
use super::super::validate::ALL_MEMBERS;
use super::particle::{is_nothing, once, wildcard};
use super::simple::{Use, narrowed};
use super::source::Xs;
use super::{Compiler, Draft as AnyDraft};
use crate::xml::Position;

/// A complex type that others can still be made from.
#[derive(Clone)]
pub(super) struct Draft {
    is_abstract: bool,
    attributes: Attributes,
    content: DraftContent,
    /// Where it stands, for what is only found in the end.
    position: Option<Position>,
    name: String,
}

#[derive(Clone)]
pub(super) enum DraftContent {
    Empty { mixed: bool },
    Simple(TypeId),
    Particle { particle: Occurring, mixed: bool },
    All { members: Vec<Member>, may_be_empty: bool, mixed: bool },
}

#[derive(Clone, Default)]
pub(super) struct Attributes {
    declared: Vec<Attribute>,
    any: Option<Wildcard>,
}

impl Draft {
    /// The type of the values, when there are only those.
    pub(super) fn value_type(&self) -> Option<TypeId> {
        match self.content {
            DraftContent::Simple(id) => Some(id),
            _ => None,
        }
    }

    pub(super) fn finish(self, no_target: bool) -> Result<Complex, SchemaError> {
        let content = match self.content {
            DraftContent::Empty { mixed: false } => Content::Empty,
            DraftContent::Empty { mixed: true } => {
                Content::All { members: Vec::new(), may_be_empty: true, mixed: true }
            }
            DraftContent::Simple(id) => Content::Simple(id),
            DraftContent::Particle { particle, mixed } => {
                let automaton = Automaton::new(&particle, no_target).map_err(|reason| {
                    SchemaError::invalid(self.position, format!("{}: {reason}", self.name))
                })?;
                Content::Elements { automaton, mixed }
            }
            DraftContent::All { members, may_be_empty, mixed } => {
                Content::All { members, may_be_empty, mixed }
            }
        };
        Ok(Complex {
            is_abstract: self.is_abstract,
            attributes: self.attributes.declared,
            any_attribute: self.attributes.any,
            content,
        })
    }
}

impl<'d> Compiler<'d> {
    /// A `complexType`: what it is made from, and itself.
    pub(super) fn complex_type(&mut self, at: Xs<'d>) -> Result<(TypeId, Draft), SchemaError> {
        let is_abstract = at.flag("abstract")?;
        let mixed = at.flag("mixed")?;
        let children = self.source.children(at)?;
        let special = children.iter().find(|child| matches!(child.kind, "simpleContent" | "complexContent"));
        let (base, content, attributes) = match special {
            Some(content) if children.len() > 1 => {
                return Err(at.invalid(format!("there is something beside {}", content.kind)));
            }
            Some(content) => {
                let [derivation] = self.source.children(*content)?[..] else {
                    return Err(content.invalid("it has to be one extension or restriction".into()));
                };
                let name = derivation.attribute("base");
                let name = name.ok_or_else(|| derivation.invalid("it has no base".into()))?;
                let base = self.type_by_name(derivation, name)?;
                let mixed = if content.attribute("mixed").is_some() { content.flag("mixed")? } else { mixed };
                let (content, attributes) = match content.kind {
                    "simpleContent" => self.simple_content(derivation, base)?,
                    _ => self.extended(derivation, base, mixed)?,
                };
                (base, content, attributes)
            }
            None => {
                let (content, attributes) = self.content_and_attributes(at, &children, mixed)?;
                (TypeId(0), content, attributes)
            }
        };
        let name = at.attribute("name").unwrap_or("a type").to_owned();
        Ok((base, Draft { is_abstract, attributes, content, position: Some(at.position()), name }))
    }

    /// A value with attributes.
    fn simple_content(
        &mut self,
        at: Xs<'d>,
        base: TypeId,
    ) -> Result<(DraftContent, Attributes), SchemaError> {
        let children = self.source.children(at)?;
        let (value, mut attributes) = match self.draft(base)? {
            AnyDraft::Simple(_) if at.kind == "extension" => (base, Attributes::default()),
            AnyDraft::Complex(Draft { content: DraftContent::Simple(value), attributes, .. }) => {
                (*value, attributes.clone())
            }
            _ => return Err(at.invalid("its base has no values".into())),
        };
        let own = |child: &&Xs<'d>| matches!(child.kind, "attribute" | "attributeGroup" | "anyAttribute");
        if at.kind == "restriction" {
            if let Some(child) = children.iter().find(|child| own(child) || child.kind == "simpleType") {
                return Err(child.unsupported(format!("{} in a restriction of simpleContent", child.kind)));
            }
            let Some(simple) = self.simple_of(value)? else {
                return Err(at.invalid("its base has no values".into()));
            };
            let narrowed = narrowed(at, &simple, &children)?;
            let id = self.push((Some(value), super::Slot::Done(AnyDraft::Simple(narrowed))));
            return Ok((DraftContent::Simple(id), attributes));
        }
        if let Some(child) = children.iter().find(|child| !own(child)) {
            return Err(child.invalid("it cannot stand in simpleContent".into()));
        }
        self.add_attributes(&mut attributes, &children)?;
        Ok((DraftContent::Simple(value), attributes))
    }

    /// The content of another type, and more behind it.
    fn extended(
        &mut self,
        at: Xs<'d>,
        base: TypeId,
        mixed: bool,
    ) -> Result<(DraftContent, Attributes), SchemaError> {
        let children = self.source.children(at)?;
        let (content, own) = self.content_and_attributes(at, &children, mixed)?;
        let AnyDraft::Complex(base) = self.draft(base)? else {
            return Err(at.invalid("its base is no complex type".into()));
        };
        let base = base.clone();
        let content = match (base.content, content) {
            // A type without elements takes the sort of content that is added to it.
            (DraftContent::Empty { mixed: false }, content) => content,
            // What says nothing of its content keeps that of its base.
            (kept, DraftContent::Empty { mixed: added })
                if !added
                    || matches!(
                        kept,
                        DraftContent::Particle { mixed: true, .. }
                            | DraftContent::All { mixed: true, .. }
                            | DraftContent::Empty { mixed: true }
                    ) =>
            {
                kept
            }
            (DraftContent::Empty { mixed: true }, DraftContent::Particle { particle, mixed: true }) => {
                DraftContent::Particle { particle, mixed: true }
            }
            (
                DraftContent::Particle { particle: first, mixed: before },
                DraftContent::Particle { particle: second, mixed: after },
            ) if before == after => DraftContent::Particle {
                particle: once(Particle::Sequence(vec![first, second])),
                mixed: before,
            },
            _ => return Err(at.invalid("its content does not go with that of its base".into())),
        };
        let mut attributes = base.attributes;
        for attribute in own.declared {
            add(at, &mut attributes.declared, attribute)?;
        }
        attributes.any = match (attributes.any, own.any) {
            (None, any) | (any, None) => any,
            (Some(one), Some(other)) if one.allowed == other.allowed => Some(other),
            _ => return Err(at.unsupported("anyAttribute beside another one of the base".into())),
        };
        Ok((content, attributes))
    }

    fn content_and_attributes(
        &mut self,
        at: Xs<'d>,
        children: &[Xs<'d>],
        mixed: bool,
    ) -> Result<(DraftContent, Attributes), SchemaError> {
        let is_particle = |child: &&Xs<'d>| matches!(child.kind, "group" | "all" | "choice" | "sequence");
        let mut particles = children.iter().filter(is_particle);
        let content = match (particles.next(), particles.next()) {
            (Some(_), Some(second)) => return Err(second.invalid("there is another one before it".into())),
            (Some(&first), None) => self.content(first, mixed)?,
            (None, _) => DraftContent::Empty { mixed },
        };
        let mut attributes = Attributes::default();
        let others: Vec<_> = children.iter().filter(|child| !is_particle(child)).copied().collect();
        if children.iter().skip_while(|child| !is_particle(child)).count() != children.len()
            && !matches!(content, DraftContent::Empty { .. })
        {
            return Err(at.invalid("elements stand behind attributes".into()));
        }
        self.add_attributes(&mut attributes, &others)?;
        Ok((content, attributes))
    }

    /// The particle of a type.
    fn content(&mut self, at: Xs<'d>, mixed: bool) -> Result<DraftContent, SchemaError> {
        let all = match at.kind {
            "all" => Some(at),
            "group" => {
                let definition = self.group_by_ref(at)?;
                let inside = self.source.children(definition)?;
                inside.first().copied().filter(|inside| inside.kind == "all")
            }
            _ => None,
        };
        if let Some(all) = all {
            return self.all(all, at, mixed);
        }
        let particle = self.particle(at)?;
        Ok(if is_nothing(&particle) {
            DraftContent::Empty { mixed }
        } else {
            DraftContent::Particle { particle, mixed }
        })
    }

    /// `xs:all`, which a group may stand around.
    pub(super) fn all(
        &mut self,
        at: Xs<'d>,
        occurring: Xs<'d>,
        mixed: bool,
    ) -> Result<DraftContent, SchemaError> {
        for place in [at, occurring] {
            if !matches!(place.occurs()?, (0 | 1, Some(1))) {
                return Err(place.invalid("all its elements stand at most once".into()));
            }
        }
        let mut members: Vec<Member> = Vec::new();
        for child in self.source.children(at)? {
            let least = match child.occurs()? {
                (least @ (0 | 1), Some(1)) => least,
                (0, Some(0)) => continue,
                _ => return Err(child.invalid("an element of xs:all stands at most once".into())),
            };
            let element = self.local_element(child)?;
            let symbol = self.elements[element.0].symbol;
            if members.iter().any(|member| member.symbol == symbol) {
                return Err(child.invalid("a content model is ambiguous".into()));
            }
            members.push(Member { symbol, element, required: least == 1 });
        }
        if members.len() > ALL_MEMBERS {
            return Err(at.unsupported(format!("xs:all of more than {} elements", ALL_MEMBERS)));
        }
        let may_be_empty = occurring.occurs()?.0 == 0 || at.occurs()?.0 == 0;
        Ok(if members.is_empty() {
            DraftContent::Empty { mixed }
        } else {
            DraftContent::All { members, may_be_empty, mixed }
        })
    }

    /// A group of attributes of the whole schema.
    pub(super) fn attribute_group(&mut self, at: Xs<'d>) -> Result<Attributes, SchemaError> {
        let mut attributes = Attributes::default();
        let children = self.source.children(at)?;
        self.deeper(at)?;
        self.add_attributes(&mut attributes, &children)?;
        self.chain -= 1;
        Ok(attributes)
    }

    fn add_attributes(&mut self, to: &mut Attributes, from: &[Xs<'d>]) -> Result<(), SchemaError> {
        for &at in from {
            match at.kind {
                "attribute" => match self.attribute_use(at)? {
                    Use::Attribute(attribute) => add(at, &mut to.declared, attribute)?,
                    Use::Prohibited => {}
                },
                "attributeGroup" => {
                    let name = at.attribute("ref").ok_or_else(|| at.invalid("it has no ref".into()))?;
                    let (namespace, local) = self.source.resolve(at, name)?;
                    let found = (namespace == self.source.target())
                        .then(|| self.source.attribute_groups.get(local).copied());
                    let group = found
                        .flatten()
                        .ok_or_else(|| at.invalid(format!("there is no group of attributes {name:?}")))?;
                    let group = self.attribute_group(group)?;
                    for attribute in group.declared {
                        add(at, &mut to.declared, attribute)?;
                    }
                    if group.any.is_some() {
                        return Err(at.unsupported("anyAttribute in a group of attributes".into()));
                    }
                }
                "anyAttribute" => {
                    if to.any.is_some() {
                        return Err(at.invalid("there is another one before it".into()));
                    }
                    to.any = Some(wildcard(at, self)?);
                }
                kind => return Err(at.invalid(format!("{kind} cannot stand here"))),
            }
        }
        Ok(())
    }
}

fn add(at: Xs<'_>, to: &mut Vec<Attribute>, attribute: Attribute) -> Result<(), SchemaError> {
    if to.iter().any(|known| known.symbol == attribute.symbol) {
        return Err(at.invalid("there are two attributes of one name".into()));
    }
    if to.len() == Complex::ATTRIBUTES {
        return Err(at.unsupported(format!("more than {} attributes of one type", Complex::ATTRIBUTES)));
    }
    to.push(attribute);
    Ok(())
}
