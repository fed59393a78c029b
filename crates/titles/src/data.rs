//! Data of a program held to the names of their contract: elements and values in two rows, with numbers for names.

use std::cell::Cell;

use potok_fns::xml::{Attribute, Element, Fault, Position, XmlError, shorten};

use crate::contract::VIOLATIONS;
use crate::table::{Id, Shape, Table};

/// The data of a contract, as a title is made of them. What the contract has no name for is left out.
pub(crate) struct Data<'a> {
    nodes: Vec<Node<'a>>,
    values: Vec<Named<'a>>,
}

/// An element of the data, by its place.
pub(crate) type At = usize;

struct Node<'a> {
    element: &'a Element,
    shape: &'a Shape,
    id: Id,
    /// Its name, and its number among those of its name; 0 where there can be no other.
    name: (&'static str, usize),
    /// Its values: where they begin and where they end.
    values: [usize; 2],
    /// The bits of the names of its values, and of the elements in it.
    bits: [u64; 2],
    /// Where the next element begins that is not inside of this one.
    end: At,
    text: Mark,
}

struct Named<'a> {
    id: Id,
    attribute: &'a Attribute,
    mark: Mark,
}

/// Whether something was read.
type Mark = Cell<bool>;

/// A value of the data.
#[derive(Clone, Copy)]
pub(crate) struct Given<'a, 'd> {
    pub(crate) value: &'a str,
    pub(crate) position: Position,
    mark: &'d Mark,
}

impl Given<'_, '_> {
    /// Notes that the value was read.
    pub(crate) fn read(self) -> Self {
        self.mark.set(true);
        self
    }

    pub(crate) fn is_read(self) -> bool {
        self.mark.get()
    }
}

impl<'a> Data<'a> {
    /// The root of all data.
    pub(crate) const ROOT: At = 0;

    /// Holds data to the names of a table. With them comes what has no place in the contract; there are none when the root is
    /// another one.
    pub(crate) fn new(root: &'a Element, table: &'a Table) -> (Option<Self>, Vec<XmlError>) {
        if root.name != table.contract {
            let expected = table.contract.to_owned();
            let fault = Fault::OtherDocument { expected, found: shorten(&root.name) };
            return (None, vec![XmlError { position: Some(root.position), place: String::new(), fault }]);
        }
        let data = Self { nodes: Vec::new(), values: Vec::new() };
        let mut reader = Reader { data, path: Vec::new(), found: Vec::new() };
        reader.element(root, &table.shape, Id::of(table.contract), (table.contract, 0));
        (Some(reader.data), reader.found)
    }

    pub(crate) fn element(&self, at: At) -> &'a Element {
        self.nodes[at].element
    }

    pub(crate) fn shape(&self, at: At) -> &'a Shape {
        self.nodes[at].shape
    }

    /// The name of an element, with its number among those of its name; 0 where there can be no other.
    pub(crate) fn name(&self, at: At) -> (&'static str, usize) {
        self.nodes[at].name
    }

    /// The elements right inside of one.
    pub(crate) fn children(&self, at: At) -> impl Iterator<Item = At> {
        let end = self.nodes[at].end;
        let is_inside = move |next: &At| *next < end;
        std::iter::successors(Some(at + 1).filter(is_inside), move |child| {
            Some(self.nodes[*child].end).filter(is_inside)
        })
    }

    /// Those of a name.
    pub(crate) fn children_named(&self, at: At, id: Id) -> impl Iterator<Item = At> {
        let may_be = self.nodes[at].bits[1] & id.bit() != 0;
        let children = may_be.then(|| self.children(at)).into_iter().flatten();
        children.filter(move |child| self.nodes[*child].id == id)
    }

    /// The element at the end of a path, the first of each name.
    pub(crate) fn find(&self, from: At, steps: &[Id]) -> Option<At> {
        steps.iter().try_fold(from, |at, step| self.children_named(at, *step).next())
    }

    /// The attribute of an element, empty or not.
    pub(crate) fn attribute(&self, at: At, id: Id) -> Option<Given<'a, '_>> {
        let Node { values: [start, end], bits, .. } = self.nodes[at];
        if bits[0] & id.bit() == 0 {
            return None;
        }
        self.values[start..end].iter().find(|value| value.id == id).map(Named::given)
    }

    /// All attributes of an element that the contract has.
    pub(crate) fn attributes(&self, at: At) -> impl Iterator<Item = (&'a str, Given<'a, '_>)> {
        let [start, end] = self.nodes[at].values;
        self.values[start..end].iter().map(|value| (value.attribute.name.as_str(), value.given()))
    }

    /// The text of an element.
    pub(crate) fn text(&self, at: At) -> Given<'a, '_> {
        let Node { element, text, .. } = &self.nodes[at];
        Given { value: element.text.trim(), position: element.position, mark: text }
    }
}

