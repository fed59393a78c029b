//! Why a use case did not do what was asked. The edge says which status that is.

use potok_domain::decide::Rejection;
use potok_seams::{NotSigned, VerifyError};
use potok_store::StreamId;
use potok_types::Invalid;

use crate::core::{CommitError, CoreError, InProgress, lift_core_errors};

/// Why a use case did not do what was asked. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// What can go wrong anywhere.
    #[error(transparent)]
    Core(#[from] CoreError),
    /// The rules of the exchange refuse it.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The same operation is still running.
    #[error("Request processing is in progress. Please, retry later.")]
    InProgress,
    /// Others changed the message again and again while this call tried to.
    #[error("{0} is being changed by others; repeat the call")]
    Busy(StreamId),
    /// The server could not sign in place of the caller.
    #[error(transparent)]
    NotSigned(#[from] NotSigned),
    /// The signatures of the call could not be judged now.
    #[error(transparent)]
    NotVerified(#[from] VerifyError),
    /// A worker of the server died.
    #[error("the server could not finish its work")]
    Internal,
}

impl From<CommitError> for AppError {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Busy(stream) => Self::Busy(stream),
            CommitError::Store(error) => error.into(),
            // Calls hold no leases.
            CommitError::LeaseLost => Self::Internal,
        }
    }
}

impl From<InProgress> for AppError {
    fn from(_: InProgress) -> Self {
        Self::InProgress
    }
}

impl AppError {
    /// The value at `path` of the request is wrong for `reason`.
    pub(crate) fn invalid(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Invalid::new(path, reason).into()
    }
}

lift_core_errors!(AppError);
