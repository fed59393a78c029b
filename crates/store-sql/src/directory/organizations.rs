//! Organizations with their departments.

use async_trait::async_trait;
use potok_domain::directory::{Department, Organization};
use potok_store::{Departments, Organizations, StoreError};
use potok_types::{BoxId, OrgId};

use crate::{Backend, Batch, DirectoryStmt, Failure, Row, Sql, SqlStore, SqlWrite, Value, args};

/// The organization that a row holds from `first` on, still without its departments.
pub(super) fn organization(row: &dyn Row, first: usize) -> Result<Organization, Failure> {
    Ok(Organization {
        org_id: row.get(first)?,
        box_id: row.get(first + 1)?,
        inn: row.get(first + 2)?,
        kpp: row.get(first + 3)?,
        full_name: row.get(first + 4)?,
        short_name: row.get(first + 5)?,
        ogrn: row.get(first + 6)?,
        fns_participant_id: row.get(first + 7)?,
        counteragents_only: row.get(first + 8)?,
        is_test: row.get(first + 9)?,
        is_suspended: row.get(first + 10)?,
        departments: Vec::new(),
    })
}

/// Reads the departments of all of `organizations`.
pub(super) async fn add_departments(
    sql: &mut impl Sql,
    mut organizations: Vec<&mut Organization>,
) -> Result<(), Failure> {
    let questions: Batch<'_> = organizations.iter().map(|it| args![it.box_id]).collect();
    sql.each_of(DirectoryStmt::Departments, &questions, |place, row| {
        organizations[place].departments.push(Department {
            id: row.get(0)?,
            parent: row.get(1)?,
            name: row.get(2)?,
            abbreviation: row.get(3)?,
            kpp: row.get(4)?,
        });
        Ok(())
    })
    .await
}

/// The organizations that a statement chooses, with their departments.
async fn organizations(
    sql: &mut impl Sql,
    stmt: DirectoryStmt,
    args: &[Value<'_>],
) -> Result<Vec<Organization>, Failure> {
    let mut found = sql.rows(stmt, args, |row| organization(row, 0)).await?;
    add_departments(sql, found.iter_mut().collect()).await?;
    Ok(found)
}

async fn first(
    sql: &mut impl Sql,
    stmt: DirectoryStmt,
    args: &[Value<'_>],
) -> Result<Option<Organization>, Failure> {
    Ok(organizations(sql, stmt, args).await?.pop())
}

async fn put(sql: &mut impl SqlWrite, it: &Organization) -> Result<(), Failure> {
    // The organization may have had another box before.
    let before: Option<BoxId> =
        sql.row(DirectoryStmt::Organization, &args![it.org_id], |row| row.get(1)).await?;
    let boxes: Batch<'_> = before.into_iter().chain([it.box_id]).map(|box_id| args![box_id]).collect();
    sql.execute_each(DirectoryStmt::DeleteDepartments, &boxes).await?;
    let args = args![
        it.org_id,
        it.box_id,
        &it.inn,
        it.kpp.as_ref(),
        &it.full_name,
        &it.short_name,
        it.ogrn.as_ref(),
        &it.fns_participant_id,
        it.counteragents_only,
        it.is_test,
        it.is_suspended,
    ];
    sql.execute(DirectoryStmt::PutOrganization, &args).await?;
    put_departments(sql, it.box_id, &it.departments).await
}

async fn put_departments(
    sql: &mut impl SqlWrite,
    box_id: BoxId,
    departments: &[Department],
) -> Result<(), Failure> {
    let departments: Batch<'_> = departments
        .iter()
        .map(|it| args![box_id, it.id, it.parent, &it.name, &it.abbreviation, it.kpp.as_ref()])
        .collect();
    sql.execute_each(DirectoryStmt::PutDepartment, &departments).await
}

const FIND: &str = "find an organization";

#[async_trait]
impl<B: Backend> Organizations for SqlStore<B> {
    async fn organization_by_box(&self, box_id: BoxId) -> Result<Option<Organization>, StoreError> {
        self.view(FIND, box_id, |sql, box_id| {
            Box::pin(async move { first(sql, DirectoryStmt::OrganizationOfBox, &args![*box_id]).await })
        })
        .await
    }

    async fn organization(&self, org_id: OrgId) -> Result<Option<Organization>, StoreError> {
        self.view(FIND, org_id, |sql, org_id| {
            Box::pin(async move { first(sql, DirectoryStmt::Organization, &args![*org_id]).await })
        })
        .await
    }

    async fn organizations_by_inn(
        &self,
        inn: &str,
        kpp: Option<&str>,
    ) -> Result<Vec<Organization>, StoreError> {
        let asked = (inn.to_owned(), kpp.map(str::to_owned));
        self.view("find organizations", asked, |sql, (inn, kpp)| {
            Box::pin(async move {
                organizations(sql, DirectoryStmt::OrganizationsByInn, &args![inn, kpp.as_ref()]).await
            })
        })
        .await
    }

    async fn organization_by_fns_id(
        &self,
        fns_participant_id: &str,
    ) -> Result<Option<Organization>, StoreError> {
        self.view(FIND, fns_participant_id.to_owned(), |sql, id| {
            Box::pin(async move { first(sql, DirectoryStmt::OrganizationByFnsId, &args![id]).await })
        })
        .await
    }

    async fn organizations(&self) -> Result<Vec<Organization>, StoreError> {
        self.view("list organizations", (), |sql, ()| {
            Box::pin(organizations(sql, DirectoryStmt::Organizations, &[]))
        })
        .await
    }

    async fn put_organization(&self, organization: &Organization) -> Result<(), StoreError> {
        self.write("write an organization", organization.clone(), |session, it| {
            Box::pin(put(&mut session.sql, it))
        })
        .await
    }

    async fn set_suspended(&self, box_id: BoxId, is_suspended: bool) -> Result<bool, StoreError> {
        self.write("suspend a box", (box_id, is_suspended), |session, (box_id, is_suspended)| {
            Box::pin(async move {
                let args = args![*box_id, *is_suspended];
                Ok(session.sql.execute(DirectoryStmt::SetSuspended, &args).await? == 1)
            })
        })
        .await
    }
}

#[async_trait]
impl<B: Backend> Departments for SqlStore<B> {
    async fn put_department(&self, box_id: BoxId, department: &Department) -> Result<(), StoreError> {
        self.write("write a department", (box_id, department.clone()), |session, (box_id, department)| {
            Box::pin(put_departments(&mut session.sql, *box_id, std::slice::from_ref(department)))
        })
        .await
    }
}
