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
    /// By its taxpayer code abroad.
    ForeignCode(String),
    /// By INN, and KPP if given.
    Inn {
        /// INN.
        inn: String,
        /// KPP.
        kpp: Option<String>,
    },
}

impl OrganizationQuery {
    /// The parameter that names it.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Org(_) => "orgId",
            Self::Box(_) => "boxId",
            Self::FnsParticipant(_) => "fnsParticipantId",
            Self::ForeignCode(_) => "foreignTaxpayerCode",
            Self::Inn { .. } => "inn",
        }
    }
}

/// What it is named by.
impl std::fmt::Display for OrganizationQuery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Org(id) => write!(f, "{id}"),
            Self::Box(id) => f.write_str(&id.guid()),
            Self::FnsParticipant(id) | Self::ForeignCode(id) => f.write_str(id),
            Self::Inn { inn, .. } => f.write_str(inn),
        }
    }
}
