//! The address book.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use potok_domain::directory::{
    Department, DirectoryChange, Employee, EmployeePower, Organization, ResolutionRoute, USERS_BOX, User,
};
use potok_store::{
    DepartmentUse, DirectoryRow, EmployeePowers, Employees, Member, Organizations, Person, ResolutionRoutes,
    Staff, StoreError, Users,
};
use potok_types::{BoxId, DepartmentId, OrgId, PowerId, RouteId, Ticks, UserId};

use crate::MemoryStore;

#[derive(Default)]
pub(crate) struct Book {
    /// Without their departments.
    organizations: BTreeMap<OrgId, Organization>,
    /// Their ids, in the order in which they were added.
    added: Vec<OrgId>,
    /// In the order in which they were added.
    departments: BTreeMap<BoxId, Vec<Department>>,
    users: BTreeMap<UserId, (User, Option<String>)>,
    employees: BTreeMap<(BoxId, UserId), Employee>,
    /// Who was employed once.
    former: BTreeSet<(BoxId, UserId)>,
    routes: BTreeMap<(BoxId, RouteId), ResolutionRoute>,
    /// With the time since when they are not at hand any more.
    powers: Vec<(BoxId, EmployeePower, Option<Ticks>)>,
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

    /// The first login of `rows` that another user has.
    pub(crate) fn taken_login(&self, rows: &[DirectoryRow]) -> Option<String> {
        let users = rows.iter().filter_map(|row| match &row.change {
            DirectoryChange::User(user) => Some(user),
            _ => None,
        });
        let is_taken =
            |user: &&User| self.by_login(&user.login).is_some_and(|(other, _)| other.id != user.id);
        users.filter(is_taken).map(|user| user.login.clone()).next()
    }

    /// Whether another organization has the box or the participant id of one of `rows`.
    pub(crate) fn is_taken(&self, rows: &[DirectoryRow]) -> bool {
        rows.iter().any(|row| {
            let DirectoryChange::Organization(it) = &row.change else { return false };
            self.organizations.values().any(|other| {
                other.org_id != it.org_id
                    && (other.box_id == it.box_id || other.fns_participant_id == it.fns_participant_id)
            })
        })
    }

    /// Writes rows of the box. Users that are shut out now.
    pub(crate) fn put(&mut self, box_id: BoxId, rows: Vec<DirectoryRow>) -> Vec<UserId> {
        let mut shut_out = Vec::new();
        for DirectoryRow { change, password_hash, at, .. } in rows {
            match change {
                DirectoryChange::Organization(it) => {
                    if !self.added.contains(&it.org_id) {
                        self.added.push(it.org_id);
                    }
                    let it = Organization { departments: Vec::new(), ..*it };
                    self.organizations.insert(it.org_id, it);
                }
                DirectoryChange::Department(department) => {
                    let known = self.departments.entry(box_id).or_default();
                    match known.iter_mut().find(|it| it.id == department.id) {
                        Some(it) => *it = *department,
                        None => known.push(*department),
                    }
                }
                DirectoryChange::NoDepartment(id) => {
                    self.departments.entry(box_id).or_default().retain(|it| it.id != id);
                }
                DirectoryChange::Employee(it) => {
                    self.former.remove(&(box_id, it.user_id));
                    self.employees.insert((box_id, it.user_id), *it);
                }
                DirectoryChange::NoEmployee(user) => {
                    if self.employees.remove(&(box_id, user)).is_some() {
                        self.former.insert((box_id, user));
                    }
                }
                DirectoryChange::Route(it) => {
                    self.routes.insert((box_id, it.id), it);
                }
                DirectoryChange::NoRoute(id) => {
                    self.routes.remove(&(box_id, id));
                }
                DirectoryChange::AccessRequest { .. } => {}
                DirectoryChange::Power(it) => {
                    self.powers.retain(|(owner, known, _)| {
                        !is_power(*owner, known, box_id, it.user, it.name.number)
                    });
                    self.powers.push((box_id, *it, None));
                    self.powers.sort_by_key(|(_, it, _)| (it.attached_at, it.name.number));
                }
                DirectoryChange::NoPower(user, number) => {
                    let mut all = self.powers.iter_mut();
                    let found = all.find(|(owner, known, _)| is_power(*owner, known, box_id, user, number));
                    if let Some((_, it, detached_at)) = found {
                        (it.is_default, *detached_at) = (false, Some(at));
                    }
                }
                DirectoryChange::User(user) => {
                    if user.is_blocked {
                        shut_out.push(user.id);
                    }
                    let before = self.users.get(&user.id).and_then(|(_, hash)| hash.clone());
                    self.users.insert(user.id, (user, password_hash.or(before)));
                }
            }
        }
        shut_out
    }

