//! What the organization thinks of a document: requests, resolutions, refusals, routes.

use potok_domain::access;
use potok_domain::approval::{self, RequestStanding};
use potok_domain::docflow::ApprovalRequest;
use potok_domain::{EntityState, OnRoute, ResolutionRequest, Service};
use potok_types::{EntityId, RouteId, Ticks};
use potok_wire::proto::docflow::{Entity, ResolutionRequestV3};
use potok_wire::proto::documents::document_history as wire;
use potok_wire::proto::documents::document_history::DocumentHistoryItemCategory as Category;
use potok_wire::proto::documents::document_history::document_history_item::EventType;

use super::{By, Teller};
use crate::docflow_v4::blocks::Blocks;
use crate::view::{actions, target};

impl<'a> Teller<'a, '_> {
    pub(super) fn tell_request(&mut self, at: Ticks, found: &'a EntityState, request: &'a ResolutionRequest) {
        let parent = self.parent(found.entity.parent);
        let by = self.person(found);
        if request.stage.is_some() {
            let stage = wire::ResolutionRouteActionsPayload {
                target: Some(target(&request.target)),
                actions: actions(request.kind),
                parent,
                time_limit_ticks: None,
            };
            self.add(
                at,
                Category::Internal,
                EventType::ResolutionRouteActions,
                by,
                payload!(resolution_route_actions: stage),
            );
            return;
        }
        let is_open = approval::request_standing(self.state(), found.entity.id).is_open();
        let requested = wire::ResolutionRequestedPayload {
            request: Some(self.request(found, request)),
            parent,
            is_cancellable: Some(is_open && self.may_cancel(found)),
        };
        self.add(
            at,
            Category::Internal,
            EventType::ResolutionRequested,
            by,
            payload!(resolution_requested: requested),
        );
    }

    /// Of what is taken back the API tells requests only.
    pub(super) fn tell_cancellation(&mut self, at: Ticks, found: &'a EntityState) {
        let cancelled = found.entity.parent.and_then(|parent| self.state().entity(parent));
        let Some((asked, request)) = cancelled.and_then(|asked| Some((asked, asked.resolution_request()?)))
        else {
            return;
        };
        let comment = found.entity.content.is_some().then(|| self.comment(found));
        let cancelled = wire::ResolutionRequestCancelledPayload {
            request: Some(self.request(asked, request)),
            cancellation_comment_entity: comment,
            parent: self.parent(asked.entity.parent),
        };
        let by = self.person(found);
        self.add(
            at,
            Category::Internal,
            EventType::ResolutionRequestCancelled,
            by,
            payload!(resolution_request_cancelled: cancelled),
        );
    }

    pub(super) fn tell_denial(&mut self, at: Ticks, found: &'a EntityState) {
        let request = found.entity.parent.and_then(|parent| self.state().entity(parent));
        let denied = wire::SignatureRequestDeniedPayload {
            denial: Some(self.of_approval(|blocks| blocks.denial(found))),
            parent: self.parent(request.and_then(|request| request.entity.parent)),
            is_cancellable: Some(self.counts(found) && self.may_cancel(found)),
        };
        let by = self.person(found);
        self.add(
            at,
            Category::Internal,
            EventType::SignatureRequestDenied,
            by,
            payload!(signature_request_denied: denied),
        );
    }

    /// Its author takes back the newest one that counts.
    pub(super) fn tell_resolution(&mut self, at: Ticks, found: &'a EntityState) {
        let resolved = wire::ResolvedPayload {
            resolution: self.of_approval(|blocks| blocks.resolution(found)),
            parent: self.parent(found.entity.parent),
            is_cancellable: Some(self.may_withdraw(found)),
        };
        let by = self.person(found);
        self.add(at, Category::Internal, EventType::Resolved, by, payload!(resolved: resolved));
    }

    pub(super) fn tell_edition(&mut self, at: Ticks, found: &'a EntityState) {
        let edition_entity = Some(self.of_approval(|blocks| blocks.files.entity(found)));
        let by = self.person(found);
        let payload = payload!(edited: wire::EditedPayload { edition_entity });
        self.add(at, Category::Internal, EventType::Edited, by, payload);
    }

    pub(super) fn tell_assignment(&mut self, at: Ticks, found: &'a EntityState, on: &OnRoute) {
        let assigned = wire::ResolutionRouteAssignedPayload {
            assignment_entity: Some(self.of_approval(|blocks| blocks.files.entity(found))),
            route_id: Some(on.route.to_string()),
            route_name: self.route_name(on.route),
            parent: self.parent(found.entity.parent),
            time_limit_ticks: None,
        };
        let by = self.person(found);
        self.add(
            at,
            Category::Internal,
            EventType::ResolutionRouteAssigned,
            by,
            payload!(resolution_route_assigned: assigned),
        );
    }

    pub(super) fn tell_removal(&mut self, at: Ticks, found: &'a EntityState, on: &OnRoute) {
        let removed = wire::ResolutionRouteRemovedPayload {
            removal_entity: Some(self.of_approval(|blocks| blocks.files.entity(found))),
            route_id: Some(on.route.to_string()),
            route_name: self.route_name(on.route),
            parent: self.parent(found.entity.parent),
        };
        let by = self.person(found);
        self.add(
            at,
            Category::Internal,
            EventType::ResolutionRouteRemoved,
            by,
            payload!(resolution_route_removed: removed),
        );
    }

    /// An approval signature of this box. Those of others come with what they approve, and are their business.
    pub(super) fn tell_approval_signature(&mut self, at: Ticks, found: &'a EntityState) {
        let answered =
            approval::resolution_requests(self.state(), found.entity.parent.unwrap_or(found.entity.id)).find(
                |(request, _)| {
                    let standing = approval::request_standing(self.state(), request.entity.id);
                    standing.resolved_with() == Some(found.entity.id)
                },
            );
        let signed = self.signed(found);
        let approved = wire::ApprovedWithSignaturePayload {
            signature: self.of_approval(|blocks| Some(*blocks.signature(&signed?)?)).map(Into::into),
            parent: self.parent(found.entity.parent),
            resolution_request_id: answered.map(|(request, _)| request.entity.id.to_string()),
        };
        let by = self.person(found);
        self.add(
            at,
            Category::Internal,
            EventType::ApprovedWithSignature,
            by,
            payload!(approved_with_signature: approved),
        );
    }

    fn request(&mut self, found: &'a EntityState, request: &'a ResolutionRequest) -> ResolutionRequestV3 {
        let standing = approval::request_standing(self.state(), found.entity.id);
        let asked = ApprovalRequest { entity: found, request, resolved_with: standing.resolved_with() };
        let mut shown = self.of_approval(|blocks| blocks.request(&asked));
        if standing == RequestStanding::Cancelled {
            shown.actions.clear();
        }
        shown
    }

    /// What is built of entities of approval, with their bytes if those are asked for.
    fn of_approval<T>(&mut self, build: impl FnOnce(&mut Blocks<'_>) -> T) -> T {
        self.with_bytes(self.embed.resolutions, build)
    }

    pub(super) fn comment(&mut self, found: &EntityState) -> Entity {
        self.with_bytes(self.embed.comments, |blocks| blocks.files.entity(found))
    }

    fn with_bytes<T>(&mut self, wanted: bool, build: impl FnOnce(&mut Blocks<'_>) -> T) -> T {
        self.blocks.files.inject_content = wanted;
        let built = build(&mut self.blocks);
        self.blocks.files.inject_content = false;
        built
    }

    /// The document, or a request to revoke it.
    fn parent(&self, id: Option<EntityId>) -> Option<wire::HistoryParentEntity> {
        let id = id?;
        let revoked_by =
            self.state().document_state(self.history.document).and_then(|found| found.revoked_by);
        let kind = match self.state().entity(id)?.entity.service() {
            Some(Service::RevocationRequest { .. }) if revoked_by == Some(id) => {
                wire::HistoryParentEntityType::UnilateralRevocation
            }
            Some(Service::RevocationRequest { .. }) => wire::HistoryParentEntityType::Revocation,
            _ => wire::HistoryParentEntityType::Document,
        };
        Some(wire::HistoryParentEntity { r#type: Some(kind as i32), entity_id: id.to_string() })
    }

    /// It is what the reader would take back now.
    fn may_withdraw(&self, found: &EntityState) -> bool {
        let Some(subject) = found.entity.parent else { return false };
        let reader = self.history.reader;
        let is_own = |other: &&EntityState| {
            matches!(other.entity.service(), Some(Service::Resolution(_)))
                && other.entity.author == Some(reader.user_id)
                && self.counts(other)
        };
        let newest = self.state().children(subject).rev().find(is_own);
        reader.permissions.can_add_resolutions
            && newest.is_some_and(|newest| newest.entity.id == found.entity.id)
    }

    pub(super) fn person(&self, found: &EntityState) -> By {
        By { box_id: self.state().box_id, user: found.entity.author }
    }

    fn route_name(&self, id: RouteId) -> Option<String> {
        self.history.routes.iter().find(|route| route.id == id).map(|route| route.name.clone())
    }

    fn counts(&self, found: &EntityState) -> bool {
        !approval::is_cancelled(self.state(), found.entity.id)
    }

    fn may_cancel(&self, found: &EntityState) -> bool {
        let (reader, entity) = (self.history.reader, &found.entity);
        access::check_author(entity.id, entity.author, reader.user_id, &reader.permissions).is_ok()
    }
}
