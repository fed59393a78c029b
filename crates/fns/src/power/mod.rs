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

pub use potok_types::powers::{CodedPower, Granted, HandedOn, Party, PartyKind, PowerPerson, Restriction};

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
    pub principals: Vec<Party>,
    /// Who gets it. At least one.
    pub representatives: Vec<Party>,
    /// What they may do.
    pub granted: Granted,
    /// Of what it was handed on; `None` for a power that the principal gave himself.
    pub handed_on: Option<HandedOn>,
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
        expected: Expected,
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
            Self::Value { path, value, expected } => write!(f, "{path}: {value:?} is not {}", expected.en()),
        }
    }
}

impl std::error::Error for PowerFault {}

impl PowerFault {
    /// The same in Russian.
    pub fn text_ru(&self) -> String {
        match self {
            Self::Xml(error) => format!("это не XML, который можно прочитать: {}", error.ru()),
            Self::NoPower { root } => {
                format!(
                    "корневой элемент – {root}, а у доверенности – Доверенность: пришлите файл как он был выдан"
                )
            }
            Self::Format { found } => {
                format!(
                    "ВерсФорм – «{found}», а читаются доверенности {FORMAT}: оформите её в едином формате"
                )
            }
            Self::Missing { path } => format!("нет {path}"),
            Self::Value { path, value, expected } => {
                format!("{path}: «{value}» – не {}", expected.ru())
            }
        }
    }
}

/// What a value of a power of attorney should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// `ГГГГ-ММ-ДД`.
    Date,
    /// An id of 36 characters.
    Guid,
    /// Digits.
    Number,
    /// Whether it may be handed on: 1, 2 or 3.
    Handing,
}

impl Expected {
    const fn en(self) -> &'static str {
        match self {
            Self::Date => "a date as ГГГГ-ММ-ДД",
            Self::Guid => "a GUID",
            Self::Number => "a number",
            Self::Handing => "1, 2 or 3",
        }
    }

    const fn ru(self) -> &'static str {
        match self {
            Self::Date => "дата вида ГГГГ-ММ-ДД",
            Self::Guid => "GUID",
            Self::Number => "число",
            Self::Handing => "1, 2 или 3",
        }
    }
}

impl PowerFile {
    /// Reads a power of attorney. Nothing is checked but what it takes to know what the file says.
    ///
    /// # Errors
    /// [`PowerFault`], the first one.
    pub fn parse(bytes: &[u8]) -> Result<Self, PowerFault> {
        read::file(bytes)
    }
}
