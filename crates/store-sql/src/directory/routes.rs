//! Routes of approval.

use async_trait::async_trait;
use potok_domain::RequestTarget;
use potok_domain::directory::ResolutionRoute;
use potok_store::{ResolutionRoutes, StoreError};
use potok_types::{BoxId, RouteId};

use crate::{Backend, Batch, DirectoryStmt, Failure, Row, Sql, SqlStore, SqlWrite, args};

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

async fn put(sql: &mut impl SqlWrite, box_id: BoxId, route: &ResolutionRoute) -> Result<(), Failure> {
    delete(sql, box_id, route.id).await?;
    sql.execute(DirectoryStmt::InsertRoute, &args![box_id, route.id, &route.name]).await?;
    let stages: Batch<'_> = route
        .stages
        .iter()
        .enumerate()
        .map(|(number, stage)| {
            let (user, department, name) = match stage {
                RequestTarget::User { id, name } => (Some(*id), None, name),
                RequestTarget::Department { id, name } => (None, Some(*id), name),
            };
            args![box_id, route.id, number, user, department, name]
        })
        .collect();
    sql.execute_each(DirectoryStmt::InsertRouteStage, &stages).await
}

/// `false` when there is no such route.
async fn delete(sql: &mut impl SqlWrite, box_id: BoxId, route: RouteId) -> Result<bool, Failure> {
    let args = args![box_id, route];
    sql.execute(DirectoryStmt::DeleteRouteStages, &args).await?;
    Ok(sql.execute(DirectoryStmt::DeleteRoute, &args).await? == 1)
}

#[async_trait]
impl<B: Backend> ResolutionRoutes for SqlStore<B> {
    async fn resolution_routes(&self, box_id: BoxId) -> Result<Vec<ResolutionRoute>, StoreError> {
        self.ask("list routes of approval", box_id, |sql, box_id| Box::pin(routes(sql, *box_id))).await
    }

    async fn put_resolution_route(&self, box_id: BoxId, route: &ResolutionRoute) -> Result<(), StoreError> {
        self.write("write a route of approval", (box_id, route.clone()), |session, (box_id, route)| {
            Box::pin(put(&mut session.sql, *box_id, route))
        })
        .await
    }

    async fn delete_resolution_route(&self, box_id: BoxId, route: RouteId) -> Result<bool, StoreError> {
        self.write("delete a route of approval", (box_id, route), |session, (box_id, route)| {
            Box::pin(delete(&mut session.sql, *box_id, *route))
        })
        .await
    }
}
