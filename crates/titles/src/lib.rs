//! Titles of formalized documents: made of the data of programs, and taken apart into them.
//!
//! Programs send data in a *contract*, an XML of a few dozen English names; what is signed is a *title*, an XML that the tax
//! service prescribes. How the two belong together is data: a table per title and version (`tables/`), read by
//!
//! * [`Format::generate`]: contract and [`Sources`] to title,
//! * [`Format::parse`]: title to contract, the exact inverse,
//! * [`sample`]: contracts made up from a table, for tests and as examples,
//! * [`Format::contract_schema`]: what programs may send, as a schema,
//! * [`Contract::of_title`]: a title to the contract by which others sign it,
//! * [`Format::edit`]: a title with what was not known when it was stored,
//! * [`Adapter`]: structures of older programs to contracts and back,
//! * [`check::check`]: what a file of any kind has against its format,
//! * [`Format::fields`]: what a title says, value by value, for whoever shows it to people.
//!
//! What one value asks of another is data too (`rules/`): [`broken_rules`].
//!
//! Everything here is a function of its arguments: no I/O, no clock, no randomness.

mod adapter;
pub mod check;
mod classifier;
mod contract;
mod contract_schema;
mod data;
mod draft;
mod editing;
mod fields;
mod file_name;
mod formats;
mod generate;
#[cfg(test)]
mod losses;
mod made;
mod parse;
mod renew;
mod rule;
mod rules;
pub mod sample;
mod sources;
mod table;

pub use adapter::{Adapter, ParticipantAsked, Structured, Told};
pub use classifier::{Classifier, region_code};
pub use contract::Contract;
pub use editing::{Editing, Edition};
pub use fields::Field;
pub use formats::Format;
pub use renew::Signers;
pub use rules::{broken_rules, has_rules};
pub use sources::{First, Kind, Organization, Power, SignerAsked, SignerFacts, Sources};

use potok_fns::FileId;
use potok_fns::schema::Schema;
use potok_fns::xml::{Document, Fault, Limits, XmlError};

/// What is held against the rules of a format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Checks {
    /// Everything: names, values, what has to be there.
    #[default]
    All,
    /// The same, but for what may be given until the title is sent.
    But(Editing),
    /// Only what nothing can be made without: whoever asks for this checks the result elsewhere.
    None,
}

/// What a title is held to beside its table.
#[derive(Clone, Copy, Debug, Default)]
pub struct Held<'a> {
    /// Official schemas of the format: one of them has to allow it, if there are any.
    pub schemas: &'a [Schema],
    /// The rules that schemas do not say.
    pub rules: bool,
}

/// A title that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    /// Its name, which is written in it too.
    pub file_id: FileId,
    /// Its bytes, in windows-1251.
    pub bytes: Vec<u8>,
}

impl From<generate::Outcome> for Title {
    fn from(made: generate::Outcome) -> Self {
        Self { file_id: FileId::from_text(made.file_id), bytes: made.bytes }
    }
}

/// What data and a title may be at most: a document of a hundred thousand lines fits. The first title of an answer may be as
/// large as any document, for only a few of its elements are kept.
pub const LIMITS: Limits = Limits { bytes: 32 << 20, depth: 64, attributes: 64, nodes: 1_000_000 };

/// All that is wrong with data or a title, in the order of the text; 100 at most.
pub type Violations = Vec<XmlError>;

impl Format {
    /// Makes the title of a contract.
    ///
    /// `organization` knows the boxes that [`Contract::boxes`] names, `signers` what [`Contract::signers`] asks for, in order.
    ///
    /// # Errors
    /// Everything that the format does not allow, with place, in Russian and English.
    pub fn generate(
        self,
        contract: Contract,
        sources: &Sources<'_>,
        organization: &dyn Fn(&str) -> Option<Organization>,
        signers: &[SignerFacts],
        checks: Checks,
    ) -> Result<Title, Violations> {
        self.make(contract, sources, organization, signers, (checks, Held::default()))
    }

    /// Makes the title of a contract, held to everything and to `held`.
    ///
    /// # Errors
    /// As [`Self::generate`]; or what the first schema does not allow, and the rules that are broken, at their places in the title.
    pub fn generate_valid(
        self,
        contract: Contract,
        sources: &Sources<'_>,
        organization: &dyn Fn(&str) -> Option<Organization>,
        signers: &[SignerFacts],
        held: Held<'_>,
    ) -> Result<Title, Violations> {
        self.make(contract, sources, organization, signers, (Checks::All, held))
    }

    fn make(
        self,
        mut contract: Contract,
        sources: &Sources<'_>,
        organization: &dyn Fn(&str) -> Option<Organization>,
        signers: &[SignerFacts],
        (checks, Held { schemas, rules }): (Checks, Held<'_>),
    ) -> Result<Title, Violations> {
        let table = self.table();
        let first = match sources.first {
            None => None,
            Some(first) => {
                let read = Document::parse_wanted(first.title, &Limits::TITLE, &table.wanted_of_first());
                Some(read.map_err(|error| vec![error])?)
            }
        };
        if self.title_index() > 0 && first.is_none() {
            let fault = Fault::Contradiction {
                ru: "нет титула, на который составляется ответ",
                en: "there is no title to answer",
            };
            return Err(vec![XmlError { position: None, place: table.contract.to_owned(), fault }]);
        }
        let mut violations = contract.fill_boxes(table, organization);
        contract.fill_signers(signers);
        let rules_of = self.title_format().filter(|_| rules).map(|format| (format, self.title_index()));
        let (made, more) = generate::generate(table, &contract, sources, first.as_ref(), (schemas, rules_of));
        violations.extend(more);
        if let Checks::But(editing) = checks {
            violations.retain(|violation| !editing.excuses(violation));
        }
        match made {
            Some(made) if violations.is_empty() || checks == Checks::None => Ok(made.into()),
            _ => Err(violations),
        }
    }

    /// Takes a title apart into the contract it would be made of, UTF-8 with a byte order mark.
    ///
    /// # Errors
    /// Everything that the format does not allow, with place, in Russian and English.
    pub fn parse(self, title: &[u8]) -> Result<Vec<u8>, Violations> {
        let table = self.table();
        let document = Document::parse(title, &LIMITS).map_err(|error| vec![error])?;
        let (draft, violations) = parse::parse(table, &document);
        if !violations.is_empty() {
            return Err(violations);
        }
        draft.write(&table.shape).map_err(|c| {
            let fault = Fault::ForbiddenCharacter(c.into());
            vec![XmlError { position: None, place: table.contract.to_owned(), fault }]
        })
    }
}
