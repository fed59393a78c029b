//! Why a caller is not let in.

use potok_types::{Attested, BoxId, OrgId};

use crate::core::{CoreError, lift_core_errors};

/// Who calls is not known well enough, or is shut out.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// There is no `Authorization` header.
    #[error("{}", Attested::NoAuthorization.words(&[]))]
    NoHeader,
    /// The `Authorization` header says nothing that can be used.
    #[error(
        "Authorization header is not readable: send `DiadocAuth ddauth_api_client_id=…,ddauth_token=…` or `Bearer …`"
    )]
    BadHeader,
    /// The client is not known.
    #[error("{}", Attested::UnknownClient.words(&[]))]
    UnknownClient,
    /// The method needs a user, and no token was given.
    #[error("Invalid auth token: the call needs a token, and none was sent")]
    NoToken,
    /// The token is not known, has expired or belongs to another client.
    #[error("{}", Attested::BadToken.words(&[]))]
    BadToken,
    /// The token was not made for the API.
    #[error("insufficient_scope: the token opens nothing of the API: ask for the scope Diadoc.PublicAPI")]
    InsufficientScope,
    /// The token does not tell who somebody is.
    #[error("insufficient_scope: the token was not made to tell who the user is: ask for the scope openid")]
    NoOpenid,
    /// The API client is switched off.
    #[error("the API client {0:?} is blocked by the administrator")]
    ClientBlocked(String),
    /// The program is no technology partner.
    #[error(
        "the API client {0:?} is no technology partner: the operator of the server marks it by `potok admin client partner`"
    )]
    NoPartner(String),
    /// No other operator calls as this box.
    #[error(
        "box {} is not that of another operator: the operator of the server names it by box_id in `potok admin roaming import`",
        .0.guid()
    )]
    NoOperator(BoxId),
    /// The user is no employee there, or there is no such box; which of the two is not told.
    #[error("{}", Attested::BoxDenied.words(&[&.0.guid()]))]
    BoxDenied(BoxId),
    /// The employee is shut out of the organization.
    #[error("Access to Box [{}] is denied: the employee is blocked", .0.guid())]
    EmployeeBlocked(BoxId),
    /// The box is suspended.
    #[error("{}", Attested::NotPaid.words(&[]))]
    BoxSuspended(BoxId),
    /// There is no such organization, so it has no box either.
    #[error("{}", Attested::NotMyOrganization.words(&[.0]))]
    NoOrganization(OrgId),
    /// The method is for employees of a box, and its declaration does not say which box.
    #[error("the declaration of the method names no box")]
    NoPlace,
    /// What can go wrong anywhere.
    #[error(transparent)]
    Core(#[from] CoreError),
}

lift_core_errors!(AccessError);
