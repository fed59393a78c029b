//! Machine-readable powers of attorney: who may act for whom, the register that stands for the state's, and whether a power is
//! good for a signature.

mod attached;
mod check;
mod register;
#[cfg(test)]
mod tests;

use potok_types::{PowerId, Ticks};

pub use potok_types::powers::{CodedPower, Granted, HandedOn, Party, PartyKind, PowerPerson, Restriction};

pub use attached::{AttachedPower, Sending};
pub use check::{
    CheckName, CheckResult, Finding, Origin, Problem, SignatureOfPower, SignerNamed, Tried, Validation,
    validate,
};
pub use register::{
    REGISTER_BOX, RegisterChange, RegisterEvent, RegisterRefusal, Registered, SignedFile, Standing,
};

/// How a power of attorney is named.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PowerName {
    /// Its number in the registers.
    pub number: PowerId,
    /// INN of who gave it.
    pub issuer_inn: String,
    /// INN of who got it, if the name says so.
    pub representative_inn: Option<String>,
}

/// What a power of attorney says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Power {
    /// The name of its file, without ending.
    pub file_id: String,
    /// Its number in the registers.
    pub number: PowerId,
    /// The first moment of its first day, in Moscow.
    pub starts_at: Ticks,
    /// The first moment of its last day, in Moscow; it holds through that day.
    pub last_day: Ticks,
    /// Where it can be looked up.
    pub system: Option<String>,
    /// Representatives may hand it on.
    pub may_be_handed_on: bool,
    /// Who gave it; of a power that was handed on, who handed it on. At least one.
    pub issuers: Vec<Party>,
    /// Who got it. At least one.
    pub representatives: Vec<Party>,
    /// What they may do.
    pub granted: Granted,
    /// Of what it was handed on; `None` for a power that the principal gave himself.
    pub handed_on: Option<HandedOn>,
}

impl Power {
    /// Its name: the first of those who gave it and of those who got it that have an INN.
    pub fn name(&self) -> PowerName {
        let first = |all: &[Party]| all.iter().find_map(|party| party.named_inn().map(str::to_owned));
        PowerName {
            number: self.number,
            issuer_inn: first(&self.issuers).unwrap_or_default(),
            representative_inn: first(&self.representatives),
        }
    }

    /// Whether `name` is one of its names. Who knows the number alone does not know it.
    pub fn is_named(&self, name: &PowerName) -> bool {
        let is_one_of = |all: &[Party], inn: &str| all.iter().any(|party| party.is(inn));
        self.number == name.number
            && is_one_of(&self.issuers, &name.issuer_inn)
            && name.representative_inn.as_ref().is_none_or(|inn| is_one_of(&self.representatives, inn))
    }

    /// Who gave the first power of the chain.
    pub fn principals(&self) -> &[Party] {
        match &self.handed_on {
            Some(handed_on) if !handed_on.root_issuers.is_empty() => &handed_on.root_issuers,
            _ => &self.issuers,
        }
    }

    /// The first moment at which it does not hold any more.
    pub fn ends_at(&self) -> Ticks {
        self.last_day.plus_seconds(24 * 3600)
    }

    /// How it stands at `now`, where `is_revoked` says what the register knows.
    pub fn standing(&self, is_revoked: bool, now: Ticks) -> Standing {
        match is_revoked {
            true => Standing::Revoked,
            false if now >= self.ends_at() => Standing::Expired,
            false if now < self.starts_at => Standing::Created,
            false => Standing::Active,
        }
    }
}
