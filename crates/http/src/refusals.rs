//! From what happened to what the client is told. Every match is exhaustive: a new way to fail has to be given a status
//! here before it compiles.

use std::error::Error;
use std::fmt::Write as _;

use potok_api::PayloadError;
use potok_app::{AccessError, AppError, CoreError, Missing};
use potok_domain::access::Denied;
use potok_domain::decide::Rejection;
use potok_translate::post::BadPost;
use potok_types::Invalid;

use crate::{ApiError, ErrorCode};

impl From<AccessError> for ApiError {
    fn from(error: AccessError) -> Self {
        let code = match error {
            AccessError::NoHeader
            | AccessError::UnknownClient
            | AccessError::NoToken
            | AccessError::BadToken => ErrorCode::Auth,
            AccessError::ClientBlocked(_) | AccessError::BoxDenied(_) | AccessError::EmployeeBlocked(_) => {
                ErrorCode::Forbidden
            }
            AccessError::BoxSuspended(_) => ErrorCode::PaymentRequired,
            AccessError::Core(error) => return error.into(),
        };
        Self::new(code, error.to_string())
    }
}

impl From<Denied> for ApiError {
    fn from(denied: Denied) -> Self {
        let code = match &denied {
            Denied::Document { .. } => ErrorCode::DocumentDenied,
            Denied::AllDepartments { .. }
            | Denied::Department { .. }
            | Denied::Permission { .. }
            | Denied::NotAddressee { .. }
            | Denied::NotAuthor { .. }
            | Denied::Blocked => ErrorCode::Forbidden,
        };
        Self::new(code, denied.to_string())
    }
}

impl From<Invalid> for ApiError {
    fn from(invalid: Invalid) -> Self {
        Self::bad_request(invalid.to_string())
    }
}

impl From<Rejection> for ApiError {
    fn from(rejection: Rejection) -> Self {
        let code = match &rejection {
            Rejection::Denied(denied) => return denied.clone().into(),
            Rejection::Invalid(_)
            | Rejection::EmptyPatch { .. }
            | Rejection::BadParent { .. }
            | Rejection::NotRevocable { .. }
            | Rejection::EmployeeNotFound { .. }
            | Rejection::RouteNotFound { .. } => ErrorCode::BadRequest,
            Rejection::DepartmentNotFound { .. } => ErrorCode::DepartmentNotFound,
            Rejection::InvalidDocumentState { .. } | Rejection::HandedOver { .. } => {
                ErrorCode::InvalidDocumentState
            }
            Rejection::Revoked { .. } => ErrorCode::DocumentIsRevoked,
            Rejection::UnderRevocation { .. } => ErrorCode::RevocationInProgress,
            Rejection::LockedPacket { .. } => ErrorCode::SignWholePacket,
            Rejection::LockedMembership { .. } | Rejection::LockedTogether { .. } => {
                ErrorCode::NotAllowedForLockedPacket
            }
            Rejection::NotALetter(_)
            | Rejection::TooManyFailedSignatures { .. }
            | Rejection::TooManyApprovals { .. }
            | Rejection::TooManyTagEdits { .. }
            | Rejection::AlreadyReceipted { .. }
            | Rejection::NotSupported { .. }
            | Rejection::CounteragentsOnly { .. } => ErrorCode::Conflict,
        };
        Self::new(code, rejection.to_string())
    }
}

impl From<Missing> for ApiError {
    fn from(missing: Missing) -> Self {
        let code = match &missing {
            Missing::Document { .. } | Missing::Documents { .. } => ErrorCode::DocumentNotFound,
            Missing::Department(_) => ErrorCode::DepartmentNotFound,
            Missing::Message { .. }
            | Missing::Content { .. }
            | Missing::Signature { .. }
            | Missing::Event { .. }
            | Missing::Organization(_) => ErrorCode::NotFound,
        };
        Self::new(code, missing.to_string())
    }
}

impl From<CoreError> for ApiError {
    fn from(error: CoreError) -> Self {
        match error {
            CoreError::Denied(denied) => denied.into(),
            CoreError::Missing(missing) => missing.into(),
            CoreError::Invalid(invalid) => invalid.into(),
            CoreError::Store(_)
            | CoreError::Content(_)
            | CoreError::LostContent { .. }
            | CoreError::CutOff => logged(&error),
        }
    }
}

impl From<AppError> for ApiError {
    fn from(error: AppError) -> Self {
        let code = match error {
            AppError::Core(error) => return error.into(),
            AppError::Rejected(rejection) => return rejection.into(),
            AppError::DepartmentDenied(_) => ErrorCode::Forbidden,
            AppError::Unreadable { .. } => ErrorCode::Conflict,
            AppError::InProgress | AppError::Busy(_) => {
                return Self::new(ErrorCode::Conflict, error.to_string()).retry_after(1);
            }
            AppError::NotSigned(_) | AppError::NotVerified(_) | AppError::Internal => return logged(&error),
        };
        Self::new(code, error.to_string())
    }
}

/// What is not the caller's fault: told in the log, with its causes, and nowhere else.
fn logged(error: &dyn Error) -> ApiError {
    tracing::error!(error = chain(error), "a request could not be finished");
    ApiError::internal()
}

