//! Why a use case did not do what was asked. The edge says which status that is.

use potok_domain::decide::Rejection;
use potok_seams::{NotSigned, VerifyError};
use potok_types::{BoxId, DepartmentId, EntityId, Invalid, MessageId};

use crate::core::{CoreError, lift_core_errors};

/// Who calls is not known well enough.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// There is no usable `Authorization` header.
    #[error("no Authorization header: send `DiadocAuth ddauth_api_client_id=…,ddauth_token=…` or `Bearer …`")]
    Missing,
    /// The client is not known.
    #[error("Invalid API client id")]
    UnknownClient,
    /// The method needs a user, and no token was given.
    #[error("Invalid auth token: the call needs a token, and none was sent")]
    NoToken,
    /// The token is not known, has expired or belongs to another client.
    #[error("Invalid auth token: it is unknown, expired or issued to another API client; log in again")]
    BadToken,
    /// There is no such login, or the password is another one; which of the two is not told.
    #[error("Wrong password provided for login")]
    WrongPassword,
    /// What was sent as a certificate is none, is out of date, or has a key of no use; the text says which.
    #[error("the certificate cannot be used to log in: {0}")]
    BadCertificate(String),
    /// There is no such challenge any more, or it is not for this client and certificate; which, is not told.
    #[error(
        "the token is not the answer to a waiting challenge: it is wrong, older than 5 minutes, used already, or of \
         another API client or certificate; start again with Authenticate?type=certificate"
    )]
    BadChallenge,
    /// The key is there, and the certificate opens no account.
    #[error(
        "the certificate {0} does not belong to any user: an administrator adds it by `potok admin user certificate add`"
    )]
    UnknownCertificate(String),
    /// The certificate belongs to a user and is not to be believed.
    #[error("the certificate {thumbprint} is not accepted: {reason}")]
    CertificateRefused {
        /// Which one.
        thumbprint: String,
        /// Why.
        reason: String,
    },
}

/// Why a use case did not do what was asked. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// 401.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// The API client is switched off.
    #[error("the API client {0:?} is blocked by the administrator")]
    ClientBlocked(String),
    /// The user is no employee there, or there is no such box; which of the two is not told.
    #[error("Access to Box [{}] is denied", .0.guid())]
    BoxDenied(BoxId),
    /// The employee is shut out of the organization.
    #[error("Access to Box [{}] is denied: the employee is blocked", .0.guid())]
    EmployeeBlocked(BoxId),
    /// The box is suspended.
    #[error("Доступ запрещён. Необходима оплата тарифа АПИ")]
    BoxSuspended(BoxId),
    /// What can go wrong anywhere.
    #[error(transparent)]
    Core(#[from] CoreError),
    /// The rules of the exchange refuse it.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The content of the entity is not of the format that it should be of.
    #[error("entity {entity} cannot be read: {reason}")]
    Unreadable {
        /// The entity.
        entity: EntityId,
        /// What is wrong, in Russian and English.
        reason: String,
    },
    /// The caller may not see the department.
    #[error("access to department {0} is denied")]
    DepartmentDenied(DepartmentId),
    /// The same operation is still running.
    #[error("Request processing is in progress. Please, retry later.")]
    InProgress,
    /// Others changed the message again and again while this call tried to.
    #[error("message {0} is being changed by others; repeat the call")]
    Busy(MessageId),
    /// The server could not sign in place of the caller.
    #[error(transparent)]
    NotSigned(#[from] NotSigned),
    /// The signatures of the call could not be judged now.
    #[error(transparent)]
    NotVerified(#[from] VerifyError),
    /// A worker of the server died.
    #[error("the server could not finish its work")]
    Internal,
}

impl AppError {
    /// The value at `path` of the request is wrong for `reason`.
    pub(crate) fn invalid(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Invalid::new(path, reason).into()
    }
}

lift_core_errors!(AppError);
