//! From the document of a schema to its tables.
//!
//! Whatever is not known here is refused by its name: a construct that is passed over would let wrong documents through.

mod complex;
mod particle;
mod simple;
mod source;

use std::collections::HashMap;

use super::SchemaError;
use super::builtin::BUILTINS;
use super::model::{Element, ElementId, Model, Names, Namespace, Symbol, Type, TypeId, TypeKind};
use super::simple::Simple;
use crate::xml::Document;
use source::{Source, Xs};

/// Types in a chain of ones that are made from each other, and groups inside each other.
const CHAIN: usize = 64;

/// Compiles a schema.
pub(super) fn compile(document: &Document) -> Result<Model, SchemaError> {
    let source = Source::new(document)?;
    let mut compiler = Compiler::new(source);
    compiler.run()?;
    compiler.finish()
}

/// A named type while its turn has not come, during it and after.
enum Slot<'d> {
    Waiting(Xs<'d>),
    Working,
    Done(Draft),
}

/// A compiled type with what types made from it need.
enum Draft {
    Any,
    Simple(Simple),
    Complex(complex::Draft),
}

struct Compiler<'d> {
    source: Source<'d>,
    names: Names,
    slots: Vec<(Option<TypeId>, Slot<'d>)>,
    elements: Vec<Element>,
    roots: HashMap<Symbol, ElementId>,
    type_names: HashMap<(Namespace, String), TypeId>,
    chain: usize,
}

impl<'d> Compiler<'d> {
    fn new(source: Source<'d>) -> Self {
        let mut compiler = Self {
            names: Names::default(),
            slots: vec![(None, Slot::Done(Draft::Any))],
            elements: Vec::new(),
            roots: HashMap::new(),
            type_names: HashMap::from([((Namespace::SCHEMA, "anyType".to_owned()), TypeId(0))]),
            chain: 0,
            source,
        };
        for builtin in BUILTINS {
            let base = compiler.type_names.get(&(Namespace::SCHEMA, builtin.base.to_owned())).copied();
            let id = compiler.push((base, Slot::Done(Draft::Simple(Simple::builtin(builtin)))));
            compiler.type_names.insert((Namespace::SCHEMA, builtin.name.to_owned()), id);
        }
        let named: Vec<_> =
            compiler.source.types.iter().map(|(&name, &definition)| (name, definition)).collect();
        for (name, definition) in named {
            let id = compiler.push((None, Slot::Waiting(definition)));
            compiler.type_names.insert((compiler.source.target(), name.to_owned()), id);
        }
        compiler
    }

