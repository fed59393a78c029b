//! The register of powers of attorney: what stands here for the state's. Each power is a stream of the box zero, which has the
//! registration number for its id.

use potok_types::{BoxId, ContentRef, EventId, PowerId, Ticks, UserId};

/// The box in whose streams the register is kept: powers belong to those who gave them, whether they have a box here or not.
pub const REGISTER_BOX: BoxId = BoxId::ZERO;

/// The bytes of a power of attorney with the signature of who gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedFile {
    /// The file.
    pub file: ContentRef,
    /// The detached signature over it.
    pub signature: ContentRef,
}

/// One change of the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterEvent {
    /// Its id.
    pub id: EventId,
    /// When it happened.
    pub at: Ticks,
    /// Who made it; `None`: whoever administers the server.
    pub by: Option<UserId>,
    /// What it was.
    pub change: RegisterChange,
}

/// What happens to a power in the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegisterChange {
    /// It was taken in.
    Registered(SignedFile),
    /// Who gave it took it back.
    Revoked {
        /// Why, for people; may be empty.
        reason: String,
    },
}

/// How a power stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// It does not hold yet.
    Created,
    /// It holds.
    Active,
    /// It does not hold any more.
    Expired,
    /// Who gave it took it back.
    Revoked,
}

impl Standing {
    /// The word of the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }

    /// It holds, or will.
    pub const fn is_actual(self) -> bool {
        matches!(self, Self::Created | Self::Active)
    }
}

/// Why the register stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegisterRefusal {
    /// Another file has the number.
    #[error(
        "another power of attorney is registered under {0}: numbers are given once, issue it with a new one"
    )]
    NumberTaken(PowerId),
    /// The power was taken back before.
    #[error("power of attorney {0} was revoked before")]
    RevokedBefore(PowerId),
    /// Nobody has registered it.
    #[error("power of attorney {0} is not in the register: upload its file first")]
    Unknown(PowerId),
}

/// What the register knows of one number, folded from its events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registered {
    events: u32,
    file: Option<(SignedFile, Ticks)>,
    revoked: Option<(Ticks, String)>,
}

impl Registered {
    /// What the events come to, in order.
    pub fn replay<'a>(events: impl IntoIterator<Item = &'a RegisterEvent>) -> Self {
        let mut found = Self::default();
        for event in events {
            match &event.change {
                RegisterChange::Registered(file) => found.file = Some((*file, event.at)),
                RegisterChange::Revoked { reason } => found.revoked = Some((event.at, reason.clone())),
            }
            found.events += 1;
        }
        found
    }

    /// How many events there are.
    pub const fn events(&self) -> u32 {
        self.events
    }

    /// The file and its signature; `None`: nobody has registered it.
    pub fn file(&self) -> Option<SignedFile> {
        self.file.map(|(file, _)| file)
    }

    /// When it was taken in.
    pub fn registered_at(&self) -> Option<Ticks> {
        self.file.map(|(_, at)| at)
    }

    /// When it was taken back, and why.
    pub const fn revoked(&self) -> Option<&(Ticks, String)> {
        self.revoked.as_ref()
    }

    /// Takes `file` in. `None`: it is there already.
    ///
    /// # Errors
    /// [`RegisterRefusal::NumberTaken`].
    pub fn register(
        &self,
        number: PowerId,
        file: SignedFile,
    ) -> Result<Option<RegisterChange>, RegisterRefusal> {
        match self.file() {
            None => Ok(Some(RegisterChange::Registered(file))),
            Some(known) if known.file == file.file => Ok(None),
            Some(_) => Err(RegisterRefusal::NumberTaken(number)),
        }
    }

    /// Takes the power back.
    ///
    /// # Errors
    /// [`RegisterRefusal::Unknown`], [`RegisterRefusal::RevokedBefore`].
    pub fn revoke(&self, number: PowerId, reason: &str) -> Result<RegisterChange, RegisterRefusal> {
        match (&self.file, &self.revoked) {
            (None, _) => Err(RegisterRefusal::Unknown(number)),
            (_, Some(_)) => Err(RegisterRefusal::RevokedBefore(number)),
            (Some(_), None) => Ok(RegisterChange::Revoked { reason: reason.to_owned() }),
        }
    }
}
