//! Refusals as clients see them: a status, a machine code, and a text for people.

use std::fmt;

use http::StatusCode;

/// Declares the codes once: name, status, value of the header, when it is told, and what the caller can do.
macro_rules! error_codes {
    ($($(#[doc = $when:literal])+ $name:ident = $status:ident, $header:literal, $cure:literal;)+) => {
        /// What kind of refusal it is: the value of `X-Diadoc-ErrorCode`. The status follows from it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorCode {
            $($(#[doc = $when])+ $name,)+
        }

        impl ErrorCode {
            /// The status that goes with it.
            pub const fn status(self) -> StatusCode {
                match self {
                    $(Self::$name => StatusCode::$status,)+
                }
            }

            /// As it stands in the header.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $header,)+
                }
            }

            /// All of them, each with when it is told and what the caller can do.
            #[cfg(test)]
            pub(crate) const ALL: &'static [(Self, &'static str, &'static str)] =
                &[$((Self::$name, concat!($($when),+), $cure),)+];
        }
    };
}

error_codes! {
    /// The request is malformed, or something required is missing.
    BadRequest = BAD_REQUEST, "DiadocApi.BadRequest",
        "The text names the field and what it should be: mend the request.";
    /// The bytes of a file are not what they have to be.
    InvalidFileContent = BAD_REQUEST, "DocumentService.InvalidFileContent",
        "Send a file of the type, function and version that the request names, or an answer that names its parent.";
    /// Who calls is not known well enough.
    Auth = UNAUTHORIZED, "Http.Auth",
        "Log in, and send the token with each call.";
    /// The box is suspended.
    PaymentRequired = PAYMENT_REQUIRED, "DiadocApi.PaymentRequired",
        "Ask the administrator of the server to resume the box.";
    /// The caller may not do that.
    Forbidden = FORBIDDEN, "DiadocApi.Forbidden",
        "Ask the administrator of the organization for the right.";
    /// The document lies where the caller may not see it.
    DocumentDenied = FORBIDDEN, "DocumentService.EmployeeCannotAccessDocument",
        "Ask the administrator of the organization for access to the department.";
    /// The box has no such thing.
    NotFound = NOT_FOUND, "DiadocApi.NotFound",
        "Take the id from an answer of the same box.";
    /// The box has no such document.
    DocumentNotFound = NOT_FOUND, "DocumentService.DocumentNotFound",
        "Take the id from an answer of the same box.";
    /// The organization has no such department.
    DepartmentNotFound = NOT_FOUND, "OrganizationBoxService.Department.NotFound",
        "Take the id from the organization.";
    /// The API has no such method.
    UnknownMethod = NOT_FOUND, "Http.NotFound",
        "Look the path up in parity.md.";
    /// The method has another verb.
    MethodNotAllowed = METHOD_NOT_ALLOWED, "Http.MethodNotAllowed",
        "Use a verb of the header `Allow`.";
    /// The state of things forbids it.
    Conflict = CONFLICT, "DiadocApi.Conflict",
        "Look at the document again; with `Retry-After`, repeat the call as it is.";
    /// An answering title is none, or not of the format of the title it answers.
    NotCorrespondingTitleFormat = CONFLICT, "DocumentService.NotCorrespondingTitleFormat",
        "Write the title in the version of title 0.";
    /// The document is not waiting for that.
    InvalidDocumentState = CONFLICT, "DocumentService.InvalidDocumentState",
        "Look at the document again: it was answered, or waits for somebody else.";
    /// All documents of a packet have to be signed at once.
    SignWholePacket = CONFLICT, "DocumentService.PleaseSignAllDocumentsInLockedPacket",
        "Sign the documents that the text names in the same call.";
    /// A locked packet stays as it is.
    NotAllowedForLockedPacket = CONFLICT, "DocumentService.NotAllowedForLockedPacket",
        "Handle all documents of the packet together.";
    /// The document is revoked.
    DocumentIsRevoked = CONFLICT, "DocumentService.DocumentIsRevoked",
        "Nothing is done to a revoked document any more.";
    /// Somebody asked to revoke the document, and nobody has answered yet.
    RevocationInProgress = CONFLICT, "DocumentService.DocumentIsRevokedOrRevocationIsInProgress",
        "Answer the request that the text names first.";
    /// The method was switched off.
    Gone = GONE, "DiadocApi.Gone",
        "The text names the method that took its place.";
    /// The body is too large.
    TooLarge = PAYLOAD_TOO_LARGE, "Http.RequestTooLarge",
        "Upload large contents by ShelfUpload, in parts.";
    /// The body is of a type that the method does not read.
    UnsupportedMediaType = UNSUPPORTED_MEDIA_TYPE, "Http.UnsupportedMediaType",
        "Send the `Content-Type` that the text names.";
    /// The client calls too often.
    TooManyRequests = TOO_MANY_REQUESTS, "Http.TooManyRequests",
        "Come again after `Retry-After` seconds.";
    /// The server has no room for the call now, or its disk takes no changes.
    Unavailable = SERVICE_UNAVAILABLE, "Http.ServiceUnavailable",
        "Come again after `Retry-After` seconds.";
    /// It is not the caller's fault.
    Internal = INTERNAL_SERVER_ERROR, "Http.InternalServerError",
        "Repeat the call; if it fails again, tell the administrator the trace id.";
    /// The method, or a part of it, is known and not built yet.
    NotImplemented = NOT_IMPLEMENTED, "Http.NotImplemented",
        "Look in parity.md for what is built.";
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
