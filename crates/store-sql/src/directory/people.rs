//! Users, and their places in organizations.

use async_trait::async_trait;
use potok_domain::directory::{AccessLevel, Employee, Permissions, User};
use potok_store::{Employees, Member, StoreError, TokensOf, Users};
use potok_types::{BoxId, DepartmentId, UserId};
use uuid::Uuid;

use super::organizations::{add_departments, organization};
use crate::login::revoke;
use crate::{Backend, DirectoryStmt, Failure, Row, Sql, SqlStore, SqlWrite, args, strange};

/// Logins differ in more than case, in every alphabet. Databases fold some of them, so it is done here.
pub(crate) fn fold_login(login: &str) -> String {
    login.to_lowercase()
}

/// How many columns of a row an employee takes.
const EMPLOYEE_COLUMNS: usize = 16;

/// The user that a row holds from `first` on.
pub(crate) fn user(row: &dyn Row, first: usize) -> Result<User, Failure> {
    Ok(User {
        id: row.get(first)?,
        login: row.get(first + 1)?,
        last_name: row.get(first + 2)?,
        first_name: row.get(first + 3)?,
        middle_name: row.get(first + 4)?,
        is_service: row.get(first + 5)?,
        is_blocked: row.get(first + 6)?,
    })
}

fn employee(row: &dyn Row) -> Result<Employee, Failure> {
    let access: i32 = row.get(6)?;
    let (selected, _) = row.get::<&[u8]>(7)?.as_chunks::<16>();
    Ok(Employee {
        box_id: row.get(0)?,
        user_id: row.get(1)?,
        position: row.get(2)?,
        created_at: row.get(3)?,
        permissions: Permissions {
            department: row.get(4)?,
            is_administrator: row.get(5)?,
            access: AccessLevel::from_number(access)
                .ok_or_else(|| strange(6, access.into(), "a level of access"))?,
            selected_departments: selected
                .iter()
                .map(|id| DepartmentId::from_uuid(Uuid::from_bytes(*id)))
                .collect(),
            can_create_documents: row.get(8)?,
            can_sign_documents: row.get(9)?,
            can_delete_restore_documents: row.get(10)?,
            can_add_resolutions: row.get(11)?,
            can_request_resolutions: row.get(12)?,
            can_manage_counteragents: row.get(13)?,
            is_blocked: row.get(14)?,
            can_attach_universal_messages: row.get(15)?,
        },
    })
}

fn membership(row: &dyn Row) -> Result<Member, Failure> {
    Ok(Member { employee: employee(row)?, organization: organization(row, EMPLOYEE_COLUMNS)? })
}

/// `user` in the organization of `box_id`.
pub(crate) async fn member(
    sql: &mut impl Sql,
    box_id: BoxId,
    user: UserId,
) -> Result<Option<Member>, Failure> {
    let mut found = sql.row(DirectoryStmt::Member, &args![box_id, user], membership).await?;
    add_departments(sql, found.iter_mut().map(|member| &mut member.organization).collect()).await?;
    Ok(found)
}

async fn memberships(sql: &mut impl Sql, user: UserId) -> Result<Vec<Member>, Failure> {
    let mut found = sql.rows(DirectoryStmt::Memberships, &args![user], membership).await?;
    add_departments(sql, found.iter_mut().map(|member| &mut member.organization).collect()).await?;
    found.sort_by(|a, b| a.organization.short_name.cmp(&b.organization.short_name));
    Ok(found)
}

async fn put_user(
    sql: &mut impl SqlWrite,
    it: &User,
    password_hash: Option<&String>,
) -> Result<bool, Failure> {
    let folded = fold_login(&it.login);
    let taken: Option<UserId> =
        sql.row(DirectoryStmt::UserByLogin, &args![&folded], |row| row.get(0)).await?;
    if taken.is_some_and(|other| other != it.id) {
        return Ok(false);
    }
    let args = args![
        it.id,
        &it.login,
        &folded,
        &it.last_name,
        &it.first_name,
        it.middle_name.as_ref(),
        it.is_service,
        it.is_blocked,
        password_hash,
    ];
    sql.execute(DirectoryStmt::PutUser, &args).await?;
    Ok(true)
}

async fn set_user_blocked(
    sql: &mut impl SqlWrite,
    id: UserId,
    is_blocked: bool,
) -> Result<Option<u64>, Failure> {
    if sql.execute(DirectoryStmt::SetUserBlocked, &args![id, is_blocked]).await? == 0 {
        return Ok(None);
    }
    match is_blocked {
        true => revoke(sql, &TokensOf::User(id)).await.map(Some),
        false => Ok(Some(0)),
    }
}

async fn put_employee(sql: &mut impl SqlWrite, it: &Employee) -> Result<(), Failure> {
    let may = &it.permissions;
    let selected: Vec<u8> = may.selected_departments.iter().flat_map(|id| *id.as_bytes()).collect();
    let args = args![
        it.box_id,
        it.user_id,
        &it.position,
        it.created_at,
        may.department,
        may.is_administrator,
        may.access as i32,
        &selected,
        may.can_create_documents,
        may.can_sign_documents,
        may.can_delete_restore_documents,
        may.can_add_resolutions,
        may.can_request_resolutions,
        may.can_manage_counteragents,
        may.is_blocked,
        may.can_attach_universal_messages,
    ];
    sql.execute(DirectoryStmt::PutEmployee, &args).await.map(drop)
}

#[async_trait]
impl<B: Backend> Users for SqlStore<B> {
    async fn user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        self.ask("find a user", id, |sql, id| {
            Box::pin(async move { sql.row(DirectoryStmt::User, &args![*id], |row| user(row, 0)).await })
        })
        .await
    }

    async fn user_by_login(&self, login: &str) -> Result<Option<User>, StoreError> {
        self.ask("find a user", fold_login(login), |sql, folded| {
            Box::pin(
                async move { sql.row(DirectoryStmt::UserByLogin, &args![folded], |row| user(row, 0)).await },
            )
        })
        .await
    }

    async fn users(&self) -> Result<Vec<User>, StoreError> {
        self.ask("list users", (), |sql, ()| {
            Box::pin(sql.rows(DirectoryStmt::Users, &[], |row| user(row, 0)))
        })
        .await
    }

    async fn put_user(&self, user: &User, password_hash: Option<&str>) -> Result<bool, StoreError> {
        self.write(
            "write a user",
            (user.clone(), password_hash.map(str::to_owned)),
            |session, (user, hash)| Box::pin(put_user(&mut session.sql, user, hash.as_ref())),
        )
        .await
    }

    async fn set_user_blocked(&self, id: UserId, is_blocked: bool) -> Result<Option<u64>, StoreError> {
        self.write("block a user", (id, is_blocked), |session, (id, is_blocked)| {
            Box::pin(set_user_blocked(&mut session.sql, *id, *is_blocked))
        })
        .await
    }
}

#[async_trait]
impl<B: Backend> Employees for SqlStore<B> {
    async fn memberships(&self, user: UserId) -> Result<Vec<Member>, StoreError> {
        self.view("find a user's organizations", user, |sql, user| Box::pin(memberships(sql, *user))).await
    }

    async fn member(&self, box_id: BoxId, user: UserId) -> Result<Option<Member>, StoreError> {
        self.view("find an employee", (box_id, user), |sql, (box_id, user)| {
            Box::pin(member(sql, *box_id, *user))
        })
        .await
    }

    async fn put_employee(&self, employee: &Employee) -> Result<(), StoreError> {
        self.write("write an employee", employee.clone(), |session, it| {
            Box::pin(put_employee(&mut session.sql, it))
        })
        .await
    }
}
