//! From contract to title.

mod unread;
mod value;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use potok_fns::Rule as Simple;
use potok_fns::schema::Decimal;
use potok_fns::xml::{Document, Element, Fault, Position, Writer, XmlError};

use unread::Marks;

use crate::contract::{Contract, VIOLATIONS, find};
use crate::file_name;
use crate::made::Made;
use crate::rule::Rule;
use crate::sources::Sources;
use crate::table::{
    Ask, Attribute, Bind, Element as Row, Node, Outside, Place, Source, Table, Test, Value, is_asked_for,
};

/// Makes the title. With it come all violations: whoever does not care for them has the title all the same.
pub(crate) fn generate(
    table: &Table,
    contract: &Contract,
    sources: &Sources<'_>,
    first: Option<&Document>,
) -> (Option<Outcome>, Vec<XmlError>) {
    let mut violations = contract.unknown(table);
    if contract.root.name != table.contract {
        return (None, violations);
    }
    let mut maker = Maker {
        root: &contract.root,
        sources,
        first: first.map(|document| &document.root),
        participants: [String::new(), String::new()],
        path: vec![(contract.root.name.as_str(), 0)],
        violations: Vec::new(),
        marks: Marks::default(),
    };
    maker.participants = [&table.sender, &table.recipient].map(|places| maker.participant(places));
    let mut title = Made { name: table.root, ..Made::default() };
    maker.inside(&table.inside, &contract.root, 0, &mut title);
    let file_id = maker.file_id(table, &title);
    maker.tell_unread(&contract.root, &table.shape);
    for (_, value) in title.attributes.iter_mut().filter(|(_, value)| value == FILE_ID) {
        value.clone_from(&file_id);
    }
    violations.append(&mut maker.violations);
    // In the order of the data, whichever pass found them.
    violations.sort_by_key(|violation| violation.position);
    violations.truncate(VIOLATIONS);
    match title.write(Writer::new()) {
        Ok(bytes) => (Some(Outcome { bytes, file_id }), violations),
        // The contract was XML, so this is a source of ours.
        Err(c) => {
            violations.push(XmlError {
                position: None,
                place: table.root.to_owned(),
                fault: Fault::ForbiddenCharacter(c.into()),
            });
            (None, violations)
        }
    }
}

/// A made title.
pub(crate) struct Outcome {
    pub(crate) bytes: Vec<u8>,
    pub(crate) file_id: String,
}

/// Stands for the file id until all is made that it depends on; no value of a contract can be this.
const FILE_ID: &str = "\u{0}";

struct Maker<'a> {
    root: &'a Element,
    sources: &'a Sources<'a>,
    first: Option<&'a Element>,
    participants: [String; 2],
    /// Names of open elements of the contract, each with its number among those of its name; 0 when it is the only one.
    path: Vec<(&'a str, usize)>,
    violations: Vec<XmlError>,
    /// What the title was made of.
    marks: Marks,
}

/// A value on its way.
struct Got {
    text: String,
    said: bool,
}

impl<'a> Maker<'a> {
    fn inside(&mut self, nodes: &[Node], here: &'a Element, number: usize, out: &mut Made) {
        for node in nodes {
            match node {
                Node::Attribute(row) => self.attribute(row, here, number, out),
                Node::Element(row) => {
                    self.element(row, here, out);
                }
                Node::Choice { optional, of } => self.choice(*optional, of, here, out),
                Node::Known { place, rule, .. } => {
                    if let Some((value, position)) = self.look(place, here)
                        && let Err(fault) = rule.to_title(value)
                    {
                        self.tell(Some(position), place, fault);
                    }
                }
            }
        }
    }

    fn attribute(&mut self, row: &Attribute, here: &'a Element, number: usize, out: &mut Made) {
        if !self.all_hold(&row.when, here) || out.attribute(row.name).is_some() {
            return;
        }
        let is_part = matches!(row.value.rule, Rule::Part(_));
        match self.value(&row.value, here, number) {
            // Of a name without patronymic the third part is empty.
            Some(got) if !(is_part && got.text.is_empty()) => {
                out.said |= got.said || is_asked_for(&row.when);
                out.attributes.push((row.name, got.text));
            }
            _ if row.required => self.missing(&row.value.source, row.name, here),
            _ => {}
        }
    }

