//! From a contract to a structure.

use potok_fns::xml::{Element, Fault, XmlError, shorten};
use serde_json::{Map, Value as Json};

use super::compile::{Codec, Line, Part, Sides, Value};
use crate::contract::{VIOLATIONS, find};
use crate::renew::empty;
use crate::table::{Bind, Place};

/// What the contract says, as far as the structure can say it.
///
/// # Errors
/// Values that the structure has no word for, though it has a field.
pub(super) fn structure(sides: &Sides, contract: &Element) -> Result<Map<String, Json>, Vec<XmlError>> {
    let mut teller = Teller { path: vec![sides.structure.to_owned()], violations: Vec::new() };
    let told = teller.inside(&sides.lines, contract);
    if teller.violations.is_empty() { Ok(told) } else { Err(teller.violations) }
}

struct Teller {
    path: Vec<String>,
    violations: Vec<XmlError>,
}

impl Teller {
    fn inside(&mut self, lines: &[Line], element: &Element) -> Map<String, Json> {
        let mut told = Map::new();
        for line in lines {
            let said = match line {
                Line::Value(value) => self.value(value, element).map(Json::String),
                Line::Texts { bind, codec, name } => {
                    let texts = elements(element, bind).into_iter();
                    let texts = texts.filter_map(|one| self.decoded(codec, one.text.trim(), name, one));
                    Some(Json::Array(texts.map(Json::String).collect()))
                }
                Line::Part(part) => self.part(part, element),
                Line::Constant { value, .. } => Some(Json::String((*value).to_owned())),
                Line::Same { .. } | Line::Passed(_) | Line::Refused(_) => None,
            };
            if let Some(said) = said {
                told.insert(line.name().to_owned(), said);
            }
        }
        told
    }

    fn part(&mut self, part: &Part, element: &Element) -> Option<Json> {
        let Part { name, required, bind, inside } = part;
        let mut found = elements(element, bind).into_iter().enumerate().map(|(index, one)| {
            let number = if matches!(bind, Bind::Each(..)) { format!("[{index}]") } else { String::new() };
            self.path.push(format!("{name}{number}"));
            let told = self.inside(inside, one);
            self.path.pop();
            told
        });
        if let Bind::Each(..) = bind {
            return Some(Json::Array(found.map(Json::Object).collect()));
        }
        let told = found.next();
        drop(found);
        match told {
            // What stands in the same element may be nothing at all.
            Some(told) if !required && matches!(bind, Bind::Here) && !told.values().any(is_said) => None,
            None if *required => Some(Json::Object(self.inside(inside, &empty("", element.position)))),
            told => told.map(Json::Object),
        }
    }

    /// The value of a field; of one that has to be there an empty one for nothing.
    fn value(&mut self, value: &Value, element: &Element) -> Option<String> {
        let places = [Some(value.from.as_ref().unwrap_or(&value.place)), value.also.as_ref()];
        let text = places.into_iter().flatten().find_map(|place| look(element, place));
        let said = self.decoded(&value.codec, text.unwrap_or_default(), value.name, element);
        said.or_else(|| {
            (value.required && matches!(value.codec, Codec::Text | Codec::Code(_) | Codec::Name(..)))
                .then(String::new)
        })
    }

    fn decoded(
        &mut self,
        codec: &Codec,
        text: &str,
        name: &'static str,
        element: &Element,
    ) -> Option<String> {
        match codec {
            Codec::Name(classifier, place) if text.is_empty() => {
                look(element, place).and_then(|code| classifier.name(code)).map(str::to_owned)
            }
            Codec::Text | Codec::Code(_) | Codec::Name(..) => {
                Some(text.to_owned()).filter(|text| !text.is_empty())
            }
            Codec::Flag => (text == "true").then(|| text.to_owned()),
            Codec::Map(pairs) => match pairs.iter().find(|(_, code)| *code == text) {
                Some((word, _)) => Some((*word).to_owned()),
                None if text.is_empty() => None,
                None => {
                    if self.violations.len() < VIOLATIONS {
                        let codes: Vec<&str> = pairs.iter().map(|(_, code)| *code).collect();
                        let codes = codes.join(", ");
                        let rule_ru =
                            format!("структура знает только {codes}; разберите титул методом ParseTitleXml");
                        let rule_en = format!(
                            "the structure knows only {codes}; take the title apart by ParseTitleXml"
                        );
                        let fault = Fault::BadValue { value: shorten(text), rule_ru, rule_en };
                        let place = format!("{}.{name}", self.path.join("."));
                        self.violations.push(XmlError { position: None, place, fault });
                    }
                    None
                }
            },
        }
    }
}

fn is_said(value: &Json) -> bool {
    match value {
        Json::String(text) => !text.is_empty(),
        Json::Array(all) => !all.is_empty(),
        Json::Object(all) => all.values().any(is_said),
        Json::Null | Json::Bool(_) | Json::Number(_) => false,
    }
}

/// The elements that a part of a structure stands for.
fn elements<'e>(element: &'e Element, bind: &Bind) -> Vec<&'e Element> {
    match bind {
        Bind::Here => vec![element],
        Bind::At(steps) => find(element, steps).into_iter().collect(),
        Bind::Each(steps, many) => {
            let Some(among) = find(element, &steps[..*many]) else { return Vec::new() };
            let named = among.children_named(steps[*many]);
            named.filter_map(|one| find(one, &steps[many + 1..])).collect()
        }
    }
}

/// What stands at a place, unless it is empty.
fn look<'e>(element: &'e Element, place: &Place) -> Option<&'e str> {
    let element = find(element, &place.steps)?;
    let text = match place.attribute {
        Some(name) => element.attribute(name)?,
        None => element.text.trim(),
    };
    Some(text).filter(|text| !text.is_empty())
}
