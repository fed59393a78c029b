//! What is wrong with a file, in the form that programs of others read.

use std::fmt;

use crate::schema::Violation;
use crate::xml::{Position, XmlError};

/// One thing that is wrong, shown as `{ Location = …, Message = … }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Where: `/Файл/@ИдФайл`, with line and column before it if they are known; empty for the whole file.
    pub location: String,
    /// What, for people.
    pub message: String,
}

impl Remark {
    /// A remark in both languages.
    pub(crate) fn new(location: impl Into<String>, ru: &str, en: &str) -> Self {
        Self { location: location.into(), message: format!("{ru} / {en}") }
    }

    /// All of them, at most `most`, as one text.
    pub fn list(remarks: &[Self], most: usize) -> String {
        remarks.iter().take(most).map(ToString::to_string).collect::<Vec<_>>().join(";")
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{ Location = {}, Message = {} }}", self.location, self.message)
    }
}

impl From<&Violation> for Remark {
    fn from(violation: &Violation) -> Self {
        Self::new(violation.location(), &violation.ru, &violation.en)
    }
}

impl From<&XmlError> for Remark {
    fn from(error: &XmlError) -> Self {
        let place = if error.place.is_empty() { String::new() } else { format!("/{}", error.place) };
        let location = match error.position {
            Some(Position { line, column }) if place.is_empty() => {
                format!("Line: {line}, Position: {column}")
            }
            Some(Position { line, column }) => format!("Line: {line}, Position: {column}, {place}"),
            None => place,
        };
        Self::new(location, &error.fault.ru(), &error.fault.to_string())
    }
}
