//! Why an attempt to deliver failed.

use potok_seams::{OperatorError, VerifyError};
use potok_store::{StreamId, StreamKind};
use potok_types::{BoxId, EventId};

use crate::core::{CommitError, CoreError, lift_core_errors};

/// Why an attempt to deliver failed. It is tried again later, unless another worker has it.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// What can go wrong anywhere.
    #[error(transparent)]
    Core(#[from] CoreError),
    /// The signatures could not be judged now.
    #[error(transparent)]
    NotVerified(#[from] VerifyError),
    /// The operator could not make a document.
    #[error(transparent)]
    Operator(#[from] OperatorError),
    /// One of the sides is gone.
    #[error("there is no organization with the box {0}")]
    NoOrganization(BoxId),
    /// Another worker has it by now; there is nothing to try again.
    #[error("the lease ran out while the delivery was handled")]
    LeaseLost,
    /// The outbox names an event that the journal does not have.
    #[error("the sending box has no event {event} of the {stream}")]
    NoSource {
        /// The stream that has no such event.
        stream: StreamId,
        /// The event that was to be delivered.
        event: EventId,
    },
    /// A newer program planned it.
    #[error("this program does not know how to deliver a {0}: update it")]
    UnknownKind(StreamKind),
    /// The receiving box is gone.
    #[error("there is no box {0} to deliver to")]
    NoTarget(BoxId),
    /// The receiving box has erased the message, so that nothing arrives there any more.
    #[error("the {0} was erased in the receiving box")]
    Erased(StreamId),
    /// Others were faster again and again.
    #[error("the {0} is being changed by others")]
    Busy(StreamId),
}

impl From<CommitError> for Failed {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Busy(stream) => Self::Busy(stream),
            CommitError::LeaseLost => Self::LeaseLost,
            CommitError::Erased(stream) => Self::Erased(stream),
            CommitError::Store(error) => error.into(),
        }
    }
}

lift_core_errors!(Failed);
