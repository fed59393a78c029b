//! `GetMyOrganizations`, `GetBox`, `GetOrganization` and relatives.

use potok_domain::directory::Organization;
use potok_store::Member;
use potok_types::{BoxId, OrgId};

use crate::{App, AppError, Caller, Missing};

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

impl App {
    /// The organizations in which the caller is an employee and not shut out, by name. Suspended boxes are among them.
    ///
    /// # Errors
    /// [`AppError::Auth`] without a user.
    pub async fn my_organizations(&self, caller: &Caller) -> Result<Vec<Member>, AppError> {
        let mut members = self.store.memberships(caller.user()?.id).await?;
        members.retain(|member| !member.employee.permissions.is_blocked);
        Ok(members)
    }

    /// The organization that `query` names.
    ///
    /// # Errors
    /// `Missing::Organization` when none matches, or several do.
    pub async fn get_organization(&self, query: &OrganizationQuery) -> Result<Organization, AppError> {
        let found = match query {
            OrganizationQuery::Org(id) => self.store.organization(*id).await?,
            OrganizationQuery::Box(id) => self.store.organization_by_box(*id).await?,
            OrganizationQuery::FnsParticipant(id) => self.store.organization_by_fns_id(id).await?,
            OrganizationQuery::Inn { inn, kpp } => {
                let mut all = self.store.organizations_by_inn(inn, None).await?;
                let named = all.iter().position(|found| kpp.is_some() && found.kpp == *kpp);
                match (named, all.len()) {
                    (Some(position), _) => Some(all.swap_remove(position)),
                    (None, 0 | 1) => all.pop(),
                    // An unknown KPP means the head organization, and which one that is nobody has said.
                    (None, several) => {
                        return Err(Missing::Organization(format!(
                            "{several} organizations have INN {inn}; name the kpp of one of them"
                        ))
                        .into());
                    }
                }
            }
        };
        Ok(found.ok_or_else(|| Missing::Organization(format!("no organization matches {query}")))?)
    }

    /// All organizations with this INN and, if given, KPP.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn organizations_by_inn_kpp(
        &self,
        inn: &str,
        kpp: Option<&str>,
    ) -> Result<Vec<Organization>, AppError> {
        Ok(self.store.organizations_by_inn(inn, kpp).await?)
    }
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
