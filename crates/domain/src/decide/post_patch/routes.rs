//! Routes: who is asked to approve a document, one after the other.

use potok_types::{ContentRef, EntityId};

use super::super::{Rejection, Step};
use super::Patch;
use super::answers::{self, Obstacle};
use crate::approval;
use crate::command::NewRouteStep;
use crate::directory::ResolutionRoute;
use crate::{Decision, OnRoute, RequestKind, ResolutionRequest, RouteStage, Service};

/// Requests of routes have no comment of their own.
const NO_COMMENT: &[u8] = b"";

impl Patch<'_> {
    /// The route's first request is made at once, by the server in the person's name.
    pub(super) fn put_on_route(&mut self, item: &NewRouteStep<ContentRef>) -> Result<(), Rejection> {
        let path = item.path.as_str();
        self.document_at(&format!("{path}.InitialDocumentId"), item.document)?;
        if answers::is_revoked(self.state, item.document) {
            return Err(Obstacle::Revoked.rejection(path, item.document, Step::AssignRoute));
        }
        if self.route(item).is_none() {
            return Err(Rejection::RouteNotFound {
                path: format!("{path}.RouteId"),
                box_id: self.context.organization.box_id,
                route: item.route,
            });
        }
        if self.now.document_state(item.document).is_some_and(|document| document.route.is_some()) {
            let reason = "он уже на маршруте; сначала снимите его";
            return Err(Rejection::state(path, item.document, Step::AssignRoute, reason));
        }
        let assignment = Service::ResolutionRouteAssignment(self.on_route(item));
        self.add_note(item.document, item.comment, assignment, &item.labels);
        self.ask_stage(item.document, RouteStage { route: item.route, index: 0 });
        Ok(())
    }

    /// What the route still waits for is withdrawn.
    pub(super) fn take_off_route(&mut self, item: &NewRouteStep<ContentRef>) -> Result<(), Rejection> {
        let path = item.path.as_str();
        self.document_at(&format!("{path}.ParentEntityId"), item.document)?;
        let on = self.now.document_state(item.document).and_then(|document| document.route);
        if on != Some(item.route) {
            let reason = "он не стоит на этом маршруте";
            return Err(Rejection::state(path, item.document, Step::RemoveRoute, reason));
        }
        let removal = Service::ResolutionRouteRemoval(self.on_route(item));
        self.add_note(item.document, item.comment, removal, &item.labels);
        let open = approval::open_requests(&self.now, item.document);
        let of_route: Vec<EntityId> = open
            .filter(|(_, request)| request.stage.is_some_and(|stage| stage.route == item.route))
            .map(|(found, _)| found.entity.id)
            .collect();
        for request in of_route {
            let cancellation = self.cancellation();
            self.add_note(request, ContentRef::of(NO_COMMENT), cancellation, &[]);
        }
        Ok(())
    }

    /// After an approval the next one is asked; a disapproval stops the document where it is.
    pub(super) fn next_stage(&mut self, document: EntityId, stage: RouteStage, decision: Decision) {
        let is_on = self.now.document_state(document).is_some_and(|found| found.route == Some(stage.route));
        if decision == Decision::Approve && is_on {
            self.ask_stage(document, RouteStage { index: stage.index + 1, ..stage });
        }
    }

    fn ask_stage(&mut self, document: EntityId, stage: RouteStage) {
        let route = self.around.routes.iter().find(|route| route.id == stage.route);
        let target = route.and_then(|route| route.stages.get(usize::try_from(stage.index).ok()?)).cloned();
        // A route that was shortened or deleted meanwhile ends here.
        let Some(target) = target else { return };
        let request = ResolutionRequest {
            kind: RequestKind::Custom,
            author_name: self.context.author_name.to_owned(),
            target,
            stage: Some(stage),
        };
        let request = Service::ResolutionRequest(Box::new(request));
        self.add_note(document, ContentRef::of(NO_COMMENT), request, &[]);
    }

    fn route(&self, item: &NewRouteStep<ContentRef>) -> Option<&ResolutionRoute> {
        self.around.routes.iter().find(|route| route.id == item.route)
    }

    fn on_route(&self, item: &NewRouteStep<ContentRef>) -> OnRoute {
        OnRoute { route: item.route, author_name: self.context.author_name.to_owned() }
    }
}
