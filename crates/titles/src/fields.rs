//! What a title says, value by value.

use potok_fns::xml::{Document, Element, XmlError};

use crate::table::{Bind, Element as Row, Node, Place, Source, Value};
use crate::{Format, LIMITS};

/// A value of a title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Where it stands in the title, with the number of each element that may repeat: `Файл/Документ/ТаблСчФакт/СведТов[1]/@НаимТов`.
    pub title: String,
    /// Where the contract has it, without numbers: `Table/Item/@Product`; `None` when it comes from elsewhere.
    pub contract: Option<String>,
    /// The value as the title has it.
    pub value: String,
}

impl Format {
    /// What a title says, in the order of the table; what the table has no place for is left out.
    ///
    /// # Errors
    /// The bytes are not safe or not XML.
    pub fn fields(self, title: &[u8]) -> Result<Vec<Field>, XmlError> {
        let table = self.table();
        let document = Document::parse(title, &LIMITS)?;
        let mut reader =
            Reader { fields: Vec::new(), title: vec![table.root.to_owned()], contract: Vec::new() };
        if document.root.name == table.root {
            reader.inside(&table.inside, &document.root);
        }
        Ok(reader.fields)
    }
}

struct Reader {
    fields: Vec<Field>,
    title: Vec<String>,
    contract: Vec<&'static str>,
}

impl Reader {
    fn inside(&mut self, nodes: &[Node], title: &Element) {
        let mut seen: Vec<&str> = Vec::new();
        for node in nodes {
            match node {
                Node::Attribute(row) => {
                    let value = title.attribute(row.name).filter(|_| !seen.contains(&row.name));
                    if let Some(value) = value {
                        seen.push(row.name);
                        self.tell(&row.value, Some(row.name), value);
                    }
                }
                Node::Element(row) => self.element(row, title),
                Node::Choice { of, .. } => of.iter().for_each(|row| self.element(row, title)),
                Node::Known { .. } => {}
            }
        }
    }

    fn element(&mut self, row: &Row, title: &Element) {
        let steps = match &row.bind {
            Bind::Here => &[][..],
            Bind::At(steps) | Bind::Each(steps, _) => steps,
        };
        self.contract.extend_from_slice(steps);
        for (index, element) in title.children_named(row.name).enumerate() {
            let name = row.name;
            self.title.push(if row.many { format!("{name}[{}]", index + 1) } else { name.to_owned() });
            match &row.value {
                Some(value) => self.tell(value, None, &element.text),
                None => self.inside(&row.inside, element),
            }
            self.title.pop();
        }
        self.contract.truncate(self.contract.len() - steps.len());
    }

    fn tell(&mut self, value: &Value, attribute: Option<&str>, text: &str) {
        let contract = match &value.source {
            Source::Contract(place) => Some(self.place(place)),
            _ => None,
        };
        let mut title = self.title.join("/");
        if let Some(attribute) = attribute {
            title.push_str("/@");
            title.push_str(attribute);
        }
        self.fields.push(Field { title, contract, value: text.to_owned() });
    }

    fn place(&self, place: &Place) -> String {
        let before = if place.from_root { &[][..] } else { &self.contract[..] };
        let attribute = place.attribute.map(|name| format!("@{name}"));
        let steps = before.iter().chain(place.steps.iter()).map(|step| (*step).to_owned()).chain(attribute);
        steps.collect::<Vec<_>>().join("/")
    }
}
