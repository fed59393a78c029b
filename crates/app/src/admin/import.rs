//! Organizations, departments, people and rights from elsewhere, checked whole before anything is written. What is there
//! already is changed where it differs, so that the same import done again changes nothing.

use std::collections::BTreeSet;
use std::fmt;

use potok_domain::directory::{
    Department, DirectoryWish, Employee, Organization, Permissions, Restrictions, User, is_kpp,
};
use potok_types::{BoxId, DepartmentId, OrgId, UserId};

use super::{Admin, AdminError, NewOrganization};
use crate::core::{CoreError, DirectoryWishes};

/// An organization as the file has it. INN and KPP tell whether it is there already.
#[derive(Clone, Debug, Default)]
pub struct ImportedOrganization {
    /// Where it stands in the file.
    pub place: String,
    /// Its requisites.
    pub requisites: NewOrganization,
    /// Departments that have to be there; those that are not named stay.
    pub departments: Vec<ImportedDepartment>,
    /// People that have to be there; those that are not named stay.
    pub employees: Vec<ImportedEmployee>,
}

/// A department. Its name and those above it tell whether it is there already.
#[derive(Clone, Debug, Default)]
pub struct ImportedDepartment {
    /// Where it stands in the file.
    pub place: String,
    /// Names from the top down, its own last.
    pub path: Vec<String>,
    /// Its own tax registration code; without one, what it has stays.
    pub kpp: Option<String>,
}

/// Somebody in an organization. The login tells who it is.
#[derive(Clone, Debug)]
pub struct ImportedEmployee {
    /// Where it stands in the file.
    pub place: String,
    /// The login.
    pub login: String,
    /// Family name, given name, patronymic.
    pub name: (String, String, Option<String>),
    /// Position.
    pub position: String,
    /// The own department by its names from the top down; empty: the head.
    pub department: Vec<String>,
    /// Departments that are seen, in the same way.
    pub selected: Vec<Vec<String>>,
    /// What the person may do; the departments are those above.
    pub permissions: Permissions,
}

/// Why nothing is imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportProblem {
    /// Where it stands in the file.
    pub place: String,
    /// What is wrong there, and what would be right.
    pub reason: String,
}

impl fmt::Display for ImportProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.reason)
    }
}

/// What an import came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Organizations that were not there.
    pub organizations: u64,
    /// Departments that were not there.
    pub departments: u64,
    /// Users whom nobody knew.
    pub users: u64,
    /// People who were no employees.
    pub employees: u64,
    /// Organizations, departments and employees that were there and were changed.
    pub changed: u64,
}

/// Hears how an import goes on.
pub trait ImportWatcher: Send + Sync {
    /// So many organizations are done.
    fn advanced(&self, organizations: u64);
}

