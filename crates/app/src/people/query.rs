//! Which organization a question is about.

use potok_types::{BoxId, OrgId};

/// Which organization is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrganizationQuery {
    /// By its id.
    Org(OrgId),
    /// By its box.
    Box(BoxId),
    /// By its participant id.
    FnsParticipant(String),
    /// By INN, and KPP if given.
    Inn {
        /// INN.
        inn: String,
        /// KPP.
        kpp: Option<String>,
    },
}

impl std::fmt::Display for OrganizationQuery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Org(id) => write!(f, "orgId {id}"),
            Self::Box(id) => write!(f, "boxId {id}"),
            Self::FnsParticipant(id) => write!(f, "fnsParticipantId {id}"),
            Self::Inn { inn, kpp: None } => write!(f, "inn {inn}"),
            Self::Inn { inn, kpp: Some(kpp) } => write!(f, "inn {inn}, kpp {kpp}"),
        }
    }
}
