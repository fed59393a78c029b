//! Routes of approval.

use potok_domain::RequestTarget;
use potok_domain::directory::ResolutionRoute;
use potok_types::{BoxId, RouteId};
use rusqlite::{Connection, Row, params};

use crate::failure::Failure;
use crate::sql::{guid, optional_guid};

/// All of the box, by name.
pub(crate) fn routes(conn: &Connection, box_id: BoxId) -> Result<Vec<ResolutionRoute>, Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT r.id, r.name, s.user_id, s.department_id, s.name
         FROM resolution_routes r
         JOIN resolution_route_stages s ON s.box_id = r.box_id AND s.route_id = r.id
         WHERE r.box_id = ?1
         ORDER BY r.name, r.id, s.number",
    )?;
    let mut rows = statement.query([box_id.as_bytes()])?;
    let mut routes: Vec<ResolutionRoute> = Vec::new();
    while let Some(row) = rows.next()? {
        let id: RouteId = guid(row, 0)?;
        let stage = stage(row)?;
        match routes.last_mut() {
            Some(route) if route.id == id => route.stages.push(stage),
            _ => routes.push(ResolutionRoute { id, name: row.get(1)?, stages: vec![stage] }),
        }
    }
    Ok(routes)
}

fn stage(row: &Row<'_>) -> rusqlite::Result<RequestTarget> {
    let name = row.get(4)?;
    Ok(match optional_guid(row, 2)? {
        Some(id) => RequestTarget::User { id, name },
        None => RequestTarget::Department { id: guid(row, 3)?, name },
    })
}

/// Adds `route`, or replaces the one with its id.
pub(crate) fn put(conn: &Connection, box_id: BoxId, route: &ResolutionRoute) -> Result<(), Failure> {
    delete(conn, box_id, route.id)?;
    conn.prepare_cached("INSERT INTO resolution_routes (box_id, id, name) VALUES (?1, ?2, ?3)")?
        .execute(params![box_id.as_bytes(), route.id.as_bytes(), route.name])?;
    let mut statement = conn.prepare_cached(
        "INSERT INTO resolution_route_stages (box_id, route_id, number, user_id, department_id, name)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for (number, stage) in route.stages.iter().enumerate() {
        let (user, department, name) = match stage {
            RequestTarget::User { id, name } => (Some(id.as_bytes()), None, name),
            RequestTarget::Department { id, name } => (None, Some(id.as_bytes()), name),
        };
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        statement.execute(params![box_id.as_bytes(), route.id.as_bytes(), number, user, department, name])?;
    }
    Ok(())
}

/// `false` when there is no such route.
pub(crate) fn delete(conn: &Connection, box_id: BoxId, route: RouteId) -> Result<bool, Failure> {
    let values = params![box_id.as_bytes(), route.as_bytes()];
    conn.prepare_cached("DELETE FROM resolution_route_stages WHERE box_id = ?1 AND route_id = ?2")?
        .execute(values)?;
    let mut statement = conn.prepare_cached("DELETE FROM resolution_routes WHERE box_id = ?1 AND id = ?2")?;
    Ok(statement.execute(values)? == 1)
}
