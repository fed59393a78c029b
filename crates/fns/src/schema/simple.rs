//! Values: what facets narrow, and what a value has against its type.

use std::borrow::Cow;
use std::cmp::Ordering;

use base64::Engine as _;
use rustc_hash::FxHashSet;

use super::builtin::{ANY_SIMPLE, Builtin, Lexical, Primitive, Space};
use super::decimal::Decimal;
use super::moment::Moment;
use super::pattern::Pattern;
use super::violation::ValueFault;
use crate::xml::{is_name, is_name_character, is_space};

/// Which side a bound is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    MinInclusive,
    MinExclusive,
    MaxInclusive,
    MaxExclusive,
}

/// A type of values with all facets of the types that it narrows.
#[derive(Clone, Debug)]
pub(super) struct Simple {
    /// The built-in type under it, for messages.
    builtin: &'static str,
    primitive: Primitive,
    space: Space,
    lexical: Option<Lexical>,
    length: Option<usize>,
    min_length: Option<usize>,
    max_length: Option<usize>,
    total_digits: Option<usize>,
    fraction_digits: Option<usize>,
    bounds: Vec<(Side, String)>,
    patterns: Vec<Pattern>,
    enumerations: Vec<Enumeration>,
}

#[derive(Clone, Debug)]
struct Enumeration {
    /// In one spelling each.
    canonical: FxHashSet<String>,
    /// As the schema has them, in order.
    shown: Vec<String>,
}

