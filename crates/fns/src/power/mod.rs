//! Machine-readable powers of attorney: the unified format `EMCHD_1`, in which a principal says who may act for him, in what
//! and until when, and in which a representative hands such a power on.

mod party;
mod read;
#[cfg(test)]
mod tests;

use std::fmt;

use potok_types::PowerId;

use crate::FnsDate;
use crate::xml::XmlError;

pub use party::{PartyKind, PowerParty, PowerPerson};

/// The version of the format that is read, as `ВерсФорм` writes it.
pub const FORMAT: &str = "EMCHD_1";

/// What a file of a power of attorney says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PowerFile {
    /// `ИдФайл`: the name of the file without its ending.
    pub file_id: String,
    /// `НомДовер`: the number in the registers.
    pub number: PowerId,
    /// `ВнНомДовер`: the number that the principal gave it.
    pub internal_number: Option<String>,
    /// `ДатаВыдДовер`: its first day.
    pub issued_on: FnsDate,
    /// `СрокДейст`: its last day.
    pub expires_on: FnsDate,
    /// `СведСист`: where it can be looked up.
    pub system: Option<String>,
    /// `ПрПередов` is 2 or 3: representatives may hand it on.
    pub may_be_handed_on: bool,
    /// Who gives it; of a power that was handed on, who hands it on. At least one.
    pub principals: Vec<PowerParty>,
    /// Who gets it. At least one.
    pub representatives: Vec<PowerParty>,
    /// What they may do.
    pub granted: Granted,
    /// Of what it was handed on; `None` for a power that the principal gave himself.
    pub handed_on: Option<HandedOn>,
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
    /// `СвДоверПерв`: who gave the first one.
    pub root_principals: Vec<PowerParty>,
}

/// The file is no power of attorney that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PowerFault {
    /// It is no XML that is taken in.
    Xml(XmlError),
    /// It is something else.
    NoPower {
        /// The name of its root.
        root: String,
    },
    /// It is of another format.
    Format {
        /// What stands there.
        found: String,
    },
    /// Something that the format requires is not there.
    Missing {
        /// Element or attribute.
        path: String,
    },
    /// A value is not of the format.
    Value {
        /// Element or attribute.
        path: String,
        /// What stands there, cut.
        value: String,
        /// What should.
        expected: &'static str,
    },
}

impl fmt::Display for PowerFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Xml(error) => write!(f, "the file is no XML that can be read: {error}"),
            Self::NoPower { root } => write!(
                f,
                "the root element is {root}, and that of a power of attorney is Доверенность: send the file as it was issued"
            ),
            Self::Format { found } => write!(
                f,
                "ВерсФорм is {found:?}, and powers of attorney of {FORMAT} are read: issue it in the unified format"
            ),
            Self::Missing { path } => write!(f, "{path} is missing"),
            Self::Value { path, value, expected } => write!(f, "{path}: {value:?} is not {expected}"),
        }
    }
}

impl std::error::Error for PowerFault {}

impl PowerFile {
    /// Reads a power of attorney. Nothing is checked but what it takes to know what the file says.
    ///
    /// # Errors
    /// [`PowerFault`], the first one.
    pub fn parse(bytes: &[u8]) -> Result<Self, PowerFault> {
        read::file(bytes)
    }
}
