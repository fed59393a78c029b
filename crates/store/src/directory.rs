//! Organizations, people and their rights: small, read by every request, changed by administrators. Changes are seen by
//! the next reading, also when another process made them.
//!
//! Nothing is written here: rows change with the events of the directory, see
//! [`StreamAppend::directory`](crate::StreamAppend::directory).

use async_trait::async_trait;
use potok_domain::directory::{Employee, EmployeePower, Organization, ResolutionRoute, User};
use potok_types::{BoxId, DepartmentId, OrgId, PowerId, Ticks, UserId};

use crate::StoreError;

/// A person in an organization, with both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The organization.
    pub organization: Organization,
    /// The person there.
    pub employee: Employee,
}

/// An employee, and the user who that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The user.
    pub user: User,
    /// The user's place in the organization.
    pub employee: Employee,
}

/// Some employees of an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// Those who were asked for, in the order of the list.
    pub people: Vec<Person>,
    /// How many there are in all.
    pub total: u64,
}

/// Who and what is in a department itself, not below it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DepartmentUse {
    /// Somebody has it for the own department, or among the selected ones.
    pub has_employees: bool,
    /// Documents lie in it.
    pub has_documents: bool,
}

/// Organizations and their boxes, each with its departments.
#[async_trait]
pub trait Organizations: Send + Sync {
    /// The organization of `box_id`.
    async fn organization_by_box(&self, box_id: BoxId) -> Result<Option<Organization>, StoreError>;
    /// The organization `org_id`.
    async fn organization(&self, org_id: OrgId) -> Result<Option<Organization>, StoreError>;
    /// All organizations with this INN, those of `kpp` only if it is given.
    async fn organizations_by_inn(
        &self,
        inn: &str,
        kpp: Option<&str>,
    ) -> Result<Vec<Organization>, StoreError>;
    /// All organizations with one of these INNs, in one reading: INN by INN, as [`Self::organizations_by_inn`] gives them.
    async fn organizations_by_inns(&self, inns: &[String]) -> Result<Vec<Organization>, StoreError>;
    /// All organizations with this taxpayer code of their own country, by name.
    async fn organizations_by_foreign_code(&self, code: &str) -> Result<Vec<Organization>, StoreError>;
    /// The organization with this participant id.
    async fn organization_by_fns_id(
        &self,
        fns_participant_id: &str,
    ) -> Result<Option<Organization>, StoreError>;
    /// The organizations of `boxes` without their departments, in their order; boxes that are not there are left out.
    async fn organizations_of_boxes(&self, boxes: &[BoxId]) -> Result<Vec<Organization>, StoreError>;
    /// Of the organizations with this INN the one that was added last.
    async fn newest_organization_by_inn(&self, inn: &str) -> Result<Option<Organization>, StoreError>;
    /// All organizations, by name.
    async fn organizations(&self) -> Result<Vec<Organization>, StoreError>;
    /// Who and what is in a department of the box.
    async fn department_use(
        &self,
        box_id: BoxId,
        department: DepartmentId,
    ) -> Result<DepartmentUse, StoreError>;
}

/// People and service accounts.
#[async_trait]
pub trait Users: Send + Sync {
    /// The user `id`.
    async fn user(&self, id: UserId) -> Result<Option<User>, StoreError>;
    /// The user with this login, in any case.
    async fn user_by_login(&self, login: &str) -> Result<Option<User>, StoreError>;
    /// All users, by login.
    async fn users(&self) -> Result<Vec<User>, StoreError>;
}

/// People in organizations.
#[async_trait]
pub trait Employees: Send + Sync {
    /// Every organization where `user` is an employee, blocked or not, by name.
    async fn memberships(&self, user: UserId) -> Result<Vec<Member>, StoreError>;
    /// `user` in the organization of `box_id`.
    async fn member(&self, box_id: BoxId, user: UserId) -> Result<Option<Member>, StoreError>;
    /// Employees of the box, blocked or not: users who are not registered yet first, then the others, each by the time since
    /// when. Of that list `limit` behind the first `offset`.
    async fn staff(&self, box_id: BoxId, offset: u64, limit: u64) -> Result<Staff, StoreError>;
    /// Whether `user` was an employee of the box once, and is none now.
    async fn was_employed(&self, box_id: BoxId, user: UserId) -> Result<bool, StoreError>;
    /// Whether somebody besides `user` administers the box and is shut out nowhere.
    async fn has_other_administrator(&self, box_id: BoxId, user: UserId) -> Result<bool, StoreError>;
}

/// Powers of attorney that employees have at hand.
#[async_trait]
pub trait EmployeePowers: Send + Sync {
    /// Those of an employee, in the order in which they were attached.
    async fn employee_powers(&self, box_id: BoxId, user: UserId) -> Result<Vec<EmployeePower>, StoreError>;
    /// Whether the employee had the power at hand once, and has it no more.
    async fn had_power(&self, box_id: BoxId, user: UserId, number: PowerId) -> Result<bool, StoreError>;
    /// How many powers were attached to the employee at `since` or later, also those that were detached again.
    async fn powers_attached_since(
        &self,
        box_id: BoxId,
        user: UserId,
        since: Ticks,
    ) -> Result<u64, StoreError>;
}

/// Routes of approval.
#[async_trait]
pub trait ResolutionRoutes: Send + Sync {
    /// The routes of the organization of `box_id`, by name.
    async fn resolution_routes(&self, box_id: BoxId) -> Result<Vec<ResolutionRoute>, StoreError>;
}
