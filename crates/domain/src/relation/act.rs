//! What one side does about a relation.

use potok_types::Ticks;

use super::Status;
use crate::DocumentRef;

/// One act of one side, with what that side knew of the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// Counts the acts of the acting side about this relation, from 1.
    pub number: u32,
    /// How many acts of the other side were known when it acted.
    pub seen: u32,
    /// When it was done, by the clock of the acting side.
    pub at: Ticks,
    /// What was done: an invitation, its acceptance, a refusal, and so on.
    pub deed: Deed,
    /// What the acting side wrote to the other.
    pub message: Option<String>,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Asked for a partnership.
    Invited(Invitation),
    /// Agreed to an invitation.
    Accepted,
    /// Took the own invitation back.
    Withdrew {
        /// What the other side was before the invitation.
        back_to: Option<Status>,
    },
    /// Declined an invitation.
    Declined,
    /// Ended a partnership.
    BrokeUp,
    /// Sent documents, and they arrived.
    Exchanged,
}

/// An invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The document that came with it, which has the same ids in both boxes.
    pub document: Option<DocumentRef>,
    /// The document has to be signed: signing it accepts.
    pub needs_signature: bool,
    /// The other side agrees to everybody, so it was accepted with the invitation.
    pub is_accepted_at_once: bool,
    /// What the other side was before.
    pub before: Option<Status>,
}

impl Act {
    /// The invitation that it is, if it is one.
    pub const fn invitation(&self) -> Option<&Invitation> {
        match &self.deed {
            Deed::Invited(invitation) => Some(invitation),
            _ => None,
        }
    }

    /// What the other side is to the acting one after it, as far as the acting one knew.
    pub const fn status(&self) -> Option<Status> {
        match &self.deed {
            Deed::Invited(invitation) if invitation.is_accepted_at_once => Some(Status::IsMyCounteragent),
            Deed::Invited(_) => Some(Status::IsInvitedByMe),
            Deed::Accepted | Deed::Exchanged => Some(Status::IsMyCounteragent),
            Deed::Withdrew { back_to } => *back_to,
            Deed::Declined | Deed::BrokeUp => Some(Status::IsRejectedByMe),
        }
    }
}
