//! From the XML of a power of attorney to what it says.

use std::str::FromStr;

use potok_types::PowerId;
use time::{Date, Month};

use super::party::party;
use super::{CodedPower, Expected, FORMAT, Granted, HandedOn, Party, PowerFault, PowerFile, Restriction};
use crate::FnsDate;
use crate::xml::{Document, Element, Limits, shorten};

/// An element, whose name counts without the prefix of its namespace: every program writes its own.
#[derive(Clone, Copy)]
pub(super) struct Node<'a>(&'a Element);

impl<'a> Node<'a> {
    fn name(self) -> &'a str {
        let name = self.0.name.as_str();
        name.rsplit_once(':').map_or(name, |(_, local)| local)
    }

    pub(super) fn child(self, name: &str) -> Option<Self> {
        self.all(name).next()
    }

    fn all(self, name: &str) -> impl Iterator<Item = Self> + use<'a, '_> {
        self.0.children.iter().map(Self).filter(move |child| child.name() == name)
    }
}

/// An attribute that may be absent or empty.
pub(super) fn optional(node: Node<'_>, attribute: &str) -> Option<String> {
    let value = node.0.attribute(attribute)?.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

/// An attribute that has to be there.
pub(super) fn text(node: Node<'_>, path: &str, attribute: &str) -> Result<String, PowerFault> {
    optional(node, attribute)
        .ok_or_else(|| PowerFault::Missing { path: format!("{path}/{}/@{attribute}", node.name()) })
}

fn child<'a>(node: Node<'a>, path: &str, name: &str) -> Result<Node<'a>, PowerFault> {
    node.child(name).ok_or_else(|| PowerFault::Missing { path: format!("{path}/{name}") })
}

