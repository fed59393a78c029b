//! Questions: asked again once when the connection was lost, for a kept connection may be dead without anybody's fault.

use deadpool_postgres::Pool;
use potok_store_sql::{Asking, Failure};

use crate::lent::Lent;
use crate::runner::Runner;
use crate::writing::Tries;

/// Asks statement by statement.
pub(crate) async fn ask<A: Sync, T>(
    pool: &Pool,
    asked: &A,
    work: Asking<Runner, A, T>,
) -> Result<T, Failure> {
    let mut tries = Tries::default();
    loop {
        let mut runner = Runner::asking(Lent::from(pool).await?);
        match work(&mut runner, asked).await {
            Ok(value) => return Ok(value),
            Err(failure) => tries.another(failure).await?,
        }
    }
}

/// Asks in one state of the database.
pub(crate) async fn view<A: Sync, T>(
    pool: &Pool,
    asked: &A,
    work: Asking<Runner, A, T>,
) -> Result<T, Failure> {
    let mut tries = Tries::default();
    loop {
        match view_once(pool, asked, work).await {
            Ok(value) => return Ok(value),
            Err(failure) => tries.another(failure).await?,
        }
    }
}

async fn view_once<A: Sync, T>(pool: &Pool, asked: &A, work: Asking<Runner, A, T>) -> Result<T, Failure> {
    let mut runner = Runner::viewing(Lent::from(pool).await?).await?;
    match work(&mut runner, asked).await {
        Ok(value) => runner.commit().await.map(|()| value),
        Err(failure) => {
            runner.undo().await;
            Err(failure)
        }
    }
}
