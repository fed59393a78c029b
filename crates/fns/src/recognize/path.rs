//! Paths into a document, a small part of XPath: everything the tables of formats need.
//!
//! `А/Б/@В` is an attribute, `А/Б` the text of an element (of `ФИО`, the full name), `А/Б[last()]/@В` takes the last of
//! several elements where otherwise the first is taken, `sum(А/Б/@В)` adds up all of them, `=643` is a constant.
//! Alternatives stand after `|`, the first that has a value is taken.

use crate::xml::Element;

/// Reading of paths.
pub(super) struct Path;

impl Path {
    /// The value at a path below `from`, `None` when nothing or only an empty text is there.
    pub(super) fn value(path: &str, from: &Element) -> Option<String> {
        path.split('|').find_map(|path| one(path.trim(), from)).filter(|value| !value.is_empty())
    }

    /// All elements at a path of names.
    pub(super) fn all<'a>(path: &str, from: &'a Element) -> Vec<&'a Element> {
        path.split('/').fold(vec![from], |found, name| {
            found
                .iter()
                .flat_map(|element| element.children.iter().filter(|child| child.name == name))
                .collect()
        })
    }

    /// The names of elements along each alternative of a path.
    pub(super) fn elements(path: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
        path.split('|').map(|path| {
            let path = path.trim();
            let path = path.strip_prefix("sum(").and_then(|path| path.strip_suffix(')')).unwrap_or(path);
            path.split('/')
                .filter(|part| !part.starts_with(['@', '=']))
                .map(|part| part.strip_suffix("[last()]").unwrap_or(part))
                .collect()
        })
    }

    /// Each alternative as a plain path, without what is done to what stands there; constants stand nowhere.
    pub(super) fn plain(path: &str) -> impl Iterator<Item = String> {
        let alternatives = path.split('|').map(str::trim).filter(|path| !path.starts_with('='));
        alternatives.map(|path| {
            let sum = path.strip_prefix("sum(").and_then(|path| path.strip_suffix(')'));
            sum.unwrap_or(path).replace("[last()]", "")
        })
    }
}

fn one(path: &str, from: &Element) -> Option<String> {
    if let Some(constant) = path.strip_prefix('=') {
        return Some(constant.to_owned());
    }
    if let Some(path) = path.strip_prefix("sum(").and_then(|path| path.strip_suffix(')')) {
        let (elements, attribute) = path.rsplit_once("/@")?;
        return sum(Path::all(elements, from).iter().filter_map(|element| element.attribute(attribute)));
    }
    let mut at = from;
    for part in path.split('/') {
        if let Some(attribute) = part.strip_prefix('@') {
            return at.attribute(attribute).map(|value| value.trim().to_owned());
        }
        at = match part.strip_suffix("[last()]") {
            Some(name) => at.children_named(name).last()?,
            None => at.child(part)?,
        };
    }
    if at.name == "ФИО" {
        let parts = ["Фамилия", "Имя", "Отчество"].into_iter().filter_map(|part| at.attribute(part));
        return Some(parts.collect::<Vec<_>>().join(" "));
    }
    Some(at.text.trim().to_owned())
}

/// The sum of decimal texts, with as many digits after the dot as the longest of them; `None` of nothing, and of texts
/// that are no decimals.
fn sum<'a>(values: impl Iterator<Item = &'a str>) -> Option<String> {
    const DIGITS: usize = 11;
    let mut total: Option<i128> = None;
    let mut scale = 0;
    for value in values {
        let value = value.trim();
        let (negative, digits) = value.strip_prefix('-').map_or((false, value), |digits| (true, digits));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || fraction.len() > DIGITS {
            return None;
        }
        scale = scale.max(fraction.len());
        let amount: i128 = format!("{whole}{fraction:0<DIGITS$}").parse().ok()?;
        total = Some(total.unwrap_or(0).checked_add(if negative { -amount } else { amount })?);
    }
    let total = total?;
    let sign = if total < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", total.unsigned_abs(), width = DIGITS + 1);
    let (whole, fraction) = digits.split_at(digits.len() - DIGITS);
    Some(match scale {
        0 => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{}", &fraction[..scale]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_exact() {
        for (values, expected) in [
            (&["0.10", "0.20"][..], Some("0.30")),
            (&["10", "2.5", "-0.05"], Some("12.45")),
            (&["-1.5", "1"], Some("-0.5")),
            (&["99999999999999999.99", "0.01"], Some("100000000000000000.00")),
            (&["7"], Some("7")),
            (&[], None),
            (&["1,5"], None),
            (&["."], None),
            (&["1e3"], None),
            (&["999999999999999999999999999999999999999999"], None),
        ] {
            assert_eq!(sum(values.iter().copied()).as_deref(), expected, "{values:?}");
        }
    }
}