/// One facet of a restriction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Facet<'a> {
    Length(usize),
    MinLength(usize),
    MaxLength(usize),
    TotalDigits(usize),
    FractionDigits(usize),
    WhiteSpace(Space),
    Bound(Side, &'a str),
    Pattern(&'a str),
    Enumeration(&'a str),
}

impl Simple {
    pub(super) fn builtin(builtin: &Builtin) -> Self {
        let bound = |side, text: Option<&str>| text.map(|text| (side, text.to_owned()));
        Self {
            builtin: builtin.name,
            primitive: builtin.primitive,
            space: builtin.space,
            lexical: builtin.lexical,
            length: None,
            min_length: None,
            max_length: None,
            total_digits: None,
            fraction_digits: None,
            bounds: bound(Side::MinInclusive, builtin.least)
                .into_iter()
                .chain(bound(Side::MaxInclusive, builtin.most))
                .collect(),
            patterns: Vec::new(),
            enumerations: Vec::new(),
        }
    }

    /// The type narrowed by the facets of one restriction.
    ///
    /// # Errors
    /// The facet that this type cannot have, or one whose value is none of this type.
    pub(super) fn restricted(&self, facets: &[Facet<'_>]) -> Result<Self, String> {
        let mut narrowed = self.clone();
        let (mut patterns, mut enumeration) = (Vec::new(), Vec::new());
        let smaller = |old: Option<usize>, new: usize| Some(old.map_or(new, |old| old.min(new)));
        for facet in facets {
            self.allows(facet)?;
            match *facet {
                Facet::Length(count) => narrowed.length = Some(count),
                Facet::MinLength(count) => {
                    narrowed.min_length = Some(narrowed.min_length.map_or(count, |old| old.max(count)));
                }
                Facet::MaxLength(count) => narrowed.max_length = smaller(narrowed.max_length, count),
                Facet::TotalDigits(count) => narrowed.total_digits = smaller(narrowed.total_digits, count),
                Facet::FractionDigits(count) => {
                    narrowed.fraction_digits = smaller(narrowed.fraction_digits, count);
                }
                Facet::WhiteSpace(space) if space >= self.space => narrowed.space = space,
                Facet::WhiteSpace(_) => return Err("whiteSpace is wider than that of the base type".into()),
                Facet::Bound(side, text) => narrowed.bounds.push((side, text.to_owned())),
                Facet::Pattern(pattern) => patterns.push(pattern),
                Facet::Enumeration(value) => enumeration.push(value),
            }
        }
        if !patterns.is_empty() {
            narrowed.patterns.push(Pattern::compile(&patterns)?);
        }
        if !enumeration.is_empty() {
            let mut canonical = FxHashSet::default();
            for value in &enumeration {
                // Enumerated values are looked at like values of documents.
                let value = normalize(value, narrowed.space);
                let known =
                    self.canonical(&value).ok_or_else(|| format!("{value:?} is no {}", self.builtin))?;
                canonical.insert(known.into_owned());
            }
            let shown = enumeration.into_iter().map(str::to_owned).collect();
            narrowed.enumerations.push(Enumeration { canonical, shown });
        }
        Ok(narrowed)
    }

    fn allows(&self, facet: &Facet<'_>) -> Result<(), String> {
        let text = matches!(self.primitive, Primitive::Text | Primitive::Hex | Primitive::Base64);
        let decimal = self.primitive == Primitive::Decimal;
        let ordered = !text && self.primitive != Primitive::Boolean;
        let (allowed, name) = match facet {
            Facet::Length(_) | Facet::MinLength(_) | Facet::MaxLength(_) => (text, "a length"),
            Facet::TotalDigits(_) | Facet::FractionDigits(_) => (decimal, "a number of digits"),
            Facet::Bound(_, text) => {
                if ordered && self.canonical(text).is_none() {
                    return Err(format!("the bound {text:?} is no {}", self.builtin));
                }
                (ordered, "a bound")
            }
            Facet::WhiteSpace(_) | Facet::Pattern(_) | Facet::Enumeration(_) => (true, ""),
        };
        if allowed { Ok(()) } else { Err(format!("{} cannot have {name}", self.builtin)) }
    }

    /// Whether all values are allowed as they are.
    pub(super) fn is_any(&self) -> bool {
        self.builtin == ANY_SIMPLE
    }

    /// The value as the type sees its white space.
    pub(super) fn normalize<'a>(&self, value: &'a str) -> Cow<'a, str> {
        normalize(value, self.space)
    }

    /// What a value has against the type: the first thing.
    pub(super) fn check(&self, value: &str) -> Result<(), ValueFault> {
        let value = &*self.normalize(value);
        self.check_normalized(value)
    }

    fn check_normalized(&self, value: &str) -> Result<(), ValueFault> {
        self.check_form(value)?;
        self.check_length(value)?;
        if let Some(pattern) = self.patterns.iter().find(|pattern| !pattern.fits(value)) {
            return Err(ValueFault::pattern(value, &pattern.text));
        }
        if !self.enumerations.is_empty() {
            let canonical = self.canonical(value).unwrap_or_default();
            if let Some(other) = self.enumerations.iter().find(|known| !known.canonical.contains(&*canonical))
            {
                return Err(ValueFault::enumeration(value, &other.shown));
            }
        }
        if !self.bounds.is_empty() {
            self.check_bounds(value)?;
        }
        Ok(())
    }

    fn check_form(&self, value: &str) -> Result<(), ValueFault> {
        let other = || ValueFault::other_type(value, self.builtin);
        if self.primitive == Primitive::Decimal {
            let number = Decimal::parse(value).ok_or_else(other)?;
            if self.lexical == Some(Lexical::Integer) && value.contains('.') {
                return Err(other());
            }
            return match (self.total_digits, self.fraction_digits) {
                (Some(most), _) if number.total_digits() > most => {
                    Err(ValueFault::Digits { found: number.total_digits(), most })
                }
                (_, Some(most)) if number.fraction_digits() > most => {
                    Err(ValueFault::FractionDigits { found: number.fraction_digits(), most })
                }
                _ => Ok(()),
            };
        }
        let good = match self.lexical {
            None | Some(Lexical::Integer) => true,
            Some(Lexical::Language) => is_language(value),
            Some(Lexical::Name) => is_name(value),
            Some(Lexical::NcName) => is_name(value) && !value.contains(':'),
            Some(Lexical::NmToken) => !value.is_empty() && value.chars().all(is_name_character),
        };
        let good = good
            && match self.primitive {
                Primitive::Text | Primitive::Decimal => true,
                _ => self.canonical(value).is_some(),
            };
        if good { Ok(()) } else { Err(other()) }
    }

    fn check_length(&self, value: &str) -> Result<(), ValueFault> {
        if self.length.is_none() && self.min_length.is_none() && self.max_length.is_none() {
            return Ok(());
        }
        // No character has less than one byte.
        let is_short = self.max_length.is_none_or(|most| value.len() <= most);
        let is_text = !matches!(self.primitive, Primitive::Hex | Primitive::Base64);
        if is_text && is_short && self.length.is_none() && self.min_length.is_none_or(|least| least <= 1) {
            return if self.min_length == Some(1) && value.is_empty() {
                Err(ValueFault::Short { found: 0, least: 1 })
            } else {
                Ok(())
            };
        }
        let found = match self.primitive {
            Primitive::Hex => value.len() / 2,
            Primitive::Base64 => base64_length(value),
            _ => value.chars().count(),
        };
        match (self.length, self.min_length, self.max_length) {
            (Some(exact), ..) if found != exact => Err(ValueFault::Length { found, exact }),
            (_, Some(least), _) if found < least => Err(ValueFault::Short { found, least }),
            (.., Some(most)) if found > most => Err(ValueFault::Long { found, most }),
            _ => Ok(()),
        }
    }

    fn check_bounds(&self, value: &str) -> Result<(), ValueFault> {
        for (side, bound) in &self.bounds {
            let order = self.compare(value, bound);
            let good = match side {
                Side::MinInclusive => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
                Side::MinExclusive => order == Some(Ordering::Greater),
                Side::MaxInclusive => matches!(order, Some(Ordering::Less | Ordering::Equal)),
                Side::MaxExclusive => order == Some(Ordering::Less),
            };
            if !good {
                return Err(ValueFault::bound(value, *side, bound));
            }
        }
        Ok(())
    }

    fn compare(&self, value: &str, bound: &str) -> Option<Ordering> {
        match self.primitive {
            Primitive::Decimal => Some(Decimal::parse(value)?.cmp(&Decimal::parse(bound)?)),
            Primitive::Float | Primitive::Double => parse_float(value)?.partial_cmp(&parse_float(bound)?),
            Primitive::Moment(kind) => Moment::parse(value, kind)?.compare(&Moment::parse(bound, kind)?),
            Primitive::Text | Primitive::Boolean | Primitive::Hex | Primitive::Base64 => None,
        }
    }

    /// Whether two values are the same to the type, whatever they look like.
    pub(super) fn same(&self, one: &str, other: &str) -> bool {
        let (one, other) = (self.normalize(one), self.normalize(other));
        one == other || self.canonical(&one).is_some_and(|one| Some(one) == self.canonical(&other))
    }

    /// One spelling for each value; `None` for what is no value.
    fn canonical<'a>(&self, value: &'a str) -> Option<Cow<'a, str>> {
        Some(match self.primitive {
            Primitive::Text => value.into(),
            Primitive::Decimal => Decimal::parse(value)?.canonical().into(),
            Primitive::Boolean => match value {
                "true" | "1" => "true".into(),
                "false" | "0" => "false".into(),
                _ => return None,
            },
            Primitive::Float => (parse_float(value)? as f32).to_string().into(),
            Primitive::Double => parse_float(value)?.to_string().into(),
            Primitive::Moment(kind) => Moment::parse(value, kind)?.canonical().into(),
            Primitive::Hex => {
                let good = value.len().is_multiple_of(2) && value.bytes().all(|b| b.is_ascii_hexdigit());
                good.then(|| value.to_ascii_uppercase())?.into()
            }
            Primitive::Base64 => {
                let packed: String = value.chars().filter(|&c| c != ' ').collect();
                base64::prelude::BASE64_STANDARD.decode(&packed).ok()?;
                packed.into()
            }
        })
    }
}

