//! `GetEmployee`, `GetEmployees`, `GetOrganizationUsers`, `GetSubscriptions`.

use potok_domain::directory::Employee;
use potok_store::{Person, Staff};
use potok_types::UserId;
use potok_types::access::{Administers, AdministersOrSelf, BoxEmployee};

use super::{People, PeopleError};
use crate::{Actor, Permit};

impl People {
    /// One employee.
    ///
    /// # Errors
    /// [`PeopleError::NoEmployee`].
    pub async fn get_employee(
        &self,
        administrator: &Permit<Administers<BoxEmployee>>,
        user: UserId,
    ) -> Result<Person, PeopleError> {
        self.person(administrator, user).await
    }

    /// Some employees: those that are not registered yet first, then the others, each by the time since when.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn get_employees(
        &self,
        administrator: &Permit<Administers<BoxEmployee>>,
        offset: u64,
        limit: u64,
    ) -> Result<Staff, PeopleError> {
        Ok(self.core.directory.staff(administrator.box_id(), offset, limit).await?)
    }

    /// Every employee who has an account of the own, by the time since when.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn organization_users(&self, actor: &Permit<BoxEmployee>) -> Result<Vec<Person>, PeopleError> {
        let mut staff = self.core.directory.staff(actor.box_id(), 0, u64::MAX).await?;
        staff.people.retain(|person| person.user.is_registered);
        Ok(staff.people)
    }

    /// The employee whose notifications are asked about.
    ///
    /// # Errors
    /// [`PeopleError::NoEmployee`].
    pub async fn get_subscriptions(
        &self,
        actor: &Permit<AdministersOrSelf<BoxEmployee>>,
        user: UserId,
    ) -> Result<Employee, PeopleError> {
        self.employee(actor, user).await
    }

    /// `user` as an employee of the actor's organization.
    pub(super) async fn employee(&self, actor: &Actor, user: UserId) -> Result<Employee, PeopleError> {
        let box_id = actor.box_id();
        let member = self.core.directory.member(box_id, user).await?;
        Ok(member.ok_or(PeopleError::NoEmployee { user, box_id })?.employee)
    }

    /// The same with the user.
    pub(super) async fn person(&self, actor: &Actor, user: UserId) -> Result<Person, PeopleError> {
        let employee = self.employee(actor, user).await?;
        let known = self.core.directory.user(user).await?;
        let user = known.ok_or(PeopleError::NoEmployee { user, box_id: actor.box_id() })?;
        Ok(Person { user, employee })
    }
}
