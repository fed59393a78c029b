//! From a structure to a contract.

use potok_fns::xml::{Attribute, Element, Fault, XmlError, shorten};
use serde_json::{Map, Value as Json};

use super::compile::{Codec, Line, Part, Sides, Value};
use super::places::{At, Places};
use crate::classifier::letters;
use crate::contract::VIOLATIONS;
use crate::renew::empty;
use crate::table::{Bind, Place};

pub(super) const NO_PLACE: Fault = Fault::Contradiction {
    ru: "в формате этой версии нет места для этого поля: оставьте его пустым",
    en: "the format of this version has no place for this field: leave it empty",
};

/// A contract that says what a structure says, where each part was said, and what is wrong with the structure itself.
pub(super) fn contract(
    sides: &Sides,
    root: &'static str,
    said: &Map<String, Json>,
) -> (Element, Places, Vec<XmlError>) {
    let mut maker = Maker { sides, said, places: Places::new(sides.structure), violations: Vec::new() };
    let mut element = empty(root, Places::element(Places::ROOT, 0));
    maker.inside(&sides.lines, said, &mut element, Places::ROOT);
    (element, maker.places, maker.violations)
}

struct Maker<'a> {
    sides: &'a Sides,
    /// The outermost structure.
    said: &'a Map<String, Json>,
    places: Places,
    violations: Vec<XmlError>,
}

impl<'a> Maker<'a> {
    fn inside(&mut self, lines: &'a [Line], said: &'a Map<String, Json>, element: &mut Element, here: At) {
        for (name, value) in said {
            let has_place = lines.iter().any(|line| line.name() == name && !matches!(line, Line::Refused(_)));
            if !has_place && is_said(value) {
                let name = lines.iter().map(Line::name).find(|known| known == name).unwrap_or("?");
                let at = self.places.add(here, name, 0);
                self.tell(at, NO_PLACE);
            }
        }
        for line in lines {
            match line {
                Line::Value(value) => self.value(value, said, element, here),
                Line::Texts { name, bind, codec } => {
                    for (at, text) in self.several(name, said.get(*name), here) {
                        if let Some(text) = self.encoded(codec, text, at) {
                            descend(element, bind, at).text = text;
                        }
                    }
                }
                Line::Part(part) => self.part(part, said, element, here),
                Line::Same { name, of, unless } => {
                    let is_asked = said.get(*name).is_some_and(is_said) && !said.contains_key(*unless);
                    let other = self.sides.lines.iter().find_map(|line| match line {
                        Line::Part(part) if part.name == *of => Some(part),
                        _ => None,
                    });
                    if let (true, Some(part), Some(Json::Object(said))) =
                        (is_asked, other, self.said.get(*of))
                    {
                        self.inside(&part.inside, said, element, here);
                    }
                }
                Line::Constant { .. } | Line::Passed(_) | Line::Refused(_) => {}
            }
        }
    }

    fn part(&mut self, part: &'a Part, said: &'a Map<String, Json>, element: &mut Element, here: At) {
        for (at, one) in self.several(part.name, said.get(part.name), here) {
            if let Json::Object(said) = one {
                self.inside(&part.inside, said, descend(element, &part.bind, at), at);
            }
        }
    }

    /// A field, or each of a list.
    fn several(&mut self, name: &'static str, said: Option<&'a Json>, here: At) -> Vec<(At, &'a Json)> {
        match said {
            None | Some(Json::Null) => Vec::new(),
            Some(Json::Array(all)) => {
                let mut one = |(index, one)| (self.places.add(here, name, index + 1), one);
                all.iter().enumerate().map(&mut one).collect()
            }
            Some(one) => vec![(self.places.add(here, name, 0), one)],
        }
    }

    fn value(&mut self, value: &Value, said: &Map<String, Json>, element: &mut Element, here: At) {
        if value.unless.is_some_and(|other| said.contains_key(other)) {
            return;
        }
        let at = self.places.add(here, value.name, 0);
        let encoded = said.get(value.name).and_then(|given| self.encoded(&value.codec, given, at));
        let Some(text) = encoded.or_else(|| value.or.map(str::to_owned)) else {
            if let Some(place) = &value.otherwise {
                self.put(element, place, "true", at);
            }
            return;
        };
        if let Some(place) = &value.tells {
            self.put(element, place, if text.len() == 12 { "2" } else { "1" }, at);
        }
        for place in [Some(&value.place), value.also.as_ref()].into_iter().flatten() {
            self.put(element, place, &text, at);
        }
        if let Some(name) = value.refers {
            element.name = name.into();
        }
    }

