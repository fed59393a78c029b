//! The address book. Read from the database each time, so that what another process changed is seen at once.

use async_trait::async_trait;
use potok_domain::directory::{
    AccessLevel, Department, Employee, Organization, Permissions, ResolutionRoute, User,
};
use potok_store::{Directory, Member, StoreError};
use potok_types::{BoxId, DepartmentId, OrgId, RouteId, Ticks, UserId};
use rusqlite::{Connection, OptionalExtension as _, Row, ToSql, params};

use crate::SqliteStore;
use crate::failure::Failure;
use crate::readers::snapshot;
use crate::routes;
use crate::sql::{guid, out_of_range};

/// Logins differ in more than case, in every alphabet. SQLite folds ASCII only, so it is done here.
pub(crate) fn fold_login(login: &str) -> String {
    login.to_lowercase()
}

const ORGANIZATION: &str = "SELECT org_id, box_id, inn, kpp, full_name, short_name, ogrn, fns_participant_id,
    counteragents_only, is_test, is_suspended FROM organizations";

fn organization_row(row: &Row<'_>) -> rusqlite::Result<Organization> {
    Ok(Organization {
        org_id: guid(row, 0)?,
        box_id: guid(row, 1)?,
        inn: row.get(2)?,
        kpp: row.get(3)?,
        full_name: row.get(4)?,
        short_name: row.get(5)?,
        ogrn: row.get(6)?,
        fns_participant_id: row.get(7)?,
        counteragents_only: row.get(8)?,
        is_test: row.get(9)?,
        is_suspended: row.get(10)?,
        departments: Vec::new(),
    })
}

/// The organizations that `rest` of the query chooses, with their departments.
fn organizations(conn: &Connection, rest: &str, values: &[&dyn ToSql]) -> Result<Vec<Organization>, Failure> {
    let mut statement = conn.prepare_cached(&format!("{ORGANIZATION} {rest}"))?;
    let found = statement.query_map(values, organization_row)?.collect::<rusqlite::Result<Vec<_>>>()?;
    found
        .into_iter()
        .map(|organization| {
            let departments = departments(conn, organization.box_id)?;
            Ok(Organization { departments, ..organization })
        })
        .collect()
}

fn organization_of(conn: &Connection, box_id: BoxId) -> Result<Option<Organization>, Failure> {
    Ok(organizations(conn, "WHERE box_id = ?1", &[box_id.as_bytes()])?.pop())
}

