//! What a document has against its schema, in Russian and in English.

use std::fmt;

use super::simple::Side;
use crate::xml::{Position, shorten};

/// Values or names that one message lists at most.
const LISTED: usize = 20;

/// One thing in a document that its schema does not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Where the attribute or the tag starts.
    pub position: Position,
    /// Path of the element or attribute, as `/Файл[1]/Документ[1]/@КНД`: the number counts elements of one name beside each
    /// other.
    pub place: String,
    /// The rule as programs name it: `xsd.` and the part of a schema that says it.
    pub rule: &'static str,
    /// The rule in Russian.
    pub ru: String,
    /// The rule in English.
    pub en: String,
}

impl Violation {
    /// The place as programs of others read it: `Line: 8, Position: 5, /Файл[1]/Документ[1]/@КНД`.
    pub fn location(&self) -> String {
        let Position { line, column } = self.position;
        format!("Line: {line}, Position: {column}, {}", self.place)
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.location(), self.en)
    }
}

/// What a value has against its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ValueFault {
    OtherType { value: String, kind: &'static str },
    Length { found: usize, exact: usize },
    Short { found: usize, least: usize },
    Long { found: usize, most: usize },
    Digits { found: usize, most: usize },
    FractionDigits { found: usize, most: usize },
    Pattern { value: String, pattern: String },
    Enumeration { value: String, allowed: Vec<String>, more: usize },
    Bound { value: String, side: Side, bound: String },
    Fixed { value: String, fixed: String },
}

impl ValueFault {
    pub(super) fn other_type(value: &str, kind: &'static str) -> Self {
        Self::OtherType { value: shorten(value), kind }
    }

    pub(super) fn pattern(value: &str, pattern: &str) -> Self {
        Self::Pattern { value: shorten(value), pattern: pattern.to_owned() }
    }

    pub(super) fn enumeration(value: &str, allowed: &[String]) -> Self {
        Self::Enumeration {
            value: shorten(value),
            allowed: allowed.iter().take(LISTED).map(|value| shorten(value)).collect(),
            more: allowed.len().saturating_sub(LISTED),
        }
    }

    pub(super) fn bound(value: &str, side: Side, bound: &str) -> Self {
        Self::Bound { value: shorten(value), side, bound: bound.to_owned() }
    }

