//! What the official schemas ask of values.

use crate::xml::{Fault, shorten};

/// A rule of one attribute or text.
#[derive(Clone, Copy, Debug)]
pub enum Rule {
    /// At least one character and at most so many.
    Text(usize),
    /// So many characters exactly.
    Exactly(usize),
    /// One of these.
    OneOf(&'static [&'static str]),
    /// This and nothing else.
    Constant(&'static str),
    /// INN of a legal entity.
    InnOrganization,
    /// INN of a person.
    InnPerson,
    /// KPP with any capital letters in the middle.
    Kpp,
    /// KPP whose letters are hexadecimal, as older schemas have it.
    KppHexadecimal,
    /// Id of a participant: at least four letters, digits, `@`, `.`, `-`.
    ParticipantId,
    /// Id of a participant in older schemas: at least so many characters of any kind, at most 46.
    ParticipantIdOfAny(usize),
    /// Code of an operator.
    OperatorCode,
    /// Code of an operator in older schemas: any three characters.
    OperatorCodeOfAny,
    /// Numeric code of a country.
    Country,
    /// Name of a file without extension, at most so many characters, none of which any file system forbids.
    FileName(usize),
    /// A rule that is checked elsewhere, told in Russian and English.
    Told(&'static str, &'static str),
}

impl Rule {
    /// Whether a value keeps the rule.
    pub fn holds(&self, value: &str) -> bool {
        let length = || value.chars().count();
        let all = |test: fn(u8) -> bool| value.bytes().all(test);
        match *self {
            // No character has less than one byte.
            Self::Text(most) => !value.is_empty() && (value.len() <= most || length() <= most),
            Self::Exactly(exact) => length() == exact,
            Self::OneOf(values) => values.contains(&value),
            Self::Constant(constant) => value == constant,
            Self::InnOrganization => inn(value, 10),
            Self::InnPerson => inn(value, 12),
            Self::Kpp => kpp(value, |b| b.is_ascii_digit() || b.is_ascii_uppercase()),
            Self::KppHexadecimal => kpp(value, |b| b.is_ascii_digit() || (b'A'..=b'F').contains(&b)),
            Self::ParticipantId => (4..=46).contains(&length()) && all(is_id),
            Self::ParticipantIdOfAny(least) => (least..=46).contains(&length()),
            Self::OperatorCode => length() == 3 && all(is_id),
            Self::OperatorCodeOfAny => length() == 3,
            Self::Country => length() == 3 && all(|b| b.is_ascii_digit()),
            Self::FileName(most) => {
                (1..=most).contains(&length())
                    && !value.contains(|c: char| c.is_control() || r#"\/:*?"<>|"#.contains(c))
            }
            Self::Told(..) => true,
        }
    }

    /// What to tell of a value that does not keep it.
    pub fn broken(&self, value: &str) -> Fault {
        Fault::BadValue { value: shorten(value), rule_ru: self.ru(), rule_en: self.en() }
    }

    /// The rule in Russian.
    pub fn ru(&self) -> String {
        match *self {
            Self::Text(most) => format!("длина от 1 до {most} символов"),
            Self::Exactly(exact) => format!("длина ровно {exact} символов"),
            Self::OneOf(values) => format!("допустимо: {}", values.join(", ")),
            Self::Constant(constant) => format!("допустимо: {constant}"),
            Self::InnOrganization => "ИНН юридического лица: 10 цифр, первые две не 00".into(),
            Self::InnPerson => "ИНН физического лица: 12 цифр, первые две не 00".into(),
            Self::Kpp => "КПП: 4 цифры, 2 цифры или заглавные латинские буквы, 3 цифры".into(),
            Self::KppHexadecimal => "КПП: 4 цифры, 2 цифры или буквы от A до F, 3 цифры".into(),
            Self::ParticipantId => {
                "идентификатор участника: от 4 до 46 латинских букв, цифр и знаков @ . -".into()
            }
            Self::ParticipantIdOfAny(least) => {
                format!("идентификатор участника: от {least} до 46 символов")
            }
            Self::OperatorCode => "код оператора: 3 латинские буквы, цифры или знака @ . -".into(),
            Self::OperatorCodeOfAny => "код оператора: 3 символа".into(),
            Self::Country => "код страны: 3 цифры".into(),
            Self::FileName(most) => {
                format!(r#"имя файла: от 1 до {most} символов, без \ / : * ? " < > |"#)
            }
            Self::Told(ru, _) => ru.into(),
        }
    }

    /// The rule in English.
    pub fn en(&self) -> String {
        match *self {
            Self::Text(most) => format!("from 1 to {most} characters"),
            Self::Exactly(exact) => format!("exactly {exact} characters"),
            Self::OneOf(values) => format!("one of {}", values.join(", ")),
            Self::Constant(constant) => format!("only {constant}"),
            Self::InnOrganization => "INN of a legal entity: 10 digits, not starting with 00".into(),
            Self::InnPerson => "INN of a person: 12 digits, not starting with 00".into(),
            Self::Kpp => "KPP: 4 digits, 2 digits or capital Latin letters, 3 digits".into(),
            Self::KppHexadecimal => "KPP: 4 digits, 2 digits or letters A to F, 3 digits".into(),
            Self::ParticipantId => "participant id: 4 to 46 Latin letters, digits, @ . -".into(),
            Self::ParticipantIdOfAny(least) => format!("participant id: {least} to 46 characters"),
            Self::OperatorCode => "operator code: 3 Latin letters, digits, @ . -".into(),
            Self::OperatorCodeOfAny => "operator code: 3 characters".into(),
            Self::Country => "country code: 3 digits".into(),
            Self::FileName(most) => {
                format!(r#"file name: 1 to {most} characters, none of \ / : * ? " < > |"#)
            }
            Self::Told(_, en) => en.into(),
        }
    }
}

fn is_id(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'@' | b'.' | b'-')
}

fn inn(value: &str, length: usize) -> bool {
    value.len() == length && value.bytes().all(|b| b.is_ascii_digit()) && !value.starts_with("00")
}

fn kpp(value: &str, middle: fn(u8) -> bool) -> bool {
    let bytes = value.as_bytes();
    bytes.len() == 9
        && !value.starts_with("00")
        && bytes.iter().enumerate().all(|(index, &b)| match index {
            4 | 5 => middle(b),
            _ => b.is_ascii_digit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_fit_or_do_not() {
        for (rule, good, bad) in [
            (Rule::Text(3), &["a", "абв"][..], &["", "абвг"][..]),
            (Rule::Exactly(2), &["ab"], &["a", "abc"]),
            (Rule::OneOf(&["1", "2"]), &["1", "2"], &["3", ""]),
            (
                Rule::InnOrganization,
                &["9901000010", "0101000010"],
                &["0001000010", "990100001", "99010000١0"],
            ),
            (Rule::InnPerson, &["990400000409"], &["9904000004", "000400000409"]),
            (Rule::Kpp, &["990101001", "9901AZ001"], &["9901az001", "0001AB001", "99010100", "99010100A"]),
            (Rule::KppHexadecimal, &["990101001", "9901AF001"], &["9901AZ001"]),
            (Rule::ParticipantId, &["2BM-9901000010", "a@b."], &["2BM", "2BM_99", "2BM-Ж"]),
            (Rule::ParticipantIdOfAny(3), &["2BM", "Ж_Ж"], &["2B"]),
            (Rule::OperatorCode, &["2BM"], &["2B", "2BMM", "Ж12"]),
            (Rule::OperatorCodeOfAny, &["Ж12"], &["Ж1"]),
            (Rule::FileName(5), &["a_b.c"], &["", "abcdef", "a/b", "a\\b", "a\nb", "a\"b"]),
            (Rule::Constant("7"), &["7"], &["8"]),
            (Rule::Country, &["643"], &["64", "RUS"]),
        ] {
            for value in good {
                assert!(rule.holds(value), "{rule:?} refuses {value:?}");
            }
            for value in bad {
                assert!(!rule.holds(value), "{rule:?} lets {value:?} through");
                let Fault::BadValue { rule_ru, rule_en, .. } = rule.broken(value) else { panic!("a value") };
                assert!(!rule_ru.is_empty() && rule_en.is_ascii());
            }
        }
    }
}
