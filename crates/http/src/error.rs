//! Refusals as clients see them: a status, a machine code, and a text for people.

use std::fmt;

use http::StatusCode;

/// What kind of refusal it is: the value of `X-Diadoc-ErrorCode`. The status follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// 400: the request is malformed, or something required is missing.
    BadRequest,
    /// 401: who calls is not known well enough.
    Auth,
    /// 402: the box is suspended.
    PaymentRequired,
    /// 403: the caller may not do that.
    Forbidden,
    /// 403: the document lies where the caller may not see it.
    DocumentDenied,
    /// 404: the box has no such thing.
    NotFound,
    /// 404: the box has no such document.
    DocumentNotFound,
    /// 404: the organization has no such department.
    DepartmentNotFound,
    /// 404: the API has no such method.
    UnknownMethod,
    /// 405: the method has another verb.
    MethodNotAllowed,
    /// 409: the state of things forbids it.
    Conflict,
    /// 409: the document is not waiting for that.
    InvalidDocumentState,
    /// 409: all documents of a packet have to be signed at once.
    SignWholePacket,
    /// 409: a locked packet stays as it is.
    NotAllowedForLockedPacket,
    /// 409: the document is revoked.
    DocumentIsRevoked,
    /// 409: somebody asked to revoke the document, and nobody has answered yet.
    RevocationInProgress,
    /// 410: the method was switched off.
    Gone,
    /// 413: the body is too large.
    TooLarge,
    /// 415: the body is of a type that the method does not read.
    UnsupportedMediaType,
    /// 429: the client calls too often.
    TooManyRequests,
    /// 500: it is not the caller's fault.
    Internal,
    /// 501: the method is known and not built yet.
    NotImplemented,
}

impl ErrorCode {
    /// The status that goes with it.
    pub const fn status(self) -> StatusCode {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::Auth => StatusCode::UNAUTHORIZED,
            Self::PaymentRequired => StatusCode::PAYMENT_REQUIRED,
            Self::Forbidden | Self::DocumentDenied => StatusCode::FORBIDDEN,
            Self::NotFound | Self::DocumentNotFound | Self::DepartmentNotFound | Self::UnknownMethod => {
                StatusCode::NOT_FOUND
            }
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict
            | Self::InvalidDocumentState
            | Self::SignWholePacket
            | Self::NotAllowedForLockedPacket
            | Self::DocumentIsRevoked
            | Self::RevocationInProgress => StatusCode::CONFLICT,
            Self::Gone => StatusCode::GONE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::NotImplemented => StatusCode::NOT_IMPLEMENTED,
        }
    }

    /// As it stands in the header.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BadRequest => "DiadocApi.BadRequest",
            Self::Auth => "Http.Auth",
            Self::PaymentRequired => "DiadocApi.PaymentRequired",
            Self::Forbidden => "DiadocApi.Forbidden",
            Self::DocumentDenied => "DocumentService.EmployeeCannotAccessDocument",
            Self::NotFound => "DiadocApi.NotFound",
            Self::DocumentNotFound => "DocumentService.DocumentNotFound",
            Self::DepartmentNotFound => "OrganizationBoxService.Department.NotFound",
            Self::UnknownMethod => "Http.NotFound",
            Self::MethodNotAllowed => "Http.MethodNotAllowed",
            Self::Conflict => "DiadocApi.Conflict",
            Self::InvalidDocumentState => "DocumentService.InvalidDocumentState",
            Self::SignWholePacket => "DocumentService.PleaseSignAllDocumentsInLockedPacket",
            Self::NotAllowedForLockedPacket => "DocumentService.NotAllowedForLockedPacket",
            Self::DocumentIsRevoked => "DocumentService.DocumentIsRevoked",
            Self::RevocationInProgress => "DocumentService.DocumentIsRevokedOrRevocationIsInProgress",
            Self::Gone => "DiadocApi.Gone",
            Self::TooLarge => "Http.RequestTooLarge",
            Self::UnsupportedMediaType => "Http.UnsupportedMediaType",
            Self::TooManyRequests => "Http.TooManyRequests",
            Self::Internal => "Http.InternalServerError",
            Self::NotImplemented => "Http.NotImplemented",
        }
    }
}

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
}

impl ApiError {
    /// A refusal of this kind.
    pub fn new(code: ErrorCode, text: impl Into<String>) -> Self {
        Self { code, text: text.into(), retry_after_seconds: None, allow: None }
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
        write!(f, "{} {}", self.code.status().as_u16(), self.text)
    }
}
