//! Powers of attorney that employees have at hand.

use potok_types::{Ticks, UserId, limits};

use crate::powers::PowerName;

/// A power of attorney of an employee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmployeePower {
    /// The employee who has it.
    pub user: UserId,
    /// How it is named.
    pub name: PowerName,
    /// It is taken when nobody names another one; at most one of each employee.
    pub is_default: bool,
    /// Since when.
    pub attached_at: Ticks,
}

/// Why a power is not attached.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AttachRefusal {
    /// There are too many that hold.
    #[error(
        "user {user} has {count} powers of attorney that are in force or will be, and no more may be attached: detach some",
        count = limits::POWERS_PER_EMPLOYEE
    )]
    TooMany {
        /// Who has them.
        user: UserId,
    },
    /// Too many were attached today.
    #[error(
        "{count} powers of attorney were attached to user {user} within 24 hours, and no more may be: come again tomorrow",
        count = limits::POWERS_PER_DAY
    )]
    TooManyToday {
        /// To whom.
        user: UserId,
    },
}
