//! Why something was not posted.

use potok_domain::decide::Rejection;
use potok_seams::{NotSigned, VerifyError};
use potok_store::StreamId;
use potok_types::{Attested, BoxId, Invalid};

use crate::core::{CommitError, CoreError, InProgress, lift_core_errors};

/// Why something was not posted. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// The rules of the exchange refuse it.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The same operation is still running.
    #[error("{}", Attested::InProgress.words(&[]))]
    InProgress,
    /// Others changed the message again and again while this call tried to.
    #[error("{0} is being changed by others; repeat the call")]
    Busy(StreamId),
    /// A document was to be forwarded to a box that is not there.
    #[error("ForwardDocumentRequest.ToBoxId: there is no box {0}")]
    NoThirdBox(BoxId),
    /// The server could not sign in place of the caller.
    #[error(transparent)]
    NotSigned(NotSigned),
    /// The signatures of the call could not be judged now.
    #[error(transparent)]
    NotVerified(#[from] VerifyError),
    /// What can go wrong anywhere.
    #[error(transparent)]
    Core(#[from] CoreError),
}

impl From<CommitError> for ExchangeError {
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

impl From<NotSigned> for ExchangeError {
    fn from(error: NotSigned) -> Self {
        match error {
            NotSigned::NotDone(not_done) => not_done.into(),
            failed @ NotSigned::Failed { .. } => Self::NotSigned(failed),
        }
    }
}

impl From<InProgress> for ExchangeError {
    fn from(_: InProgress) -> Self {
        Self::InProgress
    }
}

impl ExchangeError {
    /// The value at `path` of the request is wrong for `reason`.
    pub(super) fn invalid(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Invalid::new(path, reason).into()
    }
}

lift_core_errors!(ExchangeError);
