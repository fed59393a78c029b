//! A document held to a compiled schema, in one pass.

mod attributes;
mod content;
mod namespaces;

use super::automaton::{Automaton, StateId};
use super::model::{Complex, Content, ElementId, Model, Namespace, Symbol, TypeId, TypeKind};
use super::violation::Rule;
use crate::xml::{Given, Number, Sink, is_space, shorten};
use attributes::Special;
use content::Entered;
use namespaces::Namespaces;

/// Elements of one `xs:all`.
pub(super) const ALL_MEMBERS: usize = 128;

/// A broken rule, and where: the tag, or an attribute in it.
#[derive(Debug)]
pub(super) struct Found {
    /// Where the tag starts.
    pub(super) element: usize,
    /// Where the attribute starts, and its name.
    pub(super) attribute: Option<(usize, String)>,
    pub(super) rule: Rule,
}

/// Keeps what a document has against a schema.
pub(super) struct Validation<'m, 'a> {
    model: &'m Model,
    most: usize,
    open: Vec<Frame<'a>>,
    namespaces: Namespaces<'a>,
    /// By number of a name, when it has been met: whether it has no prefix, and what it then is to the schema.
    met: Vec<Option<Plain>>,
    /// Characters of the element at hand, if it holds a value.
    value: String,
    /// Which attributes of a type were given, for the element at hand.
    given: Vec<bool>,
    pub(super) found: Vec<Found>,
}

/// A name as the schema sees it where it is in no namespace; `None` when it has a prefix, or says something about namespaces.
type Plain = Option<Option<Symbol>>;

/// An open element.
struct Frame<'a> {
    name: &'a str,
    offset: usize,
    judge: Judge,
    element: Option<ElementId>,
    nil: bool,
    /// Whether it has elements or characters that its type does not have, of which one is told.
    wrong_text: bool,
    filled: bool,
    /// Whether a name that is not known anywhere here stood in the place of a known one.
    astray: bool,
}

#[derive(Clone, Copy)]
enum Judge {
    /// By a type, with the place in its content.
    Type(TypeId, Place),
    /// Only what is declared.
    Lax,
    /// Not at all.
    Skip,
}

#[derive(Clone, Copy)]
enum Place {
    State(StateId),
    /// The elements of an `xs:all` that were there.
    Seen(u128),
    None,
}

impl<'m, 'a> Validation<'m, 'a> {
    pub(super) fn new(model: &'m Model, most: usize) -> Self {
        Self {
            model,
            most,
            open: Vec::new(),
            namespaces: Namespaces::default(),
            met: Vec::new(),
            value: String::new(),
            given: Vec::new(),
            found: Vec::new(),
        }
    }

    fn tell(&mut self, element: usize, attribute: Option<(usize, &str)>, rule: Rule) {
        if !self.is_full() {
            let attribute = attribute.map(|(offset, name)| (offset, name.to_owned()));
            self.found.push(Found { element, attribute, rule });
        }
    }

    /// Whether nothing more is told; then nothing more is looked at either.
    fn is_full(&self) -> bool {
        self.found.len() >= self.most
    }

    fn plain(&mut self, name: &str, number: Number) -> Plain {
        let look = || {
            let is_plain = !name.contains(':') && !name.starts_with("xmlns");
            is_plain.then(|| self.model.names.find(Namespace::NONE, name))
        };
        let Some(index) = number.index() else { return look() };
        if self.met.len() <= index {
            self.met.resize(index + 1, None);
        }
        match self.met[index] {
            Some(plain) => plain,
            None => *self.met[index].insert(look()),
        }
    }

    fn no_target(&self) -> bool {
        self.model.target.is_empty()
    }

    /// The name of an element where namespaces have a say, and what its attributes say of them and of its type.
    fn named(
        &mut self,
        name: &'a str,
        attributes: &mut Vec<Given<'a>>,
        offset: usize,
        special: &mut Special<'a>,
    ) -> (Namespace, Option<Symbol>) {
        let model = self.model;
        let depth = self.open.len() + 1;
        let declarations = self.namespaces.enter(depth, attributes);
        for (at, declared) in declarations.unusable {
            self.tell(offset, Some((at, &declared)), Rule::PrefixUnknown(shorten(&declared)));
        }
        // What is skipped still has to be well-formed with regard to namespaces.
        let mut unknown = Vec::new();
        let (namespace, local) = match self.namespaces.resolve(model, name, true) {
            Some(found) => found,
            None => {
                unknown.push((None, name));
                (Namespace::FOREIGN, name)
            }
        };
        for given in &*attributes {
            match self.namespaces.resolve(model, given.name, false) {
                None => unknown.push((Some(given.offset), given.name)),
                Some((Namespace::INSTANCE, "type")) => {
                    special.kind = Some((given.offset, given.value.clone().into_owned()));
                    special.kind_name = given.name;
                }
                Some((Namespace::INSTANCE, "nil")) => {
                    special.nil = Some((given.offset, given.value.clone().into_owned()));
                    special.nil_name = given.name;
                }
                Some(_) => {}
            }
        }
        for (at, name) in unknown {
            self.tell(offset, at.map(|at| (at, name)), Rule::PrefixUnknown(shorten(name)));
        }
        if let Some((at, name)) = self.namespaces.twice(attributes) {
            self.tell(offset, Some((at, name)), Rule::AttributeTwice(shorten(name)));
        }
        (namespace, model.names.find(namespace, local))
    }

