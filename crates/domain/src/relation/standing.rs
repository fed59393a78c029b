//! What follows from the last acts of both sides. Everything here gives the mirror image when the sides change places.

use potok_types::BoxId;

use super::{Act, Deed, Relation, Status};

fn mirror(status: Option<Status>) -> Option<Status> {
    status.map(Status::mirror)
}

pub(super) fn standing(relation: &Relation) -> Option<Status> {
    match (&relation.mine, &relation.theirs) {
        (None, None) => None,
        (Some(mine), None) => mine.status(),
        (None, Some(theirs)) => mirror(theirs.status()),
        (Some(mine), Some(theirs)) if mine.seen >= theirs.number => mine.status(),
        (Some(mine), Some(theirs)) if theirs.seen >= mine.number => mirror(theirs.status()),
        (Some(mine), Some(theirs)) => crossed((relation.me, mine), (relation.other, theirs)),
    }
}

/// What an act means when the other side did something meanwhile.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Will {
    /// It wants a partnership, whatever the other side did.
    Wants,
    /// It agreed to something that may have been taken back meanwhile.
    Agrees,
    /// It asks for nothing any more.
    Leaves,
    /// It wants nothing to do with the other side.
    Refuses,
}

impl Will {
    const fn of(act: &Act) -> Self {
        match act.deed {
            Deed::Invited(_) | Deed::Exchanged => Self::Wants,
            Deed::Accepted => Self::Agrees,
            Deed::Withdrew { .. } => Self::Leaves,
            Deed::Declined | Deed::BrokeUp => Self::Refuses,
        }
    }
}

/// Neither side knew of the other's act. Two that want a partnership have it, nobody becomes a partner who refused
/// meanwhile, and an invitation that was taken back cannot be accepted any more.
fn crossed((me, mine): (BoxId, &Act), (other, theirs): (BoxId, &Act)) -> Option<Status> {
    use Will::{Agrees, Leaves, Refuses, Wants};
    match (Will::of(mine), Will::of(theirs)) {
        (Wants | Agrees, Wants | Agrees) => Some(Status::IsMyCounteragent),
        (Refuses, Refuses) | (Leaves, Leaves) => {
            later(mine.status(), mirror(theirs.status()), (mine.at, me) > (theirs.at, other))
        }
        (Refuses, _) | (Leaves, Agrees) | (Wants, Leaves) => mine.status(),
        (_, Refuses) | (Agrees, Leaves) | (Leaves, Wants) => mirror(theirs.status()),
    }
}

/// Whoever refused stays who it is; of two who refused each other it is who did so last.
fn later(mine: Option<Status>, theirs: Option<Status>, is_mine_later: bool) -> Option<Status> {
    match (mine, theirs) {
        (None, other) | (other, None) => other,
        (mine, _) if is_mine_later => mine,
        (_, theirs) => theirs,
    }
}
