//! What is refused of signing with keys that the server holds.

use potok_domain::signing::SigningRefusal;
use potok_types::{BoxId, TaskId};

use crate::access::AccessError;
use crate::core::{CoreError, lift_core_errors};

/// Why nothing is signed, or nothing is told of it. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    /// The server holds no such key for the user.
    #[error(
        "{path}: the server holds no key for you whose certificate is {wanted}: ask the administrator of the server to add it"
    )]
    NoKey {
        /// Where it stands in the request.
        path: &'static str,
        /// Which one was asked for, in words.
        wanted: String,
    },
    /// The user has no way to the box that the request names.
    #[error("{path}: box {} is not open to you", .box_id.guid())]
    NoBox {
        /// Where it stands in the request.
        path: String,
        /// The box.
        box_id: BoxId,
    },
    /// There is no such task, it is another user's, or it is a day old; which of them is not told.
    #[error(
        "there is no task {0} of yours with a result like that: results are kept for 24 hours, and told to who asked"
    )]
    NoTask(TaskId),
    /// The code is wrong.
    #[error("confirmationCode is not the code that the holder of the key was told last")]
    BadCode,
    /// No code is right any more, or the token was never given.
    #[error(
        "the signing waits for no code: it was confirmed or refused, ten minutes or five wrong codes are over, or the token is of no signing of yours"
    )]
    TooLate,
    /// The signing came to nothing.
    #[error("{0}")]
    Failed(String),
    /// The word of the holder changes nothing.
    #[error(transparent)]
    Refused(#[from] SigningRefusal),
    /// Others changed it again and again while this call tried to.
    #[error("signing {0} is being changed by others; repeat the call")]
    Busy(TaskId),
    /// What can go wrong anywhere.
    #[error(transparent)]
    Core(#[from] CoreError),
}

/// Whoever may not act in a box that a request names learns no more than that.
pub(super) fn not_open(error: AccessError, path: &str, box_id: BoxId) -> SigningError {
    match error {
        AccessError::Core(error @ (CoreError::Store(_) | CoreError::CutOff)) => error.into(),
        _ => SigningError::NoBox { path: path.to_owned(), box_id },
    }
}

lift_core_errors!(SigningError);
