//! What may stand in a value, and what becomes of it between contract and title.

mod sample;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use potok_fns::schema::Decimal;
use potok_fns::xml::{Fault, shorten};
use potok_fns::{FnsDate, FullName, Rule as Simple};

use crate::classifier::Classifier;

/// Pairs of what the contract says and what the title says.
#[derive(Debug)]
pub(crate) struct NameMap(pub(crate) Vec<(&'static str, &'static str)>);

/// How a list of what a value may be begins, in Russian and English; it is parted by commas.
pub(crate) const ALLOWED: (&str, &str) = ("допустимо: ", "one of ");

/// The rule of one value.
#[derive(Clone, Debug)]
pub(crate) enum Rule {
    /// Whatever is not empty.
    Any,
    /// A rule that service documents have too.
    Simple(Simple),
    /// A length between two.
    Between(usize, usize),
    /// So many digits, one of these numbers of them.
    Digits(Vec<usize>),
    /// A number of 36 characters, of which nobody but its register knows whether it is a GUID.
    Guid,
    /// `ДД.ММ.ГГГГ`.
    Date,
    /// `ЧЧ.ММ.СС`.
    Time,
    /// `ЧЧ:ММ:СС`.
    Clock,
    /// `ДД.ММ.ГГГГ ЧЧ.ММ.СС`.
    Moment,
    /// A decimal number.
    Decimal(Number),
    /// One of these.
    OneOf(Vec<&'static str>),
    /// Other words in the contract than in the title.
    Map(Arc<NameMap>),
    /// What looks like a code: whether there is such a code is asked where its name is written.
    Shape(Classifier),
    /// A code, for which the contract may have the name.
    Code(Classifier),
    /// Signs in their places, of one of these pictures: `9` is a digit, everything else itself.
    Like(Vec<&'static str>),
    /// A part of a person's name: 0 the surname, 1 the given name, 2 the patronymic. The contract has them in one.
    Part(usize),
}

/// What a decimal number may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Number {
    total: usize,
    fraction: usize,
    least: Least,
    /// Digits behind the point that the title has at least.
    written: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Least {
    None,
    Zero,
    /// More than zero.
    Positive,
    One,
}

impl Rule {
    pub(crate) fn constant(text: &'static str) -> Self {
        Self::Simple(Simple::Constant(text))
    }

    /// A rule as tables call it; `None` when nothing is called so.
    pub(crate) fn named(name: &'static str, maps: &HashMap<&'static str, Arc<NameMap>>) -> Option<Self> {
        let (name, arguments) = match name.split_once('(') {
            Some((name, rest)) => (name, rest.strip_suffix(')')?),
            None => (name, ""),
        };
        let numbers =
            || arguments.split(',').map(|number| number.parse().ok()).collect::<Option<Vec<usize>>>();
        let number = |least, written| match *numbers()?.as_slice() {
            [total, fraction] => Some(Self::Decimal(Number { total, fraction, least, written })),
            _ => None,
        };
        let money = |least| Some(Self::Decimal(Number { total: 19, fraction: 2, least, written: 2 }));
        match name {
            "any" => Some(Self::Any),
            "text" => match *numbers()?.as_slice() {
                [most] => Some(Self::Simple(Simple::Text(most))),
                [least, most] => Some(Self::Between(least, most)),
                _ => None,
            },
            "len" => Some(Self::Simple(Simple::Exactly(*numbers()?.first()?))),
            "digits" => Some(Self::Digits(numbers()?)),
            "inn10" => Some(Self::Simple(Simple::InnOrganization)),
            "inn12" => Some(Self::Simple(Simple::InnPerson)),
            "kpp" => Some(Self::Simple(Simple::Kpp)),
            "kppf" => Some(Self::Simple(Simple::KppHexadecimal)),
            "participant" => Some(Self::Simple(Simple::ParticipantIdOfAny(4))),
            "guid" => Some(Self::Guid),
            "date" => Some(Self::Date),
            "time" => Some(Self::Time),
            "clock" => Some(Self::Clock),
            "datetime" => Some(Self::Moment),
            "int0" => {
                let total = *numbers()?.first()?;
                Some(Self::Decimal(Number { total, fraction: 0, least: Least::Zero, written: 0 }))
            }
            "int" => {
                let total = *numbers()?.first()?;
                Some(Self::Decimal(Number { total, fraction: 0, least: Least::None, written: 0 }))
            }
            "int1" => {
                let total = *numbers()?.first()?;
                Some(Self::Decimal(Number { total, fraction: 0, least: Least::One, written: 0 }))
            }
            "dec" => number(Least::None, 0),
            "dec0" => number(Least::Zero, 0),
            "dec+" => number(Least::Positive, 0),
            // Of a price the cents are always written.
            "sum" | "amount" => number(Least::None, 2),
            "price" => number(Least::Zero, 2),
            "price+" => number(Least::Positive, 2),
            "money" => money(Least::None),
            "money0" => money(Least::Zero),
            "one" => Some(Self::OneOf(arguments.split('|').map(|value| value.trim_matches('\'')).collect())),
            "like" => {
                Some(Self::Like(arguments.split('|').map(|picture| picture.trim_matches('\'')).collect()))
            }
            "map" => Some(Self::Map(Arc::clone(maps.get(arguments)?))),
            "shape" => Some(Self::Shape(Classifier::named(arguments)?)),
            "code" => Some(Self::Code(Classifier::named(arguments)?)),
            "part" => Some(Self::Part(*numbers()?.first()?)),
            _ => None,
        }
    }

    /// What the title has for a value of the contract.
    ///
    /// # Errors
    /// What is wrong with the value.
    pub(crate) fn to_title<'a>(&self, value: &'a str) -> Result<Cow<'a, str>, Fault> {
        match self {
            Self::Map(map) => match map.0.iter().find(|(contract, _)| *contract == value) {
                Some((_, title)) => Ok((*title).into()),
                None => Err(self.broken(value, map.0.iter().map(|(contract, _)| *contract))),
            },
            Self::Decimal(number) if self.keeps(value) => Ok(number.written(value)),
            Self::Code(classifier) => match classifier.code(value) {
                Some(code) => Ok(code.into()),
                None => Err(self.broken(value, std::iter::empty())),
            },
            Self::Part(part) => {
                let name = FullName::split(value);
                let word = match part {
                    0 => Some(name.last),
                    1 => Some(name.first),
                    _ => name.middle,
                };
                // A name without a patronymic is one too.
                let word = word.unwrap_or_default();
                if word.chars().count() > 60 { Err(Simple::Text(60).broken(&word)) } else { Ok(word.into()) }
            }
            _ => self.same(value),
        }
    }

