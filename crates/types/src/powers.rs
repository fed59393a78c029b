//! What a machine-readable power of attorney says of its parties and of what they may do, as its file has it and as it is judged.

use crate::PowerId;

/// What a party of a power of attorney is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PartyKind {
    /// A Russian organization.
    LegalEntity,
    /// A foreign organization.
    Foreign,
    /// A sole proprietor.
    Individual,
    /// A person.
    Person,
    /// A branch of a Russian organization.
    Branch,
    /// A branch of a foreign organization.
    ForeignBranch,
}

/// A party of a power of attorney.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// What it is.
    pub kind: PartyKind,
    /// INN of the organization, or of the person.
    pub inn: Option<String>,
    /// KPP.
    pub kpp: Option<String>,
    /// OGRN or OGRNIP.
    pub ogrn: Option<String>,
    /// Name of the organization, or of the business of a sole proprietor.
    pub name: Option<String>,
    /// The person; of an organization the one who acts for it without a power, of a branch its head.
    pub person: Option<PowerPerson>,
}

/// A person in a power of attorney.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PowerPerson {
    /// Family name.
    pub last_name: String,
    /// Given name.
    pub first_name: String,
    /// Patronymic.
    pub middle_name: Option<String>,
    /// INN.
    pub inn: Option<String>,
    /// SNILS, digits only.
    pub snils: Option<String>,
}

/// `СвПолн`: what representatives may do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Granted {
    /// `ТипПолн`: 0 in words, 1 by codes.
    pub kind: String,
    /// `ПрСовмПолн`: 1 together, 2 each alone.
    pub joint: String,
    /// `ПрУтрПолн`: 1 whoever hands it on loses it, 2 keeps it.
    pub loss: Option<String>,
    /// `ТекстПолн`: in words.
    pub text: Option<String>,
    /// `МашПолн`: by codes.
    pub codes: Vec<CodedPower>,
}

/// `МашПолн`: something that a classifier has a code for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodedPower {
    /// `МнПолн`.
    pub mnemonic: Option<String>,
    /// `КодПолн`.
    pub code: String,
    /// `НаимПолн`.
    pub name: String,
    /// `ОгрСвПолн`.
    pub restrictions: Vec<Restriction>,
}

/// `ОгрСвПолн`: a bound of a power.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restriction {
    /// `ИдОгр`.
    pub id: i32,
    /// `КодОгр`.
    pub code: String,
    /// `НаимОгр`.
    pub name: String,
    /// `НаимЗначОгр`.
    pub value_name: Option<String>,
    /// `КодЗначОгр`.
    pub value_code: Option<String>,
    /// `ТексЗначОгр`.
    pub value_text: Option<String>,
}

/// Of what a power was handed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedOn {
    /// The first power, if it has a number in the registers.
    pub root: Option<PowerId>,
    /// The one from which it was handed on directly, if that is another one than the first.
    pub parent: Option<PowerId>,
    /// Who gave the first one.
    pub root_issuers: Vec<Party>,
}

impl HandedOn {
    /// The power from which it was handed on directly, if that has a number in the registers.
    pub fn before(&self) -> Option<PowerId> {
        self.parent.or(self.root)
    }
}

impl Party {
    /// The INN by which it is named: its own, or that of its person.
    pub fn named_inn(&self) -> Option<&str> {
        self.inn.as_deref().or_else(|| self.person.as_ref()?.inn.as_deref())
    }

    /// Whether it is named by `inn`.
    pub fn is(&self, inn: &str) -> bool {
        self.named_inn() == Some(inn)
    }
}