    const fn id(&self) -> &'static str {
        match self {
            Self::OtherType { .. } => "xsd.type",
            Self::Length { .. } => "xsd.length",
            Self::Short { .. } => "xsd.min-length",
            Self::Long { .. } => "xsd.max-length",
            Self::Digits { .. } => "xsd.total-digits",
            Self::FractionDigits { .. } => "xsd.fraction-digits",
            Self::Pattern { .. } => "xsd.pattern",
            Self::Enumeration { .. } => "xsd.enumeration",
            Self::Bound { side: Side::MinInclusive, .. } => "xsd.min-inclusive",
            Self::Bound { side: Side::MaxInclusive, .. } => "xsd.max-inclusive",
            Self::Bound { side: Side::MinExclusive, .. } => "xsd.min-exclusive",
            Self::Bound { side: Side::MaxExclusive, .. } => "xsd.max-exclusive",
            Self::Fixed { .. } => "xsd.fixed",
        }
    }

    fn ru(&self) -> String {
        match self {
            Self::OtherType { value, kind } => format!("«{value}» не является значением типа {kind}"),
            Self::Length { found, exact } => format!("длина значения {found}, нужна {exact}"),
            Self::Short { found, least } => format!("длина значения {found}, нужно не меньше {least}"),
            Self::Long { found, most } => format!("длина значения {found}, допустимо не больше {most}"),
            Self::Digits { found, most } => format!("в значении {found} цифр, допустимо {most}"),
            Self::FractionDigits { found, most } => {
                format!("в значении {found} знаков после точки, допустимо {most}")
            }
            Self::Pattern { value, pattern } => {
                format!("значение «{value}» не подходит под образец «{pattern}»")
            }
            Self::Enumeration { value, allowed, more } => {
                let more = if *more > 0 { format!(" и еще {more}") } else { String::new() };
                format!("значения «{value}» нет среди допустимых: «{}»{more}", allowed.join("», «"))
            }
            Self::Bound { value, side, bound } => {
                let rule = match side {
                    Side::MinInclusive => "меньше",
                    Side::MaxInclusive => "больше",
                    Side::MinExclusive => "должно быть больше",
                    Side::MaxExclusive => "должно быть меньше",
                };
                format!("значение «{value}» {rule} «{bound}»")
            }
            Self::Fixed { value, fixed } => format!("должно быть значение «{fixed}», указано «{value}»"),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::OtherType { value, kind } => format!("'{value}' is not a valid {kind}"),
            Self::Length { found, exact } => format!("value length {found} does not match required {exact}"),
            Self::Short { found, least } => format!("value length {found} is less than minimum {least}"),
            Self::Long { found, most } => format!("value length {found} exceeds maximum {most}"),
            Self::Digits { found, most } => format!("value has {found} digits, maximum is {most}"),
            Self::FractionDigits { found, most } => {
                format!("value has {found} fraction digits, maximum is {most}")
            }
            Self::Pattern { value, pattern } => format!("value '{value}' does not match pattern '{pattern}'"),
            Self::Enumeration { value, allowed, more } => {
                let more = if *more > 0 { format!(" and {more} more") } else { String::new() };
                format!("value '{value}' not in allowed values: '{}'{more}", allowed.join("', '"))
            }
            Self::Bound { value, side, bound } => {
                let rule = match side {
                    Side::MinInclusive => "is below minimum",
                    Side::MaxInclusive => "exceeds maximum",
                    Side::MinExclusive => "must be greater than",
                    Side::MaxExclusive => "must be less than",
                };
                format!("value '{value}' {rule} '{bound}'")
            }
            Self::Fixed { value, fixed } => format!("must have the fixed value '{fixed}', found '{value}'"),
        }
    }
}

/// What a schema does not allow, with the names that its message tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    AttributeValue { name: String, fault: ValueFault },
    AttributeNotAllowed(String),
    AttributeMissing(String),
    AttributeTwice(String),
    ElementValue { name: String, fault: ValueFault },
    ElementUnexpected { name: String, parent: String, expected: Expected },
    ElementUnknown(String),
    Incomplete { name: String, expected: Expected },
    TextBetween(String),
    NotEmpty(String),
    NotNillable(String),
    NilNotEmpty(String),
    TypeUnknown(String),
    TypeNotAllowed { given: String, name: String },
    TypeAbstract(String),
    PrefixUnknown(String),
}

/// Names of what could stand in a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Expected {
    names: Vec<String>,
    more: bool,
}

impl Expected {
    pub(super) fn new<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let mut expected = Self::default();
        for name in names {
            if expected.names.iter().any(|known| known == name) {
                continue;
            }
            if expected.names.len() == LISTED {
                expected.more = true;
                break;
            }
            expected.names.push(name.to_owned());
        }
        expected
    }

    fn list(&self) -> String {
        self.names.join(", ") + if self.more { ", …" } else { "" }
    }
}

