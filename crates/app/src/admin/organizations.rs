//! Organizations, their boxes and departments.

use potok_domain::directory::{Department, Organization};
use potok_types::{BoxId, DepartmentId, OrgId};

use super::{Admin, AdminError, invalid};
use crate::core::Missing;

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
    /// Receives from its counteragents only.
    pub counteragents_only: bool,
    /// Without legal force.
    pub is_test: bool,
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
        if new.name.trim().is_empty() {
            return Err(invalid("name", "an organization needs a name"));
        }
        digits("inn", &new.inn, &[10, 12])?;
        new.kpp.iter().try_for_each(|kpp| digits("kpp", kpp, &[9]))?;
        new.ogrn.iter().try_for_each(|ogrn| digits("ogrn", ogrn, &[13, 15]))?;
        let fns_participant_id = new.fns_participant_id.unwrap_or_else(|| match &new.kpp {
            Some(kpp) => format!("2BM-{}-{kpp}", new.inn),
            None => format!("2BM-{}", new.inn),
        });
        if let Some(taken) = self.core.directory.organization_by_fns_id(&fns_participant_id).await? {
            let reason =
                format!("{fns_participant_id:?} is taken by {}; choose another one", taken.short_name);
            return Err(invalid("fns_participant_id", reason));
        }
        let organization = Organization {
            org_id: OrgId::from_uuid(self.core.entropy.uuid()),
            box_id: BoxId::from_uuid(self.core.entropy.uuid()),
            inn: new.inn,
            kpp: new.kpp,
            full_name: new.name.clone(),
            short_name: new.name,
            ogrn: new.ogrn,
            fns_participant_id,
            counteragents_only: new.counteragents_only,
            is_test: new.is_test,
            is_suspended: false,
            departments: Vec::new(),
        };
        self.core.directory.put_organization(&organization).await?;
        Ok(organization)
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
        let organization = self.organization(box_id).await?;
        if parent != DepartmentId::ZERO && organization.departments.iter().all(|known| known.id != parent) {
            return Err(Missing::Department(parent).into());
        }
        let department = Department {
            id: DepartmentId::from_uuid(self.core.entropy.uuid()),
            parent,
            name: name.to_owned(),
            abbreviation: name.to_owned(),
            kpp: None,
        };
        self.core.directory.put_department(box_id, &department).await?;
        Ok(department)
    }

    /// Suspends a box, so that every call with it is answered 402, or lets it work again.
    ///
    /// # Errors
    /// [`AdminError::NoBox`] when there is no such box.
    pub async fn set_suspended(&self, box_id: BoxId, is_suspended: bool) -> Result<(), AdminError> {
        if self.core.directory.set_suspended(box_id, is_suspended).await? {
            return Ok(());
        }
        Err(AdminError::NoBox(box_id))
    }
}