fn departments(conn: &Connection, box_id: BoxId) -> Result<Vec<Department>, Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT id, parent, name, abbreviation, kpp FROM departments WHERE box_id = ?1 ORDER BY number",
    )?;
    let rows = statement.query_map(params![box_id.as_bytes()], |row| {
        Ok(Department {
            id: guid(row, 0)?,
            parent: guid(row, 1)?,
            name: row.get(2)?,
            abbreviation: row.get(3)?,
            kpp: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

const EMPLOYEE: &str = "SELECT user_id, box_id, position, created_at, department, is_administrator, access,
    selected_departments, can_create_documents, can_sign_documents, can_delete_restore_documents,
    can_add_resolutions, can_request_resolutions, can_manage_counteragents, is_blocked,
    can_attach_universal_messages FROM employees";

fn employee_row(row: &Row<'_>) -> rusqlite::Result<Employee> {
    let access: i32 = row.get(6)?;
    let selected: Vec<u8> = row.get(7)?;
    let (selected, _) = selected.as_chunks::<16>();
    Ok(Employee {
        user_id: guid(row, 0)?,
        box_id: guid(row, 1)?,
        position: row.get(2)?,
        created_at: Ticks::new(row.get(3)?),
        permissions: Permissions {
            department: guid(row, 4)?,
            is_administrator: row.get(5)?,
            access: AccessLevel::from_number(access).ok_or_else(|| out_of_range(6, access.into()))?,
            selected_departments: selected
                .iter()
                .map(|id| DepartmentId::from_uuid(uuid::Uuid::from_bytes(*id)))
                .collect(),
            can_create_documents: row.get(8)?,
            can_sign_documents: row.get(9)?,
            can_delete_restore_documents: row.get(10)?,
            can_add_resolutions: row.get(11)?,
            can_request_resolutions: row.get(12)?,
            can_manage_counteragents: row.get(13)?,
            can_attach_universal_messages: row.get(15)?,
            is_blocked: row.get(14)?,
        },
    })
}

fn memberships(conn: &Connection, user: UserId) -> Result<Vec<Member>, Failure> {
    let mut statement = conn.prepare_cached(&format!("{EMPLOYEE} WHERE user_id = ?1"))?;
    let employees = statement.query_map([user.as_bytes()], employee_row)?;
    let mut members = Vec::new();
    for employee in employees {
        let employee = employee?;
        if let Some(organization) = organization_of(conn, employee.box_id)? {
            members.push(Member { organization, employee });
        }
    }
    members.sort_by(|a, b| a.organization.short_name.cmp(&b.organization.short_name));
    Ok(members)
}

pub(crate) fn member(conn: &Connection, box_id: BoxId, user: UserId) -> Result<Option<Member>, Failure> {
    let mut statement = conn.prepare_cached(&format!("{EMPLOYEE} WHERE box_id = ?1 AND user_id = ?2"))?;
    let found = statement.query_row(params![box_id.as_bytes(), user.as_bytes()], employee_row);
    let Some(employee) = found.optional()? else { return Ok(None) };
    Ok(organization_of(conn, box_id)?.map(|organization| Member { organization, employee }))
}

const USER: &str = "SELECT id, login, last_name, first_name, middle_name, is_service FROM users";

fn user_row(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User {
        id: guid(row, 0)?,
        login: row.get(1)?,
        last_name: row.get(2)?,
        first_name: row.get(3)?,
        middle_name: row.get(4)?,
        is_service: row.get(5)?,
    })
}

pub(crate) fn users(conn: &Connection, rest: &str, values: &[&dyn ToSql]) -> Result<Vec<User>, Failure> {
    let mut statement = conn.prepare_cached(&format!("{USER} {rest}"))?;
    Ok(statement.query_map(values, user_row)?.collect::<rusqlite::Result<_>>()?)
}

fn put_organization(conn: &Connection, it: &Organization) -> Result<(), Failure> {
    // The organization may have had another box before.
    let mut statement = conn.prepare_cached(
        "DELETE FROM departments
         WHERE box_id = ?2 OR box_id = (SELECT box_id FROM organizations WHERE org_id = ?1)",
    )?;
    statement.execute(params![it.org_id.as_bytes(), it.box_id.as_bytes()])?;
    let mut statement = conn.prepare_cached(
        "INSERT INTO organizations (org_id, box_id, inn, kpp, full_name, short_name, ogrn, fns_participant_id,
                                    counteragents_only, is_test, is_suspended)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
         ON CONFLICT (org_id) DO UPDATE SET
             box_id = excluded.box_id, inn = excluded.inn, kpp = excluded.kpp, full_name = excluded.full_name,
             short_name = excluded.short_name, ogrn = excluded.ogrn,
             fns_participant_id = excluded.fns_participant_id,
             counteragents_only = excluded.counteragents_only, is_test = excluded.is_test,
             is_suspended = excluded.is_suspended",
    )?;
    statement.execute(params![
        it.org_id.as_bytes(),
        it.box_id.as_bytes(),
        it.inn,
        it.kpp,
        it.full_name,
        it.short_name,
        it.ogrn,
        it.fns_participant_id,
        it.counteragents_only,
        it.is_test,
        it.is_suspended,
    ])?;
    it.departments.iter().try_for_each(|department| put_department(conn, it.box_id, department))
}

fn put_department(conn: &Connection, box_id: BoxId, it: &Department) -> Result<(), Failure> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO departments (box_id, id, number, parent, name, abbreviation, kpp)
         VALUES (?1, ?2, (SELECT count(*) FROM departments WHERE box_id = ?1), ?3, ?4, ?5, ?6)
         ON CONFLICT (box_id, id) DO UPDATE SET
             parent = excluded.parent, name = excluded.name, abbreviation = excluded.abbreviation,
             kpp = excluded.kpp",
    )?;
    statement.execute(params![
        box_id.as_bytes(),
        it.id.as_bytes(),
        it.parent.as_bytes(),
        it.name,
        it.abbreviation,
        it.kpp,
    ])?;
    Ok(())
}