impl Rule {
    /// As programs name it.
    pub(super) const fn id(&self) -> &'static str {
        match self {
            Self::AttributeValue { fault, .. } | Self::ElementValue { fault, .. } => fault.id(),
            Self::AttributeNotAllowed(_) => "xsd.attribute-unknown",
            Self::AttributeMissing(_) => "xsd.attribute-missing",
            Self::AttributeTwice(_) => "xsd.attribute-twice",
            Self::ElementUnexpected { .. } => "xsd.element-unexpected",
            Self::ElementUnknown(_) => "xsd.element-unknown",
            Self::Incomplete { .. } => "xsd.element-missing",
            Self::TextBetween(_) => "xsd.text-unexpected",
            Self::NotEmpty(_) => "xsd.not-empty",
            Self::NotNillable(_) | Self::NilNotEmpty(_) => "xsd.nil",
            Self::TypeUnknown(_) | Self::TypeNotAllowed { .. } | Self::TypeAbstract(_) => "xsd.xsi-type",
            Self::PrefixUnknown(_) => "xsd.prefix-unknown",
        }
    }

    pub(super) fn ru(&self) -> String {
        match self {
            Self::AttributeValue { name, fault } => format!("атрибут «{name}»: {}", fault.ru()),
            Self::AttributeNotAllowed(name) => format!("атрибута «{name}» здесь быть не должно"),
            Self::AttributeMissing(name) => format!("нет обязательного атрибута «{name}»"),
            Self::AttributeTwice(name) => format!("атрибут «{name}» указан дважды"),
            Self::ElementValue { name, fault } => format!("содержимое элемента «{name}»: {}", fault.ru()),
            Self::ElementUnexpected { name, parent, expected } if expected.names.is_empty() => {
                format!("элемента «{name}» в «{parent}» здесь быть не должно: больше элементов не ожидается")
            }
            Self::ElementUnexpected { name, parent, expected } => {
                format!("элемента «{name}» в «{parent}» здесь быть не должно, ожидается: {}", expected.list())
            }
            Self::ElementUnknown(name) => format!("элемента «{name}» нет в схеме"),
            Self::Incomplete { name, expected } => {
                format!("в элементе «{name}» не хватает: {}", expected.list())
            }
            Self::TextBetween(name) => {
                format!("в элементе «{name}» могут быть только элементы, а не текст")
            }
            Self::NotEmpty(name) => {
                format!("элемент «{name}» должен быть пустым: в нем не может быть ни текста, ни пробелов")
            }
            Self::NotNillable(name) => format!("у элемента «{name}» не может быть xsi:nil"),
            Self::NilNotEmpty(name) => format!("элемент «{name}» с xsi:nil должен быть пустым"),
            Self::TypeUnknown(given) => format!("типа «{given}», указанного в xsi:type, нет в схеме"),
            Self::TypeNotAllowed { given, name } => {
                format!("тип «{given}», указанный в xsi:type, не подходит элементу «{name}»")
            }
            Self::TypeAbstract(name) => {
                format!("тип элемента «{name}» нельзя использовать сам по себе: нужен xsi:type")
            }
            Self::PrefixUnknown(name) => format!("префикс имени «{name}» не объявлен"),
        }
    }

    pub(super) fn en(&self) -> String {
        match self {
            Self::AttributeValue { name, fault } => format!("attribute '{name}': {}", fault.en()),
            Self::AttributeNotAllowed(name) => format!("attribute '{name}' is not allowed"),
            Self::AttributeMissing(name) => format!("required attribute '{name}' is missing"),
            Self::AttributeTwice(name) => format!("attribute '{name}' stands twice"),
            Self::ElementValue { name, fault } => format!("content of element '{name}': {}", fault.en()),
            Self::ElementUnexpected { name, parent, expected } if expected.names.is_empty() => {
                format!("element '{name}' is not expected here in '{parent}' (expected: no further elements)")
            }
            Self::ElementUnexpected { name, parent, expected } => {
                format!("element '{name}' is not expected here in '{parent}' (expected: {})", expected.list())
            }
            Self::ElementUnknown(name) => format!("element '{name}' is not declared in schema"),
            Self::Incomplete { name, expected } => {
                format!("element '{name}' has incomplete content (expected: {})", expected.list())
            }
            Self::TextBetween(name) => {
                format!("element '{name}' has element-only content but contains text")
            }
            Self::NotEmpty(name) => {
                format!("element '{name}' must be empty: it cannot contain text or white space")
            }
            Self::NotNillable(name) => format!("element '{name}' cannot have xsi:nil"),
            Self::NilNotEmpty(name) => format!("element '{name}' with xsi:nil must be empty"),
            Self::TypeUnknown(given) => format!("the type '{given}' of xsi:type is not in the schema"),
            Self::TypeNotAllowed { given, name } => {
                format!("the type '{given}' of xsi:type does not suit element '{name}'")
            }
            Self::TypeAbstract(name) => {
                format!("the type of element '{name}' is abstract: it needs xsi:type")
            }
            Self::PrefixUnknown(name) => format!("the prefix of '{name}' is not declared"),
        }
    }
}