impl<'a> Named<'a> {
    fn given(&self) -> Given<'a, '_> {
        let Attribute { value, position, .. } = self.attribute;
        Given { value, position: *position, mark: &self.mark }
    }
}

struct Reader<'a> {
    data: Data<'a>,
    path: Vec<&'a str>,
    found: Vec<XmlError>,
}

impl<'a> Reader<'a> {
    fn element(&mut self, element: &'a Element, shape: &'a Shape, id: Id, name: (&'static str, usize)) {
        self.path.push(&element.name);
        let at = self.data.nodes.len();
        let start = self.data.values.len();
        let mut bits = [0; 2];
        for attribute in &element.attributes {
            let Some(id) = shape.attribute_id(&attribute.name) else {
                if !is_hint(attribute) {
                    let fault = Fault::UnexpectedAttribute(shorten(&attribute.name));
                    self.tell(attribute.position, None, fault);
                }
                continue;
            };
            if shape.is_flag(id) && !matches!(attribute.value.as_str(), "" | "true" | "false") {
                let (ru, en) = ("допустимо: true, false", "one of true, false");
                let value = shorten(&attribute.value);
                let fault = Fault::BadValue { value, rule_ru: ru.into(), rule_en: en.into() };
                self.tell(attribute.position, Some(attribute), fault);
            }
            bits[0] |= id.bit();
            self.data.values.push(Named { id, attribute, mark: Mark::default() });
        }
        let values = [start, self.data.values.len()];
        self.data.nodes.push(Node { element, shape, id, name, values, bits, end: 0, text: Mark::default() });
        if !shape.text && !element.text.trim().is_empty() {
            self.tell(element.position, None, Fault::UnexpectedText);
        }
        let mut seen: Vec<(Id, usize)> = Vec::new();
        for child in &element.children {
            let Some(known) = shape.child(&child.name) else {
                self.tell(child.position, None, Fault::UnexpectedElement(shorten(&child.name)));
                continue;
            };
            let before = seen.iter_mut().find(|(id, _)| *id == known.id);
            let number = match before {
                Some((_, number)) if known.many => {
                    *number += 1;
                    *number
                }
                Some(_) => {
                    self.tell(child.position, None, Fault::UnexpectedElement(shorten(&child.name)));
                    continue;
                }
                None => {
                    seen.push((known.id, 1));
                    usize::from(known.many)
                }
            };
            self.data.nodes[at].bits[1] |= known.id.bit();
            self.element(child, &known.shape, known.id, (known.name, number));
        }
        self.data.nodes[at].end = self.data.nodes.len();
        self.path.pop();
    }

    fn tell(&mut self, position: Position, attribute: Option<&Attribute>, fault: Fault) {
        if self.found.len() < VIOLATIONS {
            let mut place = self.path.join("/");
            if let Some(attribute) = attribute {
                place.push_str("/@");
                place.push_str(&attribute.name);
            }
            self.found.push(XmlError { position: Some(position), place, fault });
        }
    }
}

/// Where a schema lies, and what prefixes mean: no part of any format.
pub(crate) fn is_hint(attribute: &Attribute) -> bool {
    attribute.name.starts_with("xmlns") || attribute.name.starts_with("xsi:")
}
