//! From what happened to what the client is told. Every match is exhaustive: a new way to fail has to be given a status
//! here before it compiles.

use std::error::Error;
use std::fmt::Write as _;

use potok_api::PayloadError;
use potok_app::{AppError, AuthError};
use potok_domain::access::Denied;
use potok_domain::decide::Rejection;
use potok_translate::post::BadPost;

use crate::{ApiError, ErrorCode};

impl From<AuthError> for ApiError {
    fn from(error: AuthError) -> Self {
        let text = error.to_string();
        match error {
            AuthError::Missing
            | AuthError::UnknownClient
            | AuthError::NoToken
            | AuthError::BadToken
            | AuthError::WrongPassword => Self::new(ErrorCode::Auth, text),
        }
    }
}

impl From<Denied> for ApiError {
    fn from(denied: Denied) -> Self {
        let code = match &denied {
            Denied::Document { .. } => ErrorCode::DocumentDenied,
            Denied::AllDepartments { .. }
            | Denied::Department { .. }
            | Denied::Permission { .. }
            | Denied::Blocked => ErrorCode::Forbidden,
        };
        Self::new(code, denied.to_string())
    }
}

impl From<Rejection> for ApiError {
    fn from(rejection: Rejection) -> Self {
        let code = match &rejection {
            Rejection::Denied(denied) => return denied.clone().into(),
            Rejection::Invalid { .. } | Rejection::EmptyPatch | Rejection::BadParent { .. } => {
                ErrorCode::BadRequest
            }
            Rejection::DepartmentNotFound { .. } => ErrorCode::DepartmentNotFound,
            Rejection::InvalidDocumentState { .. } => ErrorCode::InvalidDocumentState,
            Rejection::LockedPacket { .. } => ErrorCode::SignWholePacket,
            Rejection::TooManyFailedSignatures { .. }
            | Rejection::TooManyApprovals { .. }
            | Rejection::AlreadyReceipted { .. }
            | Rejection::ReceiptNotSupported { .. }
            | Rejection::CounteragentsOnly { .. } => ErrorCode::Conflict,
        };
        Self::new(code, rejection.to_string())
    }
}

impl From<AppError> for ApiError {
    fn from(error: AppError) -> Self {
        let code = match error {
            AppError::Auth(error) => return error.into(),
            AppError::Denied(denied) => return denied.into(),
            AppError::Rejected(rejection) => return rejection.into(),
            AppError::ClientBlocked(_)
            | AppError::BoxDenied(_)
            | AppError::EmployeeBlocked(_)
            | AppError::DepartmentDenied(_) => ErrorCode::Forbidden,
            AppError::BoxSuspended(_) => ErrorCode::PaymentRequired,
            AppError::Invalid { .. } => ErrorCode::BadRequest,
            AppError::NoDocument { .. } | AppError::NoDocuments { .. } => ErrorCode::DocumentNotFound,
            AppError::NoDepartment(_) => ErrorCode::DepartmentNotFound,
            AppError::NoMessage { .. }
            | AppError::NoContent { .. }
            | AppError::NoEvent { .. }
            | AppError::NoOrganization(_)
            | AppError::NoShelfFile(_) => ErrorCode::NotFound,
            AppError::InProgress | AppError::Busy(_) => {
                return Self::new(ErrorCode::Conflict, error.to_string()).retry_after(1);
            }
            AppError::Store(_) | AppError::Content(_) | AppError::LostContent { .. } | AppError::Internal => {
                tracing::error!(error = chain(&error), "a request could not be finished");
                return Self::internal();
            }
        };
        Self::new(code, error.to_string())
    }
}

impl From<BadPost> for ApiError {
    fn from(bad: BadPost) -> Self {
        let code = match &bad {
            BadPost::Invalid { .. } | BadPost::Empty { .. } => ErrorCode::BadRequest,
            BadPost::NotBuilt { .. } => ErrorCode::NotImplemented,
        };
        Self::new(code, bad.to_string())
    }
}

impl From<PayloadError> for ApiError {
    fn from(error: PayloadError) -> Self {
        match error {
            PayloadError::Structure(error) => Self::bad_request(error.to_string()),
            PayloadError::NotUtf8 => {
                Self::bad_request("The request body is not UTF-8 text: encode it as UTF-8")
            }
        }
    }
}

/// An error with everything that led to it, for the log.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let _infallible = write!(text, ": {error}");
        cause = error.source();
    }
    text
}
