//! From what happened to what the client is told: what can happen anywhere. What an area refuses stands beside its
//! handlers.

use std::error::Error;

use potok_api::{PayloadError, QueryError};
use potok_app::{AccessError, CoreError, Missing, TooManyAttempts};
use potok_domain::access::Denied;
use potok_room::{NoRoom, NotDone};
use potok_translate::BadRequest;
use potok_types::{Attested, Invalid, with_causes};

use crate::{ApiError, ErrorCode};

/// Declares how the errors of one kind are told to the client.
///
/// `Variant sample => Code, "what to do";` gives a variant its code, `=> @Row` the code, the headers and the words of a row
/// of the table of attested refusals. The sample makes one for `docs/errors.md`, which is written from these rows; `retry
/// SECONDS` behind the code says when to come again. `pass Variant;` leaves a variant to what it holds, and `log Variant;`
/// is not the caller's fault: 500, with the causes in the log only.
///
/// The match is exhaustive: a new way to fail has to be given a code here before it compiles.
macro_rules! refusals {
    (
        $error:ident {
            $(
                $variant:ident $(($($place:tt)*))? $({$($field:tt)*})? => $(@$row:ident)? $($code:ident)?
                    $(retry $seconds:literal)?,
                $cure:literal;
            )*
        }
        $(pass $held:ident;)*
        $(log $fault:ident;)*
    ) => {
        impl From<$error> for $crate::ApiError {
            fn from(error: $error) -> Self {
                let told: fn(String) -> $crate::ApiError = match error {
                    $($error::$variant { .. } => |text| {
                        $crate::refusals::refused!(text, $(@$row)? $($code)? $(retry $seconds)?)
                    },)*
                    $($error::$held(held) => return held.into(),)*
                    $($error::$fault { .. } => return $crate::refusals::logged(&error),)*
                };
                told(error.to_string())
            }
        }

        #[cfg(test)]
        impl $crate::refusals::page::Refusals for $error {
            fn rows() -> Vec<$crate::refusals::page::Row> {
                vec![$($crate::refusals::page::Row::new(
                    $error::$variant $(($($place)*))? $({$($field)*})?,
                    $cure,
                )),*]
            }
        }
    };
}

/// The refusal that the right side of a row means.
macro_rules! refused {
    ($text:ident, @$row:ident) => {
        $crate::ApiError::attested(potok_types::Attested::$row, $text)
    };
    ($text:ident, $code:ident) => {
        $crate::ApiError::new($crate::ErrorCode::$code, $text)
    };
    ($text:ident, $code:ident retry $seconds:literal) => {
        $crate::ApiError::new($crate::ErrorCode::$code, $text).retry_after($seconds)
    };
}

pub(crate) use {refusals, refused};

/// What is not the caller's fault: told in the log, with its causes, and nowhere else.
pub(crate) fn logged(error: &dyn Error) -> ApiError {
    tracing::error!(error = with_causes(error), "a request could not be finished");
    ApiError::internal()
}

/// When a call is worth repeating that a full disk has undone.
const AFTER_FULL_DISK_SECONDS: u32 = 10;

/// The disk takes nothing now. What the disk says is for the log.
fn unwritable(error: &CoreError) -> ApiError {
    tracing::error!(error = with_causes(error), "a change could not be written: the disk takes nothing now");
    let text = "The server takes no changes now. Nothing was done: repeat the call later.";
    ApiError::new(ErrorCode::Unavailable, text).retry_after(AFTER_FULL_DISK_SECONDS)
}

/// Stored bytes that this server cannot read.
pub(crate) fn unreadable(error: &potok_wire::DecodeError) -> ApiError {
    tracing::error!(%error, "the stored form of an event cannot be read");
    ApiError::internal()
}

impl From<NoRoom> for ApiError {
    fn from(error: NoRoom) -> Self {
        Self::new(ErrorCode::Unavailable, error.to_string()).retry_after(1)
    }
}

impl From<NotDone> for ApiError {
    fn from(error: NotDone) -> Self {
        CoreError::from(error).into()
    }
}

impl From<TooManyAttempts> for ApiError {
    fn from(error: TooManyAttempts) -> Self {
        Self::new(ErrorCode::TooManyRequests, error.to_string()).retry_after(error.seconds)
    }
}

impl From<Invalid> for ApiError {
    fn from(invalid: Invalid) -> Self {
        match invalid.row {
            Some(row) => Self::attested(row, invalid.to_string()),
            None => Self::bad_request(invalid.to_string()),
        }
    }
}

