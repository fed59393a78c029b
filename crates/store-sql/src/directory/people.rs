//! Users, and their places in organizations.

use async_trait::async_trait;
use potok_domain::directory::{AccessLevel, Employee, Permissions, Unsubscribed, User};
use potok_store::{Employees, Member, Person, Staff, StoreError, Users};
use potok_types::{BoxId, DepartmentId, UserId};
use uuid::Uuid;

use super::organizations::{add_departments, organization};
use crate::{Backend, DirectoryStmt, Failure, Row, Sql, SqlStore, args, strange};

/// Logins differ in more than case, in every alphabet. Databases fold some of them, so it is done here.
pub(crate) fn fold_login(login: &str) -> String {
    login.to_lowercase()
}

/// How many columns of a row an employee takes.
const EMPLOYEE_COLUMNS: usize = 21;

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
        is_registered: row.get(first + 7)?,
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
            can_use_goskey: row.get(16)?,
            can_create_payment_orders: row.get(17)?,
            block_comment: row.get(18)?,
        },
        can_be_invited_for_chat: row.get(19)?,
        unsubscribed: Unsubscribed::from_bits(row.get(20)?),
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

async fn staff(sql: &mut impl Sql, box_id: BoxId, offset: u64, limit: u64) -> Result<Staff, Failure> {
    let total: Option<i64> = sql.row(DirectoryStmt::CountStaff, &args![box_id], |row| row.get(0)).await?;
    let [offset, limit] = [offset, limit].map(|number| i64::try_from(number).unwrap_or(i64::MAX));
    let args = args![box_id, offset, limit];
    let people = sql.rows(DirectoryStmt::Staff, &args, |row| {
        Ok(Person { employee: employee(row)?, user: user(row, EMPLOYEE_COLUMNS)? })
    });
    Ok(Staff { people: people.await?, total: total.unwrap_or_default().cast_unsigned() })
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

    async fn staff(&self, box_id: BoxId, offset: u64, limit: u64) -> Result<Staff, StoreError> {
        self.view("list employees", (box_id, offset, limit), |sql, (box_id, offset, limit)| {
            Box::pin(staff(sql, *box_id, *offset, *limit))
        })
        .await
    }

    async fn was_employed(&self, box_id: BoxId, user: UserId) -> Result<bool, StoreError> {
        self.ask("find an employee", (box_id, user), |sql, (box_id, user)| {
            Box::pin(async move { sql.exists(DirectoryStmt::WasEmployed, &args![*box_id, *user]).await })
        })
        .await
    }

    async fn has_other_administrator(&self, box_id: BoxId, user: UserId) -> Result<bool, StoreError> {
        self.ask("find an administrator", (box_id, user), |sql, (box_id, user)| {
            Box::pin(
                async move { sql.exists(DirectoryStmt::OtherAdministrator, &args![*box_id, *user]).await },
            )
        })
        .await
    }
}
