//! Universal messages, whose layout is not public: codes and words are taken from wherever they stand.

use crate::xml::{Document, Element, Limits};

/// One event that a universal message tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UniversalNotice {
    /// Its code, as 1999.
    pub code: i32,
    /// What its author says to people.
    pub text: Option<String>,
}

/// The events in a universal message, in order. A code is a value of its own that reads `115`, the four digits of the code,
/// `1`; its words are those beside it whose name begins with `Текст` or is `PlainText`. Of what is no XML, the codes are
/// told alone.
pub fn universal_notices(bytes: &[u8]) -> Vec<UniversalNotice> {
    let mut found = Vec::new();
    match Document::parse(bytes, &Limits::SERVICE) {
        Ok(document) => look(&document.root, None, &mut found),
        Err(_) => found.extend(bare_codes(bytes).map(|code| UniversalNotice { code, text: None })),
    }
    found
}

fn look(element: &Element, parent: Option<&Element>, found: &mut Vec<UniversalNotice>) {
    let of_attributes = element.attributes.iter().filter_map(|given| code(given.value.trim()));
    let own = element.children.is_empty().then(|| code(element.text.trim())).flatten();
    for code in of_attributes.chain(own) {
        let text = words(element).or_else(|| parent.and_then(words));
        found.push(UniversalNotice { code, text });
    }
    element.children.iter().for_each(|child| look(child, Some(element), found));
}

/// The words in an element: an attribute or a child.
fn words(element: &Element) -> Option<String> {
    let is_text = |name: &str| name.starts_with("Текст") || name == "PlainText";
    let attribute =
        element.attributes.iter().find(|given| is_text(&given.name)).map(|given| given.value.as_str());
    let child =
        || element.children.iter().find(|child| is_text(&child.name)).map(|child| child.text.as_str());
    let text = attribute.or_else(child)?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn code(value: &str) -> Option<i32> {
    let digits = value.strip_prefix("115")?.strip_suffix('1')?;
    let is_code = digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit());
    is_code.then(|| digits.parse().ok())?
}

/// Codes in bytes of any encoding in which digits are those of ASCII.
fn bare_codes(bytes: &[u8]) -> impl Iterator<Item = i32> {
    let is_border = |byte: &u8| matches!(byte, b'"' | b'\'' | b'<' | b'>') || byte.is_ascii_whitespace();
    bytes.split(is_border).filter_map(|value| code(std::str::from_utf8(value).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_words_are_found_wherever_they_stand() {
        let told = |xml: &str| -> Vec<(i32, Option<String>)> {
            universal_notices(xml.as_bytes()).into_iter().map(|notice| (notice.code, notice.text)).collect()
        };
        let text = |text: &str| Some(text.to_owned());
        for (xml, expected) in [
            ("<a><СтатусУС>11519991</СтатусУС></a>", vec![(1999, None)]),
            (
                "<a><СтатусУС>11529991</СтатусУС><ТекстУС> Ошибка в сумме </ТекстУС></a>",
                vec![(2999, text("Ошибка в сумме"))],
            ),
            ("<a><b КодУС='11539991' Текст='Не поставлено'/></a>", vec![(3999, text("Не поставлено"))]),
            (
                "<x a='11520071' b='11529991'><ТекстУведУточ>Кто?</ТекстУведУточ></x>",
                vec![(2007, text("Кто?")), (2999, text("Кто?"))],
            ),
            (
                "<a><i StatusCode='11540021'><PlainText>1</PlainText></i><i StatusCode='11519991'/></a>",
                vec![(4002, text("1")), (1999, None)],
            ),
            ("<x a='7711519991'><y>115199</y><z>11519992</z><q>115abcd1</q></x>", vec![]),
            ("no XML: <11519991> \"11529991\"", vec![(1999, None), (2999, None)]),
            ("", vec![]),
        ] {
            assert_eq!(told(xml), expected, "{xml}");
        }
    }
}
