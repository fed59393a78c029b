//! What is refused of powers of attorney.

use potok_domain::directory::AttachRefusal;
use potok_domain::powers::{PowerName, RegisterRefusal};
use potok_store::StreamId;
use potok_types::{BoxId, PowerId, TaskId, UserId};

use crate::core::{CommitError, CoreError, lift_core_errors};

/// Why nothing was done about a power of attorney, or nothing is told of it. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum PowersError {
    /// The register has no such power, or it was given by somebody else; which of the two is not told.
    #[error(
        "{path}: the register has no power of attorney {number} of an issuer with the INN {inn}: register it first",
        number = .name.number,
        inn = .name.issuer_inn
    )]
    NoPower {
        /// Where it stands in the request.
        path: &'static str,
        /// How it was named.
        name: PowerName,
    },
    /// The employee does not have the power at hand.
    #[error(
        "{path}: user {user} has no power of attorney {number} of an issuer with the INN {inn} at hand: attach it first",
        number = .name.number,
        inn = .name.issuer_inn
    )]
    NotAtHand {
        /// Where it stands in the request.
        path: &'static str,
        /// How it was named.
        name: PowerName,
        /// Whose it should be.
        user: UserId,
    },
    /// The user is no employee of the box.
    #[error("user {user} is no employee of box {}", .box_id.guid())]
    NoEmployee {
        /// The user who was named.
        user: UserId,
        /// The box of the call.
        box_id: BoxId,
    },
    /// The rules of powers at hand refuse it.
    #[error(transparent)]
    Attach(#[from] AttachRefusal),
    /// Nobody has the file of the power.
    #[error("the file of power of attorney {number} came with no signature, and the register has it not")]
    NoFile {
        /// Its number.
        number: PowerId,
    },
    /// There is no such task, it is of another box, or it is a day old; which of them is not told.
    #[error(
        "there is no registration {0} in this box: results are kept for 24 hours after RegisterPowerOfAttorney"
    )]
    NoTask(TaskId),
    /// The rules of the register refuse it.
    #[error(transparent)]
    Register(#[from] RegisterRefusal),
    /// Others changed it again and again while this call tried to.
    #[error("{0} is being changed by others; repeat the call")]
    Busy(StreamId),
    /// What can go wrong anywhere.
    #[error(transparent)]
    Core(#[from] CoreError),
}

impl From<CommitError> for PowersError {
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

lift_core_errors!(PowersError);