impl From<BadPost> for ApiError {
    fn from(bad: BadPost) -> Self {
        let code = match &bad {
            BadPost::Invalid(_) => ErrorCode::BadRequest,
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

#[cfg(test)]
mod told;

#[cfg(test)]
mod tests {
    use potok_app::{LoginError, ShelfError};
    use potok_types::{BoxId, DepartmentId, EntityId, EventId, MessageId};

    use super::*;

    const BOX: &str = "1f208d03-2a60-4f64-91b1-b7aad54cfaf3";

    /// Status, code, and a part of the text that helps the caller.
    fn check(told: ApiError, expected: (u16, &str, &str)) {
        let (status, code, words) = expected;
        assert_eq!((told.code.status().as_u16(), told.code.as_str()), (status, code), "{told}");
        assert!(told.text.contains(words), "{told}");
    }

    #[test]
    fn what_happened_has_a_status_a_code_and_words() {
        let box_id: BoxId = BOX.parse().unwrap();
        let (message, document) = (MessageId::ZERO, EntityId::ZERO);
        let department = DepartmentId::ZERO;
        let invalid = || Invalid::new("MessageToPost.LockMode", "use None").into();
        for (error, expected) in [
            (AccessError::UnknownClient.into(), (401, "Http.Auth", "Invalid API client id")),
            (LoginError::WrongPassword.into(), (401, "Http.Auth", "Wrong password provided for login")),
            (LoginError::BadChallenge.into(), (400, "DiadocApi.BadRequest", "Authenticate?type=certificate")),
            (LoginError::BadCertificate("x".to_owned()).into(), (400, "DiadocApi.BadRequest", "certificate")),
            (
                LoginError::UnknownCertificate("AB".to_owned()).into(),
                (403, "DiadocApi.Forbidden", "AB does not belong to any user"),
            ),
            (
                LoginError::CertificateRefused { thumbprint: "AB".to_owned(), reason: "revoked".to_owned() }
                    .into(),
                (403, "DiadocApi.Forbidden", "AB is not accepted: revoked"),
            ),
            (AccessError::ClientBlocked("c-1".to_owned()).into(), (403, "DiadocApi.Forbidden", "c-1")),
            (
                AccessError::BoxDenied(box_id).into(),
                (
                    403,
                    "DiadocApi.Forbidden",
                    "Access to Box [1f208d03-2a60-4f64-91b1-b7aad54cfaf3] is denied",
                ),
            ),
            (AccessError::EmployeeBlocked(box_id).into(), (403, "DiadocApi.Forbidden", BOX)),
            (
                AccessError::BoxSuspended(box_id).into(),
                (402, "DiadocApi.PaymentRequired", "Необходима оплата тарифа АПИ"),
            ),
            (
                Denied::Document { document }.into(),
                (403, "DocumentService.EmployeeCannotAccessDocument", "У вас нет доступа к документу"),
            ),
            (Denied::Blocked.into(), (403, "DiadocApi.Forbidden", "blocked")),
            (invalid(), (400, "DiadocApi.BadRequest", "MessageToPost.LockMode: use None")),
            (Missing::Message { box_id, message }.into(), (404, "DiadocApi.NotFound", "is not in box")),
            (
                Missing::Document { message, document }.into(),
                (404, "DocumentService.DocumentNotFound", "not found in message"),
            ),
            (
                Missing::Event { box_id, event: EventId::ZERO }.into(),
                (404, "DiadocApi.NotFound", "is not in box"),
            ),
            (
                Missing::Department(department).into(),
                (404, "OrganizationBoxService.Department.NotFound", "wasn't found"),
            ),
            (AppError::DepartmentDenied(department).into(), (403, "DiadocApi.Forbidden", "department")),
            (ShelfError::NoFile("a".to_owned()).into(), (404, "DiadocApi.NotFound", "shelf")),
            (AppError::InProgress.into(), (409, "DiadocApi.Conflict", "Please, retry later")),
            (AppError::Internal.into(), (500, "Http.InternalServerError", "X-Kontur-Trace-Id")),
            (
                Rejection::EmptyPatch { structure: "MessagePatchToPost" }.into(),
                (400, "DiadocApi.BadRequest", "at least one entity"),
            ),
            (
                Rejection::CounteragentsOnly { recipient: box_id }.into(),
                (409, "DiadocApi.Conflict", "only from counteragents"),
            ),
        ] {
            check(error, expected);
        }
    }

    #[test]
    fn what_may_be_repeated_says_when() {
        assert_eq!(ApiError::from(AppError::Busy(MessageId::ZERO)).retry_after_seconds, Some(1));
        assert_eq!(ApiError::from(AppError::InProgress).retry_after_seconds, Some(1));
        assert_eq!(ApiError::from(AppError::Internal).retry_after_seconds, None);
    }

    #[test]
    fn causes_are_told_in_the_log_only() {
        let lost = CoreError::LostContent { entity: EntityId::ZERO };
        assert!(chain(&lost).contains("lost"));
        assert!(!ApiError::from(lost).text.contains("lost"));
    }
}
