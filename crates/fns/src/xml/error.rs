//! What is wrong with a document, where, in Russian and in English.

use std::fmt;

use super::malformed;

/// A place in the decoded text, both counted from 1; a column is a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line.
    pub line: u32,
    /// Character in the line.
    pub column: u32,
}

/// The first thing found wrong with a document that was read, or with the data of one to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XmlError {
    /// Where in the text; `None` when the document is being written, or cannot be read as text at all.
    pub position: Option<Position>,
    /// Path of the element or attribute, as `Файл/Документ/@КНД`; empty outside of the root.
    pub place: String,
    /// What is wrong.
    pub fault: Fault,
}

/// What can be wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// More bytes than the limit.
    TooLarge {
        /// Limit in bytes.
        limit: usize,
    },
    /// Elements deeper inside each other than the limit.
    TooDeep {
        /// Limit in elements.
        limit: usize,
    },
    /// More attributes on one element than the limit.
    TooManyAttributes {
        /// Limit in attributes.
        limit: usize,
    },
    /// More elements, texts and comments than the limit.
    TooManyNodes {
        /// Limit in nodes.
        limit: usize,
    },
    /// A document type declaration: no official document has one, every entity bomb does.
    Doctype,
    /// The named or used encoding is neither windows-1251 nor UTF-8.
    UnknownEncoding(String),
    /// Bytes that mean nothing in the declared encoding.
    NotInEncoding(&'static str),
    /// A character that XML does not know, by its number.
    ForbiddenCharacter(u32),
    /// A reference other than `&lt;`, `&gt;`, `&amp;`, `&quot;`, `&apos;` or to a character by number.
    UnknownEntity(String),
    /// Not XML; the text is the parser's, in English, and [`Fault::ru`] tells the same in Russian.
    Malformed(String),
    /// The same attribute twice on one element.
    DuplicateAttribute(String),
    /// No root element.
    NoRoot,
    /// Text or a second element outside of the root.
    OutsideRoot,
    /// The document ends inside an element.
    Unclosed,
    /// Another root, or another kind of document than the one asked for.
    OtherDocument {
        /// What was expected there.
        expected: String,
        /// What stands there.
        found: String,
    },
    /// A required element is absent.
    MissingElement(String),
    /// A required attribute is absent.
    MissingAttribute(String),
    /// An element the format does not have there.
    UnexpectedElement(String),
    /// An attribute the format does not have there.
    UnexpectedAttribute(String),
    /// Text where the format has only elements.
    UnexpectedText,
    /// A value that the format does not allow.
    BadValue {
        /// The value, cut to a readable length.
        value: String,
        /// What the format allows, in Russian.
        rule_ru: String,
        /// What the format allows, in English.
        rule_en: String,
    },
    /// Something given that this version of the format has no place for.
    NotInVersion {
        /// What was given.
        what: String,
        /// Version of the format.
        version: &'static str,
    },
    /// Two parts of the document that may not stand together, or one that needs the other.
    Contradiction {
        /// The rule in Russian.
        ru: &'static str,
        /// The rule in English.
        en: &'static str,
    },
    /// A rule of the format beyond its schema, by its id.
    BrokenRule {
        /// The rule in Russian.
        ru: String,
        /// The rule in English.
        en: String,
    },
}

impl XmlError {
    /// An error outside of any element.
    pub(crate) fn bare(fault: Fault) -> Self {
        Self { position: None, place: String::new(), fault }
    }

    /// The message in Russian, with line, column and element.
    pub fn ru(&self) -> String {
        let mut text = String::new();
        if let Some(Position { line, column }) = self.position {
            text.push_str(&format!("строка {line}, столбец {column}"));
        }
        if !self.place.is_empty() {
            if !text.is_empty() {
                text.push_str(", ");
            }
            text.push_str(&self.place);
        }
        if !text.is_empty() {
            text.push_str(": ");
        }
        text + &self.fault.ru()
    }
}

impl fmt::Display for XmlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Position { line, column }) = self.position {
            write!(f, "line {line}, column {column}")?;
            f.write_str(if self.place.is_empty() { ": " } else { ", " })?;
        }
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        fmt::Display::fmt(&self.fault, f)
    }
}

impl std::error::Error for XmlError {}

