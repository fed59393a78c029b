//! Refusals as clients see them: a status, a machine code, and a text for people.

use std::fmt;

use http::StatusCode;
pub use potok_types::ErrorCode;
use potok_types::{Attested, Header};

/// As the table writes it.
const RETRY_AFTER: &str = "Retry-After";

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// What kind.
    pub code: ErrorCode,
    /// What happened, to what, and what to do about it. Goes out as it is.
    pub text: String,
    /// When to come again, in seconds: official clients read nothing but an integer here.
    pub retry_after_seconds: Option<u32>,
    /// The verbs that the path knows, for a 405.
    pub allow: Option<String>,
    /// The row of the table whose words the text is.
    pub row: Option<Attested>,
}

impl ApiError {
    /// A refusal of this kind.
    pub fn new(code: ErrorCode, text: impl Into<String>) -> Self {
        Self { code, text: text.into(), retry_after_seconds: None, allow: None, row: None }
    }

    /// A refusal in the words of `row`, of which `text` is made.
    pub fn attested(row: Attested, text: impl Into<String>) -> Self {
        let text = text.into();
        debug_assert!(row.fits(&text), "{text:?} does not have the form of {row:?}");
        let retry_after = row.headers().iter().find(|(name, _)| *name == RETRY_AFTER);
        let retry_after_seconds = retry_after.and_then(|(_, seconds)| seconds.parse().ok());
        Self { row: Some(row), retry_after_seconds, ..Self::new(row.code(), text) }
    }

    /// Its status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// What the table wants in the headers besides the code and when to come again.
    pub(crate) fn headers(&self) -> impl Iterator<Item = &'static Header> {
        let headers = self.row.map_or(&[][..], Attested::headers);
        headers.iter().filter(|(name, _)| *name != RETRY_AFTER)
    }

    /// 400.
    pub fn bad_request(text: impl Into<String>) -> Self {
        Self::new(ErrorCode::BadRequest, text)
    }

    /// The same, worth repeating after `seconds`; at least one, because clients may take zero for «at once».
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_seconds = Some(seconds.max(1));
        self
    }

    /// 500. What happened is for the log; the client gets a text that helps it to ask the right question.
    pub fn internal() -> Self {
        Self::new(
            ErrorCode::Internal,
            "The server could not finish the request. Repeat it; if it fails again, give the administrator the value \
             of the X-Kontur-Trace-Id header of this answer.",
        )
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code.status(), self.text)
    }
}