refusals! {
    AccessError {
        NoHeader => @NoAuthorization,
            "Send `Authorization: DiadocAuth ddauth_api_client_id=…,ddauth_token=…` or `Bearer …`: every method asks for it but the logins and the signs of life.";
        BadHeader => Auth,
            "Send the header in one of the two forms that the text shows.";
        UnknownClient => @UnknownClient,
            "`potok admin client create` makes API clients.";
        NoToken => Auth,
            "Log in, and send the token.";
        BadToken => @BadToken,
            "Log in again.";
        InsufficientScope => Forbidden,
            "Ask for the scope `Diadoc.PublicAPI` when you ask for the token.";
        NoOpenid => Forbidden,
            "Ask for the scope `openid` when you ask for the token.";
        ClientBlocked("my-program".to_owned()) => Forbidden,
            "Ask the administrator of the server.";
        NoPartner("my-program".to_owned()) => Auth,
            "`potok admin client partner` marks a program as a technology partner.";
        NoOperator(sample::box_id()) => Forbidden,
            "Ask the operator of the server to name the box in the file of `potok admin roaming import`.";
        BoxDenied(sample::box_id()) => @BoxDenied,
            "`GetMyOrganizations` lists the boxes of the user.";
        EmployeeBlocked(sample::box_id()) => Forbidden,
            "Ask the administrator of the organization.";
        BoxSuspended(sample::box_id()) => @NotPaid,
            "`potok admin box resume` lets the box work again.";
        NoOrganization(sample::organization()) => @NotMyOrganization,
            "`GetMyOrganizations` lists the organizations of the user.";
    }
    pass Core;
    log NoPlace;
}

refusals! {
    Denied {
        AllDepartments { organization: sample::organization() } => @NotAllDepartments,
            "Ask for the access level, or use a method that leaves out what the employee does not see.";
        Document { document: sample::document() } => @DocumentDenied,
            "Ask for access to the department of the document.";
        Department { path: "departmentId".to_owned(), department: sample::department() } => Forbidden,
            "Name a department that the employee sees.";
        Permission { action: potok_domain::access::Action::SignDocuments } => Forbidden,
            "Ask for the permission that the text names.";
        NotAddressee { request: sample::document(), target: "Иванов Иван".to_owned() } => Forbidden,
            "Let the addressee answer.";
        NotAuthor { entity: sample::document() } => Forbidden,
            "Let the author or an administrator cancel it.";
        Encryption { organization: sample::organization() } => Forbidden,
            "`potok admin box allow-encryption` lets the organization exchange encrypted documents.";
        Blocked => Forbidden,
            "Ask the administrator of the organization.";
    }
}

refusals! {
    Missing {
        Message { box_id: sample::box_id(), message: sample::message() } => NotFound,
            "Take the id from the feed of the same box.";
        ToChange { box_id: sample::box_id(), message: sample::message() } => @UnknownMessage,
            "Take the id from the feed of the same box; what is kept as a draft is changed by other methods.";
        Document { message: sample::message(), document: sample::document() } => @NoDocument,
            "Name a document, not its signature or an answer to it.";
        DocumentInMessage { message: sample::message(), document: sample::document() } => @NoDocumentInMessage,
            "Name a document of this message, not its signature or an answer to it.";
        DocumentToChange { message: sample::message(), document: sample::document() } => DocumentNotFound,
            "Name a document, not its signature or an answer to it.";
        Documents { box_id: sample::box_id(), asked: 2 } => NotFound,
            "Take the ids from the feed of the same box.";
        Content { message: sample::message(), entity: sample::document() } => NotFound,
            "Name an entity that has content.";
        Signature { message: sample::message(), entity: sample::document() } => NotFound,
            "Name a signature.";
        Event { box_id: sample::box_id(), event: sample::event() } => NotFound,
            "Take the id from the feed of the same box.";
        Forwarded { box_id: sample::box_id(), asked: 2 } => NotFound,
            "Take the ids from `GetForwardedDocumentEvents`, all parts of one event together.";
        Department(sample::department()) => @UnknownDepartment,
            "Take the id from the organization.";
    }
}

impl From<CoreError> for ApiError {
    fn from(error: CoreError) -> Self {
        match error {
            CoreError::Denied(denied) => denied.into(),
            CoreError::Missing(missing) => missing.into(),
            CoreError::Invalid(invalid) => invalid.into(),
            CoreError::NoRoom(no_room) => no_room.into(),
            CoreError::Busy(_) => Self::new(ErrorCode::Unavailable, error.to_string()).retry_after(1),
            CoreError::Store(_) | CoreError::Content(_) if error.is_unwritable() => unwritable(&error),
            CoreError::Store(_)
            | CoreError::Content(_)
            | CoreError::LostContent { .. }
            | CoreError::LostBytes(_)
            | CoreError::NoOrganization(_)
            | CoreError::CutOff => logged(&error),
        }
    }
}

