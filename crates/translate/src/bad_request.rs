//! Why a request cannot be read.

use potok_types::{Attested, Invalid};

/// Why a request cannot be read. Each text names the field or the parameter, and the cure.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRequest {
    /// A value is wrong: 400.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Values are wrong, or do not go together: 400, in the words that clients know.
    #[error("{0}")]
    Worded(String),
}

impl BadRequest {
    pub(crate) fn invalid(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Invalid::new(path, reason).into()
    }

    /// The value of a query parameter has not the form that it should have.
    pub(crate) fn unreadable_parameter(name: &str, value: &str) -> Self {
        let shown: String = value.chars().take(64).collect();
        Invalid::attested(Attested::BadParameter, name, &[&name, &shown]).into()
    }

    pub(crate) fn worded(text: impl Into<String>) -> Self {
        Self::Worded(text.into())
    }
}