    /// What the contract says for a value; `None` for nothing.
    fn encoded(&mut self, codec: &Codec, given: &Json, at: At) -> Option<String> {
        let text = match given {
            Json::String(text) => text.clone(),
            Json::Bool(value) => value.to_string(),
            Json::Number(number) => number.to_string(),
            Json::Null | Json::Array(_) | Json::Object(_) => return None,
        };
        let encoded = match codec {
            Codec::Text | Codec::Name(..) => text,
            Codec::Flag if text == "true" => text,
            Codec::Flag => return None,
            Codec::Code(classifier) => match classifier.code(&text).or_else(|| letters(*classifier, &text)) {
                Some(code) => code.to_owned(),
                None => text,
            },
            Codec::Map(pairs) => match pairs.iter().find(|(word, _)| *word == text) {
                Some((_, code)) => (*code).to_owned(),
                None => {
                    let words: Vec<&str> = pairs.iter().map(|(word, _)| *word).collect();
                    let words = words.join(", ");
                    let (rule_ru, rule_en) = (format!("допустимо: {words}"), format!("one of {words}"));
                    self.tell(at, Fault::BadValue { value: shorten(&text), rule_ru, rule_en });
                    return None;
                }
            },
        };
        Some(encoded).filter(|text| !text.is_empty())
    }

    /// Says a value. Where another field has said something already it has to be the same, or one of the two would be lost.
    fn put(&mut self, element: &mut Element, place: &Place, text: &str, at: At) {
        let steps = place.steps.iter().enumerate();
        let element = steps.fold(element, |element, (index, step)| child(element, step, false, (at, index)));
        let said = place.attribute.map(|name| element.attributes.iter().find(|given| given.name == name));
        let (said, by) = match (place.attribute, said) {
            (Some(_), Some(Some(given))) => (given.value.to_string(), given.position.line),
            (Some(name), _) => {
                let position = Places::value(at);
                element.attributes.push(Attribute { name: name.into(), value: text.into(), position });
                return;
            }
            (None, _) if element.text.is_empty() => {
                element.text.push_str(text);
                return;
            }
            (None, _) => (element.text.clone(), element.position.line),
        };
        if said != text {
            let (by, said) = (self.places.path(by), shorten(&said));
            let rule_ru = format!(
                "о том же поле {by} говорит «{said}»: укажите в обоих одно и то же или заполните одно из них"
            );
            let rule_en =
                format!("field {by} says {said:?} of the same: say the same in both, or fill in one of them");
            self.tell(at, Fault::BadValue { value: shorten(text), rule_ru, rule_en });
        }
    }

    fn tell(&mut self, at: At, fault: Fault) {
        if self.violations.len() < VIOLATIONS {
            self.violations.push(XmlError { position: None, place: self.places.path(at), fault });
        }
    }
}

/// Whether a field says anything at all.
fn is_said(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::Bool(value) => *value,
        Json::Number(_) => true,
        Json::String(text) => !text.is_empty(),
        Json::Array(all) => !all.is_empty(),
        Json::Object(all) => all.values().any(is_said),
    }
}

/// The element that a part of a structure stands for, made where it is not there; a step that repeats is always made.
fn descend<'e>(element: &'e mut Element, bind: &Bind, at: At) -> &'e mut Element {
    let (steps, many) = match bind {
        Bind::Here => return element,
        Bind::At(steps) => (steps, usize::MAX),
        Bind::Each(steps, many) => (steps, *many),
    };
    let steps = steps.iter().enumerate();
    steps.fold(element, |element, (index, step)| child(element, step, index >= many, (at, index)))
}

fn child<'e>(
    element: &'e mut Element,
    name: &'static str,
    is_new: bool,
    (at, steps): (At, usize),
) -> &'e mut Element {
    let known = if is_new { None } else { element.children.iter().position(|child| child.name == name) };
    let index = known.unwrap_or_else(|| {
        element.children.push(empty(name, Places::element(at, steps)));
        element.children.len() - 1
    });
    &mut element.children[index]
}