impl Admin {
    /// Everything that speaks against importing `all`; nothing is written.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn check_import(&self, all: &[ImportedOrganization]) -> Result<Vec<ImportProblem>, AdminError> {
        let mut problems = Vec::new();
        let mut seen = BTreeSet::new();
        let mut participants = BTreeSet::new();
        for it in all {
            let mut problem = |place: &str, reason: String| {
                problems.push(ImportProblem { place: place.to_owned(), reason });
            };
            let requisites = &it.requisites;
            if let Err(error) = requisites.check() {
                problem(&it.place, error.to_string());
                continue;
            }
            if !seen.insert((requisites.inn.clone(), requisites.kpp.clone())) {
                problem(
                    &it.place,
                    "this INN and KPP stand in the file before: write each organization once".to_owned(),
                );
            }
            let participant = requisites.participant_id();
            if !participants.insert(participant.clone()) {
                problem(&it.place, format!("participant id {participant:?} stands in the file before"));
            }
            let known = match self.known_organization(requisites).await? {
                Ok(known) => known,
                Err(reason) => {
                    problem(&it.place, reason);
                    continue;
                }
            };
            let owner = self.core.directory.organization_by_fns_id(&participant).await?;
            if let Some(owner) =
                owner.filter(|owner| known.as_ref().is_none_or(|it| it.box_id != owner.box_id))
            {
                problem(
                    &it.place,
                    format!("participant id {participant:?} is taken by {}", owner.short_name),
                );
            }
            check_tree(it, known.as_ref(), &mut problem);
        }
        Ok(problems)
    }

    /// Imports what [`Self::check_import`] found nothing against: each organization with all of its people at once.
    ///
    /// # Errors
    /// `CoreError::Store`; the organizations before stay imported, and the import can be done again.
    pub async fn import(
        &self,
        all: &[ImportedOrganization],
        watcher: &dyn ImportWatcher,
    ) -> Result<Imported, AdminError> {
        let mut done = Imported::default();
        for (number, it) in (1..).zip(all) {
            let box_id = match self.known_organization(&it.requisites).await? {
                Ok(Some(known)) => known.box_id,
                _ => BoxId::from_uuid(self.core.entropy.uuid()),
            };
            let counted = self.core.change_directory(box_id, None, || self.wishes_of(it, box_id)).await?;
            done.add(counted);
            watcher.advanced(number);
        }
        Ok(done)
    }

    /// The organization with these requisites, or why it cannot be told which one is meant.
    async fn known_organization(
        &self,
        requisites: &NewOrganization,
    ) -> Result<Result<Option<Organization>, String>, CoreError> {
        let mut found = self.core.directory.organizations_by_inn(&requisites.inn, None).await?;
        found.retain(|it| it.kpp == requisites.kpp);
        if found.len() > 1 {
            return Ok(Err("several organizations have this INN and KPP: change them one by one".to_owned()));
        }
        Ok(Ok(found.pop()))
    }

    /// What is to be written for one organization, and how much of that is new.
    async fn wishes_of(
        &self,
        it: &ImportedOrganization,
        box_id: BoxId,
    ) -> Result<(DirectoryWishes, Imported), AdminError> {
        let mut done = Imported::default();
        let mut wishes = Vec::new();
        let before = self.core.directory.organization_by_box(box_id).await?;
        let mut organization = self.requisites(it, before.as_ref(), box_id);
        match &before {
            None => done.organizations += 1,
            Some(before) if *before == organization => {}
            Some(_) => done.changed += 1,
        }
        if before.as_ref() != Some(&organization) {
            wishes.push(DirectoryWish::organization(before.as_ref(), organization.clone()));
        }
        for department in by_depth(&it.departments) {
            self.wish_department(department, &mut organization, &mut wishes, &mut done);
        }
        for employee in &it.employees {
            self.wish_employee(employee, &organization, &mut wishes, &mut done).await?;
        }
        Ok((DirectoryWishes { wishes, ..DirectoryWishes::default() }, done))
    }

    fn requisites(
        &self,
        it: &ImportedOrganization,
        before: Option<&Organization>,
        box_id: BoxId,
    ) -> Organization {
        let new = &it.requisites;
        let fresh = || Organization {
            org_id: OrgId::from_uuid(self.core.entropy.uuid()),
            box_id,
            inn: new.inn.clone(),
            kpp: new.kpp.clone(),
            full_name: new.name.clone(),
            short_name: new.name.clone(),
            ogrn: None,
            ifns_code: None,
            address: None,
            foreign_code: None,
            fns_participant_id: new.participant_id(),
            counteragents_only: false,
            is_test: false,
            encrypts: false,
            restrictions: Restrictions::default(),
            is_suspended: false,
            is_roaming: false,
            departments: Vec::new(),
        };
        let before = before.cloned().unwrap_or_else(fresh);
        Organization {
            full_name: new.name.clone(),
            short_name: new.name.clone(),
            ogrn: new.ogrn.clone().or(before.ogrn),
            foreign_code: new.foreign_code.clone().or(before.foreign_code),
            fns_participant_id: new.fns_participant_id.clone().unwrap_or(before.fns_participant_id),
            counteragents_only: new.counteragents_only,
            is_test: new.is_test,
            ..before
        }
    }

    fn wish_department(
        &self,
        it: &ImportedDepartment,
        organization: &mut Organization,
        wishes: &mut Vec<DirectoryWish>,
        done: &mut Imported,
    ) {
        let Some((name, above)) = it.path.split_last() else { return };
        let Some(parent) = found_at(organization, above) else { return };
        let known = found_at(organization, &it.path);
        match known.and_then(|id| organization.departments.iter_mut().find(|known| known.id == id)) {
            Some(known) if it.kpp.is_none() || known.kpp == it.kpp => {}
            Some(known) => {
                known.kpp.clone_from(&it.kpp);
                wishes.push(DirectoryWish::department(false, known.clone()));
                done.changed += 1;
            }
            None => {
                let id = DepartmentId::from_uuid(self.core.entropy.uuid());
                let new = Department {
                    kpp: it.kpp.clone(),
                    ..Department::new(id, parent, name, self.core.clock.now())
                };
                organization.departments.push(new.clone());
                wishes.push(DirectoryWish::department(true, new));
                done.departments += 1;
            }
        }
    }

    async fn wish_employee(
        &self,
        it: &ImportedEmployee,
        organization: &Organization,
        wishes: &mut Vec<DirectoryWish>,
        done: &mut Imported,
    ) -> Result<(), AdminError> {
        let (box_id, now) = (organization.box_id, self.core.clock.now());
        let user = match self.find_user(&it.login).await? {
            Some(known) => known,
            None => {
                let (last_name, first_name, middle_name) = it.name.clone();
                let id = UserId::from_uuid(self.core.entropy.uuid());
                let new = User { last_name, first_name, middle_name, ..User::new(id, &it.login) };
                wishes.push(DirectoryWish::user(None, new.clone()));
                done.users += 1;
                new
            }
        };
        let permissions = Permissions {
            department: found_at(organization, &it.department).unwrap_or(DepartmentId::ZERO),
            selected_departments: it
                .selected
                .iter()
                .filter_map(|path| found_at(organization, path))
                .collect(),
            ..it.permissions.clone()
        };
        let before = self.core.directory.member(box_id, user.id).await?.map(|member| member.employee);
        let after = Employee {
            position: it.position.clone(),
            permissions: permissions.clone(),
            ..before.clone().unwrap_or_else(|| Employee::new(user.id, box_id, permissions, now))
        };
        match &before {
            Some(before) if *before == after => return Ok(()),
            Some(_) => done.changed += 1,
            None => done.employees += 1,
        }
        wishes.push(DirectoryWish::employee(before.as_ref(), after));
        Ok(())
    }
}

