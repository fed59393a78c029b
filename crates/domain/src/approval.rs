//! Approval inside one organization: which requests are open, and what closed the others.

mod standings;

use potok_types::EntityId;

use crate::{EntityState, MessageState, ResolutionRequest, Service};

pub(crate) use standings::Memo;

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
    state.standings.of(state).get(&id).copied().unwrap_or(RequestStanding::Cancelled)
}