    /// What the contract has for a value of the title.
    ///
    /// # Errors
    /// What is wrong with the value.
    pub(crate) fn to_contract<'a>(&self, value: &'a str) -> Result<Cow<'a, str>, Fault> {
        match self {
            Self::Map(map) => match map.0.iter().find(|(_, title)| *title == value) {
                Some((contract, _)) => Ok((*contract).into()),
                None => Err(self.broken(value, map.0.iter().map(|(_, title)| *title))),
            },
            Self::Part(_) if (1..=60).contains(&value.chars().count()) => Ok(value.into()),
            Self::Part(_) => Err(Simple::Text(60).broken(value)),
            _ => self.same(value),
        }
    }

    fn same<'a>(&self, value: &'a str) -> Result<Cow<'a, str>, Fault> {
        if self.keeps(value) { Ok(value.into()) } else { Err(self.broken(value, std::iter::empty())) }
    }

    /// Whether a value keeps the rule as it stands.
    pub(crate) fn keeps(&self, value: &str) -> bool {
        match self {
            Self::Any => !value.is_empty(),
            Self::Simple(rule) => rule.holds(value),
            Self::Between(least, most) => (*least..=*most).contains(&value.chars().count()),
            Self::Digits(lengths) => {
                lengths.contains(&value.len()) && value.bytes().all(|b| b.is_ascii_digit())
            }
            Self::Guid => Simple::Exactly(36).holds(value),
            Self::Date => FnsDate::parse(value).is_some(),
            Self::Time => is_time(value),
            Self::Clock => !value.contains('.') && is_time(&value.replace(':', ".")),
            Self::Moment => {
                let parts = value.split_once(' ');
                parts.is_some_and(|(date, time)| FnsDate::parse(date).is_some() && is_time(time))
            }
            Self::Decimal(number) => number.keeps(value),
            Self::OneOf(values) => values.contains(&value),
            Self::Map(map) => map.0.iter().any(|(contract, _)| *contract == value),
            Self::Shape(classifier) => {
                classifier.lengths().contains(&value.len()) && value.bytes().all(|b| b.is_ascii_digit())
            }
            Self::Code(classifier) => classifier.name(value).is_some(),
            Self::Like(pictures) => pictures.iter().any(|picture| is_like(value, picture)),
            Self::Part(_) => !value.is_empty(),
        }
    }

    fn broken<'a>(&self, value: &str, allowed: impl Iterator<Item = &'a str>) -> Fault {
        let (rule_ru, rule_en) = match self {
            Self::Any | Self::Part(_) => ("непустое значение".into(), "a value that is not empty".into()),
            Self::Simple(rule) => (rule.ru(), rule.en()),
            Self::Between(least, most) => {
                (format!("длина от {least} до {most} символов"), format!("from {least} to {most} characters"))
            }
            Self::Digits(lengths) => {
                let lengths = lengths.iter().map(ToString::to_string).collect::<Vec<_>>();
                (format!("цифр: {}", lengths.join(" или ")), format!("{} digits", lengths.join(" or ")))
            }
            Self::Guid => (Simple::Exactly(36).ru(), Simple::Exactly(36).en()),
            Self::Date => ("дата ДД.ММ.ГГГГ с 1900 по 2099 год".into(), "a date as DD.MM.YYYY".into()),
            Self::Time => ("время ЧЧ.ММ.СС".into(), "a time as HH.MM.SS".into()),
            Self::Clock => ("время ЧЧ:ММ:СС".into(), "a time as HH:MM:SS".into()),
            Self::Moment => {
                ("дата и время ДД.ММ.ГГГГ ЧЧ.ММ.СС".into(), "a moment as DD.MM.YYYY HH.MM.SS".into())
            }
            Self::Decimal(number) => number.told(),
            Self::Shape(classifier) | Self::Code(classifier) => {
                (classifier.ru().to_owned(), classifier.en().to_owned())
            }
            Self::OneOf(values) => {
                let allowed = values.join(", ");
                (format!("{}{allowed}", ALLOWED.0), format!("{}{allowed}", ALLOWED.1))
            }
            Self::Like(pictures) => {
                (format!("вид: {}", pictures.join(" или ")), format!("like {}", pictures.join(" or ")))
            }
            Self::Map(_) => {
                let allowed = allowed.collect::<Vec<_>>().join(", ");
                (format!("{}{allowed}", ALLOWED.0), format!("{}{allowed}", ALLOWED.1))
            }
        };
        Fault::BadValue { value: shorten(value), rule_ru, rule_en }
    }
}

