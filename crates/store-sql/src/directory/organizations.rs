//! Organizations with their departments.

use async_trait::async_trait;
use potok_domain::directory::{Address, Department, Organization, Restrictions, Routing};
use potok_store::stored::decode_address;
use potok_store::{DepartmentUse, Organizations, StoreError};
use potok_types::{BoxId, DepartmentId, OrgId};

use crate::{Backend, Batch, DirectoryStmt, Failure, Row, Sql, SqlStore, Value, args};

/// The address in its stored form in a column.
fn address(row: &dyn Row, column: usize) -> Result<Option<Address>, Failure> {
    let stored: Option<Vec<u8>> = row.get(column)?;
    stored.map(|bytes| decode_address(&bytes)).transpose().map_err(Failure::engine)
}

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
        ifns_code: row.get(first + 11)?,
        address: address(row, first + 12)?,
        foreign_code: row.get(first + 13)?,
        is_roaming: row.get(first + 14)?,
        encrypts: row.get(first + 15)?,
        restrictions: Restrictions {
            liquidated_on: row.get(first + 16)?,
            block_requested_at: row.get(first + 17)?,
            is_blocked: row.get(first + 18)?,
        },
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
            address: address(row, 5)?,
            routing: Routing { by_kpp: row.get(6)?, by_address: row.get(7)? },
            created_at: row.get(8)?,
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

async fn of_inns(sql: &mut impl Sql, inns: &[String]) -> Result<Vec<Organization>, Failure> {
    let questions: Batch<'_> = inns.iter().map(|inn| args![inn, None::<&String>]).collect();
    let mut found = Vec::new();
    sql.each_of(DirectoryStmt::OrganizationsByInn, &questions, |_, row| {
        found.push(organization(row, 0)?);
        Ok(())
    })
    .await?;
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

    async fn organizations_by_inns(&self, inns: &[String]) -> Result<Vec<Organization>, StoreError> {
        self.view("find organizations", inns.to_vec(), |sql, inns| Box::pin(of_inns(sql, inns))).await
    }

    async fn organizations_by_foreign_code(&self, code: &str) -> Result<Vec<Organization>, StoreError> {
        self.view("find organizations", code.to_owned(), |sql, code| {
            Box::pin(async move {
                organizations(sql, DirectoryStmt::OrganizationsByForeignCode, &args![code]).await
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

    async fn organizations_of_boxes(&self, boxes: &[BoxId]) -> Result<Vec<Organization>, StoreError> {
        self.ask("find organizations", boxes.to_vec(), |sql, boxes| {
            Box::pin(async move {
                let questions: Batch<'_> = boxes.iter().map(|box_id| args![*box_id]).collect();
                let mut found = Vec::with_capacity(boxes.len());
                sql.each_of(DirectoryStmt::OrganizationOfBox, &questions, |_, row| {
                    found.push(organization(row, 0)?);
                    Ok(())
                })
                .await?;
                Ok(found)
            })
        })
        .await
    }

    async fn newest_organization_by_inn(&self, inn: &str) -> Result<Option<Organization>, StoreError> {
        self.view(FIND, inn.to_owned(), |sql, inn| {
            Box::pin(async move { first(sql, DirectoryStmt::NewestOrganizationByInn, &args![inn]).await })
        })
        .await
    }

    async fn organizations(&self) -> Result<Vec<Organization>, StoreError> {
        self.view("list organizations", (), |sql, ()| {
            Box::pin(organizations(sql, DirectoryStmt::Organizations, &[]))
        })
        .await
    }

    async fn department_use(
        &self,
        box_id: BoxId,
        department: DepartmentId,
    ) -> Result<DepartmentUse, StoreError> {
        self.view("look into a department", (box_id, department), |sql, (box_id, department)| {
            Box::pin(async move {
                let args = args![*box_id, *department];
                Ok(DepartmentUse {
                    has_employees: sql.exists(DirectoryStmt::DepartmentEmployees, &args).await?,
                    has_documents: sql.exists(DirectoryStmt::DepartmentDocuments, &args).await?,
                })
            })
        })
        .await
    }
}
