//! What does not fit to the directory as it is.

use std::fmt;

use potok_types::{BoxId, DepartmentId, UserId};

/// What is in a department that should be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DepartmentInUse {
    /// Departments below it.
    Departments,
    /// Employees.
    Employees,
    /// Documents.
    Documents,
}

impl fmt::Display for DepartmentInUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Departments => "departments below it: move or delete them first",
            Self::Employees => "employees: move them to another department first",
            Self::Documents => "documents: move them with MoveDocuments first",
        })
    }
}

/// A change that does not fit to what is there: nothing was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DirectoryConflict {
    /// The head department is the organization itself.
    #[error(
        "the head department is the organization itself: it can be neither moved, renamed nor deleted here"
    )]
    HeadDepartment,
    /// The department would lie below itself.
    #[error("department {department} cannot lie below {parent}, which lies below it or is the same one")]
    Circle {
        /// What should be moved.
        department: DepartmentId,
        /// To where.
        parent: DepartmentId,
    },
    /// Something is still in the department.
    #[error("department {department} cannot be deleted, it has {by}")]
    DepartmentInUse {
        /// Which one.
        department: DepartmentId,
        /// What is in it.
        by: DepartmentInUse,
    },
    /// Nobody would administer the organization any more.
    #[error("{user} is the last administrator of the organization: name another one first")]
    LastAdministrator {
        /// The only one left.
        user: UserId,
    },
    /// The person is an employee already.
    #[error("user {user} is an employee of box {} already: change it with UpdateEmployee", .box_id.guid())]
    AlreadyEmployed {
        /// The user who was to be employed.
        user: UserId,
        /// The box of the organization.
        box_id: BoxId,
    },
}