fn normalize(value: &str, space: Space) -> Cow<'_, str> {
    // Without a way out before the end, many bytes are looked at at once.
    if !value.bytes().fold(false, |found, b| found | (b <= b' ')) {
        return value.into();
    }
    match space {
        Space::Preserve => value.into(),
        Space::Replace if value.contains(['\t', '\n', '\r']) => value.replace(['\t', '\n', '\r'], " ").into(),
        Space::Replace => value.into(),
        Space::Collapse => {
            let trimmed = value.trim_matches(is_space);
            let untouched = !trimmed.contains(['\t', '\n', '\r']) && !trimmed.contains("  ");
            if untouched {
                return trimmed.into();
            }
            trimmed.split(is_space).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ").into()
        }
    }
}

fn is_language(value: &str) -> bool {
    let mut parts = value.split('-');
    let good = |part: &str| (1..=8).contains(&part.len());
    parts.next().is_some_and(|part| good(part) && part.bytes().all(|b| b.is_ascii_alphabetic()))
        && parts.all(|part| good(part) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// Bytes behind a value that is known to be base64.
fn base64_length(value: &str) -> usize {
    let (letters, padding) = value.bytes().filter(|&b| b != b' ').fold((0, 0), |(letters, padding), b| {
        if b == b'=' { (letters, padding + 1) } else { (letters + 1, padding) }
    });
    (letters + padding) / 4 * 3 - padding
}

/// `INF`, `-INF`, `NaN`, or digits with a point and an exponent.
fn parse_float(value: &str) -> Option<f64> {
    match value {
        "INF" => return Some(f64::INFINITY),
        "-INF" => return Some(f64::NEG_INFINITY),
        "NaN" => return Some(f64::NAN),
        _ => {}
    }
    // The standard library also knows words for infinity.
    value.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b)).then(|| value.parse().ok())?
}

#[cfg(test)]
mod tests;
