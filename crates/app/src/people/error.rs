//! What is not told of organizations and people.

use super::OrganizationQuery;
use crate::core::{CoreError, lift_core_errors};

/// What is not told of organizations and people.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// There is no such organization.
    #[error("no organization matches {0}")]
    NoOrganization(OrganizationQuery),
    /// An unknown KPP means the head organization, and which one that is nobody has said.
    #[error("{count} organizations have INN {inn}; name the kpp of one of them")]
    SeveralOrganizations {
        /// How many.
        count: usize,
        /// Their INN.
        inn: String,
    },
    /// What can go wrong anywhere.
    #[error(transparent)]
    Core(#[from] CoreError),
}

lift_core_errors!(PeopleError);