    fn characters(&mut self, text: &str, blank: bool) {
        if self.is_full() {
            return;
        }
        let model = self.model;
        let Some(frame) = self.open.last_mut() else { return };
        let Judge::Type(kind, _) = frame.judge else { return };
        let content = match &model.types[kind.0].kind {
            TypeKind::Any => None,
            TypeKind::Simple(_) => Some(&Content::Simple(kind)),
            TypeKind::Complex(complex) => Some(&complex.content),
        };
        let rule = match content {
            // Of a type without a rule for its text.
            None => None,
            Some(Content::Simple(_)) => {
                self.value.push_str(text);
                None
            }
            Some(Content::Empty) => Some(Rule::NotEmpty(shorten(frame.name))),
            Some(Content::Elements { mixed: true, .. } | Content::All { mixed: true, .. }) => None,
            Some(Content::Elements { .. } | Content::All { .. }) if blank => {
                frame.filled |= frame.nil;
                return;
            }
            Some(Content::Elements { .. } | Content::All { .. }) => {
                Some(Rule::TextBetween(shorten(frame.name)))
            }
        };
        frame.filled = true;
        if let Some(rule) = rule
            && !frame.nil
            && !std::mem::replace(&mut frame.wrong_text, true)
        {
            let offset = frame.offset;
            self.tell(offset, None, rule);
        }
    }
}

impl<'a> Sink<'a> for Validation<'_, 'a> {
    fn start(&mut self, (name, number): (&'a str, Number), attributes: &mut Vec<Given<'a>>, offset: usize) {
        if self.is_full() {
            return;
        }
        let model = self.model;
        let mut special = Special::default();
        // Most files know nothing of namespaces, and then nothing has to be asked of them.
        let plain = self.plain(name, number).filter(|_| self.namespaces.is_empty());
        let is_plain =
            plain.is_some() && attributes.iter().all(|given| self.plain(given.name, given.number).is_some());
        let (namespace, symbol) = match plain.filter(|_| is_plain) {
            Some(symbol) => (Namespace::NONE, symbol),
            None => self.named(name, attributes, offset, &mut special),
        };
        let (element, lax) = match self.enter(name, namespace, symbol, offset) {
            Entered::Element(element) => (Some(element), false),
            Entered::Lax => (None, true),
            Entered::Skip => (None, false),
        };
        let mut frame = Frame {
            name,
            offset,
            judge: if lax { Judge::Lax } else { Judge::Skip },
            element,
            nil: false,
            wrong_text: false,
            filled: false,
            astray: false,
        };
        if element.is_some() || lax {
            frame.nil = self.nil_of(element, &special, name, offset);
            if let Some(kind) = self.type_of(element, &special, name, offset) {
                let place = match &model.types[kind.0].kind {
                    TypeKind::Complex(Complex { content: Content::Elements { .. }, .. }) => {
                        Place::State(Automaton::START)
                    }
                    TypeKind::Complex(Complex { content: Content::All { .. }, .. }) => Place::Seen(0),
                    _ => Place::None,
                };
                frame.judge = Judge::Type(kind, place);
                self.attributes(kind, attributes, offset);
            }
        }
        self.value.clear();
        self.open.push(frame);
    }

    fn text(&mut self, text: &str) {
        let blank = text.bytes().all(|b| is_space(b.into()));
        self.characters(text, blank);
    }

    fn cdata(&mut self, text: &str) {
        // White space in a section is text that somebody meant to write, as libxml2 sees it.
        self.characters(text, false);
    }

    fn end(&mut self) {
        if self.is_full() {
            return;
        }
        let Some(frame) = self.open.pop() else { return };
        self.leave(&frame);
        self.namespaces.leave(self.open.len());
    }
}