/// The text of an element.
fn inside(node: Node<'_>, name: &str) -> Option<String> {
    let text = node.child(name)?.0.text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn parsed<T: FromStr>(
    node: Node<'_>,
    path: &str,
    attribute: &str,
    expected: Expected,
) -> Result<T, PowerFault> {
    let value = text(node, path, attribute)?;
    value.parse().map_err(|_| wrong(node, path, attribute, &value, expected))
}

fn wrong(node: Node<'_>, path: &str, attribute: &str, value: &str, expected: Expected) -> PowerFault {
    let path = format!("{path}/{}/@{attribute}", node.name());
    PowerFault::Value { path, value: shorten(value), expected }
}

/// `ГГГГ-ММ-ДД`.
fn date(node: Node<'_>, path: &str, attribute: &str) -> Result<FnsDate, PowerFault> {
    let value = text(node, path, attribute)?;
    let read = || {
        let (year, rest) = value.split_once('-')?;
        let (month, day) = rest.split_once('-')?;
        if (year.len(), month.len(), day.len()) != (4, 2, 2) {
            return None;
        }
        let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
        FnsDate::new(Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()?)
    };
    read().ok_or_else(|| wrong(node, path, attribute, &value, Expected::Date))
}

pub(super) fn file(bytes: &[u8]) -> Result<PowerFile, PowerFault> {
    let document = Document::parse(bytes, &Limits::POWER).map_err(PowerFault::Xml)?;
    let root = Node(&document.root);
    if root.name() != "Доверенность" {
        return Err(PowerFault::NoPower { root: shorten(&document.root.name) });
    }
    let found = optional(root, "ВерсФорм").unwrap_or_default();
    if found != FORMAT {
        return Err(PowerFault::Format { found: shorten(&found) });
    }
    let file_id = text(root, "", "ИдФайл")?;
    let document = child(root, "Доверенность", "Документ")?;
    let power = match (document.child("Довер"), document.child("Передов")) {
        (Some(given), _) => {
            let names = Names {
                about: "СвДов", givers: "СвДоверит", giver: "Доверит", takers: "СвУпПред"
            };
            names.read(file_id, given, "Довер")?
        }
        (None, Some(handed_on)) => {
            let names = Names {
                about: "СвПереДовер",
                givers: "СвПередПолн",
                giver: "ПередПолн",
                takers: "СвПолучПолн",
            };
            let power = names.read(file_id, handed_on, "Передов")?;
            PowerFile { handed_on: Some(origin(handed_on, "Передов")?), ..power }
        }
        (None, None) => {
            return Err(PowerFault::Missing {
                path: "Документ/Довер | Документ/Передов".to_owned()
            });
        }
    };
    Ok(power)
}

/// The two kinds of powers have the same parts under different names.
struct Names {
    about: &'static str,
    givers: &'static str,
    giver: &'static str,
    takers: &'static str,
}

impl Names {
    fn read(&self, file_id: String, power: Node<'_>, path: &str) -> Result<PowerFile, PowerFault> {
        let about = child(power, path, self.about)?;
        let principals = parties(power, path, self.givers, self.giver)?;
        let representatives = parties(power, path, self.takers, "Пред")?;
        for (name, all) in [(self.givers, &principals), (self.takers, &representatives)] {
            if all.is_empty() {
                return Err(PowerFault::Missing { path: format!("{path}/{name}") });
            }
        }
        let handing = text(about, path, "ПрПередов")?;
        if !["1", "2", "3"].contains(&handing.as_str()) {
            return Err(wrong(about, path, "ПрПередов", &handing, Expected::Handing));
        }
        Ok(PowerFile {
            file_id,
            number: parsed(about, path, "НомДовер", Expected::Guid)?,
            internal_number: optional(about, "ВнНомДовер"),
            issued_on: date(about, path, "ДатаВыдДовер")?,
            expires_on: date(about, path, "СрокДейст")?,
            system: inside(about, "СведСист"),
            may_be_handed_on: handing != "1",
            principals,
            representatives,
            granted: granted(child(power, path, "СвПолн")?, path)?,
            handed_on: None,
        })
    }
}

fn parties(power: Node<'_>, path: &str, list: &str, inner: &str) -> Result<Vec<Party>, PowerFault> {
    let path = format!("{path}/{list}");
    power.all(list).map(|one| party(one.child(inner).unwrap_or(one), &path)).collect()
}

fn granted(node: Node<'_>, path: &str) -> Result<Granted, PowerFault> {
    let path = format!("{path}/СвПолн");
    Ok(Granted {
        kind: text(node, &path, "ТипПолн")?,
        joint: text(node, &path, "ПрСовмПолн")?,
        loss: optional(node, "ПрУтрПолн"),
        text: inside(node, "ТекстПолн"),
        codes: node.all("МашПолн").map(|code| coded(code, &path)).collect::<Result<_, _>>()?,
    })
}

fn coded(node: Node<'_>, path: &str) -> Result<CodedPower, PowerFault> {
    let restriction = |node: Node<'_>| {
        Ok(Restriction {
            id: parsed(node, path, "ИдОгр", Expected::Number)?,
            code: text(node, path, "КодОгр")?,
            name: text(node, path, "НаимОгр")?,
            value_name: optional(node, "НаимЗначОгр"),
            value_code: inside(node, "КодЗначОгр"),
            value_text: inside(node, "ТексЗначОгр"),
        })
    };
    Ok(CodedPower {
        mnemonic: optional(node, "МнПолн"),
        code: text(node, path, "КодПолн")?,
        name: text(node, path, "НаимПолн")?,
        restrictions: node.all("ОгрСвПолн").map(restriction).collect::<Result<_, _>>()?,
    })
}

/// Of what a power was handed on. Numbers of notaries' powers are none of the register's, so they may be absent.
fn origin(power: Node<'_>, path: &str) -> Result<HandedOn, PowerFault> {
    let first = child(power, path, "СвПервДовер")?;
    let number = |node: Node<'_>, attribute| -> Result<Option<PowerId>, PowerFault> {
        let given = optional(node, attribute).is_some();
        given.then(|| parsed(node, path, attribute, Expected::Guid)).transpose()
    };
    let root = number(first, "НомДоверПерв")?;
    let before = power.child("СвПередов").unwrap_or(first);
    let parent = number(before, "НомДоверN")?.filter(|parent| Some(*parent) != root);
    let root_issuers = parties(first, &format!("{path}/СвПервДовер"), "СвДоверПерв", "ДоверитПерв")?;
    Ok(HandedOn { root, parent, root_issuers })
}
