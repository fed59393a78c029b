//! Where the values of a title come from.

use std::borrow::Cow;

use super::{FILE_ID, Got, Maker};
use crate::data::{At, Data, Given};
use crate::file_name;
use crate::rule::Rule;
use crate::table::{Ask, Outside, Place, Source, Test, Value, is_asked_for};
use potok_fns::xml::Fault;

impl<'a> Maker<'a> {
    pub(super) fn value(&mut self, value: &'a Value, here: At, number: usize) -> Option<Got<'a>> {
        if let Some(got) = self.source(&value.source, value, here, number) {
            return Some(got);
        }
        let (other, tests) = value.or.iter().find(|(other, tests)| {
            self.all_hold(tests, here)
                && match other {
                    Source::Contract(place) => self.look(place, here).is_some(),
                    Source::First(place) => self.in_first(place).is_some(),
                    _ => true,
                }
        })?;
        let got = self.source(other, value, here, number)?;
        Some(Got { said: got.said || is_asked_for(tests), ..got })
    }

    fn source(&mut self, source: &'a Source, value: &'a Value, here: At, number: usize) -> Option<Got<'a>> {
        let unsaid = |text: &'a str| Some(Got { text: text.into(), said: false });
        match source {
            Source::Literal(text) => unsaid(text),
            Source::Contract(place) => {
                let given = self.read(place, here)?;
                let text = match value.rule.to_title(given.value) {
                    Ok(text) => text,
                    Err(fault) => {
                        self.tell(Some(given.position), place, fault);
                        given.value.into()
                    }
                };
                Some(Got { text, said: true })
            }
            Source::First(place) => self.in_first(place).map(|text| {
                // One title of a format may write times in another way than the other.
                let is_time = matches!(value.rule, Rule::Time);
                let text = if is_time { text.replace(':', ".").into() } else { text.into() };
                Got { text, said: true }
            }),
            Source::Name(classifier, place, other) => {
                let Given { value: code, position, .. } = self.read(place, here)?;
                // A name beside its code is known better by the classifier.
                let said = other.is_some();
                let other = other.as_ref().and_then(|other| self.read(other, here));
                let name = classifier.name(code).or(other.map(|other| other.value));
                match name {
                    // Where the contract may say the name itself, it is said with the code too.
                    Some(name) => Some(Got { text: name.into(), said }),
                    None => {
                        let (rule_ru, rule_en) = (classifier.ru().to_owned(), classifier.en().to_owned());
                        let value = potok_fns::xml::shorten(code);
                        self.tell(Some(position), place, Fault::BadValue { value, rule_ru, rule_en });
                        None
                    }
                }
            }
            Source::Names(classifier, place) => {
                let (last, steps) = place.steps.ids().split_last()?;
                let among = self.data.find(here, steps)?;
                let mut names: Vec<&str> = Vec::new();
                for element in self.data.children_named(among, *last) {
                    let code = self.data.attribute(element, place.attribute_id?);
                    let Some(name) = code.and_then(|code| classifier.name(code.value)) else { continue };
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
                (!names.is_empty()).then(|| Got { text: names.join(", ").into(), said: false })
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

    fn outside(&self, outside: Outside, number: usize) -> Option<Cow<'a, str>> {
        let sources = self.sources;
        Some(match outside {
            Outside::FileId => FILE_ID.into(),
            Outside::Program => sources.program.into(),
            Outside::Date => sources.now.date.to_string().into(),
            Outside::Time => sources.now.time().into(),
            Outside::Clock => sources.now.time().replace('.', ":").into(),
            Outside::Sender => self.participants[0].clone().into(),
            Outside::Recipient => self.participants[1].clone().into(),
            Outside::OperatorName => sources.operator.name.as_str().into(),
            Outside::OperatorInn => sources.operator.inn.as_str().into(),
            Outside::OperatorCode => sources.operator.code.as_str().into(),
            Outside::Number => number.to_string().into(),
            Outside::Signatures | Outside::Nothing => return None,
            Outside::FirstFileId => self.first?.attribute("ИдФайл")?.into(),
        })
    }

    pub(super) fn participant(&self, places: &[Source]) -> String {
        let found = places.iter().find_map(|source| match source {
            Source::Contract(place) => self.read(place, Data::ROOT).map(|id| id.value.to_owned()),
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

    pub(super) fn all_hold(&self, tests: &[Test], here: At) -> bool {
        tests.iter().all(|test| match &test.ask {
            // Who asks of which kind something is has heard it.
            Ask::Is(values) => {
                values.contains(&self.read(&test.place, here).map_or("-", |given| given.value))
            }
            Ask::Present => self.is_there(&test.place, here),
            Ask::Absent => !self.is_there(&test.place, here),
            Ask::Keeps(rule) => self.look(&test.place, here).is_some_and(|given| rule.keeps(given.value)),
        })
    }

    fn is_there(&self, place: &Place, here: At) -> bool {
        match place.attribute {
            Some(_) => self.look(place, here).is_some(),
            None => self.at(place, here).is_some(),
        }
    }

    fn at(&self, place: &Place, here: At) -> Option<At> {
        self.data.find(if place.from_root { Data::ROOT } else { here }, place.steps.ids())
    }

    /// A value of the contract; an empty one says nothing.
    pub(super) fn look(&self, place: &Place, here: At) -> Option<Given<'a, 'a>> {
        let at = self.at(place, here)?;
        let given = match place.attribute_id {
            Some(id) => self.data.attribute(at, id)?,
            None => self.data.text(at),
        };
        Some(given).filter(|given| !given.value.is_empty())
    }

    /// The same, which thereby is not left over.
    fn read(&self, place: &Place, here: At) -> Option<Given<'a, 'a>> {
        self.look(place, here).map(Given::read)
    }

    fn in_first(&self, place: &Place) -> Option<&'a str> {
        let element = crate::contract::find(self.first?, &place.steps)?;
        element.attribute(place.attribute?).filter(|value| !value.is_empty())
    }
}
