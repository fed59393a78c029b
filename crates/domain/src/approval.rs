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

/// Somebody withdrew the request, denial or resolution `id`.
pub fn is_cancelled(state: &MessageState, id: EntityId) -> bool {
    state.children(id).any(|child| matches!(child.entity.service(), Some(Service::Cancellation { .. })))
}

/// The requests of this box about `parent`, a document or a request to revoke one, oldest first.
pub fn resolution_requests(
    state: &MessageState,
    parent: EntityId,
) -> impl Iterator<Item = (&EntityState, &ResolutionRequest)> {
    state.children(parent).filter_map(|found| Some((found, found.resolution_request()?)))
}

/// Those of them that wait for an answer.
pub fn open_requests(
    state: &MessageState,
    parent: EntityId,
) -> impl Iterator<Item = (&EntityState, &ResolutionRequest)> {
    resolution_requests(state, parent).filter(|(found, _)| request_standing(state, found.entity.id).is_open())
}

/// How the request `id` stands; [`RequestStanding::Cancelled`] for what is no request.
pub fn request_standing(state: &MessageState, id: EntityId) -> RequestStanding {
    let Some((found, request)) =
        state.entity(id).and_then(|found| Some((found, found.resolution_request()?)))
    else {
        return RequestStanding::Cancelled;
    };
    if is_cancelled(state, id) {
        return RequestStanding::Cancelled;
    }
    let denial = state.children(id).find(|child| {
        matches!(child.entity.service(), Some(Service::ResolutionRequestDenial { .. }))
            && !is_cancelled(state, child.entity.id)
    });
    if let Some(denial) = denial {
        return RequestStanding::Denied(denial.entity.id);
    }
    let Some(parent) = found.entity.parent else { return RequestStanding::Open };
    let answer =
        later_answers(state, found, parent).find(|answer| resolves(state, answer, id, request, parent));
    answer.map_or(RequestStanding::Open, |answer| RequestStanding::Resolved(answer.entity.id))
}

/// What came after `request` under the document of `parent`, or under a revocation request there, in the order in
/// which it came.
fn later_answers<'a>(
    state: &'a MessageState,
    request: &EntityState,
    parent: EntityId,
) -> impl Iterator<Item = &'a EntityState> {
    let (id, document) = (request.entity.id, state.root_of(parent));
    state
        .entities()
        .iter()
        .skip_while(move |found| found.entity.id != id)
        .skip(1)
        .filter(move |found| found.entity.parent.is_some() && state.root_of(found.entity.id) == document)
}

/// `answer` answers the request `id`, which is about `parent`.
fn resolves(
    state: &MessageState,
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
                        && answers_with_approval(state, answer.entity.author, id, parent))
        }
        Body::Service(Service::Resolution(resolution)) => {
            resolution.request == Some(id) && !is_cancelled(state, answer.entity.id)
        }
        Body::Service(service) => {
            let is_answer = matches!(service, Service::Title(_)) || service.is_refusal();
            is_answer && is_there && answer.is_own && answer.stands()
        }
    }
}

/// An approval signature answers the request to its author; without one, every request to a department.
fn answers_with_approval(
    state: &MessageState,
    author: Option<UserId>,
    id: EntityId,
    parent: EntityId,
) -> bool {
    let is_to_author = |request: &ResolutionRequest| matches!(&request.target, RequestTarget::User { id, .. } if Some(*id) == author);
    let request = state.entity(id).and_then(EntityState::resolution_request);
    let is_mine = request.is_some_and(is_to_author);
    let is_to_department =
        request.is_some_and(|request| matches!(request.target, RequestTarget::Department { .. }));
    is_mine
        || is_to_department
            && !resolution_requests(state, parent).any(|(_, request)| {
                request.kind == RequestKind::ApprovementSignature && is_to_author(request)
            })
}
