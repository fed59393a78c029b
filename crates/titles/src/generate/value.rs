//! Where the values of a title come from.

use super::unread::Given;
use super::{FILE_ID, Got, Maker};
use crate::contract::find;
use crate::file_name;
use crate::rule::Rule;
use crate::table::{Ask, Outside, Place, Source, Test, Value};
use potok_fns::xml::{Element, Fault, Position};

impl<'a> Maker<'a> {
    pub(super) fn value(&mut self, value: &Value, here: &'a Element, number: usize) -> Option<Got> {
        if let Some(got) = self.source(&value.source, value, here, number) {
            return Some(got);
        }
        let (other, _) = value.or.iter().find(|(other, tests)| {
            self.all_hold(tests, here)
                && match other {
                    Source::Contract(place) => self.look(place, here).is_some(),
                    Source::First(place) => self.in_first(place).is_some(),
                    _ => true,
                }
        })?;
        self.source(other, value, here, number)
    }

    fn source(&mut self, source: &Source, value: &Value, here: &'a Element, number: usize) -> Option<Got> {
        let unsaid = |text: String| Some(Got { text, said: false });
        match source {
            Source::Literal(text) => unsaid((*text).to_owned()),
            Source::Contract(place) => {
                let (given, position) = self.read(place, here)?;
                let text = match value.rule.to_title(given) {
                    Ok(text) => text.into_owned(),
                    Err(fault) => {
                        self.tell(Some(position), place, fault);
                        given.to_owned()
                    }
                };
                Some(Got { text, said: true })
            }
            Source::First(place) => self.in_first(place).map(|text| {
                // One title of a format may write times in another way than the other.
                let text =
                    if matches!(value.rule, Rule::Time) { text.replace(':', ".") } else { text.to_owned() };
                Got { text, said: true }
            }),
            Source::Name(classifier, place, other) => {
                let (code, position) = self.read(place, here)?;
                // A name beside its code is known better by the classifier.
                let other = other.as_ref().and_then(|other| self.read(other, here));
                if let Some(name) = classifier.name(code) {
                    return unsaid(name.to_owned());
                }
                match other {
                    Some((name, _)) => unsaid(name.to_owned()),
                    None => {
                        let (rule_ru, rule_en) = (classifier.ru().to_owned(), classifier.en().to_owned());
                        let value = potok_fns::xml::shorten(code);
                        self.tell(Some(position), place, Fault::BadValue { value, rule_ru, rule_en });
                        None
                    }
                }
            }
            Source::Names(classifier, place) => {
                let (last, steps) = place.steps.split_last()?;
                let among = find(here, steps)?;
                let mut names: Vec<&str> = Vec::new();
                for element in among.children_named(last) {
                    let code = element.attribute(place.attribute?).filter(|code| !code.is_empty());
                    let Some(name) = code.and_then(|code| classifier.name(code)) else { continue };
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
                (!names.is_empty()).then(|| Got { text: names.join(", "), said: false })
            }
            Source::Outside(outside) => {
                let text = self.outside(*outside, number).filter(|text| !text.is_empty())?;
                // Who has an operator has said so, and without one its element is left out.
                let said =
                    matches!(outside, Outside::OperatorName | Outside::OperatorInn | Outside::OperatorCode);
                Some(Got { text, said })
            }
        }
    }

    fn outside(&self, outside: Outside, number: usize) -> Option<String> {
        let sources = self.sources;
        Some(match outside {
            Outside::FileId => FILE_ID.to_owned(),
            Outside::Program => sources.program.to_owned(),
            Outside::Date => sources.now.date.to_string(),
            Outside::Time => sources.now.time(),
            Outside::Clock => sources.now.time().replace('.', ":"),
            Outside::Sender => self.participants[0].clone(),
            Outside::Recipient => self.participants[1].clone(),
            Outside::OperatorName => sources.operator.name.clone(),
            Outside::OperatorInn => sources.operator.inn.clone(),
            Outside::OperatorCode => sources.operator.code.clone(),
            Outside::Number => number.to_string(),
            Outside::Signatures | Outside::Nothing => return None,
            Outside::FirstFileId => self.first?.attribute("ИдФайл")?.to_owned(),
        })
    }

    pub(super) fn participant(&self, places: &[Source]) -> String {
        let found = places.iter().find_map(|source| match source {
            Source::Contract(place) => self.read(place, self.root).map(|(id, _)| id.to_owned()),
            // Whoever sent the first title is addressed by the second.
            Source::Outside(Outside::Sender) => self.first_participants().map(|[sender, _]| sender),
            Source::Outside(Outside::Recipient) => self.first_participants().map(|[_, recipient]| recipient),
            _ => None,
        });
        found.unwrap_or_default()
    }

    fn first_participants(&self) -> Option<[String; 2]> {
        file_name::participants(self.first?.attribute("ИдФайл")?).map(|ids| ids.map(str::to_owned))
    }

    pub(super) fn all_hold(&self, tests: &[Test], here: &'a Element) -> bool {
        tests.iter().all(|test| match &test.ask {
            // Who asks of which kind something is has heard it.
            Ask::Is(values) => values.contains(&self.read(&test.place, here).map_or("-", |(value, _)| value)),
            Ask::Present => self.is_there(&test.place, here),
            Ask::Absent => !self.is_there(&test.place, here),
            Ask::Keeps(rule) => self.look(&test.place, here).is_some_and(|(value, _)| rule.keeps(value)),
        })
    }

    fn is_there(&self, place: &Place, here: &'a Element) -> bool {
        match place.attribute {
            Some(_) => self.look(place, here).is_some(),
            None => find(if place.from_root { self.root } else { here }, &place.steps).is_some(),
        }
    }

    /// A value of the contract; an empty one says nothing.
    pub(super) fn look(&self, place: &Place, here: &'a Element) -> Option<(&'a str, Position)> {
        self.given(place, here).map(|given| (given.value(), given.position()))
    }

    /// The same, which thereby is not left over.
    fn read(&self, place: &Place, here: &'a Element) -> Option<(&'a str, Position)> {
        let given = self.given(place, here)?;
        self.marks.add(given);
        Some((given.value(), given.position()))
    }

    fn given(&self, place: &Place, here: &'a Element) -> Option<Given<'a>> {
        let element = find(if place.from_root { self.root } else { here }, &place.steps)?;
        let given = match place.attribute {
            Some(name) => {
                Given::Attribute(element.attributes.iter().find(|attribute| attribute.name == name)?)
            }
            None => Given::Text(element),
        };
        Some(given).filter(|given| !given.value().is_empty())
    }

    fn in_first(&self, place: &Place) -> Option<&'a str> {
        let element = find(self.first?, &place.steps)?;
        element.attribute(place.attribute?).filter(|value| !value.is_empty())
    }
}
