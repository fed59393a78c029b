//! `UpdateEmployee`, `DeleteEmployee`, `UpdateSubscriptions`.

use potok_domain::directory::{
    DirectoryWish, Employee, EmployeePatch, Subscription, check_administrators, check_departments,
};
use potok_store::Person;
use potok_types::UserId;
use potok_types::access::{Administers, AdministersOrSelf, BoxEmployee};

use super::{People, PeopleError};
use crate::core::DirectoryWishes;
use crate::{Actor, Permit};

const PATHS: (&str, &str) = (
    "EmployeeToUpdate.Permissions.Department.DepartmentId",
    "EmployeeToUpdate.Permissions.SelectedDepartments.SelectedDepartmentIds",
);

/// What to make of an employee.
#[derive(Clone, Copy)]
enum Wish<'a> {
    Patch(&'a EmployeePatch),
    Subscriptions(&'a [(Subscription, bool)]),
}

impl People {
    /// Changes an employee: what it is then.
    ///
    /// # Errors
    /// [`PeopleError::NoEmployee`]; `CoreError::Invalid` for a department that is not there;
    /// `DirectoryConflict::LastAdministrator`.
    pub async fn update_employee(
        &self,
        administrator: &Permit<Administers<BoxEmployee>>,
        user: UserId,
        patch: EmployeePatch,
    ) -> Result<Person, PeopleError> {
        self.change_employee(administrator, user, Wish::Patch(&patch)).await
    }

    /// Changes which notifications an employee wants: all of what the employee wants then.
    ///
    /// # Errors
    /// [`PeopleError::NoEmployee`].
    pub async fn update_subscriptions(
        &self,
        actor: &Permit<AdministersOrSelf<BoxEmployee>>,
        user: UserId,
        changes: &[(Subscription, bool)],
    ) -> Result<Employee, PeopleError> {
        Ok(self.change_employee(actor, user, Wish::Subscriptions(changes)).await?.employee)
    }

    /// Takes somebody out of the organization. Who was taken out before is out.
    ///
    /// # Errors
    /// [`PeopleError::NoEmployee`] for somebody who never was in it; `DirectoryConflict::LastAdministrator`.
    pub async fn delete_employee(
        &self,
        administrator: &Permit<Administers<BoxEmployee>>,
        user: UserId,
    ) -> Result<(), PeopleError> {
        let (box_id, author) = (administrator.box_id(), administrator.user.id);
        self.core
            .change_directory(box_id, Some(author), || async {
                if self.core.directory.was_employed(box_id, user).await? {
                    return Ok((DirectoryWishes::default(), ()));
                }
                let before = self.employee(administrator, user).await?;
                self.check_administrators(administrator, &before, None).await?;
                Ok((DirectoryWish::no_employee(user).into(), ()))
            })
            .await
    }

    async fn check_administrators(
        &self,
        actor: &Actor,
        before: &Employee,
        after: Option<&Employee>,
    ) -> Result<(), PeopleError> {
        let (box_id, user) = (actor.box_id(), before.user_id);
        let has_others = self.core.directory.has_other_administrator(box_id, user).await?;
        Ok(check_administrators(before, after, has_others)?)
    }

    /// Makes of an employee what `wish` says. Nothing is written where nothing changes.
    async fn change_employee(
        &self,
        actor: &Actor,
        user: UserId,
        wish: Wish<'_>,
    ) -> Result<Person, PeopleError> {
        self.core
            .change_directory(actor.box_id(), Some(actor.user.id), || async {
                let Person { user, employee: before } = self.person(actor, user).await?;
                let after = self.wished(actor, &before, wish).await?;
                let wish = (after != before).then(|| DirectoryWish::employee(Some(&before), after.clone()));
                let wishes = wish.map(DirectoryWishes::from).unwrap_or_default();
                Ok((wishes, Person { user, employee: after }))
            })
            .await
    }

    async fn wished(
        &self,
        actor: &Actor,
        before: &Employee,
        wish: Wish<'_>,
    ) -> Result<Employee, PeopleError> {
        match wish {
            Wish::Patch(patch) => {
                let after = patch.apply(before);
                let organization = self.own_organization(actor).await?;
                check_departments(&after.permissions, &organization, PATHS)?;
                self.check_administrators(actor, before, Some(&after)).await?;
                Ok(after)
            }
            Wish::Subscriptions(changes) => {
                let mut after = before.clone();
                for (what, is_wanted) in changes {
                    after.unsubscribed = after.unsubscribed.with(*what, *is_wanted);
                }
                Ok(after)
            }
        }
    }
}
