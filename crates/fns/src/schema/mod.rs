//! Holding documents to official schemas.
//!
//! The schemas are not part of this program: whoever runs a server puts them into a folder, and the caller hands over
//! their bytes. Service documents need none, their own parsers ask the same; schemas are for titles.
//!
//! A schema becomes tables: types with their facets, automata of what may follow what. A document is held to them in one
//! pass behind the guard, in linear time. What official schemas use is known, everything else in a schema is refused by
//! its name. `examples/mutants.rs` compares the verdicts with libxml2 on thousands of changed documents.
//!
//! What schemas cannot say (their Schematron parts) is not checked here: `potok_titles::broken_rules` does.

mod amended;
mod automaton;
mod builtin;
mod compile;
mod decimal;
mod locate;
mod model;
mod moment;
mod names;
mod pattern;
mod simple;
mod told;
mod validate;
mod violation;

pub use amended::{AMENDED, Amended};
pub use decimal::Decimal;
pub use names::{service_schemas, title_checks, title_schemas};
pub use told::Told;
pub use violation::Violation;

use std::sync::Arc;

use model::Model;
use validate::Validation;

use crate::xml::{Document, Limits, Position, XmlError, decode, walk};

/// What an XML schema says, ready to be used by many threads.
#[derive(Clone)]
pub struct Schema(Arc<Model>);

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
    /// It uses something that is not known here, named in the words of the schema.
    Unsupported {
        /// What it is.
        construct: String,
        /// Where it starts.
        position: Position,
    },
    /// It is no schema, or says what no schema may say.
    Invalid {
        /// What is wrong, in English.
        reason: String,
        /// Where, if it is in one place.
        position: Option<Position>,
    },
}

impl SchemaError {
    fn invalid(position: Option<Position>, reason: String) -> Self {
        Self::Invalid { reason, position }
    }
}

impl std::fmt::Display for SchemaError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Xml(_) => f.write_str("the schema cannot be read"),
            Self::Unsupported { construct, position: Position { line, column } } => {
                write!(f, "line {line}, column {column}: the schema uses {construct}, which is not supported")
            }
            Self::Invalid { reason, position: Some(Position { line, column }) } => {
                write!(f, "line {line}, column {column}: {reason}")
            }
            Self::Invalid { reason, position: None } => f.write_str(reason),
        }
    }
}

impl std::error::Error for SchemaError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Xml(error) => Some(error),
            Self::Unsupported { .. } | Self::Invalid { .. } => None,
        }
    }
}

impl Schema {
    /// The longest list of violations; whoever gets that many has other problems.
    pub const VIOLATIONS: usize = 100;

    /// Reads a schema.
    ///
    /// # Errors
    /// The bytes are not safe, not a schema, or a schema that uses what is not known here: other schemas, keys, lists and
    /// unions, substitution groups.
    pub fn compile(bytes: &[u8]) -> Result<Self, SchemaError> {
        let document = Document::parse(bytes, &Limits::TITLE).map_err(SchemaError::Xml)?;
        compile::compile(&document).map(|model| Self(Arc::new(model)))
    }

    /// Reads a schema, with what has changed in the version after it.
    ///
    /// # Errors
    /// As [`Self::compile`]; or the schema does not declare what has changed.
    pub fn amended(bytes: &[u8], amended: &Amended) -> Result<Self, SchemaError> {
        let mut document = Document::parse(bytes, &Limits::TITLE).map_err(SchemaError::Xml)?;
        amended.apply(&mut document.root)?;
        compile::compile(&document).map(|model| Self(Arc::new(model)))
    }

    /// What a document has against the schema: nothing when it is valid, at most [`Self::VIOLATIONS`] otherwise, in the order
    /// of the document.
    ///
    /// # Errors
    /// The document is not safe or not XML.
    pub fn validate(&self, bytes: &[u8], limits: &Limits) -> Result<Vec<Violation>, XmlError> {
        let (text, _) = decode(bytes, limits)?;
        let mut validation = Validation::new(&self.0, Self::VIOLATIONS);
        walk(&text, limits, &mut validation)?;
        Ok(if validation.found.is_empty() {
            Vec::new()
        } else {
            locate::locate(&text, limits, validation.found)
        })
    }
}
