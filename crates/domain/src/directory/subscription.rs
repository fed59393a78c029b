//! Which notifications an employee wants.

/// What an employee can be notified of; the number is the place of its bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Subscription {
    /// Somebody wants to be a counteragent.
    CounteragentInvitation = 0,
    /// An invitation was answered.
    CounteragentInvitationResponses = 1,
    /// Documents came.
    NewIncomingDocuments = 2,
    /// A counteragent signed.
    CounteragentSignatures = 3,
    /// A counteragent refused to sign.
    CounteragentSignatureDenials = 4,
    /// The employee is asked to approve or sign.
    ResolutionRequests = 5,
    /// Somebody else approved or did not.
    ResolutionResults = 6,
    /// Somebody wants to be an employee.
    EmployeeRequests = 7,
    /// What is new about the service.
    News = 8,
    /// Somebody wrote in the chat.
    ChatMessages = 9,
}

impl Subscription {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 10] = [
        Self::CounteragentInvitation,
        Self::CounteragentInvitationResponses,
        Self::NewIncomingDocuments,
        Self::CounteragentSignatures,
        Self::CounteragentSignatureDenials,
        Self::ResolutionRequests,
        Self::ResolutionResults,
        Self::EmployeeRequests,
        Self::News,
        Self::ChatMessages,
    ];

    /// Its id in the API.
    pub const fn id(self) -> &'static str {
        match self {
            Self::CounteragentInvitation => "CounteragentInvitation",
            Self::CounteragentInvitationResponses => "CounteragentInvitationResponses",
            Self::NewIncomingDocuments => "NewIncomingDocuments",
            Self::CounteragentSignatures => "CounteragentSignatures",
            Self::CounteragentSignatureDenials => "CounteragentSignatureDenials",
            Self::ResolutionRequests => "ResolutionRequests",
            Self::ResolutionResults => "ResolutionResults",
            Self::EmployeeRequests => "EmployeeRequests",
            Self::News => "News",
            Self::ChatMessages => "ChatMessages",
        }
    }

    /// The one with this id, in any case.
    pub fn by_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.id().eq_ignore_ascii_case(id))
    }
}

/// The notifications that an employee does not want; those nobody spoke of are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unsubscribed(u32);

impl Unsubscribed {
    /// The set with these bits.
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    /// Its bits, see [`Subscription`].
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Whether the employee wants `what`.
    pub const fn wants(self, what: Subscription) -> bool {
        self.0 & (1 << what as u8) == 0
    }

    /// The same with another wish about `what`.
    #[must_use]
    pub const fn with(self, what: Subscription, is_wanted: bool) -> Self {
        let bit = 1 << what as u8;
        Self(if is_wanted { self.0 & !bit } else { self.0 | bit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_notification_has_a_bit_of_its_own() {
        let mut none = Unsubscribed::default();
        for what in Subscription::ALL {
            assert!(none.wants(what), "{}", what.id());
            none = none.with(what, false);
            assert!(!none.wants(what));
            assert_eq!(Subscription::by_id(&what.id().to_uppercase()), Some(what));
        }
        assert_eq!(none.bits().count_ones() as usize, Subscription::ALL.len());
        assert!(none.with(Subscription::News, true).wants(Subscription::News));
        assert_eq!(Subscription::by_id("Nothing"), None);
    }
}
