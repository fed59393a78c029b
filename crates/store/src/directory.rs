//! Organizations, people and their rights: small, read by every request, changed by administrators. Changes are seen by
//! the next reading, also when another process made them.

use async_trait::async_trait;
use potok_domain::directory::{Department, Employee, Organization, ResolutionRoute, User};
use potok_types::{BoxId, OrgId, RouteId, UserId};

use crate::StoreError;

/// A person in an organization, with both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The organization.
    pub organization: Organization,
    /// The person there.
    pub employee: Employee,
}

/// Organizations and their boxes.
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
    /// The organization with this participant id.
    async fn organization_by_fns_id(
        &self,
        fns_participant_id: &str,
    ) -> Result<Option<Organization>, StoreError>;
    /// All organizations, by name.
    async fn organizations(&self) -> Result<Vec<Organization>, StoreError>;
    /// Adds an organization, or replaces the one with its id, with its departments.
    async fn put_organization(&self, organization: &Organization) -> Result<(), StoreError>;
    /// Suspends the box (402), or lets it work again. `false` when there is no such box.
    async fn set_suspended(&self, box_id: BoxId, is_suspended: bool) -> Result<bool, StoreError>;
}

/// The departments of an organization, which are read with it.
#[async_trait]
pub trait Departments: Send + Sync {
    /// Adds a department, or replaces the one with its id.
    async fn put_department(&self, box_id: BoxId, department: &Department) -> Result<(), StoreError>;
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
    /// Adds a user, or replaces the one with its id. Logins are unique in any case: `false` when another user has it.
    async fn put_user(&self, user: &User, password_hash: Option<&str>) -> Result<bool, StoreError>;
    /// Blocks a user and revokes all of its tokens, or lets it in again: how many were revoked; `None` when there is no
    /// such user.
    async fn set_user_blocked(&self, id: UserId, is_blocked: bool) -> Result<Option<u64>, StoreError>;
}

/// People in organizations.
#[async_trait]
pub trait Employees: Send + Sync {
    /// Every organization where `user` is an employee, blocked or not, by name.
    async fn memberships(&self, user: UserId) -> Result<Vec<Member>, StoreError>;
    /// `user` in the organization of `box_id`.
    async fn member(&self, box_id: BoxId, user: UserId) -> Result<Option<Member>, StoreError>;
    /// Adds an employee, or replaces the one of this user and box.
    async fn put_employee(&self, employee: &Employee) -> Result<(), StoreError>;
}

/// Routes of approval.
#[async_trait]
pub trait ResolutionRoutes: Send + Sync {
    /// The routes of the organization of `box_id`, by name.
    async fn resolution_routes(&self, box_id: BoxId) -> Result<Vec<ResolutionRoute>, StoreError>;
    /// Adds a route, which has at least one stage, or replaces the one with its id.
    async fn put_resolution_route(&self, box_id: BoxId, route: &ResolutionRoute) -> Result<(), StoreError>;
    /// Deletes a route; `false` when there is none.
    async fn delete_resolution_route(&self, box_id: BoxId, route: RouteId) -> Result<bool, StoreError>;
}
