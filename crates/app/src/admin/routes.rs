//! Routes of approval.

use potok_domain::RequestTarget;
use potok_domain::directory::{DirectoryWish, ResolutionRoute};
use potok_types::{BoxId, DepartmentId, RouteId, UserId, limits};

use super::{Admin, AdminError, invalid};
use crate::core::Missing;

/// Who is asked at a stage of a new route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewStage {
    /// This employee.
    User(UserId),
    /// Anybody in this department; zero is the head.
    Department(DepartmentId),
}

impl Admin {
    /// Creates a route of approval of the organization of `box_id`.
    ///
    /// # Errors
    /// [`AdminError::NoBox`] when there is no such box; `Missing::Department`; `CoreError::Invalid` for a name
    /// or a number of stages that cannot be, and for somebody who is no employee or shut out.
    pub async fn create_route(
        &self,
        box_id: BoxId,
        name: &str,
        stages: &[NewStage],
    ) -> Result<ResolutionRoute, AdminError> {
        self.organization(box_id).await?;
        if name.trim().is_empty() {
            return Err(invalid("name", "a route needs a name"));
        }
        if !(1..=limits::ROUTE_STAGES).contains(&stages.len()) {
            let reason = format!("a route has 1 to {} stages, not {}", limits::ROUTE_STAGES, stages.len());
            return Err(invalid("stages", reason));
        }
        let id = RouteId::from_uuid(self.core.entropy.uuid());
        self.core
            .change_directory(box_id, None, || async {
                let stages = self.targets(box_id, stages).await?;
                let route = ResolutionRoute { id, name: name.trim().to_owned(), stages };
                Ok((DirectoryWish::route(true, route.clone()).into(), route))
            })
            .await
    }

    async fn targets(&self, box_id: BoxId, stages: &[NewStage]) -> Result<Vec<RequestTarget>, AdminError> {
        let organization = self.organization(box_id).await?;
        let mut targets = Vec::with_capacity(stages.len());
        for stage in stages {
            targets.push(match *stage {
                NewStage::User(id) => self.employee_as_target(box_id, id).await?,
                NewStage::Department(id) => {
                    let name = organization.department_name(id).ok_or(Missing::Department(id))?;
                    RequestTarget::Department { id, name: name.to_owned() }
                }
            });
        }
        Ok(targets)
    }

    async fn employee_as_target(&self, box_id: BoxId, id: UserId) -> Result<RequestTarget, AdminError> {
        let member = self.core.directory.member(box_id, id).await?;
        let user = self.core.directory.user(id).await?;
        match (member, user) {
            (Some(member), Some(user)) if !member.employee.permissions.is_blocked => {
                Ok(RequestTarget::User { id, name: user.full_name() })
            }
            _ => Err(invalid("stages", format!("user {id} is no employee of box {box_id}, or is blocked"))),
        }
    }

    /// The routes of the organization of `box_id`, by name.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn routes(&self, box_id: BoxId) -> Result<Vec<ResolutionRoute>, AdminError> {
        Ok(self.core.directory.resolution_routes(box_id).await?)
    }

    /// Deletes a route. Documents that are on it stay where they are, and nobody is asked after the stage that waits.
    ///
    /// # Errors
    /// `CoreError::Invalid` when the box has no such route.
    pub async fn delete_route(&self, box_id: BoxId, route: RouteId) -> Result<(), AdminError> {
        self.core
            .change_directory(box_id, None, || async {
                let routes = self.core.directory.resolution_routes(box_id).await?;
                if routes.iter().all(|known| known.id != route) {
                    return Err(invalid("route", format!("box {box_id} has no route {route}")));
                }
                Ok((DirectoryWish::no_route(route).into(), ()))
            })
            .await
    }
}