    /// Employees whose users are known, as they are listed.
    fn staff(&self, box_id: BoxId) -> Vec<Person> {
        let of_box = self.employees.values().filter(|it| it.box_id == box_id);
        let mut people: Vec<Person> = of_box
            .filter_map(|it| Some(Person { user: self.user(it.user_id)?, employee: it.clone() }))
            .collect();
        people.sort_by_key(|it| (it.user.is_registered, it.employee.created_at, it.user.id));
        people
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

/// What tests want to be there from the beginning, without a history.
impl MemoryStore {
    /// Puts an organization there, with its departments.
    pub fn put_organization(&self, organization: &Organization) {
        let mut state = self.state();
        let rows = std::iter::once(DirectoryChange::Organization(Box::new(organization.clone())));
        let departments = organization.departments.iter().cloned();
        let rows = rows.chain(departments.map(|it| DirectoryChange::Department(Box::new(it))));
        state.directory.put(organization.box_id, rows.map(row).collect());
    }

    /// Puts a user there, who has no password.
    pub fn put_user(&self, user: &User) {
        self.state().directory.put(USERS_BOX, vec![row(DirectoryChange::User(user.clone()))]);
    }

    /// Puts an employee there.
    pub fn put_employee(&self, employee: &Employee) {
        let change = DirectoryChange::Employee(Box::new(employee.clone()));
        self.state().directory.put(employee.box_id, vec![row(change)]);
    }

    /// Puts a route of approval there.
    pub fn put_resolution_route(&self, box_id: BoxId, route: &ResolutionRoute) {
        self.state().directory.put(box_id, vec![row(DirectoryChange::Route(route.clone()))]);
    }
}

fn is_power(owner: BoxId, power: &EmployeePower, box_id: BoxId, user: UserId, number: PowerId) -> bool {
    (owner, power.user, power.name.number) == (box_id, user, number)
}

const fn row(change: DirectoryChange) -> DirectoryRow {
    DirectoryRow { change, at: Ticks::UNIX_EPOCH, password_hash: None, certificate: None }
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

    async fn organizations_by_inns(&self, inns: &[String]) -> Result<Vec<Organization>, StoreError> {
        let state = self.state();
        Ok(inns.iter().flat_map(|inn| state.directory.organizations(|it| it.inn == *inn)).collect())
    }

    async fn organizations_by_foreign_code(&self, code: &str) -> Result<Vec<Organization>, StoreError> {
        Ok(self.state().directory.organizations(|it| it.foreign_code.as_deref() == Some(code)))
    }

    async fn organization_by_fns_id(
        &self,
        fns_participant_id: &str,
    ) -> Result<Option<Organization>, StoreError> {
        Ok(self.state().directory.organizations(|it| it.fns_participant_id == fns_participant_id).pop())
    }

    async fn organizations_of_boxes(&self, boxes: &[BoxId]) -> Result<Vec<Organization>, StoreError> {
        let state = self.state();
        let found = boxes.iter().filter_map(|box_id| state.directory.organization_of(*box_id));
        Ok(found.map(|it| Organization { departments: Vec::new(), ..it }).collect())
    }

    async fn newest_organization_by_inn(&self, inn: &str) -> Result<Option<Organization>, StoreError> {
        let state = self.state();
        let place = |it: &Organization| state.directory.added.iter().position(|id| *id == it.org_id);
        let found = state.directory.organizations(|it| it.inn == inn);
        Ok(found.into_iter().max_by_key(place))
    }

    async fn organizations(&self) -> Result<Vec<Organization>, StoreError> {
        Ok(self.state().directory.organizations(|_| true))
    }

    async fn department_use(
        &self,
        box_id: BoxId,
        department: DepartmentId,
    ) -> Result<DepartmentUse, StoreError> {
        let state = self.state();
        let mut employees = state.directory.employees.values().filter(|it| it.box_id == box_id);
        let has_employees = employees.any(|it| {
            let may = &it.permissions;
            may.department == department || may.selected_departments.contains(&department)
        });
        let record = state.boxes.get(&box_id);
        let has_documents = record
            .is_some_and(|record| record.documents.values().any(|row| row.traits.department == department));
        Ok(DepartmentUse { has_employees, has_documents })
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

    async fn staff(&self, box_id: BoxId, offset: u64, limit: u64) -> Result<Staff, StoreError> {
        let all = self.state().directory.staff(box_id);
        let total = all.len() as u64;
        Ok(Staff { people: all.into_iter().skip(offset as usize).take(limit as usize).collect(), total })
    }

    async fn was_employed(&self, box_id: BoxId, user: UserId) -> Result<bool, StoreError> {
        Ok(self.state().directory.former.contains(&(box_id, user)))
    }

    async fn has_other_administrator(&self, box_id: BoxId, user: UserId) -> Result<bool, StoreError> {
        let staff = self.state().directory.staff(box_id);
        Ok(staff.iter().any(|it| {
            let may = &it.employee.permissions;
            it.user.id != user && may.is_administrator && !may.is_blocked && !it.user.is_blocked
        }))
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
}

#[async_trait]
impl EmployeePowers for MemoryStore {
    async fn employee_powers(&self, box_id: BoxId, user: UserId) -> Result<Vec<EmployeePower>, StoreError> {
        let state = self.state();
        let found =
            state.directory.powers.iter().filter(|(owner, it, detached_at)| {
                (*owner, it.user) == (box_id, user) && detached_at.is_none()
            });
        Ok(found.map(|(_, it, _)| it.clone()).collect())
    }

    async fn had_power(&self, box_id: BoxId, user: UserId, number: PowerId) -> Result<bool, StoreError> {
        let state = self.state();
        Ok(state.directory.powers.iter().any(|(owner, it, detached_at)| {
            is_power(*owner, it, box_id, user, number) && detached_at.is_some()
        }))
    }

    async fn powers_attached_since(
        &self,
        box_id: BoxId,
        user: UserId,
        since: Ticks,
    ) -> Result<u64, StoreError> {
        let state = self.state();
        let found = state
            .directory
            .powers
            .iter()
            .filter(|(owner, it, _)| (*owner, it.user) == (box_id, user) && it.attached_at >= since);
        Ok(found.count() as u64)
    }
}
