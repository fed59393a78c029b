//! What is wrong with a contract, in the words of the structure that it was made of.

use potok_fns::xml::{Fault, XmlError};

use super::compile::{Codec, Line, Part, Sides, Value};
use super::from_structure::NO_PLACE;
use super::places::Places;
use crate::rule::ALLOWED;
use crate::table::{Bind, Place};

const EMPTY: Fault = Fault::Contradiction {
    ru: "обязательное поле не заполнено",
    en: "the required field is not filled in",
};

/// The fault at the field that it is about, in words of the structure. What is not of the structure stays as it is.
pub(super) fn told(sides: &Sides, places: &Places, error: XmlError) -> XmlError {
    let Some(at) = Places::at(&error) else { return error };
    let here = places.path(at);
    let (place, fault) = match error.fault {
        Fault::MissingAttribute(name) => missing(sides, here, &error.place, &format!("@{name}")),
        Fault::MissingElement(names) => missing(sides, here, &error.place, &names),
        Fault::UnexpectedAttribute(_) | Fault::UnexpectedElement(_) => (here, NO_PLACE),
        Fault::BadValue { value, rule_ru, rule_en } => {
            let pairs = field(&sides.lines, &places.names(at)).and_then(words);
            let word = |code: &str| {
                let known = pairs.and_then(|pairs| pairs.iter().find(|(_, known)| *known == code));
                known.map_or_else(|| code.to_owned(), |(word, _)| (*word).to_owned())
            };
            let rule = |rule: String, before: &str| match rule.strip_prefix(before) {
                Some(all) => before.to_owned() + &all.split(", ").map(word).collect::<Vec<_>>().join(", "),
                None => rule,
            };
            let (rule_ru, rule_en) = (rule(rule_ru, ALLOWED.0), rule(rule_en, ALLOWED.1));
            (here, Fault::BadValue { value: word(&value), rule_ru, rule_en })
        }
        fault => (here, fault),
    };
    XmlError { position: None, place, fault }
}

/// The field that does not say what the contract has to have: `names` are attributes and elements of the contract, one of which has to
/// be in its element `place`.
fn missing(sides: &Sides, here: String, place: &str, names: &str) -> (String, Fault) {
    let mut found = Fields::default();
    for name in names.split(" | ") {
        let steps: Vec<Step<'_>> = place.split('/').skip(1).chain(name.split('/')).map(Step::of).collect();
        found.below(&sides.lines, &steps, sides.structure);
    }
    let Fields { exact, inside } = found;
    let fields = if exact.is_empty() { inside } else { exact };
    match &fields[..] {
        [field] => (field.clone(), EMPTY),
        [] => {
            let ru = format!(
                "в данных титула ({place}) нет обязательного «{names}», поля для которого в структуре нет"
            );
            let en =
                format!("the data of the title ({place}) lack {names}, for which the structure has no field");
            (here, Fault::BrokenRule { ru, en })
        }
        _ => {
            let all = fields.join(", ");
            let ru = format!("не заполнено ни одно из полей: {all}");
            let en = format!("none of these fields is filled in: {all}");
            (here, Fault::BrokenRule { ru, en })
        }
    }
}

/// A step of a path in a contract.
struct Step<'a> {
    name: &'a str,
    /// Which of several, from 1; 0 of what is there once.
    number: usize,
}

impl<'a> Step<'a> {
    fn of(text: &'a str) -> Self {
        let numbered = text.strip_suffix(']').and_then(|text| text.split_once('['));
        let (name, number) = numbered.unwrap_or((text, ""));
        Self { name, number: number.parse().unwrap_or_default() }
    }
}

/// Fields that say something of a place of a contract, each once.
#[derive(Default)]
struct Fields {
    /// What stands there.
    exact: Vec<String>,
    /// What stands somewhere inside of the element that stands there.
    inside: Vec<String>,
}

impl Fields {
    /// Looks among the fields of the structure at `path`, which stands where `steps` begin.
    fn below(&mut self, lines: &[Line], steps: &[Step<'_>], path: &str) {
        for line in lines {
            let own = format!("{path}.{}", line.name());
            match line {
                Line::Value(value) => {
                    for place in places(value) {
                        let names = place.steps.iter().map(|step| (*step).to_owned());
                        let attribute = place.attribute.map(|name| format!("@{name}"));
                        let names: Vec<String> = names.chain(attribute).collect();
                        self.meet(steps, &names, &own);
                    }
                }
                Line::Texts { bind, .. } => match bind {
                    Bind::Here => {}
                    Bind::At(names) | Bind::Each(names, _) => self.meet(steps, &names[..], &own),
                },
                Line::Part(Part { bind, inside, .. }) => match bind {
                    Bind::Here => self.below(inside, steps, &own),
                    Bind::At(names) | Bind::Each(names, _) => match steps.get(names.len()..) {
                        Some(rest) if !rest.is_empty() && is_same(&steps[..names.len()], &names[..]) => {
                            let number = match bind {
                                Bind::Each(_, many) => steps[*many].number,
                                _ => 0,
                            };
                            let own = if number > 0 { format!("{own}[{}]", number - 1) } else { own };
                            self.below(inside, rest, &own);
                        }
                        _ => self.meet(steps, &names[..], &own),
                    },
                },
                Line::Same { .. } | Line::Constant { .. } | Line::Passed(_) | Line::Refused(_) => {}
            }
        }
    }

    fn meet(&mut self, steps: &[Step<'_>], names: &[impl AsRef<str>], own: &str) {
        let among = match names.get(..steps.len()) {
            Some(names) if !is_same(steps, names) => return,
            Some(_) if names.len() == steps.len() => &mut self.exact,
            Some(_) => &mut self.inside,
            None => return,
        };
        if !among.iter().any(|known| known == own) {
            among.push(own.to_owned());
        }
    }
}

fn is_same(steps: &[Step<'_>], names: &[impl AsRef<str>]) -> bool {
    steps.len() == names.len() && steps.iter().zip(names).all(|(step, name)| step.name == name.as_ref())
}

/// Where a field says something in a contract.
fn places(value: &Value) -> impl Iterator<Item = &Place> {
    let more = [value.also.as_ref(), value.otherwise.as_ref(), value.tells.as_ref()];
    std::iter::once(&value.place).chain(more.into_iter().flatten())
}

/// The line of a field.
fn field<'a>(lines: &'a [Line], names: &[&str]) -> Option<&'a Line> {
    let (first, rest) = names.split_first()?;
    let line = lines.iter().find(|line| line.name() == *first)?;
    match line {
        _ if rest.is_empty() => Some(line),
        Line::Part(part) => field(&part.inside, rest),
        _ => None,
    }
}

/// What the codes of a field are called in the structure.
fn words(line: &Line) -> Option<&[(&'static str, &'static str)]> {
    match line {
        Line::Value(value) => match &value.codec {
            Codec::Map(pairs) => Some(pairs),
            _ => None,
        },
        _ => None,
    }
}