    /// Writes an element as often as it is there; how often that was.
    fn element(&mut self, row: &Row, here: &'a Element, out: &mut Made) -> usize {
        if !self.all_hold(&row.when, here) {
            return 0;
        }
        let before = out.children.len();
        match &row.bind {
            Bind::Here
                if matches!(&row.value, Some(Value { source: Source::Outside(Outside::Signatures), .. })) =>
            {
                let most = if row.many { usize::MAX } else { 1 };
                for signature in self.sources.signatures().iter().take(most) {
                    let text = Some(STANDARD.encode(signature));
                    out.children.push(Made { name: row.name, text, said: true, ..Made::default() });
                    out.said = true;
                }
            }
            Bind::Here => self.one(row, here, 0, out),
            Bind::At(steps) => {
                if let Some(element) = find(here, steps) {
                    self.entered(steps, None, |maker| maker.one(row, element, 0, out));
                }
            }
            Bind::Each(steps, many) => {
                let among = find(here, &steps[..*many]);
                let named = among.into_iter().flat_map(|among| among.children_named(steps[*many]));
                for (index, element) in named.enumerate() {
                    if let Some(element) = find(element, &steps[many + 1..]) {
                        self.entered(steps, Some((*many, index + 1)), |maker| {
                            maker.one(row, element, index + 1, out);
                        });
                    }
                }
            }
        }
        let written = out.children.len() - before;
        if written == 0 && !row.optional && row.when.is_empty() && !matches!(row.bind, Bind::Here) {
            let names = names_of(row);
            self.tell(Some(here.position), &Place::here(), Fault::MissingElement(names));
        }
        written
    }

    fn one(&mut self, row: &Row, here: &'a Element, number: usize, out: &mut Made) {
        let mut made = Made { name: row.name, ..Made::default() };
        let told = self.violations.len();
        if let Some(value) = &row.value {
            match self.value(value, here, number) {
                Some(got) => {
                    let is_literal = matches!(value.source, Source::Literal(_));
                    made.said = got.said || is_literal && is_asked_for(&row.when);
                    made.text = Some(got.text);
                }
                None if row.optional => return,
                None => return self.missing(&value.source, row.name, here),
            }
        }
        self.inside(&row.inside, here, number, &mut made);
        let is_there = !matches!(row.bind, Bind::Here) || !row.optional || row.always || made.said;
        if is_there || made.text.is_some() {
            out.said |= made.said || !matches!(row.bind, Bind::Here);
            out.children.push(made);
        } else {
            // Nobody asked for the element, so nothing in it is missing.
            self.violations.truncate(told);
        }
    }

