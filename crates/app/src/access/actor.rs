//! A user in a box.

use std::sync::Arc;

use potok_domain::access::{self, Denied, Scope};
use potok_domain::directory::{Employee, Organization, User};
use potok_store::Member;
use potok_types::BoxId;

/// A user in a box. Made by the check of a caller only, see [`crate::Permit`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Actor {
    /// The person or robot.
    pub user: Arc<User>,
    /// The organization of the box.
    pub organization: Arc<Organization>,
    /// The user there.
    pub employee: Arc<Employee>,
    /// The documents that the user may see.
    pub scope: Scope,
}

/// A user of a technology partner. Made by the check of a caller only, see [`crate::Permit`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PartnerUser {
    /// The user in each box that lets it in, by box.
    pub actors: Vec<Actor>,
}

/// An employee of the box as which another operator calls. Made by the check of a caller only, see [`crate::Permit`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OperatorActor {
    /// The employee.
    pub actor: Actor,
}

impl Actor {
    /// The user as `member`, who was let in.
    pub(super) fn of(user: &Arc<User>, member: Member) -> Self {
        Self {
            user: Arc::clone(user),
            scope: access::scope_of(&member.employee, &member.organization),
            organization: Arc::new(member.organization),
            employee: Arc::new(member.employee),
        }
    }

    /// The box.
    pub fn box_id(&self) -> BoxId {
        self.organization.box_id
    }

    /// # Errors
    /// [`Denied`] when some documents of the organization are hidden from the user.
    pub(crate) fn must_see_all(&self) -> Result<(), Denied> {
        self.scope.require_all(self.organization.org_id)
    }
}