fn put_user(conn: &Connection, it: &User, password_hash: Option<&str>) -> Result<bool, Failure> {
    let folded = fold_login(&it.login);
    let mut statement = conn.prepare_cached("SELECT 1 FROM users WHERE login_folded = ?1 AND id <> ?2")?;
    if statement.exists(params![folded, it.id.as_bytes()])? {
        return Ok(false);
    }
    let mut statement = conn.prepare_cached(
        "INSERT INTO users (id, login, login_folded, last_name, first_name, middle_name, is_service,
                            password_hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (id) DO UPDATE SET
             login = excluded.login, login_folded = excluded.login_folded, last_name = excluded.last_name,
             first_name = excluded.first_name, middle_name = excluded.middle_name,
             is_service = excluded.is_service, password_hash = excluded.password_hash",
    )?;
    statement.execute(params![
        it.id.as_bytes(),
        it.login,
        folded,
        it.last_name,
        it.first_name,
        it.middle_name,
        it.is_service,
        password_hash,
    ])?;
    Ok(true)
}

fn put_employee(conn: &Connection, it: &Employee) -> Result<(), Failure> {
    let may = &it.permissions;
    let selected: Vec<u8> = may.selected_departments.iter().flat_map(|id| *id.as_bytes()).collect();
    let mut statement = conn.prepare_cached(
        "INSERT OR REPLACE INTO employees (box_id, user_id, position, created_at, department,
             is_administrator, access, selected_departments, can_create_documents, can_sign_documents,
             can_delete_restore_documents, can_add_resolutions, can_request_resolutions,
             can_manage_counteragents, is_blocked, can_attach_universal_messages)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
    )?;
    statement.execute(params![
        it.box_id.as_bytes(),
        it.user_id.as_bytes(),
        it.position,
        it.created_at.get(),
        may.department.as_bytes(),
        may.is_administrator,
        may.access as i32,
        selected,
        may.can_create_documents,
        may.can_sign_documents,
        may.can_delete_restore_documents,
        may.can_add_resolutions,
        may.can_request_resolutions,
        may.can_manage_counteragents,
        may.is_blocked,
        may.can_attach_universal_messages,
    ])?;
    Ok(())
}

#[async_trait]
impl Directory for SqliteStore {
    async fn organization_by_box(&self, box_id: BoxId) -> Result<Option<Organization>, StoreError> {
        self.read("find an organization", move |conn| snapshot(conn, |conn| organization_of(conn, box_id)))
            .await
    }

    async fn organization(&self, org_id: OrgId) -> Result<Option<Organization>, StoreError> {
        self.read("find an organization", move |conn| {
            snapshot(conn, |conn| Ok(organizations(conn, "WHERE org_id = ?1", &[org_id.as_bytes()])?.pop()))
        })
        .await
    }

    async fn organizations_by_inn(
        &self,
        inn: &str,
        kpp: Option<&str>,
    ) -> Result<Vec<Organization>, StoreError> {
        let (inn, kpp) = (inn.to_owned(), kpp.map(str::to_owned));
        self.read("find organizations", move |conn| {
            let rest = "WHERE inn = ?1 AND (?2 IS NULL OR kpp = ?2) ORDER BY short_name, org_id";
            snapshot(conn, |conn| organizations(conn, rest, &[&inn, &kpp]))
        })
        .await
    }

