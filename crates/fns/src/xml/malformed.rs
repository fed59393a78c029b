//! What is wrong with a text that is no XML, in Russian. The parser tells it in English only, and so does its reader, for whoever reads
//! the log; a part of it that is not known here is left out, so that nobody is told in two languages at once.

/// Where of the parser's words the cause begins.
const BEFORE: [&str; 3] = ["ill-formed document: ", "syntax error: ", "error while parsing attribute: "];

/// Words, and what they mean. `…` is whatever stands there: names and signs of the text.
const WORDS: [(&str, &str); 28] = [
    ("expected `…`, but `…` was found", "ожидалось «…», а стоит «…»"),
    ("close tag `…` does not match any open tag", "закрывающему тегу «…» не соответствует открывающий"),
    ("start tag not closed: `…` not found before end of input", "элемент не закрыт: до конца файла нет «…»"),
    ("tag not closed: `…` not found before end of input", "тег не закрыт: до конца файла нет «…»"),
    (
        "attribute value not closed: `…` not found before end of input",
        "значение атрибута не закрыто: до конца файла нет «…»",
    ),
    (
        "comment not closed: `…` not found before end of input",
        "комментарий не закрыт: до конца файла нет «…»",
    ),
    ("CDATA not closed: `…` not found before end of input", "CDATA не закрыт: до конца файла нет «…»"),
    ("DOCTYPE not closed: `…` not found before end of input", "DOCTYPE не закрыт: до конца файла нет «…»"),
    (
        "XML declaration not closed: `…` not found before end of input",
        "объявление XML не закрыто: до конца файла нет «…»",
    ),
    (
        "processing instruction not closed: `…` not found before end of input",
        "инструкция не закрыта: до конца файла нет «…»",
    ),
    (
        "entity or character reference not closed: `…` not found before end of input",
        "ссылка на символ не закрыта: до конца файла нет «…»",
    ),
    ("forbidden string `…` was found in a comment", "внутри комментария стоит «…»"),
    ("unknown or missed symbol in markup", "неизвестный или пропущенный знак разметки"),
    ("an XML declaration does not contain `…` attribute", "в объявлении XML нет атрибута «…»"),
    (
        "an XML declaration must start with `…` attribute, but in starts with `…`",
        "объявление XML должно начинаться с «…», а начинается с «…»",
    ),
    ("unknown XML version: either 1.0 or 1.1 is expected", "неизвестная версия XML"),
    (
        "position …: attribute key must be directly followed by `…` or space",
        "за именем атрибута нет знака «=»",
    ),
    ("position …: `…` must be followed by an attribute value", "за знаком «=» нет значения атрибута"),
    ("position …: attribute value must be enclosed in `…` or `…`", "значение атрибута стоит без кавычек"),
    (
        "position …: missing closing quote `…` in attribute value",
        "у значения атрибута нет закрывающей кавычки",
    ),
    ("']]>' outside of CDATA", "«]]>» вне CDATA"),
    ("the XML declaration is not at the start", "объявление XML стоит не в начале"),
    ("the XML declaration is not one", "объявление XML записано неверно"),
    ("XML 1.1 is not supported", "XML 1.1 не поддерживается"),
    ("attributes are not apart", "между атрибутами нет пробела"),
    ("a tag that is cut inside a character", "тег обрывается внутри символа"),
    ("'<' inside of an attribute", "знак «<» внутри атрибута"),
    ("'&' without ';'", "«&» без «;»"),
];

/// What a cause is called in Russian.
pub(super) fn ru(cause: &str) -> Option<String> {
    let cause = BEFORE.iter().find_map(|before| cause.strip_prefix(before)).unwrap_or(cause);
    for (ending, words) in [(" is no name", "не имя"), (" is no target", "не имя инструкции")]
    {
        if let Some(name) = cause.strip_suffix(ending) {
            return Some(format!("«{}» – {words}", name.trim_matches('"')));
        }
    }
    WORDS.iter().find_map(|(english, russian)| {
        let found = fitted(cause, english)?;
        let mut told = String::new();
        let mut parts = russian.split('…');
        told.push_str(parts.next().unwrap_or_default());
        // A meaning that names less than the words leaves the rest out.
        for (part, name) in parts.zip(found) {
            told.push_str(name);
            told.push_str(part);
        }
        Some(told)
    })
}

/// What stands in the places of `…`, if a text is like the picture.
fn fitted<'a>(text: &'a str, picture: &str) -> Option<Vec<&'a str>> {
    let mut parts = picture.split('…');
    let mut rest = text.strip_prefix(parts.next().unwrap_or_default())?;
    let mut found = Vec::new();
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        let end = if is_last { rest.strip_suffix(part)?.len() } else { rest.find(part)? };
        found.push(&rest[..end]);
        rest = &rest[end + part.len()..];
    }
    rest.is_empty().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::ru;

    #[test]
    fn names_stand_where_they_stood() {
        for (english, russian) in [
            (
                "ill-formed document: expected `</b>`, but `</a>` was found",
                Some("ожидалось «</b>», а стоит «</a>»"),
            ),
            (
                "syntax error: tag not closed: `>` not found before end of input",
                Some("тег не закрыт: до конца файла нет «>»"),
            ),
            (
                "position 7: `=` must be followed by an attribute value",
                Some("за знаком «=» нет значения атрибута"),
            ),
            ("\"1a\" is no name", Some("«1a» – не имя")),
            ("something that a later parser says", None),
        ] {
            assert_eq!(ru(english).as_deref(), russian);
        }
    }
}
