//! Departments: made and removed.

use potok_api::Empty;
use potok_api::methods::{AdminCreateDepartment, AdminDeleteDepartment, BoxQuery, DepartmentQuery};
use potok_types::{BoxId, DepartmentId};
use potok_wire::proto::departments::{Department, DepartmentToCreate, Routing};

use crate::frame::Frame;
use crate::server::{Refused, Server, ask, tell};
use crate::{Reply, Visit};

pub(super) async fn all(server: &dyn Server, box_id: BoxId) -> Result<Vec<Department>, Refused> {
    super::all_departments(server, box_id).await
}

/// What the forms of departments do.
pub(super) async fn answer(server: &dyn Server, visit: &Visit, frame: Frame) -> Result<Reply, Refused> {
    let sent = visit.sent.as_ref().ok_or_else(Refused::not_found)?;
    let fields = &sent.fields;
    if let Some(id) = fields.get("remove") {
        let id: DepartmentId = id.parse().map_err(|_| Refused::not_found())?;
        let query = DepartmentQuery::new(frame.box_id(), id);
        tell::<AdminDeleteDepartment>(server, &query, &Empty).await?;
        return Ok(Reply::GoTo(frame.at("/people?done=1")));
    }
    let request = DepartmentToCreate {
        parent_department_id: fields.get("parent").map(str::to_owned),
        name: fields.text("name").to_owned(),
        abbreviation: fields.get("abbreviation").unwrap_or(fields.text("name")).to_owned(),
        routing: Routing::default(),
        ..DepartmentToCreate::default()
    };
    ask::<AdminCreateDepartment>(server, &BoxQuery::new(frame.box_id()), &request).await?;
    Ok(Reply::GoTo(frame.at("/people?done=1")))
}
