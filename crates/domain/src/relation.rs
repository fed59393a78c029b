//! What two organizations are to each other, as the box of one of them has it.
//!
//! Each box keeps a stream about each other box that it had to do with. The two sides act independently and tell each other
//! what they did; a [`Relation`] knows the last [`Act`] of either. Where one side had seen what the other one did last, its
//! own act decides; where neither had, their acts crossed, and a rule that is the same on both sides says what becomes of it.
//! So whatever is delayed or delivered twice, two boxes that have heard of each other's last acts agree.

mod act;
mod commands;
mod event;
mod groups;
mod messages;
mod reception;
mod standing;
mod status;
#[cfg(test)]
mod tests;

use potok_types::{BoxId, GroupId};

use crate::{DocumentRef, Revision};

pub use act::{Act, Deed, Invitation};
pub use commands::{
    Attachment, Invite, RelationRefusal, acquire, break_up, check_sides, document_exchanged,
    document_refused, document_revoked, document_signed, heard,
};
pub use event::{Happening, RelationChange, RelationEvent, Told};
pub use groups::{
    DEFAULT_GROUP, Group, GroupChange, GroupDepartments, GroupEvent, GroupRefusal, Groups, NewGroup,
    still_open,
};
pub use messages::{Consequence, consequence, follows};
pub use reception::{NotTaken, Reception};
pub use status::Status;

/// A relation, folded from its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// The box that has it.
    pub me: BoxId,
    /// The other one.
    pub other: BoxId,
    revision: Revision,
    mine: Option<Act>,
    theirs: Option<Act>,
    group: GroupId,
}

impl Relation {
    /// The two have not had to do with each other.
    pub const fn none(me: BoxId, other: BoxId) -> Self {
        Self { me, other, revision: Revision(0), mine: None, theirs: None, group: GroupId::ZERO }
    }

    /// What the events of the stream come to, in order.
    pub fn replay<'a>(me: BoxId, other: BoxId, events: impl IntoIterator<Item = &'a RelationEvent>) -> Self {
        let mut relation = Self::none(me, other);
        events.into_iter().for_each(|event| relation.apply(&event.change));
        relation
    }

    /// The relation after one more event.
    pub fn apply(&mut self, change: &RelationChange) {
        match change {
            RelationChange::Mine { act, .. } => self.mine = Some(act.clone()),
            RelationChange::Theirs(act) => self.theirs = Some(act.clone()),
            RelationChange::Grouped { group, .. } => self.group = *group,
        }
        // Only partners are in groups, and whoever becomes one again begins in the default group.
        if self.status() != Some(Status::IsMyCounteragent) {
            self.group = GroupId::ZERO;
        }
        self.revision.0 += 1;
    }

    /// The same relation after `change`.
    #[must_use]
    pub fn after(&self, change: &RelationChange) -> Self {
        let mut after = self.clone();
        after.apply(change);
        after
    }

    /// How many events it has.
    pub const fn revision(&self) -> Revision {
        self.revision
    }

    /// What the other side is to this one; `None`: it does not stand in the list.
    pub fn status(&self) -> Option<Status> {
        standing::standing(self)
    }

    /// The last act of this side.
    pub const fn mine(&self) -> Option<&Act> {
        self.mine.as_ref()
    }

    /// The last act of the other side that this one has heard of.
    pub const fn theirs(&self) -> Option<&Act> {
        self.theirs.as_ref()
    }

    /// The group, while the other side is a partner. It may have been dissolved since: see [`Groups::live`].
    pub const fn group(&self) -> GroupId {
        self.group
    }

    /// The invitation that made the relation what it is, or that waits for an answer.
    pub fn invitation(&self) -> Option<Invitation> {
        let of = |act: Option<&Act>| act.and_then(Act::invitation).copied();
        let (mine, theirs) = (of(self.mine()), of(self.theirs()));
        match self.status()? {
            Status::InvitesMe => theirs,
            Status::IsInvitedByMe => mine,
            Status::IsMyCounteragent => {
                let is_mine_later = self.mine().is_some_and(|act| act.seen >= self.seen());
                if is_mine_later { mine.or(theirs) } else { theirs.or(mine) }
            }
            Status::RejectsMe | Status::IsRejectedByMe => None,
        }
    }

    /// The document of that invitation.
    pub fn invitation_document(&self) -> Option<DocumentRef> {
        self.invitation()?.document
    }

    /// What this side wrote with its last act.
    pub fn message_to(&self) -> Option<&str> {
        self.mine.as_ref()?.message.as_deref()
    }

    /// What the other side wrote with its last act.
    pub fn message_from(&self) -> Option<&str> {
        self.theirs.as_ref()?.message.as_deref()
    }

    /// How many acts of the other side are known here.
    fn seen(&self) -> u32 {
        self.theirs.as_ref().map_or(0, |act| act.number)
    }
}
