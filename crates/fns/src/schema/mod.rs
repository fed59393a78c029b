//! Holding documents to official schemas.
//!
//! The schemas are not part of this program: whoever runs a server puts them into a folder, and the caller hands over
//! their bytes. Service documents need none, their own parsers ask the same; schemas are for titles.
//!
//! The library behind this was held to libxml2 on thousands of changed documents of official formats. The one difference:
//! it lets white space stand in elements that hold nothing. What schemas cannot say (their Schematron parts) is not checked.

mod locate;
mod names;
mod russian;

pub use names::{service_schemas, title_schemas};

use std::borrow::Cow;
use std::sync::Arc;

use fastxml::error::StructuredError;
use locate::Places;

use crate::xml::{Document, Fault, Limits, Position, XmlError, check, decode};

/// What an XML schema says, ready to be used by many threads.
#[derive(Clone)]
pub struct Schema(Arc<fastxml::schema::CompiledSchema>);

impl std::fmt::Debug for Schema {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Schema")
    }
}

/// Why a schema cannot be used.
#[derive(Debug)]
pub enum SchemaError {
    /// It is not safe or not XML.
    Xml(XmlError),
    /// It brings in another schema, which official schemas never do and nothing here would fetch.
    Import(String),
    /// It is no schema; the text is the library's.
    Invalid(String),
}

impl std::fmt::Display for SchemaError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Xml(_) => f.write_str("the schema cannot be read"),
            Self::Import(name) => write!(f, "the schema brings in another one by {name}"),
            Self::Invalid(text) => write!(f, "the schema cannot be used: {text}"),
        }
    }
}

impl std::error::Error for SchemaError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Xml(error) => Some(error),
            Self::Import(_) | Self::Invalid(_) => None,
        }
    }
}

/// One thing in a document that its schema does not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Where the attribute or the tag starts.
    pub position: Option<Position>,
    /// Path of the element or attribute, as `Файл/Документ/@КНД`.
    pub place: String,
    /// The rule in Russian.
    pub ru: String,
    /// The rule in English.
    pub en: String,
}

impl Violation {
    /// The message in Russian, with line, column and element.
    pub fn message_ru(&self) -> String {
        match self.position {
            Some(Position { line, column }) => {
                format!("строка {line}, столбец {column}, {}: {}", self.place, self.ru)
            }
            None => format!("{}: {}", self.place, self.ru),
        }
    }
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(Position { line, column }) = self.position {
            write!(f, "line {line}, column {column}, ")?;
        }
        write!(f, "{}: {}", self.place, self.en)
    }
}

impl Schema {
    /// The longest list of violations; whoever gets that many has other problems.
    pub const VIOLATIONS: usize = 100;

    /// Reads a schema.
    ///
    /// # Errors
    /// The bytes are not safe, not a schema, or a schema that needs others.
    pub fn compile(bytes: &[u8]) -> Result<Self, SchemaError> {
        let document = Document::parse(bytes, &Limits::CONTRACT).map_err(SchemaError::Xml)?;
        let local = |name: &str| name.rsplit(':').next().unwrap_or_default().to_owned();
        let brought = document.root.children.iter().map(|child| local(&child.name));
        if let Some(name) =
            brought.into_iter().find(|name| matches!(name.as_str(), "import" | "include" | "redefine"))
        {
            return Err(SchemaError::Import(name));
        }
        let text = undeclared(bytes, &Limits::CONTRACT).map_err(SchemaError::Xml)?;
        let schema = fastxml::schema::Schema::from_xsd(text.as_bytes())
            .map_err(|error| SchemaError::Invalid(error.to_string()))?;
        Ok(Self(schema.into()))
    }

    /// What a document has against the schema: nothing when it is valid, at most [`Self::VIOLATIONS`] otherwise.
    ///
    /// # Errors
    /// The document is not safe or not XML.
    pub fn validate(&self, bytes: &[u8], limits: &Limits) -> Result<Vec<Violation>, XmlError> {
        check(bytes, limits)?;
        let text = undeclared(bytes, limits)?;
        let report = fastxml::schema::Validator::from(text.as_ref())
            .schema(Arc::clone(&self.0))
            .max_errors(Self::VIOLATIONS)
            .run()
            .map_err(|error| XmlError::bare(Fault::Malformed(error.to_string())))?;
        let errors = report.errors();
        if errors.is_empty() {
            return Ok(Vec::new());
        }
        let wanted = errors.iter().map(|error| place(error).0).collect();
        let places = Places::find(&text, limits, wanted);
        Ok(errors.into_iter().map(|error| violation(error, &places)).collect())
    }
}

/// The text with spaces in place of its first line's declaration, which names an encoding the text no longer has. Lines
/// and columns stay.
fn undeclared<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Cow<'a, str>, XmlError> {
    let (text, _) = decode(bytes, limits)?;
    match text.find("?>") {
        Some(end) if text.starts_with("<?xml ") => {
            let mut text = text.into_owned();
            let blank: String = text[..end + 2].chars().map(|c| if c == '\n' { c } else { ' ' }).collect();
            text.replace_range(..end + 2, &blank);
            Ok(Cow::Owned(text))
        }
        _ => Ok(text),
    }
}

/// The message with allowed values in order: the library lists them as they fall, and the same mistake has to get the same
/// answer.
fn steady(message: &str) -> Cow<'_, str> {
    const BEFORE: &str = " not in allowed values: [\"";
    let Some(start) = message.find(BEFORE).map(|at| at + BEFORE.len()) else { return message.into() };
    let Some(listed) = message[start..].strip_suffix("\"]") else { return message.into() };
    // Quotes inside of a value are escaped, so what stands between two values stands nowhere else.
    let mut values: Vec<_> = listed.split("\", \"").collect();
    values.sort_unstable();
    format!("{}{}\"]", &message[..start], values.join("\", \"")).into()
}

/// The path of the element that an error is about, and its attribute.
fn place(error: &StructuredError) -> (String, Option<&str>) {
    let (_, rule) = russian::split(&error.message);
    let mut path = error.element_path().unwrap_or_default().trim_start_matches('/').to_owned();
    // Of an element that lacks something, the path ends above it.
    if let Some(name) = error.node_name.as_deref()
        && path.rsplit('/').next() != Some(name)
    {
        path = if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
    }
    (path, russian::attribute(rule))
}

fn violation(error: &StructuredError, places: &Places) -> Violation {
    let (path, attribute) = place(error);
    let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let named = error
        .line()
        .zip(error.column())
        .map(|(line, column)| Position { line: small(line), column: small(column) });
    let position = named.map(|named| places.start(&path, attribute, named).unwrap_or(named));
    let place = attribute.map_or_else(|| path.clone(), |attribute| format!("{path}/@{attribute}"));
    let message = steady(&error.message);
    Violation { position, place, ru: russian::translate(&message), en: message.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::steady;

    #[test]
    fn allowed_values_stand_in_order() {
        for (message, expected) in [
            (
                r#"element 'А': value '9' not in allowed values: ["3", "1", "2"]"#,
                r#"element 'А': value '9' not in allowed values: ["1", "2", "3"]"#,
            ),
            (
                r#"value 'x' not in allowed values: ["б\"", \"в", "а"]"#,
                r#"value 'x' not in allowed values: ["а", "б\"", \"в"]"#,
            ),
            (r#"value 'x' not in allowed values: ["1"]"#, r#"value 'x' not in allowed values: ["1"]"#),
            ("value '9' is below minimum '10'", "value '9' is below minimum '10'"),
        ] {
            assert_eq!(steady(message), expected);
        }
    }
}
