//! Approval inside one organization: which requests are open, and what closed the others.

mod standings;

use potok_types::EntityId;

use crate::{EntityState, MessageState, ResolutionRequest, Service};

pub use crate::service::RequestStanding;

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
    state.standings.get(|| standings::of(state)).get(&id).copied().unwrap_or(RequestStanding::Cancelled)
}
