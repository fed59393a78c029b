//! From contract to title.

mod forbidden;
mod unread;
mod value;

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use potok_fns::Rule as Simple;
use potok_fns::recognize::TitleFormat;
use potok_fns::schema::{Decimal, Schema, Violation};
use potok_fns::xml::{Document, Element, Fault, Limits, Position, Writer, XmlError};

use crate::contract::{Contract, VIOLATIONS};
use crate::data::{At, Data, Given};
use crate::file_name;
use crate::made::{Made, Open};
use crate::rule::Rule;
use crate::rules::broken_by;
use crate::sources::Sources;
use crate::table::{
    Ask, Attribute, Bind, Element as Row, Node, Outside, Place, Source, Table, Test, Value, is_asked_for,
    kinds,
};

/// Makes the title. With it come all violations: whoever does not care for them has the title all the same.
pub(crate) fn generate<'a>(
    table: &'a Table,
    contract: &'a Contract,
    sources: &'a Sources<'_>,
    first: Option<&'a Document>,
    (schemas, rules_of): (&[Schema], Option<(TitleFormat, i32)>),
) -> (Option<Outcome>, Vec<XmlError>) {
    let (data, mut violations) = Data::new(&contract.root, table);
    let Some(data) = data else {
        return (None, violations);
    };
    let mut maker = Maker {
        data: &data,
        sources,
        first: first.map(|document| &document.root),
        participants: [String::new(), String::new()],
        says_participants: [&table.sender, &table.recipient]
            .map(|places| places.iter().any(|source| matches!(source, Source::Contract(_)))),
        path: vec![(table.contract, 0)],
        violations: Vec::new(),
        title: Made::default(),
    };
    maker.participants = [&table.sender, &table.recipient].map(|places| maker.participant(places));
    let mut root = maker.title.open(table.root);
    maker.inside(&table.inside, Data::ROOT, 0, &mut root);
    maker.title.close(root);
    let file_id = maker.file_id(table);
    maker.tell_unread(Data::ROOT);
    let Maker { mut title, violations: mut found, .. } = maker;
    title.replace(FILE_ID, &file_id);
    violations.append(&mut found);
    // In the order of the data, whichever pass found them.
    violations.sort_by_key(|violation| violation.position);
    violations.truncate(VIOLATIONS);
    match title.write(Writer::new()) {
        Ok(bytes) => {
            if violations.is_empty() {
                if !schemas.iter().any(|schema| title.is_valid(schema)) {
                    violations = not_allowed(&bytes, schemas);
                }
                if let Some((format, title_index)) = rules_of {
                    violations.extend(broken_by(title.root(), format, title_index));
                    violations.truncate(VIOLATIONS);
                }
            }
            (Some(Outcome { bytes, file_id }), violations)
        }
        Err(c) => {
            let before = violations.len();
            forbidden::find(&data, Data::ROOT, table.contract, c, &mut violations);
            if violations.len() == before {
                // A contract that came as XML has none, so this is a source of ours.
                let fault = Fault::ForbiddenCharacter(c.into());
                violations.push(XmlError { position: None, place: table.root.to_owned(), fault });
            }
            violations.truncate(VIOLATIONS);
            (None, violations)
        }
    }
}

