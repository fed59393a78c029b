//! Questions: asked again once when the connection was lost, for a kept connection may be dead without anybody's fault.

use potok_store_sql::{Answer, Failure, Work};

use crate::connections::Pool;
use crate::lent::Lent;
use crate::runner::{Broken, Runner};
use crate::writing::Tries;

/// Asks statement by statement.
pub(crate) async fn ask(pool: &Pool, work: &Work<Runner>) -> Result<Answer, Failure> {
    let mut tries = Tries::default();
    loop {
        let mut runner = Runner::asking(Lent::from(pool).await?);
        match work.on(&mut runner).await {
            Ok(value) => return Ok(value),
            Err(failure) => tries.another(failure).await?,
        }
    }
}

/// Asks in one state of the database.
pub(crate) async fn view(pool: &Pool, work: &Work<Runner>) -> Result<Answer, Failure> {
    let mut tries = Tries::default();
    loop {
        match view_once(pool, work).await {
            Ok(value) => return Ok(value),
            Err(failure) => tries.another(failure).await?,
        }
    }
}

async fn view_once(pool: &Pool, work: &Work<Runner>) -> Result<Answer, Failure> {
    let mut runner = Runner::viewing(Lent::from(pool).await?).await?;
    match work.on(&mut runner).await {
        Ok(value) => runner.commit().await.map(|()| value).map_err(Broken::failure),
        Err(failure) => {
            runner.undo().await;
            Err(failure)
        }
    }
}
