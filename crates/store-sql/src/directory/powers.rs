//! Powers of attorney that employees have at hand.

use async_trait::async_trait;
use potok_domain::directory::EmployeePower;
use potok_domain::powers::PowerName;
use potok_store::{EmployeePowers, StoreError};
use potok_types::{BoxId, PowerId, Ticks, UserId};

use crate::{Backend, DirectoryStmt, Failure, Row, Sql, SqlStore, SqlWrite, args};

/// Gives an employee a power, or replaces it.
pub(super) async fn put(sql: &mut impl SqlWrite, box_id: BoxId, it: &EmployeePower) -> Result<(), Failure> {
    let name = &it.name;
    let args = args![
        box_id,
        it.user,
        name.number,
        &name.issuer_inn,
        name.representative_inn.as_ref(),
        it.is_default,
        it.attached_at,
    ];
    sql.execute(DirectoryStmt::PutEmployeePower, &args).await.map(drop)
}

fn power(user: UserId, row: &dyn Row) -> Result<EmployeePower, Failure> {
    let name = PowerName { number: row.get(0)?, issuer_inn: row.get(1)?, representative_inn: row.get(2)? };
    Ok(EmployeePower { user, name, is_default: row.get(3)?, attached_at: row.get(4)? })
}

#[async_trait]
impl<B: Backend> EmployeePowers for SqlStore<B> {
    async fn employee_powers(&self, box_id: BoxId, user: UserId) -> Result<Vec<EmployeePower>, StoreError> {
        self.ask("list powers of attorney", (box_id, user), |sql, (box_id, user)| {
            Box::pin(async move {
                let args = args![*box_id, *user];
                sql.rows(DirectoryStmt::EmployeePowers, &args, |row| power(*user, row)).await
            })
        })
        .await
    }

    async fn had_power(&self, box_id: BoxId, user: UserId, number: PowerId) -> Result<bool, StoreError> {
        self.ask("find a power of attorney", (box_id, user, number), |sql, (box_id, user, number)| {
            Box::pin(
                async move { sql.exists(DirectoryStmt::HadPower, &args![*box_id, *user, *number]).await },
            )
        })
        .await
    }

    async fn powers_attached_since(
        &self,
        box_id: BoxId,
        user: UserId,
        since: Ticks,
    ) -> Result<u64, StoreError> {
        self.ask("count powers of attorney", (box_id, user, since), |sql, (box_id, user, since)| {
            Box::pin(async move {
                let args = args![*box_id, *user, *since];
                let found = sql.row(DirectoryStmt::CountPowersSince, &args, |row| row.get::<i64>(0)).await?;
                Ok(found.unwrap_or_default().cast_unsigned())
            })
        })
        .await
    }
}
