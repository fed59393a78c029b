//! What is not shown.

use potok_types::{DepartmentId, MessageId};

use crate::core::{CoreError, lift_core_errors};

/// What is not shown.
#[derive(Debug, thiserror::Error)]
pub enum ReadingError {
    /// The caller may not see the department.
    #[error("access to department {0} is denied")]
    DepartmentDenied(DepartmentId),
    /// The version of the method has no word for templates.
    #[error("message {0} is a template, which this version does not show; call a later one")]
    Template(MessageId),
    /// What can go wrong anywhere.
    #[error(transparent)]
    Core(#[from] CoreError),
}

lift_core_errors!(ReadingError);
