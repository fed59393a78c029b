//! Approval inside one organization: which requests are open, and what closed the others.

use potok_types::{DepartmentId, EntityId, UserId};

use crate::state::{self, Standings};
use crate::{EntityState, MessageState, RequestKind, ResolutionRequest};

pub use crate::service::RequestStanding;

/// Somebody withdrew the request, denial or resolution `id`.
pub fn is_cancelled(state: &MessageState, id: EntityId) -> bool {
    state::is_cancelled(state, id)
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
    standings(state).open(state, parent)
}

/// The open request to sign `parent`, if there is one.
pub(crate) fn open_to_sign(
    state: &MessageState,
    parent: EntityId,
) -> Option<(&EntityState, &ResolutionRequest)> {
    standings(state).to_sign(state, parent)
}

/// The open request about `parent` that an approval answers: the oldest one to the person, else the oldest one to a department
/// of the person.
pub(crate) fn open_to_approve(
    state: &MessageState,
    parent: EntityId,
    person: UserId,
    is_of_person: impl Fn(DepartmentId) -> bool,
) -> Option<(&EntityState, &ResolutionRequest)> {
    let wanted = (parent, &[RequestKind::Approvement, RequestKind::Custom][..]);
    let standings = standings(state);
    let of_departments = || standings.of_departments(state, wanted, is_of_person);
    standings.of_person(state, wanted, person).or_else(of_departments)
}

/// How the request `id` stands; [`RequestStanding::Cancelled`] for what is no request.
pub fn request_standing(state: &MessageState, id: EntityId) -> RequestStanding {
    standings(state).standing(state, id)
}

fn standings(state: &MessageState) -> &Standings {
    state.standings.get(|| Standings::of(state))
}