/// What the first of some schemas does not allow.
fn not_allowed(title: &[u8], schemas: &[Schema]) -> Vec<XmlError> {
    let Some(schema) = schemas.first() else { return Vec::new() };
    let told = |Violation { position, place, ru, en, .. }: Violation| XmlError {
        position: Some(position),
        place: place.trim_start_matches('/').to_owned(),
        fault: Fault::BrokenRule { ru, en },
    };
    match schema.validate(title, &Limits::TITLE) {
        Ok(found) => found.into_iter().map(told).collect(),
        Err(error) => vec![error],
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
    data: &'a Data<'a>,
    sources: &'a Sources<'a>,
    first: Option<&'a Element>,
    participants: [String; 2],
    /// Whether the contract has a place for the id of each.
    says_participants: [bool; 2],
    /// Names of open elements of the contract, each with its number among those of its name; 0 when it is the only one.
    path: Vec<(&'static str, usize)>,
    violations: Vec<XmlError>,
    title: Made<'a>,
}

/// A value on its way.
struct Got<'a> {
    text: Cow<'a, str>,
    said: bool,
}

impl<'a> Maker<'a> {
    fn inside(&mut self, nodes: &'a [Node], here: At, number: usize, out: &mut Open) {
        for node in nodes {
            match node {
                Node::Attribute(row) => self.attribute(row, here, number, out),
                Node::Element(row) => self.element(row, here, out),
                Node::Choice { optional, of } => self.choice(*optional, of, here, out),
                Node::Known { place, rule, .. } => {
                    if let Some(given) = self.look(place, here)
                        && let Err(fault) = rule.to_title(given.value)
                    {
                        self.tell(Some(given.position), place, fault);
                    }
                }
            }
        }
    }

    fn attribute(&mut self, row: &'a Attribute, here: At, number: usize, out: &mut Open) {
        if !self.all_hold(&row.when, here) || self.title.has_attribute(*out, row.name) {
            return;
        }
        let is_part = matches!(row.value.rule, Rule::Part(_));
        match self.value(&row.value, here, number) {
            // Of a name without patronymic the third part is empty.
            Some(got) if !(is_part && got.text.is_empty()) => {
                out.said |= got.said || is_asked_for(&row.when);
                self.title.put(*out, row.name, got.text);
            }
            _ if row.required => self.missing(&row.value.source, row.name, here),
            _ => {}
        }
    }

    /// Writes an element as often as it is there.
    fn element(&mut self, row: &'a Row, here: At, out: &mut Open) {
        if !self.all_hold(&row.when, here) {
            return;
        }
        let data = self.data;
        let before = self.title.len();
        match &row.bind {
            Bind::Here
                if matches!(&row.value, Some(Value { source: Source::Outside(Outside::Signatures), .. })) =>
            {
                let most = if row.many { usize::MAX } else { 1 };
                for signature in self.sources.signatures().iter().take(most) {
                    let made = self.title.open(row.name);
                    self.title.set_text(made, STANDARD.encode(signature).into());
                    self.title.close(made);
                    out.said = true;
                }
            }
            Bind::Here => self.one(row, here, 0, out),
            Bind::At(steps) => {
                if let Some(element) = data.find(here, steps.ids()) {
                    self.entered(steps, None, |maker| maker.one(row, element, 0, out));
                }
            }
            Bind::Each(steps, many) => {
                let ids = steps.ids();
                let among = data.find(here, &ids[..*many]);
                let named = among.into_iter().flat_map(|among| data.children_named(among, ids[*many]));
                for (index, element) in named.enumerate() {
                    if let Some(element) = data.find(element, &ids[many + 1..]) {
                        self.entered(steps, Some((*many, index + 1)), |maker| {
                            maker.one(row, element, index + 1, out);
                        });
                    }
                }
            }
        }
        let is_written = self.title.len() > before;
        if !is_written && !row.optional && row.when.is_empty() && !matches!(row.bind, Bind::Here) {
            let names = names_of(row);
            self.tell(Some(self.position(here)), &Place::here(), Fault::MissingElement(names));
        }
    }

    fn one(&mut self, row: &'a Row, here: At, number: usize, out: &mut Open) {
        let told = self.violations.len();
        let mut made = self.title.open(row.name);
        if let Some(value) = &row.value {
            match self.value(value, here, number) {
                Some(got) => {
                    let is_literal = matches!(value.source, Source::Literal(_));
                    made.said = got.said || is_literal && is_asked_for(&row.when);
                    self.title.set_text(made, got.text);
                }
                None => {
                    self.title.undo(made);
                    if !row.optional {
                        self.missing(&value.source, row.name, here);
                    }
                    return;
                }
            }
        }
        self.inside(&row.inside, here, number, &mut made);
        let is_there = !matches!(row.bind, Bind::Here) || !row.optional || row.always || made.said;
        if is_there || self.title.has_text(made) {
            out.said |= made.said || !matches!(row.bind, Bind::Here);
            self.title.close(made);
        } else {
            // Nobody asked for the element, so nothing in it is missing.
            self.violations.truncate(told);
            self.title.undo(made);
        }
    }

    fn choice(&mut self, optional: bool, of: &'a [Row], here: At, out: &mut Open) {
        let mut fitting = of.iter().filter(|row| self.all_hold(&row.when, here) && self.is_given(row, here));
        let first = fitting.next();
        let others: Vec<&Row> = fitting.collect();
        match first {
            Some(row) => {
                if !others.is_empty() {
                    self.surplus(row, &others, here);
                }
                self.element(row, here, out);
            }
            None if optional => {}
            None if self.is_of_no_kind(of, here) => {}
            None => {
                let mut names: Vec<String> = Vec::new();
                for name in of.iter().map(names_of) {
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
                let fault = Fault::MissingElement(names.join(" | "));
                self.tell(Some(self.position(here)), &Place::here(), fault);
            }
        }
    }

    /// Tells of the one value that all of some elements ask of which kind something is, if none of them knows that kind.
    fn is_of_no_kind(&mut self, of: &'a [Row], here: At) -> bool {
        let Some((place, allowed)) = kinds(of) else { return false };
        let Some(given) = self.look(place, here) else { return false };
        let Err(fault) = Rule::OneOf(allowed).to_title(given.value) else { return false };
        self.tell(Some(given.position), place, fault);
        // Whatever else is said of it hangs on that.
        self.pass_over(here);
        true
    }

    /// Whether there is what an element is made of.
    fn is_given(&self, row: &Row, here: At) -> bool {
        match &row.bind {
            Bind::Here => row.value.as_ref().is_none_or(|value| match &value.source {
                Source::Contract(place) => self.look(place, here).is_some(),
                _ => true,
            }),
            Bind::At(steps) => self.data.find(here, steps.ids()).is_some(),
            Bind::Each(steps, many) => self.data.find(here, &steps.ids()[..=*many]).is_some(),
        }
    }

    /// Of what excludes each other nothing may be dropped unsaid: whatever is given beside the first is told.
    fn surplus(&mut self, first: &Row, others: &[&Row], here: At) {
        let mut given: Vec<(Place, Position)> = Vec::new();
        for row in std::iter::once(&first).chain(others) {
            let (place, position) = match (&row.bind, &row.value) {
                (Bind::Here, Some(Value { source: Source::Contract(place), .. })) => {
                    let Some(value) = self.something(place, here) else { continue };
                    (place.clone(), value.position)
                }
                // An element that is there because of a value beside it stands for that value.
                (Bind::Here, _) => {
                    let asked = |test: &&Test| !test.place.from_root && !matches!(test.ask, Ask::Absent);
                    let Some(test) = row.when.iter().find(asked) else { continue };
                    let Some(value) = self.something(&test.place, here) else { continue };
                    (test.place.clone(), value.position)
                }
                (Bind::At(steps) | Bind::Each(steps, _), _) => {
                    let position = self.position(self.data.find(here, steps.ids()).unwrap_or(here));
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

    /// A value that is not nothing.
    fn something(&self, place: &Place, here: At) -> Option<Given<'a, 'a>> {
        self.look(place, here).filter(|given| !is_nothing(given.value))
    }

    fn position(&self, at: At) -> Position {
        self.data.element(at).position
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

    fn file_id(&mut self, table: &Table) -> String {
        for (id, places) in self.participants.clone().iter().zip([&table.sender, &table.recipient]) {
            let places = places.iter().filter_map(|source| match source {
                Source::Contract(place) => Some(place),
                _ => None,
            });
            let mut places = places.collect::<Vec<_>>().into_iter();
            let given =
                places.clone().find_map(|place| Some((place, self.look(place, Data::ROOT)?.position)));
            match (given, places.next()) {
                // Anything else would make a name of a file that nobody can take apart.
                (Some((place, position)), _) if !Simple::ParticipantId.holds(id) => {
                    let place = Place { from_root: true, ..place.clone() };
                    self.tell(Some(position), &place, Simple::ParticipantId.broken(id));
                }
                (None, Some(place)) => {
                    let name = place.attribute.unwrap_or_default().to_owned();
                    let element = Place { attribute: None, attribute_id: None, ..place.clone() };
                    self.tell(Some(self.position(Data::ROOT)), &element, Fault::MissingAttribute(name));
                }
                _ => {}
            }
        }
        let codes =
            self.data.element(Data::ROOT).child("MetaData").into_iter().flat_map(|meta| meta.children.iter());
        let codes: Vec<&str> = codes.map(|code| code.text.trim()).collect();
        let first = self.first.and_then(|first| first.attribute("ИдФайл"));
        file_name::make(table.file, &self.participants, self.sources, &self.title, &codes, first)
    }

    fn missing(&mut self, source: &Source, name: &'static str, here: At) {
        let (place, fault) = match source {
            Source::Contract(place) | Source::Name(_, place, _) => {
                let element = Place { attribute: None, attribute_id: None, ..place.clone() };
                let fault = match (place.attribute, place.steps.last()) {
                    (Some(attribute), _) => Fault::MissingAttribute(attribute.to_owned()),
                    (None, Some(step)) => Fault::MissingElement((*step).to_owned()),
                    // The text of the element itself, which is not that of the title.
                    (None, None) => {
                        let own = self.path.last().map_or(name, |(own, _)| own);
                        Fault::MissingElement(own.to_owned())
                    }
                };
                (element, fault)
            }
            // What the contract does not say of a participant is told with the name of the file.
            Source::Outside(Outside::Sender) if self.says_participants[0] => return,
            Source::Outside(Outside::Recipient) if self.says_participants[1] => return,
            _ => (Place::here(), Fault::MissingAttribute(name.to_owned())),
        };
        // A name is missing with its code, and one word is enough for both.
        if matches!(source, Source::Name(..)) {
            return;
        }
        self.tell(Some(self.position(here)), &place, fault);
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
        for step in place.steps.iter() {
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
    Decimal::parse(value).is_some_and(|number| number.is_zero())
}

const ONLY_ONE: Fault = Fault::Contradiction {
    ru: "указано несколько элементов, из которых допустим только один",
    en: "several elements are given of which only one may be",
};

/// What the contract calls an element that is not there.
fn names_of(row: &Row) -> String {
    let of_place = |place: &Place| {
        let attribute = place.attribute.map(|attribute| format!("@{attribute}"));
        place.steps.iter().map(|step| (*step).to_owned()).chain(attribute).collect::<Vec<_>>().join("/")
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
