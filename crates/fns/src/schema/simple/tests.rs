//! Built-in types and facets, value by value.

use super::super::builtin::BUILTINS;
use super::*;

fn of(name: &str) -> Simple {
    Simple::builtin(BUILTINS.iter().find(|builtin| builtin.name == name).unwrap())
}

fn narrowed(name: &str, facets: &[Facet<'_>]) -> Simple {
    of(name).restricted(facets).unwrap()
}

#[test]
fn built_in_types_know_their_values() {
    for (name, good, bad) in [
        ("string", &["", " a\n", "\u{A0}"][..], &[][..]),
        ("normalizedString", &["a\tb"], &[]),
        ("language", &["ru", "ru-RU", " en "], &["", "русский", "a_b", "abcdefghi"]),
        ("NMTOKEN", &["1a", "-", " Ж "], &["", "a b", "a,b"]),
        ("Name", &["a:b", "_1", "Файл"], &["1a", "", "a b"]),
        ("NCName", &["ab"], &["a:b"]),
        ("anyURI", &["", "http://a/б в"], &[]),
        ("boolean", &["true", "0", " 1 "], &["True", "", "да"]),
        ("decimal", &["1", " 1.50\n", "-.5"], &["", "1e3", "\u{A0}1", "1 0", "1,5"]),
        ("integer", &["+1", "-0", "00"], &["1.0", "1.", ""]),
        ("float", &["1e3", "INF", "NaN", "-1.5E-3", ".5"], &["inf", "+INF", "1e", "", "infinity", "0x1"]),
        ("byte", &["-128", "127"], &["128", "-129"]),
        ("unsignedShort", &["0", "65535"], &["-1", "65536"]),
        ("positiveInteger", &["1"], &["0", "-1"]),
        ("unsignedLong", &["18446744073709551615"], &["18446744073709551616"]),
        ("hexBinary", &["", "0aF0"], &["0", "xx", "a a0"]),
        (
            "base64Binary",
            &["", "QQ==", "QUI=", "QU JD", " Q Q = = "],
            &["QQ=", "Q===", "QR==", "Ж", "QQ==QQ=="],
        ),
        ("date", &[" 2024-02-29 "], &["29.02.2024"]),
        ("time", &["12:00:00"], &["12.00.00"]),
    ] {
        for good in good {
            assert!(of(name).check(good).is_ok(), "{name} {good:?}");
        }
        for bad in bad {
            assert!(of(name).check(bad).is_err(), "{name} {bad:?}");
        }
    }
}

#[test]
fn facets_narrow() {
    use Facet::*;
    for (kind, good, bad) in [
        (narrowed("string", &[MinLength(1), MaxLength(3)]), &["а", "жук"][..], &["", "жуки"][..]),
        (narrowed("string", &[Length(2)]), &["ёж", " а"], &["ё", "ежи"]),
        (narrowed("token", &[MaxLength(2)]), &["  ёж  "], &["ежи"]),
        (narrowed("base64Binary", &[Length(2)]), &["QUI=", "Q U I ="], &["QQ==", "QUJD"]),
        (narrowed("hexBinary", &[MaxLength(1)]), &["ff", ""], &["ffff"]),
        (
            narrowed("decimal", &[TotalDigits(4), FractionDigits(2)]),
            &["12.34", "0012.3400", "-1200"],
            &["123.45", "1.234", "12345"],
        ),
        (narrowed("decimal", &[Bound(Side::MinInclusive, "0")]), &["0", "-0.0", "5"], &["-0.01"]),
        (narrowed("decimal", &[Bound(Side::MaxExclusive, "1.50")]), &["1.499", "-9"], &["1.5", "2"]),
        (
            narrowed("integer", &[Bound(Side::MinExclusive, "0"), Bound(Side::MaxInclusive, "9")]),
            &["1", "9"],
            &["0", "10"],
        ),
        (narrowed("decimal", &[Enumeration("1.0"), Enumeration("2")]), &["1", "01.00", "2.0"], &["3"]),
        (narrowed("string", &[Enumeration("a"), Enumeration("b ")]), &["a", "b "], &["a ", "b"]),
        (narrowed("boolean", &[Enumeration("true")]), &["1", "true"], &["0"]),
        (narrowed("float", &[Bound(Side::MaxInclusive, "1e3"), Enumeration("1e3")]), &["1000.0"], &["999"]),
        (
            narrowed("date", &[Bound(Side::MinInclusive, "2024-01-01")]),
            &["2024-01-01", "2025-01-01", "2024-01-03Z"],
            &["2023-12-31", "2024-01-01Z"],
        ),
        (narrowed("string", &[Pattern("[0-9]+"), Pattern("[a-z]+")]), &["12", "ab"], &["1a", ""]),
        (
            narrowed("string", &[Pattern("[0-9]+")]).restricted(&[Pattern("..")]).unwrap(),
            &["12"],
            &["1", "123", "ab"],
        ),
        (narrowed("string", &[WhiteSpace(Space::Collapse), MaxLength(1)]), &[" a\n"], &["ab"]),
        (
            narrowed("string", &[MaxLength(5)]).restricted(&[MaxLength(9), MinLength(2)]).unwrap(),
            &["12345"],
            &["123456", "1"],
        ),
    ] {
        for good in good {
            assert_eq!(kind.check(good), Ok(()), "{kind:?} {good:?}");
        }
        for bad in bad {
            assert!(kind.check(bad).is_err(), "{kind:?} {bad:?}");
        }
    }
}

#[test]
fn facets_that_a_type_cannot_have_are_named() {
    use Facet::*;
    for (name, facet, reason) in [
        ("decimal", Length(1), "decimal cannot have a length"),
        ("string", TotalDigits(1), "string cannot have a number of digits"),
        ("string", Bound(Side::MinInclusive, "1"), "string cannot have a bound"),
        ("boolean", Bound(Side::MinInclusive, "1"), "boolean cannot have a bound"),
        ("decimal", Bound(Side::MinInclusive, "x"), "the bound \"x\" is no decimal"),
        ("decimal", Enumeration("x"), "\"x\" is no decimal"),
        ("token", WhiteSpace(Space::Preserve), "whiteSpace is wider"),
    ] {
        let error = of(name).restricted(&[facet]).unwrap_err();
        assert!(error.contains(reason), "{error}");
    }
}
