//! What is not told of organizations and people.

use potok_domain::directory::{DepartmentRefusal, DirectoryConflict};
use potok_types::{Attested, BoxId, UserId};

use super::OrganizationQuery;
use crate::core::{CoreError, Missing, lift_core_errors};

/// What is not told of organizations and people.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// There is no such organization.
    #[error("{}", Attested::NoOrganization.words(&[&.query.name(), .query]))]
    NoOrganization {
        /// The id that none has.
        query: OrganizationQuery,
    },
    /// Nobody has the requisites, or several have them: an unknown KPP means the head organization, and which one that is
    /// nobody has said.
    #[error("{}", Attested::NotOneOrganization.words(&[.inn, &.kpp.as_deref().unwrap_or_default()]))]
    NotOneOrganization {
        /// The INN.
        inn: String,
        /// The KPP, if one was named.
        kpp: Option<String>,
    },
    /// There is no such box.
    #[error("{}", Attested::UnknownBox.words(&[&.0.guid()]))]
    UnknownBox(BoxId),
    /// The user is no employee of the box.
    #[error("user {user} is no employee of box {}", .box_id.guid())]
    NoEmployee {
        /// The user who was named.
        user: UserId,
        /// The box of the call.
        box_id: BoxId,
    },
    /// The certificate opens the caller's account already.
    #[error("certificate {0} is yours already: there is nothing to confirm, call Register")]
    NothingToConfirm(String),
    /// The certificate opens another account.
    #[error("certificate {0} opens another account")]
    CertificateOfOther(String),
    /// The change does not fit to what is there.
    #[error(transparent)]
    Conflict(#[from] DirectoryConflict),
    /// What can go wrong anywhere.
    #[error(transparent)]
    Core(#[from] CoreError),
}

lift_core_errors!(PeopleError);

impl From<DepartmentRefusal> for PeopleError {
    fn from(refusal: DepartmentRefusal) -> Self {
        match refusal {
            DepartmentRefusal::Unknown(id) => Missing::Department(id).into(),
            DepartmentRefusal::Invalid(invalid) => invalid.into(),
            DepartmentRefusal::Conflict(conflict) => conflict.into(),
        }
    }
}