impl Imported {
    fn add(&mut self, more: Self) {
        let Self { organizations, departments, users, employees, changed } = more;
        self.organizations += organizations;
        self.departments += departments;
        self.users += users;
        self.employees += employees;
        self.changed += changed;
    }
}

/// Those above before those below.
fn by_depth(departments: &[ImportedDepartment]) -> Vec<&ImportedDepartment> {
    let mut sorted: Vec<&ImportedDepartment> = departments.iter().collect();
    sorted.sort_by_key(|it| it.path.len());
    sorted
}

/// The department at the end of these names; the head at the end of none.
fn found_at(organization: &Organization, path: &[String]) -> Option<DepartmentId> {
    path.iter().try_fold(DepartmentId::ZERO, |parent, name| {
        let mut below = organization.departments.iter().filter(|it| it.parent == parent);
        below.find(|it| it.name == *name).map(|it| it.id)
    })
}

/// Departments and people of one organization of the file, as far as they can be looked at alone.
fn check_tree(
    it: &ImportedOrganization,
    known: Option<&Organization>,
    problem: &mut impl FnMut(&str, String),
) {
    let mut paths: BTreeSet<&[String]> = BTreeSet::from([&[][..]]);
    for department in by_depth(&it.departments) {
        let Some((name, above)) = department.path.split_last() else {
            problem(&department.place, "a department needs a name".to_owned());
            continue;
        };
        if name.trim().is_empty() {
            problem(&department.place, "a department needs a name".to_owned());
        }
        if let Some(kpp) = department.kpp.as_deref().filter(|kpp| !is_kpp(kpp)) {
            problem(&department.place, format!("KPP {kpp:?} must be nine digits"));
        }
        let is_there = |path: &[String]| known.is_some_and(|known| found_at(known, path).is_some());
        if !paths.contains(above) && !is_there(above) {
            problem(&department.place, format!("there is no department {:?} above it", above.join("/")));
        }
        if !paths.insert(&department.path) {
            problem(
                &department.place,
                format!("department {:?} stands there before", department.path.join("/")),
            );
        }
    }
    let mut logins = BTreeSet::new();
    for employee in &it.employees {
        if employee.login.trim().is_empty() {
            problem(&employee.place, "an employee needs a login".to_owned());
        }
        if !logins.insert(employee.login.to_lowercase()) {
            let reason =
                format!("{:?} stands in this organization before: write each person once", employee.login);
            problem(&employee.place, reason);
        }
        for path in employee.selected.iter().chain([&employee.department]) {
            let is_there = known.is_some_and(|known| found_at(known, path).is_some());
            if !paths.contains(&path[..]) && !is_there {
                problem(
                    &employee.place,
                    format!("there is no department {:?} in the organization", path.join("/")),
                );
            }
        }
    }
}
