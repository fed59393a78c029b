//! Organizations, their boxes and departments.

use potok_domain::directory::{Department, DirectoryWish, OWN_OPERATOR, Organization, Restrictions};
use potok_types::{BoxId, DepartmentId, OrgId};

use super::{Admin, AdminError, invalid};
use crate::core::Missing;

/// What keeps an organization from sending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Restriction {
    /// It is no more.
    Liquidated {
        /// Since this day, `YYYY-MM-DD`.
        on: String,
    },
    /// It was asked to block it, which holds from three days later on.
    BlockAsked,
    /// It is blocked now.
    Blocked,
    /// Nothing any more.
    Lifted,
}

/// An organization to create.
#[derive(Clone, Debug, Default)]
pub struct NewOrganization {
    /// Full and short name.
    pub name: String,
    /// 10 or 12 digits.
    pub inn: String,
    /// 9 digits, for legal entities.
    pub kpp: Option<String>,
    /// State registration number.
    pub ogrn: Option<String>,
    /// `None`: made of the operator's id, INN and KPP.
    pub fns_participant_id: Option<String>,
    /// Taxpayer code of its own country, for foreign organizations.
    pub foreign_code: Option<String>,
    /// Receives from its counteragents only.
    pub counteragents_only: bool,
    /// Without legal force.
    pub is_test: bool,
}

impl NewOrganization {
    /// # Errors
    /// `CoreError::Invalid` names the field.
    pub(super) fn check(&self) -> Result<(), AdminError> {
        if self.name.trim().is_empty() {
            return Err(invalid("name", "an organization needs a name"));
        }
        digits("inn", &self.inn, &[10, 12])?;
        self.kpp.iter().try_for_each(|kpp| digits("kpp", kpp, &[9]))?;
        self.ogrn.iter().try_for_each(|ogrn| digits("ogrn", ogrn, &[13, 15]))
    }

    /// The participant id that was given, or else one made of INN and KPP.
    pub(super) fn participant_id(&self) -> String {
        self.fns_participant_id.clone().unwrap_or_else(|| match &self.kpp {
            Some(kpp) => format!("{OWN_OPERATOR}-{}-{kpp}", self.inn),
            None => format!("{OWN_OPERATOR}-{}", self.inn),
        })
    }
}

fn digits(path: &str, text: &str, lengths: &[usize]) -> Result<(), AdminError> {
    if lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    let lengths: Vec<String> = lengths.iter().map(ToString::to_string).collect();
    Err(invalid(path, format!("{text:?} must be {} digits", lengths.join(" or "))))
}

impl Admin {
    /// Creates an organization with its box.
    ///
    /// # Errors
    /// `CoreError::Invalid` names the field; `CoreError::Store`.
    pub async fn create_organization(&self, new: NewOrganization) -> Result<Organization, AdminError> {
        new.check()?;
        let organization = Organization {
            org_id: OrgId::from_uuid(self.core.entropy.uuid()),
            box_id: BoxId::from_uuid(self.core.entropy.uuid()),
            inn: new.inn.clone(),
            kpp: new.kpp.clone(),
            full_name: new.name.clone(),
            short_name: new.name.clone(),
            ogrn: new.ogrn.clone(),
            ifns_code: None,
            address: None,
            foreign_code: new.foreign_code.clone(),
            fns_participant_id: new.participant_id(),
            counteragents_only: new.counteragents_only,
            is_test: new.is_test,
            encrypts: false,
            restrictions: Restrictions::default(),
            is_suspended: false,
            is_roaming: false,
            departments: Vec::new(),
        };
        self.core
            .change_directory(organization.box_id, None, || async {
                let id = &organization.fns_participant_id;
                if let Some(taken) = self.core.directory.organization_by_fns_id(id).await? {
                    let reason = format!("{id:?} is taken by {}; choose another one", taken.short_name);
                    return Err(invalid("fns_participant_id", reason));
                }
                let created = organization.clone();
                Ok((DirectoryWish::organization(None, organization.clone()).into(), created))
            })
            .await
    }

    /// All organizations, by name.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn organizations(&self) -> Result<Vec<Organization>, AdminError> {
        Ok(self.core.directory.organizations().await?)
    }

    /// The organization of `box_id`.
    ///
    /// # Errors
    /// [`AdminError::NoBox`] when there is no such box.
    pub async fn organization(&self, box_id: BoxId) -> Result<Organization, AdminError> {
        self.core.directory.organization_by_box(box_id).await?.ok_or(AdminError::NoBox(box_id))
    }

    /// Creates a department under `parent` (zero: the head).
    ///
    /// # Errors
    /// [`AdminError::NoBox`] when there is no such box; `Missing::Department` for an unknown parent.
    pub async fn create_department(
        &self,
        box_id: BoxId,
        name: &str,
        parent: DepartmentId,
    ) -> Result<Department, AdminError> {
        let id = DepartmentId::from_uuid(self.core.entropy.uuid());
        let created_at = self.core.clock.now();
        self.core
            .change_directory(box_id, None, || async {
                let organization = self.organization(box_id).await?;
                if !organization.has_department(parent) {
                    return Err(Missing::Department(parent).into());
                }
                let department = Department::new(id, parent, name, created_at);
                Ok((DirectoryWish::department(true, department.clone()).into(), department))
            })
            .await
    }

    /// Suspends a box, so that every call with it is answered 402, or lets it work again.
    ///
    /// # Errors
    /// [`AdminError::NoBox`] when there is no such box.
    pub async fn set_suspended(&self, box_id: BoxId, is_suspended: bool) -> Result<(), AdminError> {
        self.change_organization(box_id, |before| Organization { is_suspended, ..before }).await
    }

    /// Lets the organization of a box ask for the certificates by which its counteragents read what is encrypted, or lets it
    /// ask no more.
    ///
    /// # Errors
    /// [`AdminError::NoBox`] when there is no such box.
    pub async fn set_encryption(&self, box_id: BoxId, encrypts: bool) -> Result<(), AdminError> {
        self.change_organization(box_id, |before| Organization { encrypts, ..before }).await
    }

    /// Keeps the organization of a box from sending, or lets it send again.
    ///
    /// # Errors
    /// [`AdminError::NoBox`] when there is no such box.
    pub async fn restrict(&self, box_id: BoxId, restriction: Restriction) -> Result<(), AdminError> {
        let now = self.core.clock.now();
        let change = |before: Restrictions| match &restriction {
            Restriction::Liquidated { on } => Restrictions { liquidated_on: Some(on.clone()), ..before },
            Restriction::BlockAsked => {
                let block_requested_at = before.block_requested_at.or(Some(now));
                Restrictions { block_requested_at, ..before }
            }
            Restriction::Blocked => Restrictions { is_blocked: true, ..before },
            Restriction::Lifted => Restrictions::default(),
        };
        self.change_organization(box_id, |before| {
            let restrictions = change(before.restrictions.clone());
            Organization { restrictions, ..before }
        })
        .await
    }

    async fn change_organization(
        &self,
        box_id: BoxId,
        change: impl Fn(Organization) -> Organization,
    ) -> Result<(), AdminError> {
        self.core
            .change_directory(box_id, None, || async {
                let before = self.organization(box_id).await?;
                let after = change(before.clone());
                Ok((DirectoryWish::organization(Some(&before), after).into(), ()))
            })
            .await
    }
}
