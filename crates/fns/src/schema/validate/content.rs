//! Which element may stand where, and whether an element has all that it needs.

use super::super::automaton::Step;
use super::super::model::{
    Content, Element, ElementId, Member, Model, Namespace, Process, Symbol, TypeId, TypeKind,
};
use super::super::violation::{Expected, Rule};
use super::{Frame, Judge, Place, Validation};
use crate::xml::shorten;

/// How an element is judged.
pub(super) enum Entered {
    Element(ElementId),
    Lax,
    Skip,
}

impl<'a> Validation<'_, 'a> {
    /// The declaration of an element inside of the one that is open, and how it is judged.
    pub(super) fn enter(
        &mut self,
        name: &str,
        namespace: Namespace,
        symbol: Option<Symbol>,
        offset: usize,
    ) -> Entered {
        let model = self.model;
        let no_target = self.no_target();
        let Some(parent) = self.open.last_mut() else {
            return match symbol.and_then(|symbol| model.roots.get(&symbol)) {
                Some(&element) => Entered::Element(element),
                None => {
                    self.tell(offset, None, Rule::ElementUnknown(shorten(name)));
                    Entered::Skip
                }
            };
        };
        let root = |symbol: Option<Symbol>| symbol.and_then(|symbol| model.roots.get(&symbol).copied());
        let Judge::Type(kind, place) = parent.judge else {
            return match (parent.judge, root(symbol)) {
                (Judge::Skip, _) => Entered::Skip,
                (_, Some(element)) => Entered::Element(element),
                (_, None) => Entered::Lax,
            };
        };
        parent.filled = true;
        if parent.nil {
            return Entered::Skip;
        }
        let content = match &model.types[kind.0].kind {
            TypeKind::Any => return root(symbol).map_or(Entered::Lax, Entered::Element),
            TypeKind::Complex(complex) => &complex.content,
            TypeKind::Simple(_) => &Content::Empty,
        };
        let (entered, expected) = match (content, place) {
            (Content::Elements { automaton, .. }, Place::State(state)) => {
                match automaton.step(state, symbol, namespace, no_target) {
                    Some(Step::Element(element, next)) => {
                        parent.judge = Judge::Type(kind, Place::State(next));
                        return Entered::Element(element);
                    }
                    Some(Step::Any(wildcard, next)) => {
                        parent.judge = Judge::Type(kind, Place::State(next));
                        match (wildcard.process, root(symbol)) {
                            (Process::Skip, _) => return Entered::Skip,
                            (_, Some(element)) => return Entered::Element(element),
                            (Process::Lax, None) => return Entered::Lax,
                            (Process::Strict, None) => {}
                        }
                        self.tell(offset, None, Rule::ElementUnknown(shorten(name)));
                        return Entered::Skip;
                    }
                    None => {}
                }
                let expected = Expected::new(automaton.expected(state).map(|name| shown(model, name)));
                match symbol.and_then(|symbol| automaton.resume(state, symbol)) {
                    Some((element, next)) => {
                        if let Some(next) = next {
                            parent.judge = Judge::Type(kind, Place::State(next));
                            if std::mem::take(&mut parent.astray) {
                                // What was missing stands there under a wrong name, which has been told.
                                return Entered::Element(element);
                            }
                        }
                        (Entered::Element(element), expected)
                    }
                    None => {
                        parent.astray = true;
                        (Entered::Skip, expected)
                    }
                }
            }
            (Content::All { members, .. }, Place::Seen(seen)) => {
                let index =
                    symbol.and_then(|symbol| members.iter().position(|member| member.symbol == symbol));
                match index {
                    Some(index) if seen & (1 << index) == 0 => {
                        parent.judge = Judge::Type(kind, Place::Seen(seen | (1 << index)));
                        return Entered::Element(members[index].element);
                    }
                    Some(index) => {
                        (Entered::Element(members[index].element), missing(model, members, seen, false))
                    }
                    None => (Entered::Skip, missing(model, members, seen, false)),
                }
            }
            _ => (Entered::Skip, Expected::default()),
        };
        let parent = shorten(parent.name);
        self.tell(offset, None, Rule::ElementUnexpected { name: shorten(name), parent, expected });
        entered
    }

    /// Judges an element at its end.
    pub(super) fn leave(&mut self, frame: &Frame<'a>) {
        let Judge::Type(kind, place) = frame.judge else { return };
        let model = self.model;
        let declared: Option<&Element> = frame.element.map(|element| &model.elements[element.0]);
        if frame.nil {
            if frame.filled {
                self.tell(frame.offset, None, Rule::NilNotEmpty(shorten(frame.name)));
            }
            return;
        }
        let empty_value = declared.filter(|_| !frame.filled).and_then(|declared| declared.value.as_deref());
        let content = match &model.types[kind.0].kind {
            TypeKind::Any => return,
            TypeKind::Simple(_) => return self.leave_value(frame, kind, declared, empty_value),
            TypeKind::Complex(complex) => &complex.content,
        };
        let expected = match (content, place) {
            (&Content::Simple(kind), _) => return self.leave_value(frame, kind, declared, empty_value),
            // An empty element with a value of its own is one with that text.
            (Content::Elements { mixed: true, .. } | Content::All { mixed: true, .. }, _)
                if empty_value.is_some() =>
            {
                return;
            }
            (Content::Elements { automaton, .. }, Place::State(state)) if !automaton.accepts(state) => {
                if frame.astray {
                    return;
                }
                Expected::new(automaton.expected(state).map(|name| shown(model, name)))
            }
            (Content::All { members, may_be_empty, .. }, Place::Seen(seen)) => {
                let complete = members
                    .iter()
                    .enumerate()
                    .all(|(index, member)| !member.required || seen & (1 << index) != 0);
                if complete || (*may_be_empty && seen == 0) {
                    return;
                }
                missing(model, members, seen, true)
            }
            _ => return,
        };
        self.tell(frame.offset, None, Rule::Incomplete { name: shorten(frame.name), expected });
    }

    fn leave_value(
        &mut self,
        frame: &Frame<'a>,
        kind: TypeId,
        declared: Option<&Element>,
        empty: Option<&str>,
    ) {
        let value = std::mem::take(&mut self.value);
        let fixed = declared.filter(|declared| declared.fixed).and_then(|declared| declared.value.as_deref());
        if let Err(fault) = self.check_value(kind, empty.unwrap_or(&value), fixed) {
            self.tell(frame.offset, None, Rule::ElementValue { name: shorten(frame.name), fault });
        }
        self.value = value;
    }
}

fn shown(model: &Model, name: Option<Symbol>) -> &str {
    name.map_or("*", |symbol| model.names.show(symbol))
}

fn missing(model: &Model, members: &[Member], seen: u128, required: bool) -> Expected {
    let absent = members
        .iter()
        .enumerate()
        .filter(|(index, member)| seen & (1 << index) == 0 && (!required || member.required));
    Expected::new(absent.map(|(_, member)| model.names.show(member.symbol)))
}
