//! The address book.

use std::collections::BTreeMap;

use async_trait::async_trait;
use potok_domain::directory::{Department, Employee, Organization, ResolutionRoute, User};
use potok_store::{
    Departments, Employees, Member, Organizations, ResolutionRoutes, StoreError, TokensOf, Users,
};
use potok_types::{BoxId, OrgId, RouteId, UserId};

use crate::{MemoryStore, refused};

#[derive(Default)]
pub(crate) struct Book {
    /// Without their departments.
    organizations: BTreeMap<OrgId, Organization>,
    /// In the order in which they were added.
    departments: BTreeMap<BoxId, Vec<Department>>,
    users: BTreeMap<UserId, (User, Option<String>)>,
    employees: BTreeMap<(BoxId, UserId), Employee>,
    routes: BTreeMap<(BoxId, RouteId), ResolutionRoute>,
}

impl Book {
    /// The organizations that are wanted, by name.
    fn organizations(&self, is_wanted: impl Fn(&Organization) -> bool) -> Vec<Organization> {
        let mut found: Vec<Organization> =
            self.organizations.values().filter(|it| is_wanted(it)).cloned().collect();
        for it in &mut found {
            it.departments = self.departments.get(&it.box_id).cloned().unwrap_or_default();
        }
        found.sort_by(|a, b| (&a.short_name, a.org_id).cmp(&(&b.short_name, b.org_id)));
        found
    }

    fn organization_of(&self, box_id: BoxId) -> Option<Organization> {
        self.organizations(|it| it.box_id == box_id).pop()
    }

    fn put_organization(&mut self, organization: &Organization) -> Result<(), StoreError> {
        let is_taken = |other: &Organization| {
            other.org_id != organization.org_id
                && (other.box_id == organization.box_id
                    || other.fns_participant_id == organization.fns_participant_id)
        };
        if self.organizations.values().any(is_taken) {
            return Err(refused("write an organization", "another one has its box or participant id"));
        }
        // The organization may have had another box before.
        if let Some(before) = self.organizations.get(&organization.org_id) {
            self.departments.remove(&before.box_id);
        }
        self.departments.insert(organization.box_id, organization.departments.clone());
        let it = Organization { departments: Vec::new(), ..organization.clone() };
        self.organizations.insert(it.org_id, it);
        Ok(())
    }

    /// Gives a user another password; `false` when there is no such user.
    pub(crate) fn set_password(&mut self, id: UserId, hash: Option<&str>) -> bool {
        let found = self.users.get_mut(&id);
        found.map(|(_, kept)| *kept = hash.map(str::to_owned)).is_some()
    }

    pub(crate) fn with_password(&self, id: UserId) -> Option<&(User, Option<String>)> {
        self.users.get(&id)
    }

    pub(crate) fn user(&self, id: UserId) -> Option<User> {
        self.users.get(&id).map(|(user, _)| user.clone())
    }

    /// Logins differ in more than case, in every alphabet.
    pub(crate) fn by_login(&self, login: &str) -> Option<&(User, Option<String>)> {
        self.users.values().find(|(user, _)| user.login.to_lowercase() == login.to_lowercase())
    }

    pub(crate) fn member(&self, box_id: BoxId, user: UserId) -> Option<Member> {
        let employee = self.employees.get(&(box_id, user))?.clone();
        Some(Member { organization: self.organization_of(box_id)?, employee })
    }
}

#[async_trait]
impl Organizations for MemoryStore {
    async fn organization_by_box(&self, box_id: BoxId) -> Result<Option<Organization>, StoreError> {
        Ok(self.state().directory.organization_of(box_id))
    }

    async fn organization(&self, org_id: OrgId) -> Result<Option<Organization>, StoreError> {
        Ok(self.state().directory.organizations(|it| it.org_id == org_id).pop())
    }

    async fn organizations_by_inn(
        &self,
        inn: &str,
        kpp: Option<&str>,
    ) -> Result<Vec<Organization>, StoreError> {
        let is_wanted =
            |it: &Organization| it.inn == inn && kpp.is_none_or(|kpp| it.kpp.as_deref() == Some(kpp));
        Ok(self.state().directory.organizations(is_wanted))
    }

    async fn organization_by_fns_id(
        &self,
        fns_participant_id: &str,
    ) -> Result<Option<Organization>, StoreError> {
        Ok(self.state().directory.organizations(|it| it.fns_participant_id == fns_participant_id).pop())
    }

