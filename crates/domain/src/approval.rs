//! Approval inside one organization: which requests are open, and what closed the others.

use potok_types::{EntityId, UserId};

use crate::{Body, EntityState, MessageState, RequestKind, RequestTarget, ResolutionRequest, Service};

/// How a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestStanding {
    /// It waits for an answer.
    Open,
    /// This resolution, signature or refusal answered it.
    Resolved(EntityId),
    /// This denial refused it.
    Denied(EntityId),
    /// Its author, or a removal of its route, withdrew it.
    Cancelled,
}

impl RequestStanding {
    /// It waits for an answer.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open)
    }

    /// The entity that answered it, if one did.
    pub const fn resolved_with(self) -> Option<EntityId> {
        match self {
            Self::Resolved(id) | Self::Denied(id) => Some(id),
            Self::Open | Self::Cancelled => None,
        }
    }
}

impl EntityState {
    /// The request, if this is one.
    pub fn resolution_request(&self) -> Option<&ResolutionRequest> {
        match self.entity.service() {
            Some(Service::ResolutionRequest(request)) => Some(request),
            _ => None,
        }
    }
}

impl MessageState {
    /// Somebody withdrew the request, denial or resolution `id`.
    pub fn is_cancelled(&self, id: EntityId) -> bool {
        self.children(id).any(|child| matches!(child.entity.service(), Some(Service::Cancellation { .. })))
    }

    /// The requests of this box about `parent`, a document or a request to revoke one, oldest first.
    pub fn resolution_requests(
        &self,
        parent: EntityId,
    ) -> impl Iterator<Item = (&EntityState, &ResolutionRequest)> {
        self.children(parent).filter_map(|found| Some((found, found.resolution_request()?)))
    }

    /// Those of them that wait for an answer.
    pub fn open_requests(
        &self,
        parent: EntityId,
    ) -> impl Iterator<Item = (&EntityState, &ResolutionRequest)> {
        self.resolution_requests(parent).filter(|(found, _)| self.request_standing(found.entity.id).is_open())
    }

    /// How the request `id` stands; [`RequestStanding::Cancelled`] for what is no request.
    pub fn request_standing(&self, id: EntityId) -> RequestStanding {
        let Some((found, request)) =
            self.entity(id).and_then(|found| Some((found, found.resolution_request()?)))
        else {
            return RequestStanding::Cancelled;
        };
        if self.is_cancelled(id) {
            return RequestStanding::Cancelled;
        }
        let denial = self.children(id).find(|child| {
            matches!(child.entity.service(), Some(Service::ResolutionRequestDenial { .. }))
                && !self.is_cancelled(child.entity.id)
        });
        if let Some(denial) = denial {
            return RequestStanding::Denied(denial.entity.id);
        }
        let Some(parent) = found.entity.parent else { return RequestStanding::Open };
        let answer =
            self.later_answers(found, parent).find(|answer| self.resolves(answer, id, request, parent));
        answer.map_or(RequestStanding::Open, |answer| RequestStanding::Resolved(answer.entity.id))
    }

    /// What came after `request` under the document of `parent`, or under a revocation request there, in the order in
    /// which it came.
    fn later_answers(&self, request: &EntityState, parent: EntityId) -> impl Iterator<Item = &EntityState> {
        let (id, document) = (request.entity.id, self.root_of(parent));
        self.entities()
            .iter()
            .skip_while(move |found| found.entity.id != id)
            .skip(1)
            .filter(move |found| found.entity.parent.is_some() && self.root_of(found.entity.id) == document)
    }

    fn resolves(
        &self,
        answer: &EntityState,
        id: EntityId,
        request: &ResolutionRequest,
        parent: EntityId,
    ) -> bool {
        let is_there = answer.entity.parent == Some(parent);
        match &answer.entity.body {
            Body::Document(_) => false,
            Body::Signature(signature) => {
                is_there
                    && answer.is_own
                    && answer.stands()
                    && (!signature.is_approval
                        || request.kind == RequestKind::ApprovementSignature
                            && self.answers_with_approval(answer.entity.author, id, parent))
            }
            Body::Service(Service::Resolution(resolution)) => {
                resolution.request == Some(id) && !self.is_cancelled(answer.entity.id)
            }
            Body::Service(service) => {
                let is_answer = matches!(service, Service::Title(_)) || service.is_refusal();
                is_answer && is_there && answer.is_own && answer.stands()
            }
        }
    }

    /// An approval signature answers the request to its author; without one, every request to a department.
    fn answers_with_approval(&self, author: Option<UserId>, id: EntityId, parent: EntityId) -> bool {
        let is_to_author = |request: &ResolutionRequest| matches!(&request.target, RequestTarget::User { id, .. } if Some(*id) == author);
        let request = self.entity(id).and_then(EntityState::resolution_request);
        let is_mine = request.is_some_and(is_to_author);
        let is_to_department =
            request.is_some_and(|request| matches!(request.target, RequestTarget::Department { .. }));
        is_mine
            || is_to_department
                && !self.resolution_requests(parent).any(|(_, request)| {
                    request.kind == RequestKind::ApprovementSignature && is_to_author(request)
                })
    }
}
