//! Routes of approval.

use async_trait::async_trait;
use potok_domain::RequestTarget;
use potok_domain::directory::ResolutionRoute;
use potok_store::{ResolutionRoutes, StoreError};
use potok_types::{BoxId, RouteId};

use crate::{Backend, DirectoryStmt, Failure, Row, Sql, SqlStore, args};

async fn routes(sql: &mut impl Sql, box_id: BoxId) -> Result<Vec<ResolutionRoute>, Failure> {
    let mut routes: Vec<ResolutionRoute> = Vec::new();
    sql.each(DirectoryStmt::RouteStages, &args![box_id], |row| {
        let id: RouteId = row.get(0)?;
        let stage = stage(row)?;
        match routes.last_mut() {
            Some(route) if route.id == id => route.stages.push(stage),
            _ => routes.push(ResolutionRoute { id, name: row.get(1)?, stages: vec![stage] }),
        }
        Ok(())
    })
    .await?;
    Ok(routes)
}

fn stage(row: &dyn Row) -> Result<RequestTarget, Failure> {
    let name = row.get(4)?;
    Ok(match row.get(2)? {
        Some(id) => RequestTarget::User { id, name },
        None => RequestTarget::Department { id: row.get(3)?, name },
    })
}

#[async_trait]
impl<B: Backend> ResolutionRoutes for SqlStore<B> {
    async fn resolution_routes(&self, box_id: BoxId) -> Result<Vec<ResolutionRoute>, StoreError> {
        self.ask("list routes of approval", box_id, |sql, box_id| Box::pin(routes(sql, *box_id))).await
    }
}
