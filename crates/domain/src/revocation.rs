//! How a request to revoke a document stands, as seen from one box.

use potok_types::{BoxId, EntityId};

use crate::carriage::standing_signatures;
use crate::{Check, EntityState, MessageState, Service};

/// A request to revoke a document, and what became of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RevocationCase<'a> {
    /// The request.
    pub(crate) request: &'a EntityState,
    /// Whose it is.
    pub(crate) initiator: BoxId,
    /// What became of it.
    pub(crate) standing: RevocationStanding,
}

/// What became of a request to revoke a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RevocationStanding {
    /// Its signature is bad, or it was not delivered: it counts for nothing.
    Void,
    /// It waits for an answer.
    Pending,
    /// The answer was given and is on its way.
    Answered,
    /// The document is revoked.
    Accepted,
    /// The other side refused.
    Rejected,
}

/// The request that decides about `document`: the one that revoked it, else the newest that counts.
pub(crate) fn of_document(state: &MessageState, document: EntityId) -> Option<RevocationCase<'_>> {
    let cases = || state.children(document).filter_map(|found| of_request(state, found));
    cases()
        .find(|case| case.standing == RevocationStanding::Accepted)
        .or_else(|| cases().filter(|case| case.standing != RevocationStanding::Void).last())
}

/// What became of `request`; `None` when it is no request to revoke a document.
pub(crate) fn of_request<'a>(
    state: &'a MessageState,
    request: &'a EntityState,
) -> Option<RevocationCase<'a>> {
    let Some(Service::RevocationRequest { initiator }) = request.entity.service() else { return None };
    Some(RevocationCase { request, initiator: *initiator, standing: standing(state, request, *initiator) })
}

fn standing(state: &MessageState, request: &EntityState, initiator: BoxId) -> RevocationStanding {
    let id = request.entity.id;
    let mut signatures = standing_signatures(state, id);
    // Inside one organization both sides sign as the same box: the first signature asks, the second agrees.
    let is_by_initiator =
        |found: &&EntityState| found.entity.signature().is_some_and(|it| it.signer_box == initiator);
    if !request.stands() || !signatures.any(|found| is_by_initiator(&found)) {
        return RevocationStanding::Void;
    }
    let document = request.entity.parent.and_then(|parent| state.document_state(parent));
    if document.is_some_and(|document| document.revoked_by == Some(id)) {
        return RevocationStanding::Accepted;
    }
    let mut standing = RevocationStanding::Pending;
    let agreement = signatures.find(|found| state.is_internal || !is_by_initiator(found));
    let refusal = state.children(id).find(|child| child.stands() && is_refusal(child));
    for (answer, settled) in
        [(agreement, RevocationStanding::Accepted), (refusal, RevocationStanding::Rejected)]
    {
        let Some(answer) = answer else { continue };
        let is_settled = answer.check == Check::Valid && answer.delivered_at.is_some();
        standing = if is_settled { settled } else { RevocationStanding::Answered };
    }
    standing
}

/// A formal refusal, or a universal message that stands for one.
fn is_refusal(found: &EntityState) -> bool {
    found.entity.service().is_some_and(Service::is_refusal)
}
