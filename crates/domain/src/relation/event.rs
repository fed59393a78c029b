//! What happens to a relation, as its box keeps it and as its people are told.

use potok_types::{EventId, GroupId, Ticks, UserId};

use super::{Act, Deed, Relation, Status};
use crate::DocumentRef;

/// One event of a relation in one box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelationEvent {
    /// Its id; unlike any other of the box.
    pub id: EventId,
    /// When it was written here.
    pub at: Ticks,
    /// What happened.
    pub change: RelationChange,
    /// How it is told: it stays told like that, also when the rules change by which it follows.
    pub told: Told,
}

/// What people are told of a relation after an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What the event is called; empty where it is about groups.
    pub happenings: Vec<Happening>,
    /// What the other side is now; `None`: it does not stand in the list any more.
    pub status: Option<Status>,
    /// What was written with the event.
    pub comment: Option<String>,
    /// What this side wrote last.
    pub message_to: Option<String>,
    /// What the other side wrote last.
    pub message_from: Option<String>,
    /// The document of the invitation.
    pub invitation: Option<DocumentRef>,
    /// The group into which the partner was put.
    pub group: GroupId,
}

impl Relation {
    /// The next event, with the relation after it.
    pub fn next(&self, id: EventId, at: Ticks, change: RelationChange) -> (RelationEvent, Self) {
        let after = self.after(&change);
        let told = Told {
            happenings: change.happenings(self),
            status: after.status(),
            comment: change.message().map(str::to_owned),
            message_to: after.message_to().map(str::to_owned),
            message_from: after.message_from().map(str::to_owned),
            invitation: after.invitation_document(),
            group: after.group(),
        };
        (RelationEvent { id, at, change, told }, after)
    }
}

/// What happened to a relation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RelationChange {
    /// This side did something.
    Mine {
        /// Its act, as the other side gets to know it.
        act: Act,
        /// Who; `None` when it followed from a delivery.
        by: Option<UserId>,
    },
    /// The other side did something, and it is known here now.
    Theirs(Act),
    /// The partner was put into another group, which is nobody else's business.
    Grouped {
        /// The group.
        group: GroupId,
        /// By whom.
        by: UserId,
    },
}

/// What an event is called; numbers of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(i32)]
pub enum Happening {
    /// This side invited.
    IInvited = 1,
    /// The other side invited.
    InvitedMe = 2,
    /// The other side accepted.
    AcceptedMine = 3,
    /// This side accepted.
    IAccepted = 4,
    /// This side took its invitation back.
    IWithdrew = 5,
    /// The other side took its invitation back.
    WithdrewTheirs = 6,
    /// This side declined.
    IDeclined = 7,
    /// The other side declined.
    DeclinedMine = 8,
    /// This side broke up.
    IBrokeUp = 9,
    /// The other side broke up.
    BrokeUpWithMe = 10,
    /// Documents of this side made a partnership.
    IMade = 13,
    /// Documents of the other side made a partnership.
    MadeMe = 14,
}

impl Happening {
    /// What the other side calls it.
    #[must_use]
    pub const fn mirror(self) -> Self {
        match self {
            Self::IInvited => Self::InvitedMe,
            Self::InvitedMe => Self::IInvited,
            Self::AcceptedMine => Self::IAccepted,
            Self::IAccepted => Self::AcceptedMine,
            Self::IWithdrew => Self::WithdrewTheirs,
            Self::WithdrewTheirs => Self::IWithdrew,
            Self::IDeclined => Self::DeclinedMine,
            Self::DeclinedMine => Self::IDeclined,
            Self::IBrokeUp => Self::BrokeUpWithMe,
            Self::BrokeUpWithMe => Self::IBrokeUp,
            Self::IMade => Self::MadeMe,
            Self::MadeMe => Self::IMade,
        }
    }

    /// What this side calls its own act.
    fn of_own(act: &Act) -> Vec<Self> {
        match &act.deed {
            Deed::Invited(invitation) if invitation.is_accepted_at_once => {
                vec![Self::IInvited, Self::AcceptedMine]
            }
            Deed::Invited(_) => vec![Self::IInvited],
            Deed::Accepted => vec![Self::IAccepted],
            Deed::Withdrew { .. } => vec![Self::IWithdrew],
            Deed::Declined => vec![Self::IDeclined],
            Deed::BrokeUp => vec![Self::IBrokeUp],
            Deed::Exchanged => vec![Self::IMade],
        }
    }
}

impl RelationChange {
    /// What it is called, seen from `before`; nothing where it is about groups.
    pub fn happenings(&self, before: &Relation) -> Vec<Happening> {
        match self {
            Self::Mine { act, .. } => Happening::of_own(act),
            Self::Theirs(act) => {
                let mut told: Vec<Happening> =
                    Happening::of_own(act).into_iter().map(Happening::mirror).collect();
                told.extend(met(before, act));
                told.sort_unstable();
                told.dedup();
                told
            }
            Self::Grouped { .. } => Vec::new(),
        }
    }

    /// What was written with it.
    pub fn message(&self) -> Option<&str> {
        match self {
            Self::Mine { act, .. } | Self::Theirs(act) => act.message.as_deref(),
            Self::Grouped { .. } => None,
        }
    }
}

/// An invitation that meets one of this side accepts it, and is accepted.
fn met(before: &Relation, theirs: &Act) -> Vec<Happening> {
    let is_met = |mine: &&Act| theirs.invitation().is_some() && mine.number > theirs.seen;
    let Some(mine) = before.mine.as_ref().filter(is_met) else { return Vec::new() };
    let is_accepted =
        before.after(&RelationChange::Theirs(theirs.clone())).status() == Some(Status::IsMyCounteragent);
    match mine.invitation() {
        Some(invitation) if is_accepted && invitation.is_accepted_at_once => vec![Happening::IAccepted],
        Some(_) if is_accepted => vec![Happening::AcceptedMine, Happening::IAccepted],
        _ => Vec::new(),
    }
}
