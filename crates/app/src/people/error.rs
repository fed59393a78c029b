//! What is not told of organizations and people.

use potok_types::{Attested, BoxId};

use super::OrganizationQuery;
use crate::core::{CoreError, lift_core_errors};

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
    /// What can go wrong anywhere.
    #[error(transparent)]
    Core(#[from] CoreError),
}

lift_core_errors!(PeopleError);