refusals! {
    BadRequest {
        Worded(
            "query parameter limit has the wrong value 0: a number from 1 to 100 is expected".to_owned()
        ) => BadRequest,
            "Give what the text asks for.";
    }
    pass Invalid;
}

impl From<QueryError> for ApiError {
    fn from(error: QueryError) -> Self {
        match error.row() {
            Some(row) => Self::attested(row, error.to_string()),
            None => Self::bad_request(error.to_string()),
        }
    }
}

impl From<PayloadError> for ApiError {
    fn from(error: PayloadError) -> Self {
        match error {
            PayloadError::Structure(error) => match potok_translate::missing(&error) {
                Some(missing) => missing.into(),
                None => {
                    let (row, text) = (Attested::UnreadableBody, error.to_string());
                    // Limits are told in words of their own.
                    if row.fits(&text) { Self::attested(row, text) } else { Self::bad_request(text) }
                }
            },
            PayloadError::NotUtf8 => {
                Self::bad_request("The request body is not UTF-8 text: encode it as UTF-8")
            }
        }
    }
}

#[cfg(test)]
pub(crate) mod page;
#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod told;

#[cfg(test)]
mod tests {
    use potok_app::{ExchangeError, LoginError, ReadingError, ShelfError};
    use potok_domain::decide::Rejection;
    use potok_types::{BoxId, DepartmentId, EntityId, EventId, MessageId};

    use super::*;

    const BOX: &str = "1f208d03-2a60-4f64-91b1-b7aad54cfaf3";

    /// Status, code, and a part of the text that helps the caller.
    fn check(told: ApiError, expected: (u16, &str, &str)) {
        let (status, code, words) = expected;
        assert_eq!((told.code.status(), told.code.as_str()), (status, code), "{told}");
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
            (LoginError::BadChallenge.into(), (400, "Http.BadRequest", "Authenticate?type=certificate")),
            (LoginError::BadCertificate("x".to_owned()).into(), (400, "Http.BadRequest", "certificate")),
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
            (invalid(), (400, "Http.BadRequest", "MessageToPost.LockMode: use None")),
            (Missing::Message { box_id, message }.into(), (404, "DiadocApi.NotFound", "is not in box")),
            (
                Missing::Document { message, document }.into(),
                (404, "DiadocApi.NotFound", "Document 00000000-0000-0000-0000-000000000000:00000000"),
            ),
            (
                Missing::DocumentToChange { message, document }.into(),
                (404, "DocumentService.DocumentNotFound", "not found in message"),
            ),
            (
                Missing::ToChange { box_id, message }.into(),
                (404, "DocumentService.DocumentNotFound", "Сообщение 1f208d03-2a60-4f64-91b1-b7aad54cfaf3:"),
            ),
            (
                Missing::Event { box_id, event: EventId::ZERO }.into(),
                (404, "DiadocApi.NotFound", "is not in box"),
            ),
            (
                Missing::Department(department).into(),
                (404, "OrganizationBoxService.Department.NotFound", "wasn't found"),
            ),
            (ReadingError::DepartmentDenied(department).into(), (403, "DiadocApi.Forbidden", "department")),
            (ShelfError::NoFile("a".to_owned()).into(), (404, "DiadocApi.NotFound", "shelf")),
            (ExchangeError::InProgress.into(), (409, "DiadocApi.Conflict", "Please, retry later")),
            (CoreError::CutOff.into(), (500, "Http.InternalServerError", "X-Kontur-Trace-Id")),
            (
                Rejection::EmptyPatch { structure: "MessagePatchToPost" }.into(),
                (400, "Http.BadRequest", "at least one entity"),
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
        assert_eq!(ApiError::from(ExchangeError::Busy(MessageId::ZERO.into())).retry_after_seconds, Some(1));
        assert_eq!(ApiError::from(ExchangeError::InProgress).retry_after_seconds, Some(1));
        assert_eq!(ApiError::from(CoreError::CutOff).retry_after_seconds, None);
    }

    #[test]
    fn causes_are_told_in_the_log_only() {
        let lost = CoreError::LostContent { entity: EntityId::ZERO };
        assert!(with_causes(&lost).contains("lost"));
        assert!(!ApiError::from(lost).text.contains("lost"));
    }
}
