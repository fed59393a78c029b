//! The types that XML Schema brings along.

use super::moment::MomentKind;

/// What values are, below all names of types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Primitive {
    Text,
    Decimal,
    Boolean,
    Float,
    Double,
    Moment(MomentKind),
    Hex,
    Base64,
}

/// What is done with white space before a value is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Space {
    Preserve,
    Replace,
    Collapse,
}

/// Rules of built-in types that no facet says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lexical {
    Integer,
    Language,
    Name,
    NcName,
    NmToken,
}

/// A built-in type: its name, the one it narrows, and what it adds.
pub(super) struct Builtin {
    pub(super) name: &'static str,
    pub(super) base: &'static str,
    pub(super) primitive: Primitive,
    pub(super) space: Space,
    pub(super) lexical: Option<Lexical>,
    /// Bounds that every value keeps.
    pub(super) least: Option<&'static str>,
    pub(super) most: Option<&'static str>,
}

/// The name above all simple types.
pub(super) const ANY_SIMPLE: &str = "anySimpleType";

const fn builtin(name: &'static str, base: &'static str, primitive: Primitive, space: Space) -> Builtin {
    Builtin { name, base, primitive, space, lexical: None, least: None, most: None }
}

const fn text(name: &'static str, base: &'static str, space: Space, lexical: Option<Lexical>) -> Builtin {
    Builtin { name, base, primitive: Primitive::Text, space, lexical, least: None, most: None }
}

const fn integer(
    name: &'static str,
    base: &'static str,
    least: Option<&'static str>,
    most: Option<&'static str>,
) -> Builtin {
    Builtin {
        name,
        base,
        primitive: Primitive::Decimal,
        space: Space::Collapse,
        lexical: Some(Lexical::Integer),
        least,
        most,
    }
}

/// The built-in types that schemas may use here, each behind the one that it narrows. Not among them are the ones whose
/// values mean something elsewhere (`ID`, `IDREF`, `ENTITY`, `QName`, `NOTATION`), lists and durations.
pub(super) const BUILTINS: &[Builtin] = &[
    text(ANY_SIMPLE, "anyType", Space::Preserve, None),
    text("string", ANY_SIMPLE, Space::Preserve, None),
    text("normalizedString", "string", Space::Replace, None),
    text("token", "normalizedString", Space::Collapse, None),
    text("language", "token", Space::Collapse, Some(Lexical::Language)),
    text("NMTOKEN", "token", Space::Collapse, Some(Lexical::NmToken)),
    text("Name", "token", Space::Collapse, Some(Lexical::Name)),
    text("NCName", "Name", Space::Collapse, Some(Lexical::NcName)),
    // Every string can be escaped into a reference.
    text("anyURI", ANY_SIMPLE, Space::Collapse, None),
    builtin("boolean", ANY_SIMPLE, Primitive::Boolean, Space::Collapse),
    builtin("decimal", ANY_SIMPLE, Primitive::Decimal, Space::Collapse),
    builtin("float", ANY_SIMPLE, Primitive::Float, Space::Collapse),
    builtin("double", ANY_SIMPLE, Primitive::Double, Space::Collapse),
    builtin("dateTime", ANY_SIMPLE, Primitive::Moment(MomentKind::DateTime), Space::Collapse),
    builtin("date", ANY_SIMPLE, Primitive::Moment(MomentKind::Date), Space::Collapse),
    builtin("time", ANY_SIMPLE, Primitive::Moment(MomentKind::Time), Space::Collapse),
    builtin("gYear", ANY_SIMPLE, Primitive::Moment(MomentKind::Year), Space::Collapse),
    builtin("gYearMonth", ANY_SIMPLE, Primitive::Moment(MomentKind::YearMonth), Space::Collapse),
    builtin("gMonth", ANY_SIMPLE, Primitive::Moment(MomentKind::Month), Space::Collapse),
    builtin("gMonthDay", ANY_SIMPLE, Primitive::Moment(MomentKind::MonthDay), Space::Collapse),
    builtin("gDay", ANY_SIMPLE, Primitive::Moment(MomentKind::Day), Space::Collapse),
    builtin("hexBinary", ANY_SIMPLE, Primitive::Hex, Space::Collapse),
    builtin("base64Binary", ANY_SIMPLE, Primitive::Base64, Space::Collapse),
    integer("integer", "decimal", None, None),
    integer("nonPositiveInteger", "integer", None, Some("0")),
    integer("negativeInteger", "nonPositiveInteger", None, Some("-1")),
    integer("long", "integer", Some("-9223372036854775808"), Some("9223372036854775807")),
    integer("int", "long", Some("-2147483648"), Some("2147483647")),
    integer("short", "int", Some("-32768"), Some("32767")),
    integer("byte", "short", Some("-128"), Some("127")),
    integer("nonNegativeInteger", "integer", Some("0"), None),
    integer("unsignedLong", "nonNegativeInteger", Some("0"), Some("18446744073709551615")),
    integer("unsignedInt", "unsignedLong", Some("0"), Some("4294967295")),
    integer("unsignedShort", "unsignedInt", Some("0"), Some("65535")),
    integer("unsignedByte", "unsignedShort", Some("0"), Some("255")),
    integer("positiveInteger", "nonNegativeInteger", Some("1"), None),
];
