//! What can go wrong with a call.

use std::fmt;
use std::time::Duration;

use potok_api::PayloadError;

/// A call that gave no answer of the expected type.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The server refused.
    #[error(transparent)]
    Refused(Box<Refusal>),
    /// The server said to come back later, and the attempts of the [retry policy](crate::RetryPolicy) are used up.
    #[error("{method}: the server is not ready; it asked to come back in {} s", retry_after.as_secs())]
    NotReady {
        /// Label of the method.
        method: &'static str,
        /// How long to wait at least.
        retry_after: Duration,
    },
    /// No answer: the connection failed or the time ran out.
    #[error("{method}: the server could not be reached")]
    Transport {
        /// Label of the method.
        method: &'static str,
        /// Whether the time ran out. A call that changes something may have succeeded.
        timed_out: bool,
        /// What happened.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The answer cannot be read.
    #[error("{method}: the answer cannot be read")]
    Answer {
        /// Label of the method.
        method: &'static str,
        /// Why.
        source: PayloadError,
    },
    /// The call needs a user, and the client was not told how to become one.
    #[error("{method} needs a user: give the client a token, a login or a grant")]
    NoUser {
        /// Label of the method.
        method: &'static str,
    },
    /// The identity provider did not give a token.
    #[error("no access token was granted: {error}{}", Description(description))]
    Grant {
        /// The OAuth error code, for example `invalid_grant`.
        error: String,
        /// The provider's explanation.
        description: Option<String>,
    },
    /// The key of the certificate did not open what the server had encrypted to it.
    #[error("no login by the certificate {thumbprint}: {reason}")]
    Certificate {
        /// SHA-1 of the certificate.
        thumbprint: String,
        /// Why.
        reason: String,
    },
    /// The client cannot be built as told.
    #[error("{what}")]
    Setup {
        /// What is wrong, and with which setting.
        what: String,
    },
}

impl Error {
    /// The status code of a refusal.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused(refusal) => Some(refusal.status),
            _ => None,
        }
    }

    /// The refusal itself.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }
}

/// An answer with a status that is not a success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Label of the method.
    pub method: &'static str,
    /// The status code.
    pub status: u16,
    /// `X-Diadoc-ErrorCode`, for example `DiadocApi.Conflict`.
    pub code: Option<String>,
    /// The text for people.
    pub text: String,
    /// `Retry-After`.
    pub retry_after: Option<Duration>,
    /// `X-Kontur-Trace-Id`: what to tell the operator of the server.
    pub trace_id: Option<String>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.method, self.status)?;
        if let Some(code) = &self.code {
            write!(f, " {code}")?;
        }
        if !self.text.is_empty() {
            write!(f, ": {}", self.text)?;
        }
        if let Some(trace_id) = &self.trace_id {
            write!(f, " (trace {trace_id})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}

struct Description<'a>(&'a Option<String>);

impl fmt::Display for Description<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_ref().map_or(Ok(()), |text| write!(f, ": {text}"))
    }
}
