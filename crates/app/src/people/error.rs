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
    /// Enough was attempted today.
    #[error(
        "{attempts} registrations by certificates were attempted today: try again tomorrow, or call with autoRegister=false"
    )]
    TooManyRegistrations {
        /// How many are possible in a day.
        attempts: u32,
    },
    /// An account has one login.
    #[error(
        "the account has the login {0:?}, and the server sends no mail to confirm another one: let the administrator of the \
         server make another account"
    )]
    LoginStays(String),
    /// Only administrators name the certificates of others.
    #[error(
        "certificate {0} is none of yours: only administrators of the organization name those of other employees"
    )]
    NotOwnCertificate(String),
    /// Nothing is said of this signer.
    #[error("nothing is said of the holder of certificate {thumbprint} for titles of kind {title}")]
    NoSigner {
        /// The certificate.
        thumbprint: String,
        /// The kind of title.
        title: i32,
    },
    /// Invoices of the box are not signed by this certificate.
    #[error("certificate {thumbprint} is not registered for signing invoices of box {}, or is out of date", .box_id.guid())]
    NotForInvoices {
        /// The certificate.
        thumbprint: String,
        /// The box.
        box_id: BoxId,
    },
    /// Invoices of test organizations are nobody's business.
    #[error("box {} is that of a test organization: it registers no certificates for invoices", .0.guid())]
    TestInvoices(BoxId),
    /// Requisites of the organization are not known.
    #[error("the organization of box {} has no {missing}", .box_id.guid())]
    NoRequisites {
        /// The box.
        box_id: BoxId,
        /// The fields, by name.
        missing: String,
    },
    /// The organization takes no part in the exchange.
    #[error("the organization of box {} has no participant id", .0.guid())]
    NoParticipantId(BoxId),
    /// Nobody with this id can be reached.
    #[error("no client of another operator that can be reached has the participant id {0:?}")]
    NoParticipant(String),
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
