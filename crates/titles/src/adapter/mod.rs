//! Structures of the API that older programs fill in place of a contract, and get in place of one.
//!
//! How a structure and the contract of a format belong together is data: an adapter per structure (`adapters/`), read in both
//! directions. So an adapter is no second road: what a structure says becomes a contract, of which the title is made by its table, and
//! a title that is read becomes a contract before it becomes a structure.

mod compile;
mod from_structure;
mod participants;
mod places;
#[cfg(test)]
mod tests;
mod to_structure;
mod words;

use std::sync::LazyLock;

use potok_fns::xml::{Document, Fault, XmlError};
use serde_json::{Map, Value as Json};

use crate::contract::VIOLATIONS;
use crate::{Contract, Format, LIMITS, Violations};
use compile::Sides;
pub use participants::ParticipantAsked;
use places::Places;

/// A structure, as it belongs to the titles of a format.
#[derive(Clone, Copy)]
pub struct Adapter {
    sides: &'static Sides,
    format: Format,
}

struct Entry {
    /// What the versions begin with.
    versions: &'static str,
    title_index: i32,
    sides: LazyLock<Sides>,
}

macro_rules! adapters {
    ($($versions:literal $title:literal = $file:literal;)+) => {
        fn text(name: &str) -> Option<&'static str> {
            match name {
                "common" => Some(include_str!("../../adapters/common.adapter")),
                "correction" => Some(include_str!("../../adapters/correction.adapter")),
                "older" => Some(include_str!("../../adapters/older.adapter")),
                $($file => Some(include_str!(concat!("../../adapters/", $file, ".adapter"))),)+
                _ => None,
            }
        }

        static ALL: [Entry; [$($title),+].len()] = [$(
            Entry { versions: $versions, title_index: $title, sides: LazyLock::new(|| known($file)) },
        )+];
    };
}

adapters! {
    "utd_" 0 = "utd_0";
    "utd_" 1 = "utd_1";
    "ucd_" 0 = "ucd_0";
    "ucd_" 1 = "ucd_1";
    "tovtorg_" 0 = "tovtorg_0";
    "tovtorg_" 1 = "tovtorg_1";
    "torg12_" 0 = "torg12_0";
    "torg12_" 1 = "torg12_1";
    "rezru_" 0 = "rezru_0";
    "rezru_" 1 = "rezru_1";
    "act_" 0 = "act_0";
    "act_" 1 = "act_1";
    "invoice_05_02_" 0 = "invoice_05_02";
    "invoice_05_01_" 0 = "invoice_05_01";
    "invoicecor_05_02_" 0 = "invoicecor_05_02";
    "invoicecor_05_01_" 0 = "invoicecor_05_01";
}

fn known(name: &str) -> Sides {
    let compiled = compile::adapter(text(name).expect("every adapter has a text"), &text);
    compiled.unwrap_or_else(|error| panic!("the adapter {name}: {}", error.0))
}

impl Adapter {
    /// That of a title; `None` where no structure was ever published for it.
    pub fn of(format: Format) -> Option<Self> {
        let is_meant = |entry: &&Entry| {
            format.version().starts_with(entry.versions) && entry.title_index == format.title_index()
        };
        ALL.iter().find(is_meant).map(|entry| Self { sides: &entry.sides, format })
    }

    /// The name of the structure in `Diadoc.Api.Proto.Invoicing`.
    pub fn structure(self) -> &'static str {
        self.sides.structure
    }

    /// Whether its signer is the older `Signer`, of whom a certificate says enough.
    pub fn has_older_signers(self) -> bool {
        self.sides.lines.iter().any(|line| line.name() == "Signer")
    }

    /// The titles.
    pub fn format(self) -> Format {
        self.format
    }

    /// The contract that says what a structure says; the structure as JSON, with the names of the API.
    ///
    /// # Errors
    /// It is no JSON object; this has no place.
    pub fn read(self, json: &[u8]) -> Result<Structured, Violations> {
        let said: Map<String, Json> = serde_json::from_slice(json).map_err(|error| {
            vec![XmlError {
                position: None,
                place: String::new(),
                fault: Fault::Malformed(error.to_string()),
            }]
        })?;
        let (root, places, violations) =
            from_structure::contract(self.sides, self.format.contract_root(), &said);
        Ok(Structured {
            contract: Contract { root },
            format: self.format,
            sides: self.sides,
            places,
            violations,
        })
    }

    /// The structure that says what a contract says, as JSON; what the structure has no field for is left out.
    ///
    /// # Errors
    /// Values that a field of the structure has no word for, as newer rates of taxes.
    pub fn write(self, contract: &[u8]) -> Result<Vec<u8>, Violations> {
        let document = Document::parse(contract, &LIMITS).map_err(|error| vec![error])?;
        let told = to_structure::structure(self.sides, &document.root)?;
        Ok(Json::Object(told).to_string().into_bytes())
    }
}

impl std::fmt::Debug for Adapter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {:?}", self.structure(), self.format)
    }
}

/// What a structure says, as a contract.
#[derive(Debug)]
pub struct Structured {
    /// The contract.
    pub contract: Contract,
    format: Format,
    sides: &'static Sides,
    places: Places,
    violations: Violations,
}

/// Where a structure said what is wrong.
#[derive(Debug)]
pub struct Told {
    sides: &'static Sides,
    places: Places,
    violations: Violations,
}

impl Structured {
    /// Whether an earlier document is revised.
    pub fn is_revision(&self) -> bool {
        let said = |name: &str| self.contract.root.attribute(name).is_some();
        ["RevisionDate", "RevisionNumber", "CorrectionRevisionDate", "CorrectionRevisionNumber"]
            .into_iter()
            .any(said)
    }

    /// The contract alone, and what is needed to tell what is wrong with it.
    pub fn apart(self) -> (Contract, Told) {
        let Self { contract, sides, places, violations, .. } = self;
        (contract, Told { sides, places, violations })
    }
}

impl Told {
    /// All that is wrong: fields that the format has no place for, words that it does not know, and then what is wrong with the
    /// contract, each at the field that said it and in the words of the structure.
    pub fn all(self, of_contract: Violations) -> Violations {
        let Self { sides, places, mut violations } = self;
        violations.extend(of_contract.into_iter().map(|error| words::told(sides, &places, error)));
        violations.truncate(VIOLATIONS);
        violations
    }
}
