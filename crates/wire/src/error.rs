//! Why a body could not be decoded.

use std::borrow::Cow;
use std::fmt;

/// A request or answer that is not the message it should be. The text is meant for clients: it names the structure, the
/// path of the field, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    message: &'static str,
    path: String,
    reason: Reason,
}

impl DecodeError {
    /// Name of the structure without its package: `MessageToPost`.
    #[must_use]
    pub fn message(&self) -> &'static str {
        self.message
    }

    /// Where in the structure: `DocumentAttachments[0].SignedContent`. Empty when the fault is not inside a field.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is wrong there.
    #[must_use]
    pub fn reason(&self) -> &Reason {
        &self.reason
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { message, path, reason } = self;
        if reason.is_of_size() {
            return write!(f, "{message}.{path}: {reason}");
        }
        write!(f, "Can't deserialize request body into type: {message}{}: {reason}", Colon(path))
    }
}

impl std::error::Error for DecodeError {}

/// What is wrong with a body at the place a [`DecodeError`] names.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// A field marked `required` is absent, or `null` in JSON.
    #[error("required field is missing")]
    Missing,
    /// Messages, objects or lists lie deeper inside each other than any of ours do.
    #[error("nesting is too deep")]
    TooDeep,
    /// A list has more elements than [`crate::Bounds`] allow.
    #[error("more than {most} elements are given, which is the limit; send the others in another call")]
    TooMany {
        /// The elements that are allowed.
        most: u32,
    },
    /// A text has more characters than [`crate::Bounds`] allow.
    #[error("more than {most} characters are given, which is the limit; shorten the text")]
    TooLong {
        /// The characters that are allowed.
        most: u32,
    },
    /// There are more bytes than [`crate::Bounds`] allow.
    #[error("{given} bytes are given, at most {most} are allowed; send less")]
    TooLarge {
        /// The bytes that came.
        given: usize,
        /// The bytes that are allowed.
        most: u32,
    },
    /// The bytes are not protobuf, the text is not JSON, or a value does not fit its field.
    #[error("{0}")]
    Malformed(Cow<'static, str>),
}

impl Reason {
    /// The body has the right form, and too much of something.
    pub const fn is_of_size(&self) -> bool {
        matches!(self, Self::TooMany { .. } | Self::TooLong { .. } | Self::TooLarge { .. })
    }
}

/// Prints nothing for an empty path, so that the error does not show two colons in a row.
struct Colon<'a>(&'a str);

impl fmt::Display for Colon<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(f, ": {}", self.0) }
    }
}

/// A failure on its way up: each level adds where it was. Boxed, because results are moved far more often than they fail.
#[derive(Debug)]
pub struct Fault(Box<Inner>);

#[derive(Debug)]
struct Inner {
    /// Innermost place first.
    places: Vec<Place>,
    reason: Reason,
}

#[derive(Debug)]
enum Place {
    Field(&'static str),
    Index(usize),
}

impl Fault {
    pub(crate) fn new(reason: Reason) -> Self {
        Self(Box::new(Inner { places: Vec::new(), reason }))
    }

    pub(crate) fn malformed(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Reason::Malformed(text.into()))
    }

    pub(crate) fn in_field(mut self, name: &'static str) -> Self {
        self.0.places.push(Place::Field(name));
        self
    }

    pub(crate) fn at_index(mut self, index: usize) -> Self {
        self.0.places.push(Place::Index(index));
        self
    }

    pub(crate) fn of(self, message: &'static str) -> DecodeError {
        let mut path = String::new();
        for place in self.0.places.iter().rev() {
            match place {
                Place::Field(name) if path.is_empty() => path.push_str(name),
                Place::Field(name) => {
                    path.push('.');
                    path.push_str(name);
                }
                Place::Index(index) => path.push_str(&format!("[{index}]")),
            }
        }
        DecodeError { message, path, reason: self.0.reason }
    }
}