impl Fault {
    /// The rule as programs name it: `xml.` for what no document may be, `format.` for what a format does not allow.
    pub const fn id(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "xml.too-large",
            Self::TooDeep { .. } => "xml.too-deep",
            Self::TooManyAttributes { .. } => "xml.too-many-attributes",
            Self::TooManyNodes { .. } => "xml.too-many-nodes",
            Self::Doctype => "xml.doctype",
            Self::UnknownEncoding(_) => "xml.encoding-unknown",
            Self::NotInEncoding(_) => "xml.not-in-encoding",
            Self::ForbiddenCharacter(_) => "xml.character-forbidden",
            Self::UnknownEntity(_) => "xml.entity-unknown",
            Self::Malformed(_) => "xml.malformed",
            Self::DuplicateAttribute(_) => "xml.attribute-twice",
            Self::NoRoot => "xml.no-root",
            Self::OutsideRoot => "xml.outside-root",
            Self::Unclosed => "xml.unclosed",
            Self::OtherDocument { .. } => "format.other-document",
            Self::MissingElement(_) => "format.element-missing",
            Self::MissingAttribute(_) => "format.attribute-missing",
            Self::UnexpectedElement(_) => "format.element-unexpected",
            Self::UnexpectedAttribute(_) => "format.attribute-unknown",
            Self::UnexpectedText => "format.text-unexpected",
            Self::BadValue { .. } => "format.value",
            Self::NotInVersion { .. } => "format.not-in-version",
            Self::Contradiction { .. } => "format.contradiction",
            Self::BrokenRule { .. } => "rule",
        }
    }

    /// The message in Russian.
    pub fn ru(&self) -> String {
        match self {
            Self::TooLarge { limit } => format!("документ больше {limit} байт"),
            Self::TooDeep { limit } => format!("вложенность элементов больше {limit}"),
            Self::TooManyAttributes { limit } => format!("у элемента больше {limit} атрибутов"),
            Self::TooManyNodes { limit } => format!("в документе больше {limit} узлов"),
            Self::Doctype => "объявление DOCTYPE не допускается".into(),
            Self::UnknownEncoding(name) => {
                format!("кодировка «{name}» не поддерживается, нужна windows-1251 или UTF-8")
            }
            Self::NotInEncoding(name) => format!("в документе есть байты, которых нет в кодировке {name}"),
            Self::ForbiddenCharacter(number) => format!("символ U+{number:04X} в XML не допускается"),
            Self::UnknownEntity(name) => format!("сущность «&{name};» не определена"),
            Self::Malformed(detail) => match malformed::ru(detail) {
                Some(detail) => format!("документ не является правильным XML: {detail}"),
                None => "документ не является правильным XML".to_owned(),
            },
            Self::DuplicateAttribute(name) => format!("атрибут «{name}» указан дважды"),
            Self::NoRoot => "в документе нет корневого элемента".into(),
            Self::OutsideRoot => "за пределами корневого элемента есть текст или элементы".into(),
            Self::Unclosed => "документ обрывается внутри элемента".into(),
            Self::OtherDocument { expected, found } => {
                format!("ожидалось «{expected}», в документе «{found}»")
            }
            Self::MissingElement(name) => format!("нет обязательного элемента «{name}»"),
            Self::MissingAttribute(name) => format!("нет обязательного атрибута «{name}»"),
            Self::UnexpectedElement(name) => format!("элемента «{name}» здесь быть не должно"),
            Self::UnexpectedAttribute(name) => format!("атрибута «{name}» здесь быть не должно"),
            Self::UnexpectedText => "здесь не должно быть текста".into(),
            Self::BadValue { value, rule_ru, .. } => {
                format!("значение «{value}» не подходит: {rule_ru}")
            }
            Self::NotInVersion { what, version } => {
                format!("в формате версии {version} нет места для: {what}")
            }
            Self::Contradiction { ru, .. } => (*ru).into(),
            Self::BrokenRule { ru, .. } => ru.clone(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { limit } => write!(f, "the document is larger than {limit} bytes"),
            Self::TooDeep { limit } => write!(f, "elements are nested deeper than {limit}"),
            Self::TooManyAttributes { limit } => write!(f, "an element has more than {limit} attributes"),
            Self::TooManyNodes { limit } => write!(f, "the document has more than {limit} nodes"),
            Self::Doctype => f.write_str("a DOCTYPE is not allowed"),
            Self::UnknownEncoding(name) => {
                write!(f, "the encoding {name:?} is not supported, use windows-1251 or UTF-8")
            }
            Self::NotInEncoding(name) => write!(f, "the document has bytes that {name} does not know"),
            Self::ForbiddenCharacter(number) => {
                write!(f, "the character U+{number:04X} is not allowed in XML")
            }
            Self::UnknownEntity(name) => write!(f, "the entity \"&{name};\" is not defined"),
            Self::Malformed(detail) => write!(f, "not well-formed XML: {detail}"),
            Self::DuplicateAttribute(name) => write!(f, "the attribute {name} stands twice"),
            Self::NoRoot => f.write_str("the document has no root element"),
            Self::OutsideRoot => f.write_str("there is text or an element outside of the root element"),
            Self::Unclosed => f.write_str("the document ends inside an element"),
            Self::OtherDocument { expected, found } => {
                write!(f, "{expected:?} was expected, the document has {found:?}")
            }
            Self::MissingElement(name) => write!(f, "the required element {name} is missing"),
            Self::MissingAttribute(name) => write!(f, "the required attribute {name} is missing"),
            Self::UnexpectedElement(name) => write!(f, "the element {name} has no place here"),
            Self::UnexpectedAttribute(name) => write!(f, "the attribute {name} has no place here"),
            Self::UnexpectedText => f.write_str("no text may stand here"),
            Self::BadValue { value, rule_en, .. } => write!(f, "the value {value:?} does not fit: {rule_en}"),
            Self::NotInVersion { what, version } => {
                write!(f, "version {version} of the format has no place for: {what}")
            }
            Self::Contradiction { en, .. } => f.write_str(en),
            Self::BrokenRule { en, .. } => f.write_str(en),
        }
    }
}
