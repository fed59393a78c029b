//! The library's messages in Russian.

/// Templates of its messages with the same in Russian; `{}` stands for a name, a value or a number. The first that fits
/// is taken, so narrower ones stand first.
const TEMPLATES: &[(&str, &str)] = &[
    ("attribute '{}': {}", "атрибут «{}»: {}"),
    ("attribute '{}' is not allowed", "атрибута «{}» здесь быть не должно"),
    (
        "attribute '{}' must have the fixed value '{}', found '{}'",
        "атрибут «{}» должен иметь значение «{}», указано «{}»",
    ),
    ("required attribute '{}' is missing", "нет обязательного атрибута «{}»"),
    ("value length {} does not match required {}", "длина значения {}, нужна {}"),
    ("value length {} exceeds maximum {}", "длина значения {}, допустимо не больше {}"),
    ("value length {} is less than minimum {}", "длина значения {}, нужно не меньше {}"),
    ("value '{}' does not match pattern '{}'", "значение «{}» не подходит под образец «{}»"),
    ("value '{}' not in allowed values: [{}]", "значения «{}» нет среди допустимых: {}"),
    ("value '{}' is below minimum '{}'", "значение «{}» меньше «{}»"),
    ("value '{}' exceeds maximum '{}'", "значение «{}» больше «{}»"),
    ("value '{}' must be greater than '{}'", "значение «{}» должно быть больше «{}»"),
    ("value '{}' must be less than '{}'", "значение «{}» должно быть меньше «{}»"),
    ("value has {} fraction digits, maximum is {}", "в значении {} знаков после точки, допустимо {}"),
    ("value has {} digits, maximum is {}", "в значении {} цифр, допустимо {}"),
    ("'{}' is not a valid xs:{}", "«{}» не является значением типа {}"),
    (
        "element '{}' is not expected here in '{}' (expected: no further elements)",
        "элемента «{}» в «{}» здесь быть не должно: больше элементов не ожидается",
    ),
    (
        "element '{}' is not expected here in '{}' (expected: {})",
        "элемента «{}» в «{}» здесь быть не должно, ожидается: {}",
    ),
    ("element '{}' is not declared in schema", "элемента «{}» нет в схеме"),
    ("element '{}' has incomplete content (expected: {})", "в элементе «{}» не хватает: {}"),
    (
        "element '{}' has incomplete content: more of {} required",
        "в элементе «{}» должно быть больше элементов: {}",
    ),
    (
        "element '{}' has element-only content but contains text",
        "в элементе «{}» могут быть только элементы, а не текст",
    ),
    (
        "element '{}' occurs more than the allowed {} time(s) in '{}'",
        "элемент «{}» встречается больше {} раз в «{}»",
    ),
    (
        "element '{}' must have the fixed value '{}', found '{}'",
        "элемент «{}» должен иметь значение «{}», указано «{}»",
    ),
    ("invalid content for element '{}': {}", "содержимое элемента «{}»: {}"),
    ("element '{}': {}", "{}: {}"),
];

/// The element that a message begins with, and the rule after it.
pub(super) fn split(message: &str) -> (Option<&str>, &str) {
    let found = message.strip_prefix("element '").and_then(|rest| rest.split_once("': "));
    match found {
        Some((element, rule)) if !element.contains('\'') => (Some(element), rule),
        _ => (None, message),
    }
}

/// The attribute that a rule is about.
pub(super) fn attribute(rule: &str) -> Option<&str> {
    rule.strip_prefix("attribute '")?.split_once('\'').map(|(name, _)| name)
}

/// The message in Russian; what has no translation is told in English after a Russian beginning.
pub(super) fn translate(message: &str) -> String {
    let (element, rule) = split(message);
    let rule = if element.is_some() { rule } else { message };
    try_translate(rule).unwrap_or_else(|| format!("документ не соответствует схеме: {message}"))
}

fn try_translate(message: &str) -> Option<String> {
    let (values, template) =
        TEMPLATES.iter().find_map(|(english, russian)| Some((holes(english, message)?, russian)))?;
    let mut values = values.into_iter();
    let mut parts = template.split("{}");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let value = values.next().unwrap_or_default();
        // A rule inside of a rule is translated too.
        text.push_str(&try_translate(value).unwrap_or_else(|| value.to_owned()));
        text.push_str(part);
    }
    Some(text)
}

/// What stands in the holes of a template, `None` when the message does not have its form.
fn holes<'a>(template: &str, message: &'a str) -> Option<Vec<&'a str>> {
    let mut parts = template.split("{}");
    let mut rest = message.strip_prefix(parts.next()?)?;
    let mut values = Vec::new();
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        // The last hole takes all, for values may hold whatever stands behind holes.
        let at =
            if parts.peek().is_some() { rest.find(part)? } else { rest.len().checked_sub(part.len())? };
        if !rest.is_char_boundary(at) || !rest[at..].starts_with(part) {
            return None;
        }
        values.push(&rest[..at]);
        rest = &rest[at + part.len()..];
    }
    rest.is_empty().then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_translated_with_their_values() {
        for (message, expected) in [
            (
                "element 'ИП': attribute 'ИННФЛ': value length 9 does not match required 12",
                "атрибут «ИННФЛ»: длина значения 9, нужна 12",
            ),
            (
                "element 'Файл': required attribute 'ВерсПрог' is missing",
                "нет обязательного атрибута «ВерсПрог»",
            ),
            (
                "element 'Файл': attribute 'ВерсФорм': value '1.04' not in allowed values: [\"1.03\"]",
                "атрибут «ВерсФорм»: значения «1.04» нет среди допустимых: \"1.03\"",
            ),
            ("element 'ИП' has incomplete content (expected: ФИО)", "в элементе «ИП» не хватает: ФИО"),
            (
                "element 'А' is not expected here in 'Б' (expected: no further elements)",
                "элемента «А» в «Б» здесь быть не должно: больше элементов не ожидается",
            ),
            (
                "element 'А' is not expected here in 'Б' (expected: 'В')",
                "элемента «А» в «Б» здесь быть не должно, ожидается: 'В'",
            ),
            (
                "invalid content for element 'А': value length 0 is less than minimum 1",
                "содержимое элемента «А»: длина значения 0, нужно не меньше 1",
            ),
            ("element 'А': 'x' is not a valid xs:decimal", "«x» не является значением типа decimal"),
            ("something new", "документ не соответствует схеме: something new"),
        ] {
            assert_eq!(translate(message), expected);
        }
        assert_eq!(attribute("attribute 'КНД' is not allowed"), Some("КНД"));
        assert_eq!(attribute("required attribute 'КНД' is missing"), None);
    }
}