    async fn organization_by_fns_id(
        &self,
        fns_participant_id: &str,
    ) -> Result<Option<Organization>, StoreError> {
        let id = fns_participant_id.to_owned();
        self.read("find an organization", move |conn| {
            snapshot(conn, |conn| Ok(organizations(conn, "WHERE fns_participant_id = ?1", &[&id])?.pop()))
        })
        .await
    }

    async fn memberships(&self, user: UserId) -> Result<Vec<Member>, StoreError> {
        self.read("find a user's organizations", move |conn| snapshot(conn, |conn| memberships(conn, user)))
            .await
    }

    async fn member(&self, box_id: BoxId, user: UserId) -> Result<Option<Member>, StoreError> {
        self.read("find an employee", move |conn| snapshot(conn, |conn| member(conn, box_id, user))).await
    }

    async fn user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        self.read("find a user", move |conn| Ok(users(conn, "WHERE id = ?1", &[id.as_bytes()])?.pop())).await
    }

    async fn user_by_login(&self, login: &str) -> Result<Option<User>, StoreError> {
        let folded = fold_login(login);
        self.read("find a user", move |conn| Ok(users(conn, "WHERE login_folded = ?1", &[&folded])?.pop()))
            .await
    }

    async fn resolution_routes(&self, box_id: BoxId) -> Result<Vec<ResolutionRoute>, StoreError> {
        self.read("list routes of approval", move |conn| routes::routes(conn, box_id)).await
    }

    async fn put_resolution_route(&self, box_id: BoxId, route: &ResolutionRoute) -> Result<(), StoreError> {
        let route = route.clone();
        self.write("write a route of approval", move |session| routes::put(session.conn, box_id, &route))
            .await
    }

    async fn delete_resolution_route(&self, box_id: BoxId, route: RouteId) -> Result<bool, StoreError> {
        self.write("delete a route of approval", move |session| routes::delete(session.conn, box_id, route))
            .await
    }

    async fn organizations(&self) -> Result<Vec<Organization>, StoreError> {
        self.read("list organizations", |conn| {
            snapshot(conn, |conn| organizations(conn, "ORDER BY short_name, org_id", &[]))
        })
        .await
    }

    async fn users(&self) -> Result<Vec<User>, StoreError> {
        self.read("list users", |conn| users(conn, "ORDER BY login_folded", &[])).await
    }

    async fn put_organization(&self, organization: &Organization) -> Result<(), StoreError> {
        let organization = organization.clone();
        self.write("write an organization", move |session| put_organization(session.conn, &organization))
            .await
    }

    async fn put_department(&self, box_id: BoxId, department: &Department) -> Result<(), StoreError> {
        let department = department.clone();
        self.write("write a department", move |session| put_department(session.conn, box_id, &department))
            .await
    }

    async fn put_user(&self, user: &User, password_hash: Option<&str>) -> Result<bool, StoreError> {
        let (user, hash) = (user.clone(), password_hash.map(str::to_owned));
        self.write("write a user", move |session| put_user(session.conn, &user, hash.as_deref())).await
    }

    async fn put_employee(&self, employee: &Employee) -> Result<(), StoreError> {
        let employee = employee.clone();
        self.write("write an employee", move |session| put_employee(session.conn, &employee)).await
    }

    async fn set_suspended(&self, box_id: BoxId, is_suspended: bool) -> Result<bool, StoreError> {
        self.write("suspend a box", move |session| {
            let mut statement = session
                .conn
                .prepare_cached("UPDATE organizations SET is_suspended = ?2 WHERE box_id = ?1")?;
            Ok(statement.execute(params![box_id.as_bytes(), is_suspended])? == 1)
        })
        .await
    }
}
