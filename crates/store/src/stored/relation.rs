//! The stored forms of events of relations and of groups of partners. What is said in [`super`] of versions holds here too.

use minicbor::{Decode, Encode};
use potok_domain::relation as domain;
use potok_types::{DepartmentId, Ticks};

use super::v1::{DocumentRef, Id};
use super::{Nothing, Stored, StoredFormError, encode, read};

#[derive(Encode, Decode)]
struct StoredRelation {
    #[n(0)]
    id: Id,
    #[n(1)]
    at: i64,
    #[n(2)]
    change: Change,
    #[n(3)]
    told: Told,
}

#[derive(Encode, Decode)]
enum Change {
    #[n(0)]
    Mine(#[n(0)] Act, #[n(1)] Option<Id>),
    #[n(1)]
    Theirs(#[n(0)] Act),
    #[n(2)]
    Grouped(#[n(0)] Id, #[n(1)] Id),
}

#[derive(Encode, Decode)]
struct Act {
    #[n(0)]
    number: u32,
    #[n(1)]
    seen: u32,
    #[n(2)]
    at: i64,
    #[n(3)]
    deed: Deed,
    #[n(4)]
    message: Option<String>,
}

#[derive(Encode, Decode)]
enum Deed {
    #[n(0)]
    Invited(#[n(0)] Invitation),
    #[n(1)]
    Accepted,
    #[n(2)]
    Withdrew(#[n(0)] Option<Status>),
    #[n(3)]
    Declined,
    #[n(4)]
    BrokeUp,
    #[n(5)]
    Exchanged,
}

#[derive(Encode, Decode)]
struct Invitation {
    #[n(0)]
    document: Option<DocumentRef>,
    #[n(1)]
    needs_signature: bool,
    #[n(2)]
    is_accepted_at_once: bool,
    #[n(3)]
    before: Option<Status>,
}

#[derive(Encode, Decode)]
struct Told {
    #[n(0)]
    happenings: Vec<Happening>,
    #[n(1)]
    status: Option<Status>,
    #[n(2)]
    comment: Option<String>,
    #[n(3)]
    message_to: Option<String>,
    #[n(4)]
    message_from: Option<String>,
    #[n(5)]
    invitation: Option<DocumentRef>,
    #[n(6)]
    group: Id,
}

#[derive(Encode, Decode)]
struct StoredGroup {
    #[n(0)]
    id: Id,
    #[n(1)]
    at: i64,
    #[n(2)]
    by: Id,
    #[n(3)]
    change: GroupChange,
}

#[derive(Encode, Decode)]
enum GroupChange {
    #[n(0)]
    Put(#[n(0)] Group),
    #[n(1)]
    Dissolved(#[n(0)] Id),
}

#[derive(Encode, Decode)]
struct Group {
    #[n(0)]
    id: Id,
    #[n(1)]
    name: String,
    #[n(2)]
    departments: Option<Vec<Id>>,
}

macro_rules! same_choices {
    ($($name:ident { $($number:literal $variant:ident),* })*) => {$(
        #[derive(Clone, Copy, Encode, Decode)]
        #[cbor(index_only)]
        enum $name {
            $(#[n($number)] $variant,)*
        }

        impl From<domain::$name> for $name {
            fn from(it: domain::$name) -> Self {
                match it { $(domain::$name::$variant => Self::$variant,)* }
            }
        }

        impl From<$name> for domain::$name {
            fn from(it: $name) -> Self {
                match it { $($name::$variant => Self::$variant,)* }
            }
        }
    )*};
}

same_choices! {
    Status { 1 IsMyCounteragent, 2 InvitesMe, 3 IsInvitedByMe, 5 RejectsMe, 6 IsRejectedByMe }
    Happening {
        1 IInvited, 2 InvitedMe, 3 AcceptedMine, 4 IAccepted, 5 IWithdrew, 6 WithdrewTheirs, 7 IDeclined, 8 DeclinedMine,
        9 IBrokeUp, 10 BrokeUpWithMe, 13 IMade, 14 MadeMe
    }
}

first_versions!(StoredRelation, StoredGroup);

impl From<domain::Act> for Act {
    fn from(act: domain::Act) -> Self {
        let domain::Act { number, seen, at, deed, message } = act;
        Self { number, seen, at: at.get(), deed: deed.into(), message }
    }
}

impl From<Act> for domain::Act {
    fn from(act: Act) -> Self {
        let Act { number, seen, at, deed, message } = act;
        Self { number, seen, at: Ticks::new(at), deed: deed.into(), message }
    }
}

impl From<domain::Deed> for Deed {
    fn from(deed: domain::Deed) -> Self {
        match deed {
            domain::Deed::Invited(it) => Self::Invited(Invitation {
                document: it.document.map(Into::into),
                needs_signature: it.needs_signature,
                is_accepted_at_once: it.is_accepted_at_once,
                before: it.before.map(Into::into),
            }),
            domain::Deed::Accepted => Self::Accepted,
            domain::Deed::Withdrew { back_to } => Self::Withdrew(back_to.map(Into::into)),
            domain::Deed::Declined => Self::Declined,
            domain::Deed::BrokeUp => Self::BrokeUp,
            domain::Deed::Exchanged => Self::Exchanged,
        }
    }
}

impl From<Deed> for domain::Deed {
    fn from(deed: Deed) -> Self {
        match deed {
            Deed::Invited(it) => Self::Invited(domain::Invitation {
                document: it.document.map(Into::into),
                needs_signature: it.needs_signature,
                is_accepted_at_once: it.is_accepted_at_once,
                before: it.before.map(Into::into),
            }),
            Deed::Accepted => Self::Accepted,
            Deed::Withdrew(back_to) => Self::Withdrew { back_to: back_to.map(Into::into) },
            Deed::Declined => Self::Declined,
            Deed::BrokeUp => Self::BrokeUp,
            Deed::Exchanged => Self::Exchanged,
        }
    }
}

impl From<domain::Told> for Told {
    fn from(told: domain::Told) -> Self {
        let domain::Told { happenings, status, comment, message_to, message_from, invitation, group } = told;
        Self {
            happenings: happenings.into_iter().map(Into::into).collect(),
            status: status.map(Into::into),
            comment,
            message_to,
            message_from,
            invitation: invitation.map(Into::into),
            group: group.into(),
        }
    }
}

impl From<Told> for domain::Told {
    fn from(told: Told) -> Self {
        let Told { happenings, status, comment, message_to, message_from, invitation, group } = told;
        Self {
            happenings: happenings.into_iter().map(Into::into).collect(),
            status: status.map(Into::into),
            comment,
            message_to,
            message_from,
            invitation: invitation.map(Into::into),
            group: group.into(),
        }
    }
}

/// The bytes under which an event of a relation is kept.
pub fn encode_relation_event(event: &domain::RelationEvent) -> Vec<u8> {
    let domain::RelationEvent { id, at, change, told } = event.clone();
    encode(&StoredRelation {
        id: id.into(),
        at: at.get(),
        change: match change {
            domain::RelationChange::Mine { act, by } => Change::Mine(act.into(), by.map(Into::into)),
            domain::RelationChange::Theirs(act) => Change::Theirs(act.into()),
            domain::RelationChange::Grouped { group, by } => Change::Grouped(group.into(), by.into()),
        },
        told: told.into(),
    })
}

/// The event of a relation that was kept as `bytes`.
///
/// # Errors
/// [`StoredFormError`]: the bytes are damaged, or a newer server wrote them.
pub fn decode_relation_event(bytes: &[u8]) -> Result<domain::RelationEvent, StoredFormError> {
    let StoredRelation { id, at, change, told } = read(bytes)?;
    Ok(domain::RelationEvent {
        id: id.into(),
        at: Ticks::new(at),
        change: match change {
            Change::Mine(act, by) => domain::RelationChange::Mine { act: act.into(), by: by.map(Into::into) },
            Change::Theirs(act) => domain::RelationChange::Theirs(act.into()),
            Change::Grouped(group, by) => {
                domain::RelationChange::Grouped { group: group.into(), by: by.into() }
            }
        },
        told: told.into(),
    })
}

/// The bytes under which an event of the groups of a box is kept.
pub fn encode_group_event(event: &domain::GroupEvent) -> Vec<u8> {
    let domain::GroupEvent { id, at, by, change } = event.clone();
    encode(&StoredGroup {
        id: id.into(),
        at: at.get(),
        by: by.into(),
        change: match change {
            domain::GroupChange::Put(domain::Group { id, name, departments }) => {
                let departments = departments.map(|all| all.into_iter().map(Into::into).collect());
                GroupChange::Put(Group { id: id.into(), name, departments })
            }
            domain::GroupChange::Dissolved(id) => GroupChange::Dissolved(id.into()),
        },
    })
}

/// The event of the groups of a box that was kept as `bytes`.
///
/// # Errors
/// [`StoredFormError`]: the bytes are damaged, or a newer server wrote them.
pub fn decode_group_event(bytes: &[u8]) -> Result<domain::GroupEvent, StoredFormError> {
    let StoredGroup { id, at, by, change } = read(bytes)?;
    Ok(domain::GroupEvent {
        id: id.into(),
        at: Ticks::new(at),
        by: by.into(),
        change: match change {
            GroupChange::Put(Group { id, name, departments }) => {
                let departments = departments.map(|all| all.into_iter().map(DepartmentId::from).collect());
                domain::GroupChange::Put(domain::Group { id: id.into(), name, departments })
            }
            GroupChange::Dissolved(id) => domain::GroupChange::Dissolved(id.into()),
        },
    })
}

#[cfg(test)]
mod tests;