impl Number {
    fn keeps(&self, value: &str) -> bool {
        let Some(decimal) = Decimal::parse(value) else {
            return false;
        };
        let (is_zero, is_negative) = (decimal.is_zero(), decimal.is_negative());
        (self.fraction > 0 || !value.contains('.'))
            && decimal.total_digits() <= self.total
            && decimal.fraction_digits() <= self.fraction
            && match self.least {
                Least::None => true,
                Least::Zero => !is_negative,
                Least::Positive | Least::One => !is_negative && !is_zero,
            }
    }

    /// With as many digits behind the point as the title has at least.
    fn written<'a>(&self, value: &'a str) -> Cow<'a, str> {
        let there = value.split_once('.').map(|(_, fraction)| fraction.len());
        match there {
            _ if self.written == 0 => value.into(),
            Some(there) if there >= self.written => value.into(),
            there => {
                let point = if there.is_none() { "." } else { "" };
                let mut written = String::with_capacity(value.len() + 1 + self.written);
                written.push_str(value);
                written.push_str(point);
                written.extend(std::iter::repeat_n('0', self.written - there.unwrap_or(0)));
                written.into()
            }
        }
    }

    fn told(&self) -> (String, String) {
        let Self { total, fraction, .. } = self;
        let (ru, en) = match self.least {
            Least::None => ("число", "a number"),
            Least::Zero => ("неотрицательное число", "a number that is not negative"),
            Least::Positive | Least::One => ("число больше 0", "a number above 0"),
        };
        (
            format!("{ru} через точку, всего цифр не больше {total}, после точки не больше {fraction}"),
            format!("{en} with a point, of {total} digits at most, {fraction} of them behind the point"),
        )
    }
}

fn is_like(value: &str, picture: &str) -> bool {
    let fits = |(b, sign): (u8, u8)| if sign == b'9' { b.is_ascii_digit() } else { b == sign };
    value.len() == picture.len() && value.bytes().zip(picture.bytes()).all(fits)
}

fn is_time(value: &str) -> bool {
    let parts = value.split('.').map(|part| (part.len() == 2).then(|| part.parse::<u8>().ok()).flatten());
    let parts = parts.collect::<Option<Vec<_>>>();
    value.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && matches!(parts.as_deref(), Some([hour, minute, second]) if *hour < 24 && *minute < 60 && *second < 60)
}

#[cfg(test)]
mod tests;
