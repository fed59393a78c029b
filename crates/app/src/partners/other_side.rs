//! Who is told apart from nobody by nothing.

use std::fmt;

use potok_types::{BoxId, OrgId};

/// Somebody of whom calls tell what he is to the caller, and nobody whether he is there at all: refusals name him as the
/// caller does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherSide {
    /// By the box.
    Box(BoxId),
    /// By the organization.
    Organization(OrgId),
}

impl fmt::Display for OtherSide {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Box(box_id) => write!(f, "box {box_id}"),
            Self::Organization(org_id) => write!(f, "organization {org_id}"),
        }
    }
}