    async fn organizations(&self) -> Result<Vec<Organization>, StoreError> {
        Ok(self.state().directory.organizations(|_| true))
    }

    async fn put_organization(&self, organization: &Organization) -> Result<(), StoreError> {
        self.state().directory.put_organization(organization)
    }

    async fn set_suspended(&self, box_id: BoxId, is_suspended: bool) -> Result<bool, StoreError> {
        let mut state = self.state();
        let found = state.directory.organizations.values_mut().find(|it| it.box_id == box_id);
        Ok(found.map(|it| it.is_suspended = is_suspended).is_some())
    }
}

#[async_trait]
impl Departments for MemoryStore {
    async fn put_department(&self, box_id: BoxId, department: &Department) -> Result<(), StoreError> {
        let mut state = self.state();
        let known = state.directory.departments.entry(box_id).or_default();
        match known.iter_mut().find(|it| it.id == department.id) {
            Some(it) => it.clone_from(department),
            None => known.push(department.clone()),
        }
        Ok(())
    }
}

#[async_trait]
impl Users for MemoryStore {
    async fn user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        Ok(self.state().directory.user(id))
    }

    async fn user_by_login(&self, login: &str) -> Result<Option<User>, StoreError> {
        Ok(self.state().directory.by_login(login).map(|(user, _)| user.clone()))
    }

    async fn users(&self) -> Result<Vec<User>, StoreError> {
        let state = self.state();
        let mut users: Vec<User> = state.directory.users.values().map(|(user, _)| user.clone()).collect();
        users.sort_by_key(|user| user.login.to_lowercase());
        Ok(users)
    }

    async fn put_user(&self, user: &User, password_hash: Option<&str>) -> Result<bool, StoreError> {
        let mut state = self.state();
        if state.directory.by_login(&user.login).is_some_and(|(other, _)| other.id != user.id) {
            return Ok(false);
        }
        state.directory.users.insert(user.id, (user.clone(), password_hash.map(str::to_owned)));
        Ok(true)
    }

    async fn set_user_blocked(&self, id: UserId, is_blocked: bool) -> Result<Option<u64>, StoreError> {
        let mut state = self.state();
        let Some((user, _)) = state.directory.users.get_mut(&id) else { return Ok(None) };
        user.is_blocked = is_blocked;
        Ok(Some(if is_blocked { state.login.revoke(&TokensOf::User(id)) } else { 0 }))
    }
}

#[async_trait]
impl Employees for MemoryStore {
    async fn memberships(&self, user: UserId) -> Result<Vec<Member>, StoreError> {
        let state = self.state();
        let of_user = state.directory.employees.keys().filter(|(_, employee)| *employee == user);
        let mut members: Vec<Member> =
            of_user.filter_map(|(box_id, _)| state.directory.member(*box_id, user)).collect();
        members.sort_by(|a, b| a.organization.short_name.cmp(&b.organization.short_name));
        Ok(members)
    }

    async fn member(&self, box_id: BoxId, user: UserId) -> Result<Option<Member>, StoreError> {
        Ok(self.state().directory.member(box_id, user))
    }

    async fn put_employee(&self, employee: &Employee) -> Result<(), StoreError> {
        let key = (employee.box_id, employee.user_id);
        self.state().directory.employees.insert(key, employee.clone());
        Ok(())
    }
}

#[async_trait]
impl ResolutionRoutes for MemoryStore {
    async fn resolution_routes(&self, box_id: BoxId) -> Result<Vec<ResolutionRoute>, StoreError> {
        let state = self.state();
        let of_box = state.directory.routes.iter().filter(|((owner, _), _)| *owner == box_id);
        let mut routes: Vec<ResolutionRoute> = of_box.map(|(_, route)| route.clone()).collect();
        routes.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        Ok(routes)
    }

    async fn put_resolution_route(&self, box_id: BoxId, route: &ResolutionRoute) -> Result<(), StoreError> {
        self.state().directory.routes.insert((box_id, route.id), route.clone());
        Ok(())
    }

    async fn delete_resolution_route(&self, box_id: BoxId, route: RouteId) -> Result<bool, StoreError> {
        Ok(self.state().directory.routes.remove(&(box_id, route)).is_some())
    }
}
