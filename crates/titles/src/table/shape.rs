//! The names that a contract has, in order, as they follow from a table.

use rustc_hash::FxHashMap;

use super::{Ask, Bind, Element, Id, Node, Place, Source, Test, Value, kinds};
use crate::rule::Rule;

/// An element of a contract.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    pub(crate) attributes: Vec<&'static str>,
    /// Their numbers.
    ids: FxHashMap<&'static str, Id>,
    pub(crate) children: Vec<Child>,
    /// Whether it has text.
    pub(crate) text: bool,
    /// Attributes that are `true` or `false`.
    flags: Vec<Id>,
    /// What is known of values: of an attribute, or of the text. A value may have several rules, in several kinds of documents.
    pub(crate) rules: Vec<(Option<&'static str>, Rule)>,
    /// What is of the contract only, and in no title: attributes, or the text.
    pub(crate) passed: Vec<Option<&'static str>>,
}

/// What a flag may be. Whoever writes it otherwise means something, and would not be heard.
const FLAG: [&str; 2] = ["true", "false"];

/// Where a value stands in the contract, seen from its root, and its rule if that is known.
type FromRoot = Vec<(Place, Option<Rule>)>;

#[derive(Debug)]
pub(crate) struct Child {
    pub(crate) name: &'static str,
    pub(crate) id: Id,
    pub(crate) many: bool,
    pub(crate) shape: Shape,
}

impl Shape {
    /// The root of a contract. `orders` are the elements whose children stand in an order of their own: name, children.
    pub(super) fn of(nodes: &[Node], orders: &[&[&'static str]]) -> Self {
        let mut root = Self::default();
        let mut from_root = Vec::new();
        root.nodes(nodes, &mut from_root);
        for (place, rule) in &from_root {
            root.place(place, None, rule.as_ref());
        }
        root.sort("", orders);
        root
    }

    /// The number of an attribute that the element may have.
    pub(crate) fn attribute_id(&self, name: &str) -> Option<Id> {
        self.ids.get(name).copied()
    }

    /// Whether an attribute is `true` or `false`.
    pub(crate) fn is_flag(&self, id: Id) -> bool {
        self.flags.contains(&id)
    }

    pub(crate) fn child(&self, name: &str) -> Option<&Child> {
        self.children.iter().find(|child| child.name == name)
    }

    fn nodes(&mut self, nodes: &[Node], from_root: &mut FromRoot) {
        for node in nodes {
            match node {
                Node::Attribute(attribute) => {
                    self.value(&attribute.value, from_root);
                    self.asides(&attribute.when, &attribute.set, from_root);
                }
                Node::Element(element) => self.element(element, from_root),
                Node::Choice { optional, of } => {
                    // Of another kind nothing can be made.
                    if let Some((place, known)) = kinds(of).filter(|_| !optional) {
                        self.here_or_root(place, Some(&Rule::OneOf(known)), from_root);
                    }
                    of.iter().for_each(|element| self.element(element, from_root));
                }
                Node::Known { place, many, rule } => {
                    self.place(place, many.then(|| place.steps.len() - 1), Some(rule));
                    self.descend(&place.steps, None).passed.push(place.attribute);
                }
            }
        }
    }

    fn element(&mut self, element: &Element, from_root: &mut FromRoot) {
        self.asides(&element.when, &element.set, from_root);
        let inside = match &element.bind {
            Bind::Here => self,
            Bind::At(steps) => self.descend(steps, None),
            Bind::Each(steps, many) => self.descend(steps, Some(*many)),
        };
        if let Some(value) = &element.value {
            inside.value(value, from_root);
        }
        inside.nodes(&element.inside, from_root);
    }

    fn asides(&mut self, when: &[Test], set: &[(Place, &'static str)], from_root: &mut FromRoot) {
        for Test { place, ask } in when {
            // That an element is there says nothing about a text in it.
            match place.attribute {
                Some(_) => {
                    let is_flag = matches!(ask, Ask::Is(values) if matches!(values.as_slice(), ["true"]));
                    let rule = is_flag.then(|| Rule::OneOf(FLAG.to_vec()));
                    self.here_or_root(place, rule.as_ref(), from_root);
                }
                None => {
                    self.descend(&place.steps, None);
                }
            }
        }
        for (place, value) in set {
            // Nothing is put into an element that only has to be there.
            if place.attribute.is_none() && value.is_empty() {
                self.descend(&place.steps, None);
            } else {
                self.here_or_root(place, None, from_root);
            }
        }
    }

    fn value(&mut self, value: &Value, from_root: &mut FromRoot) {
        self.source(&value.source, &value.rule, from_root);
        for (source, tests) in &value.or {
            self.source(source, &value.rule, from_root);
            self.asides(tests, &[], from_root);
        }
    }

    fn source(&mut self, source: &Source, rule: &Rule, from_root: &mut FromRoot) {
        match source {
            Source::Contract(place) => self.here_or_root(place, Some(rule), from_root),
            // The rule is that of the name, and here stands the code.
            Source::Name(_, place, None) => self.here_or_root(place, None, from_root),
            Source::Name(_, place, Some(other)) => {
                self.here_or_root(place, None, from_root);
                self.here_or_root(other, None, from_root);
            }
            // What repeats there is said where it is written itself.
            Source::Names(..) | Source::Literal(_) | Source::Outside(_) | Source::First(_) => {}
        }
    }

    fn here_or_root(&mut self, place: &Place, rule: Option<&Rule>, from_root: &mut FromRoot) {
        if place.from_root {
            from_root.push((place.clone(), rule.cloned()));
        } else {
            self.place(place, None, rule);
        }
    }

    fn place(&mut self, place: &Place, many: Option<usize>, rule: Option<&Rule>) {
        let inside = self.descend(&place.steps, many);
        inside.rules.extend(rule.map(|rule| (place.attribute, rule.clone())));
        let (Some(name), Some(id)) = (place.attribute, place.attribute_id) else {
            inside.text = true;
            return;
        };
        if let Some(Rule::OneOf(values)) = rule
            && values.as_slice() == FLAG
            && !inside.flags.contains(&id)
        {
            inside.flags.push(id);
        }
        if inside.ids.insert(name, id).is_none() {
            inside.attributes.push(name);
        }
    }

    fn descend(&mut self, steps: &[&'static str], many: Option<usize>) -> &mut Self {
        let mut at = self;
        for (index, &name) in steps.iter().enumerate() {
            let known = at.children.iter().position(|child| child.name == name);
            let child = known.unwrap_or_else(|| {
                at.children.push(Child { name, id: Id::of(name), many: false, shape: Self::default() });
                at.children.len() - 1
            });
            let child = &mut at.children[child];
            child.many |= many == Some(index);
            at = &mut child.shape;
        }
        at
    }

    fn sort(&mut self, name: &str, orders: &[&[&'static str]]) {
        if let Some(order) = orders.iter().find(|order| order.first() == Some(&name)) {
            self.children.sort_by_key(|child| {
                order.iter().position(|known| *known == child.name).unwrap_or(order.len())
            });
        }
        for child in &mut self.children {
            child.shape.sort(child.name, orders);
        }
    }
}
