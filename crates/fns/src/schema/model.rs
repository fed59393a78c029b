//! A compiled schema: tables that refer to each other by number.

use std::collections::HashMap;

use super::automaton::Automaton;
use super::simple::Simple;

/// A name with its namespace, as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Symbol(u32);

/// A namespace, as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Namespace(u32);

/// Index into [`Model::types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct TypeId(pub(super) usize);

/// Index into [`Model::elements`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct ElementId(pub(super) usize);

/// The namespace of XML Schema itself.
pub(super) const SCHEMA: &str = "http://www.w3.org/2001/XMLSchema";
/// The namespace of `xsi:type` and its like.
pub(super) const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// The namespace of the prefix `xml`.
pub(super) const XML: &str = "http://www.w3.org/XML/1998/namespace";

impl Namespace {
    /// No namespace.
    pub(super) const NONE: Self = Self(0);
    pub(super) const INSTANCE: Self = Self(1);
    pub(super) const SCHEMA: Self = Self(2);
    pub(super) const XML: Self = Self(3);
    /// That of the schema; [`Self::NONE`] stands for it when it has none.
    pub(super) const TARGET: Self = Self(4);
    /// Any that the schema does not name.
    pub(super) const FOREIGN: Self = Self(5);
}

/// All names that a schema knows.
#[derive(Debug, Default)]
pub(super) struct Names {
    by_local: HashMap<String, Vec<(Namespace, Symbol)>>,
    shown: Vec<String>,
}

impl Names {
    pub(super) fn intern(&mut self, namespace: Namespace, local: &str) -> Symbol {
        if let Some(known) = self.find(namespace, local) {
            return known;
        }
        let symbol = Symbol(u32::try_from(self.shown.len()).unwrap_or(u32::MAX));
        self.shown.push(local.to_owned());
        self.by_local.entry(local.to_owned()).or_default().push((namespace, symbol));
        symbol
    }

    pub(super) fn find(&self, namespace: Namespace, local: &str) -> Option<Symbol> {
        let known = self.by_local.get(local)?;
        known.iter().find(|(known, _)| *known == namespace).map(|&(_, symbol)| symbol)
    }

    /// The local name.
    pub(super) fn show(&self, symbol: Symbol) -> &str {
        self.shown.get(symbol.0 as usize).map_or("", String::as_str)
    }
}

/// What a schema says.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) names: Names,
    /// The namespace of the schema; empty for none.
    pub(super) target: String,
    pub(super) types: Vec<Type>,
    pub(super) elements: Vec<Element>,
    /// Elements that a document may begin with.
    pub(super) roots: HashMap<Symbol, ElementId>,
    /// Types by name, the built-in ones too.
    pub(super) type_names: HashMap<(Namespace, String), TypeId>,
}

impl Model {
    /// The namespace behind an address.
    pub(super) fn namespace(&self, uri: &str) -> Namespace {
        match uri {
            "" => Namespace::NONE,
            SCHEMA => Namespace::SCHEMA,
            INSTANCE => Namespace::INSTANCE,
            XML => Namespace::XML,
            uri if uri == self.target => Namespace::TARGET,
            _ => Namespace::FOREIGN,
        }
    }

    /// Whether a type is another one, or was made from it, in any number of steps.
    pub(super) fn derives(&self, mut one: TypeId, from: TypeId) -> bool {
        // A base stands before what is made from it or has a shorter chain, so this ends.
        for _ in 0..self.types.len() {
            if one == from {
                return true;
            }
            match self.types[one.0].base {
                Some(base) => one = base,
                None => return false,
            }
        }
        false
    }
}

/// A type of elements or attributes.
#[derive(Debug)]
pub(super) struct Type {
    pub(super) base: Option<TypeId>,
    pub(super) kind: TypeKind,
}

#[derive(Debug)]
pub(super) enum TypeKind {
    /// Everything may be in it: `anyType`.
    Any,
    Simple(Simple),
    Complex(Complex),
}

#[derive(Debug)]
pub(super) struct Complex {
    pub(super) is_abstract: bool,
    pub(super) attributes: Vec<Attribute>,
    pub(super) any_attribute: Option<Wildcard>,
    pub(super) content: Content,
}

impl Complex {
    /// The most attributes that a type may have.
    pub(super) const ATTRIBUTES: usize = 256;
}

#[derive(Debug)]
pub(super) enum Content {
    /// Nothing, not even white space.
    Empty,
    /// A value.
    Simple(TypeId),
    /// Elements in the order of an automaton, with text between them if `mixed`.
    Elements { automaton: Automaton, mixed: bool },
    /// Elements in any order, each once.
    All { members: Vec<Member>, may_be_empty: bool, mixed: bool },
}

/// An element of `xs:all`.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) symbol: Symbol,
    pub(super) element: ElementId,
    pub(super) required: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Attribute {
    pub(super) symbol: Symbol,
    pub(super) kind: TypeId,
    pub(super) required: bool,
    pub(super) fixed: Option<String>,
}

/// An element as a schema declares it.
#[derive(Clone, Debug)]
pub(super) struct Element {
    pub(super) symbol: Symbol,
    pub(super) kind: TypeId,
    pub(super) nillable: bool,
    /// The value that an empty element has.
    pub(super) value: Option<String>,
    /// Whether it is the only value.
    pub(super) fixed: bool,
}

/// `xs:any` and `xs:anyAttribute`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Wildcard {
    pub(super) allowed: Allowed,
    pub(super) process: Process,
}

/// Namespaces that a wildcard stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Allowed {
    Any,
    /// Another one than that of the schema, and not none.
    Other,
    /// Those of a list, of which only the ones with a meaning here are kept.
    Listed {
        none: bool,
        target: bool,
    },
}

/// What is done with what a wildcard stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Process {
    /// It has to be declared.
    Strict,
    /// It is looked at if it is declared.
    Lax,
    /// It is not looked at.
    Skip,
}

impl Wildcard {
    /// Whether it stands for names of a namespace; `no_target` says that the schema has none.
    pub(super) fn allows(&self, namespace: Namespace, no_target: bool) -> bool {
        match self.allowed {
            Allowed::Any => true,
            Allowed::Other => namespace != Namespace::NONE && (no_target || namespace != Namespace::TARGET),
            Allowed::Listed { none, target } => {
                (none && namespace == Namespace::NONE) || (target && namespace == Namespace::TARGET)
            }
        }
    }
}
