//! What is refused of relations.

use potok_domain::relation::{GroupRefusal, RelationRefusal};
use potok_store::StreamId;
use potok_types::{BoxId, OrgId, TaskId};

use super::OtherSide;
use crate::ExchangeError;
use crate::core::{CommitError, CoreError, lift_core_errors};

/// Why nothing was done about a relation, or nothing is told of it. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum PartnersError {
    /// There is no such box.
    #[error("{path}: there is no box {box_id}; look the organization up by its INN")]
    NoBox {
        /// Where it stands in the request.
        path: &'static str,
        /// The box.
        box_id: BoxId,
    },
    /// There is no such organization.
    #[error("{path}: there is no organization {org_id}; look it up by its INN")]
    NoOrganization {
        /// Where it stands in the request.
        path: &'static str,
        /// The organization.
        org_id: OrgId,
    },
    /// The two have nothing to do with each other.
    #[error("{other} is no counteragent of box {box_id}: invite it by AcquireCounteragent")]
    NoCounteragent {
        /// The box whose list it is.
        box_id: BoxId,
        /// Who does not stand in it.
        other: OtherSide,
    },
    /// Only partners are in groups.
    #[error(
        "box {other} is no active partner of box {box_id}, and only those are in groups: invite it first"
    )]
    NoPartner {
        /// The box whose groups they are.
        box_id: BoxId,
        /// The box that is no partner.
        other: BoxId,
    },
    /// The rules of relations refuse it.
    #[error(transparent)]
    Relation(#[from] RelationRefusal),
    /// The rules of groups refuse it.
    #[error(transparent)]
    Group(#[from] GroupRefusal),
    /// The document of an invitation was not posted.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
    /// There is no such task, it is another user's, or it is a day old; which of them is not told.
    #[error(
        "there is no task {0} of yours: results are kept for 24 hours, and told to who called AcquireCounteragent"
    )]
    NoTask(TaskId),
    /// The task came to nothing.
    #[error("{0}")]
    TaskFailed(String),
    /// Others changed it again and again while this call tried to.
    #[error("{0} is being changed by others; repeat the call")]
    Busy(StreamId),
    /// What can go wrong anywhere.
    #[error(transparent)]
    Core(#[from] CoreError),
}

impl From<CommitError> for PartnersError {
    fn from(error: CommitError) -> Self {
        match error {
            // What was erased is not found before it is to be changed: it was erased meanwhile.
            CommitError::Busy(stream) | CommitError::Erased(stream) => Self::Busy(stream),
            CommitError::Store(error) => error.into(),
            // Calls hold no leases.
            CommitError::LeaseLost => CoreError::CutOff.into(),
        }
    }
}

lift_core_errors!(PartnersError);