    fn push(&mut self, slot: (Option<TypeId>, Slot<'d>)) -> TypeId {
        self.slots.push(slot);
        TypeId(self.slots.len() - 1)
    }

    fn run(&mut self) -> Result<(), SchemaError> {
        // Types that nothing uses are compiled as well: what is wrong in a schema is told at the start of the server.
        for index in 0..self.slots.len() {
            self.draft(TypeId(index))?;
        }
        for definition in self.source.elements.values().copied().collect::<Vec<_>>() {
            let element = self.global_element(definition)?;
            let symbol = self.elements[element.0].symbol;
            self.roots.insert(symbol, element);
        }
        for definition in self.source.groups.values().copied().collect::<Vec<_>>() {
            self.group(definition)?;
        }
        for definition in self.source.attribute_groups.values().copied().collect::<Vec<_>>() {
            self.attribute_group(definition)?;
        }
        for definition in self.source.attributes.values().copied().collect::<Vec<_>>() {
            self.global_attribute(definition)?;
        }
        Ok(())
    }

    fn finish(self) -> Result<Model, SchemaError> {
        let no_target = self.source.target_uri.is_empty();
        let mut types = Vec::with_capacity(self.slots.len());
        for (base, slot) in self.slots {
            let kind = match slot {
                Slot::Done(Draft::Any) | Slot::Waiting(_) | Slot::Working => TypeKind::Any,
                Slot::Done(Draft::Simple(simple)) => TypeKind::Simple(simple),
                Slot::Done(Draft::Complex(draft)) => TypeKind::Complex(draft.finish(no_target)?),
            };
            types.push(Type { base, kind });
        }
        Ok(Model {
            names: self.names,
            target: self.source.target_uri.to_owned(),
            types,
            elements: self.elements,
            roots: self.roots,
            type_names: self.type_names,
        })
    }

    /// The compiled type behind an id.
    fn draft(&mut self, id: TypeId) -> Result<&Draft, SchemaError> {
        if let &Slot::Waiting(definition) = &self.slots[id.0].1 {
            self.slots[id.0].1 = Slot::Working;
            self.deeper(definition)?;
            let (base, draft) = match definition.kind {
                "simpleType" => {
                    let (base, simple) = self.simple_type(definition)?;
                    (base, Draft::Simple(simple))
                }
                _ => {
                    let (base, complex) = self.complex_type(definition)?;
                    (base, Draft::Complex(complex))
                }
            };
            self.chain -= 1;
            self.slots[id.0] = (Some(base), Slot::Done(draft));
        }
        match &self.slots[id.0].1 {
            Slot::Done(draft) => Ok(draft),
            _ => Err(SchemaError::invalid(None, "a type is made from itself".into())),
        }
    }

    fn deeper(&mut self, at: Xs<'d>) -> Result<(), SchemaError> {
        self.chain += 1;
        if self.chain > CHAIN {
            return Err(at.invalid(format!("more than {CHAIN} types or groups are made from each other")));
        }
        Ok(())
    }

    /// The type that an attribute like `type` or `base` names.
    fn type_by_name(&self, at: Xs<'d>, name: &str) -> Result<TypeId, SchemaError> {
        let (namespace, local) = self.source.resolve(at, name)?;
        if let Some(&id) = self.type_names.get(&(namespace, local.to_owned())) {
            return Ok(id);
        }
        Err(if namespace == Namespace::SCHEMA {
            at.unsupported(format!("type {name}"))
        } else {
            at.invalid(format!("there is no type {name:?}"))
        })
    }

    /// An anonymous type.
    fn anonymous(&mut self, definition: Xs<'d>) -> Result<TypeId, SchemaError> {
        let id = self.push((None, Slot::Waiting(definition)));
        self.draft(id)?;
        Ok(id)
    }

    /// The type of an element or attribute: named, inside of it, or `otherwise`.
    fn type_of(
        &mut self,
        at: Xs<'d>,
        inside: Option<Xs<'d>>,
        otherwise: &str,
    ) -> Result<TypeId, SchemaError> {
        match (at.attribute("type"), inside) {
            (Some(_), Some(_)) => Err(at.invalid("it has a type by name and one inside".into())),
            (Some(name), None) => self.type_by_name(at, name),
            (None, Some(definition)) => self.anonymous(definition),
            (None, None) => Ok(self
                .type_names
                .get(&(Namespace::SCHEMA, otherwise.to_owned()))
                .copied()
                .unwrap_or(TypeId(0))),
        }
    }

    /// The simple type behind an id, also that of the values of a complex type.
    fn simple_of(&mut self, id: TypeId) -> Result<Option<Simple>, SchemaError> {
        let values = match self.draft(id)? {
            Draft::Simple(simple) => return Ok(Some(simple.clone())),
            Draft::Complex(draft) => draft.value_type(),
            Draft::Any => None,
        };
        values.map_or(Ok(None), |id| self.simple_of(id))
    }

    /// `default` or `fixed`: the value, and whether it is the only one.
    fn value_of(&mut self, at: Xs<'d>, kind: TypeId) -> Result<(Option<String>, bool), SchemaError> {
        let (value, fixed) = match (at.attribute("default"), at.attribute("fixed")) {
            (None, None) => return Ok((None, false)),
            (Some(_), Some(_)) => return Err(at.invalid("it has a default and a fixed value".into())),
            (Some(value), None) => (value, false),
            (None, Some(value)) => (value, true),
        };
        // A value of a type that is still being compiled has to wait for nothing: such a type is complex.
        if !matches!(self.slots[kind.0].1, Slot::Working)
            && let Some(simple) = self.simple_of(kind)?
            && simple.check(value).is_err()
        {
            return Err(at.invalid(format!("the value {value:?} is none of its type")));
        }
        Ok((Some(value.to_owned()), fixed))
    }
}
