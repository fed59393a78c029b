//! `admin/CreateDepartment`, `admin/UpdateDepartment`, `admin/DeleteDepartment`.

use potok_domain::directory::{Department, DepartmentPatch, DirectoryWish, NewDepartment};
use potok_types::DepartmentId;
use potok_types::access::{Administers, BoxEmployee};

use super::{People, PeopleError};
use crate::Permit;
use crate::core::DirectoryWishes;

impl People {
    /// Adds a department.
    ///
    /// # Errors
    /// `Missing::Department` for an unknown parent; `CoreError::Invalid`.
    pub async fn create_department(
        &self,
        administrator: &Permit<Administers<BoxEmployee>>,
        new: NewDepartment,
    ) -> Result<Department, PeopleError> {
        let id = DepartmentId::from_uuid(self.core.entropy.uuid());
        let now = self.core.clock.now();
        self.core
            .change_directory(administrator.box_id(), Some(administrator.user.id), || async {
                let organization = self.own_organization(administrator).await?;
                let department = organization.create_department(id, &new, now)?;
                Ok((DirectoryWish::department(true, department.clone()).into(), department))
            })
            .await
    }

    /// Changes a department: what it is then.
    ///
    /// # Errors
    /// `Missing::Department`; `CoreError::Invalid`; [`PeopleError::Conflict`] for the head, and for a tree that would become
    /// a circle.
    pub async fn update_department(
        &self,
        administrator: &Permit<Administers<BoxEmployee>>,
        id: DepartmentId,
        patch: DepartmentPatch,
    ) -> Result<Department, PeopleError> {
        self.core
            .change_directory(administrator.box_id(), Some(administrator.user.id), || async {
                let organization = self.own_organization(administrator).await?;
                let after = organization.update_department(id, &patch)?;
                let is_other = organization.department(id) != Some(&after);
                let wish = is_other.then(|| DirectoryWish::department(false, after.clone()));
                Ok((wish.map(DirectoryWishes::from).unwrap_or_default(), after))
            })
            .await
    }

    /// Deletes a department in which nobody and nothing is.
    ///
    /// # Errors
    /// `Missing::Department`; [`PeopleError::Conflict`] names what is in it.
    pub async fn delete_department(
        &self,
        administrator: &Permit<Administers<BoxEmployee>>,
        id: DepartmentId,
    ) -> Result<(), PeopleError> {
        let box_id = administrator.box_id();
        self.core
            .change_directory(box_id, Some(administrator.user.id), || async {
                let organization = self.own_organization(administrator).await?;
                let found = self.core.directory.department_use(box_id, id).await?;
                organization.delete_department(id, found.has_employees, found.has_documents)?;
                Ok((DirectoryWish::no_department(id).into(), ()))
            })
            .await
    }
}
