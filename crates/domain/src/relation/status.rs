//! What two sides are to each other.

/// What the other side is; numbers of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(i32)]
pub enum Status {
    /// A partner.
    IsMyCounteragent = 1,
    /// It asks for a partnership.
    InvitesMe = 2,
    /// It was asked for one.
    IsInvitedByMe = 3,
    /// It declined, or broke up.
    RejectsMe = 5,
    /// It was declined, or broken up with.
    IsRejectedByMe = 6,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::IsMyCounteragent, Self::InvitesMe, Self::IsInvitedByMe, Self::RejectsMe, Self::IsRejectedByMe];

    /// The status of `number`, if there is one.
    pub fn from_number(number: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|status| *status as i32 == number)
    }

    /// What this side is to the other one.
    #[must_use]
    pub const fn mirror(self) -> Self {
        match self {
            Self::IsMyCounteragent => Self::IsMyCounteragent,
            Self::InvitesMe => Self::IsInvitedByMe,
            Self::IsInvitedByMe => Self::InvitesMe,
            Self::RejectsMe => Self::IsRejectedByMe,
            Self::IsRejectedByMe => Self::RejectsMe,
        }
    }
}