    fn choice(&mut self, optional: bool, of: &[Row], here: &'a Element, out: &mut Made) {
        let given = |row: &&Row| match &row.bind {
            Bind::Here => row.value.as_ref().is_none_or(|value| match &value.source {
                Source::Contract(place) => self.look(place, here).is_some(),
                _ => true,
            }),
            Bind::At(steps) => find(here, steps).is_some(),
            Bind::Each(steps, many) => {
                find(here, &steps[..*many]).is_some_and(|among| among.child(steps[*many]).is_some())
            }
        };
        let fitting: Vec<&Row> =
            of.iter().filter(|row| self.all_hold(&row.when, here)).filter(given).collect();
        self.surplus(&fitting, here);
        match fitting.first() {
            Some(row) => {
                self.element(row, here, out);
            }
            None if optional => {}
            None => {
                let mut names: Vec<String> = Vec::new();
                for name in of.iter().map(names_of) {
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
                self.tell(Some(here.position), &Place::here(), Fault::MissingElement(names.join(" | ")));
            }
        }
    }

    /// Of what excludes each other nothing may be dropped unsaid: whatever is given beside the first is told.
    fn surplus(&mut self, fitting: &[&Row], here: &'a Element) {
        let mut given: Vec<(Place, Position)> = Vec::new();
        for row in fitting {
            let (place, position) = match (&row.bind, &row.value) {
                (Bind::Here, Some(Value { source: Source::Contract(place), .. })) => {
                    let Some((value, position)) = self.look(place, here) else { continue };
                    if is_nothing(value) {
                        continue;
                    }
                    (place.clone(), position)
                }
                // An element that is there because of a value beside it stands for that value.
                (Bind::Here, _) => {
                    let asked = |test: &&Test| !test.place.from_root && !matches!(test.ask, Ask::Absent);
                    let Some(test) = row.when.iter().find(asked) else { continue };
                    let Some((value, position)) = self.look(&test.place, here) else { continue };
                    if is_nothing(value) {
                        continue;
                    }
                    (test.place.clone(), position)
                }
                (Bind::At(steps) | Bind::Each(steps, _), _) => {
                    let position = find(here, steps).map_or(here.position, |element| element.position);
                    (Place { steps: steps.clone(), ..Place::here() }, position)
                }
            };
            // Two rows may write the same in two ways.
            if !given.iter().any(|(known, _)| *known == place) {
                given.push((place, position));
            }
        }
        for (place, position) in given.into_iter().skip(1) {
            self.tell(Some(position), &place, ONLY_ONE);
        }
    }

    fn entered(
        &mut self,
        steps: &[&'static str],
        many: Option<(usize, usize)>,
        work: impl FnOnce(&mut Self),
    ) {
        let depth = self.path.len();
        for (index, step) in steps.iter().enumerate() {
            let number = many.filter(|(many, _)| *many == index).map_or(0, |(_, number)| number);
            self.path.push((step, number));
        }
        work(self);
        self.path.truncate(depth);
    }

    fn file_id(&mut self, table: &Table, title: &Made) -> String {
        for (id, places) in self.participants.clone().iter().zip([&table.sender, &table.recipient]) {
            let places = places.iter().filter_map(|source| match source {
                Source::Contract(place) => Some(place),
                _ => None,
            });
            let mut places = places.collect::<Vec<_>>().into_iter();
            let given = places.clone().find_map(|place| Some((place, self.look(place, self.root)?.1)));
            match (given, places.next()) {
                // Anything else would make a name of a file that nobody can take apart.
                (Some((place, position)), _) if !Simple::ParticipantId.holds(id) => {
                    let place = Place { from_root: true, ..place.clone() };
                    self.tell(Some(position), &place, Simple::ParticipantId.broken(id));
                }
                (None, Some(place)) => {
                    let name = place.attribute.unwrap_or_default().to_owned();
                    self.tell(Some(self.root.position), &Place::here(), Fault::MissingAttribute(name));
                }
                _ => {}
            }
        }
        let codes = self.root.child("MetaData").into_iter().flat_map(|meta| meta.children.iter());
        let codes: Vec<&str> = codes.map(|code| code.text.trim()).collect();
        let first = self.first.and_then(|first| first.attribute("ИдФайл"));
        file_name::make(table.file, &self.participants, self.sources, title, &codes, first)
    }

    fn missing(&mut self, source: &Source, name: &'static str, here: &'a Element) {
        let (place, fault) = match source {
            Source::Contract(place) | Source::Name(_, place, _) => {
                let element = Place { attribute: None, ..place.clone() };
                let fault = match (place.attribute, place.steps.last()) {
                    (Some(attribute), _) => Fault::MissingAttribute(attribute.to_owned()),
                    (None, Some(step)) => Fault::MissingElement((*step).to_owned()),
                    (None, None) => Fault::MissingElement(name.to_owned()),
                };
                (element, fault)
            }
            _ => (Place::here(), Fault::MissingAttribute(name.to_owned())),
        };
        // A name is missing with its code, and one word is enough for both.
        if matches!(source, Source::Name(..)) {
            return;
        }
        self.tell(Some(here.position), &place, fault);
    }

    /// A place as violations name it.
    fn told_at(&self, place: &Place) -> String {
        let mut told = String::new();
        for (name, number) in if place.from_root { &self.path[..1] } else { &self.path[..] } {
            if !told.is_empty() {
                told.push('/');
            }
            told.push_str(name);
            if *number > 0 {
                told.push_str(&format!("[{number}]"));
            }
        }
        for step in &place.steps {
            told.push('/');
            told.push_str(step);
        }
        if let Some(attribute) = place.attribute {
            told.push_str("/@");
            told.push_str(attribute);
        }
        told
    }

    fn tell(&mut self, position: Option<Position>, place: &Place, fault: Fault) {
        if self.violations.len() >= 2 * VIOLATIONS {
            return;
        }
        let violation = XmlError { position, place: self.told_at(place), fault };
        if !self.violations.contains(&violation) {
            self.violations.push(violation);
        }
    }
}

/// Nothing is lost with a sum of nothing.
fn is_nothing(value: &str) -> bool {
    Decimal::parse(value).is_some_and(|number| number.canonical() == ".")
}

const ONLY_ONE: Fault = Fault::Contradiction {
    ru: "указано несколько элементов, из которых допустим только один",
    en: "several elements are given of which only one may be",
};

/// What the contract calls an element that is not there.
fn names_of(row: &Row) -> String {
    let of_place = |place: &Place| match place.attribute {
        Some(attribute) => format!("@{attribute}"),
        None => place.steps.join("/"),
    };
    match (&row.bind, &row.value) {
        (Bind::At(steps) | Bind::Each(steps, _), _) => steps.join("/"),
        (Bind::Here, Some(Value { source: Source::Contract(place), .. })) => of_place(place),
        (Bind::Here, _) => match row.when.first() {
            Some(test) => of_place(&test.place),
            None => row.name.to_owned(),
        },
    }
}
