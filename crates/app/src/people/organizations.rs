//! `GetMyOrganizations`, `GetBox`, `GetOrganization` and relatives.

use potok_domain::directory::Organization;
use potok_store::Member;
use potok_types::access::{BoxEmployeeIfNamed, KnownClient, User};
use potok_types::{BoxId, Invalid, limits};

use super::{OrganizationQuery, People, PeopleError};
use crate::{Permit, Place};

impl People {
    /// The organizations in which the user is an employee and not shut out, by name. Suspended boxes are among them.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn organizations_of(&self, user: &Permit<User>) -> Result<Vec<Member>, PeopleError> {
        let mut members = self.core.directory.memberships(user.id).await?;
        members.retain(|member| !member.employee.permissions.is_blocked);
        Ok(members)
    }

    /// The organization that `query` names.
    ///
    /// # Errors
    /// [`PeopleError::NoOrganization`]; [`PeopleError::NotOneOrganization`].
    pub async fn get_organization(
        &self,
        _program: &Permit<KnownClient>,
        query: &OrganizationQuery,
    ) -> Result<Organization, PeopleError> {
        let found = match query {
            OrganizationQuery::Org(id) => self.core.directory.organization(*id).await?,
            OrganizationQuery::Box(id) => self.core.directory.organization_by_box(*id).await?,
            OrganizationQuery::FnsParticipant(id) => self.core.directory.organization_by_fns_id(id).await?,
            OrganizationQuery::ForeignCode(code) => {
                let mut all = self.core.directory.organizations_by_foreign_code(code).await?;
                // Several are as good as none.
                if all.len() == 1 { all.pop() } else { None }
            }
            OrganizationQuery::Inn { inn, kpp } => {
                let mut all = self.core.directory.organizations_by_inn(inn, None).await?;
                let named = all.iter().position(|found| kpp.is_some() && found.kpp == *kpp);
                match (named, all.len()) {
                    (Some(position), _) => Some(all.swap_remove(position)),
                    (None, 1) => all.pop(),
                    (None, _) => {
                        return Err(PeopleError::NotOneOrganization { inn: inn.clone(), kpp: kpp.clone() });
                    }
                }
            }
        };
        found.ok_or_else(|| PeopleError::NoOrganization { query: query.clone() })
    }

    /// The organization whose box this is.
    ///
    /// # Errors
    /// [`PeopleError::UnknownBox`].
    pub async fn get_box(
        &self,
        _program: &Permit<KnownClient>,
        box_id: BoxId,
    ) -> Result<Organization, PeopleError> {
        let found = self.core.directory.organization_by_box(box_id).await?;
        found.ok_or(PeopleError::UnknownBox(box_id))
    }

    /// All organizations with this INN and, if given, KPP.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn organizations_by_inn_kpp(
        &self,
        _program: &Permit<KnownClient>,
        inn: &str,
        kpp: Option<&str>,
    ) -> Result<Vec<Organization>, PeopleError> {
        Ok(self.core.directory.organizations_by_inn(inn, kpp).await?)
    }

    /// All organizations with this taxpayer code of their own country.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn organizations_by_foreign_code(
        &self,
        _program: &Permit<KnownClient>,
        code: &str,
    ) -> Result<Vec<Organization>, PeopleError> {
        Ok(self.core.directory.organizations_by_foreign_code(code).await?)
    }

    /// All organizations with one of these INNs. INNs that nobody has are passed over.
    ///
    /// # Errors
    /// `CoreError::Invalid` for more INNs than [`limits::INNS_PER_REQUEST`].
    pub async fn organizations_by_inn_list(
        &self,
        _asker: &Permit<BoxEmployeeIfNamed>,
        inns: &[String],
    ) -> Result<Vec<Organization>, PeopleError> {
        if inns.len() > limits::INNS_PER_REQUEST {
            let reason = format!("{} INNs: at most {} fit", inns.len(), limits::INNS_PER_REQUEST);
            return Err(Invalid::new("GetOrganizationsByInnListRequest.InnList", reason).into());
        }
        let mut wanted: Vec<String> = inns.iter().map(|inn| inn.trim().to_owned()).collect();
        wanted.sort_unstable();
        wanted.dedup();
        Ok(self.core.directory.organizations_by_inns(&wanted).await?)
    }

    /// The organization that is named by its box or by its id.
    ///
    /// # Errors
    /// [`PeopleError::UnknownBox`], [`PeopleError::NoOrganization`].
    pub async fn organization_at(
        &self,
        _user: &Permit<User>,
        place: Place,
    ) -> Result<Organization, PeopleError> {
        match place {
            Place::Box(id) => {
                let found = self.core.directory.organization_by_box(id).await?;
                found.ok_or(PeopleError::UnknownBox(id))
            }
            Place::Organization(id) => {
                let found = self.core.directory.organization(id).await?;
                found.ok_or(PeopleError::NoOrganization { query: OrganizationQuery::Org(id) })
            }
        }
    }
}
