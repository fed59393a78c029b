//! The service documents: confirmations, receipts, requests, refusals, revocations.
//!
//! Each is a plain struct that is written by `generate` and read by `parse`; both go through one description of the
//! format, which holds everything its schema asks and the rules beside the schema. What `generate` writes is valid and
//! is read again as it was; what `parse` accepts is valid.

mod answer;
mod clarification;
mod confirmation;
mod content_type;
mod receipt;
mod revocation;
mod text;
mod universal;
mod universal_contract;
mod universal_file;

pub use answer::{Answer, NoAnswer};
pub use clarification::{Clarification, ClarificationPurpose};
pub use confirmation::{Confirmation, ConfirmationKind};
pub use content_type::{ContentType, content_type_id};
pub use receipt::{Receipt, ReceiptAuthor};
pub use revocation::Revocation;
pub use text::{ServiceKind, plain_text, service_kind};
pub use universal::{UniversalNotice, universal_notices};
pub use universal_contract::{Contacts, UniversalContract, UniversalPerson};
pub use universal_file::{UniversalFile, parse_universal_message};

use crate::file_id::{FileId, confirmed_name};
use crate::form::{Form, Result, Rule};
use crate::moment::FnsDate;
use crate::version::{Family, Version};
use crate::xml::{Document, Element, Fault, Limits, XmlError};

/// What stands at the head of every service document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The name of the file.
    pub file_id: FileId,
    /// What made the file, 1 to 40 characters: `Diadoc 1.0` is what integrators know.
    pub program: String,
    /// Version of the format.
    pub version: Version,
}

/// The file that a document confirms or answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfirmedFile {
    /// `ИдФайл` of a formalized document, file name of any other.
    pub name: String,
    /// Its signatures: DER, as they are stored, oldest first.
    pub signatures: Vec<Vec<u8>>,
}

impl ConfirmedFile {
    /// The file of this name with its signatures. The extension `.xml` is left out, and what is longer than the format
    /// allows is cut off when the document is made.
    pub fn new(file_name: &str, signatures: Vec<Vec<u8>>) -> Self {
        Self { name: confirmed_name(file_name).to_owned(), signatures }
    }
}

/// What older documents say about the confirmed document (`ДанПолучДок`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfirmedDocument {
    /// Kind of document, at most 1000 characters.
    pub name: String,
    /// Number, at most 256 characters.
    pub number: String,
    /// Date.
    pub date: FnsDate,
    /// Number of the revision, at most 3 characters.
    pub revision_number: Option<String>,
    /// Date of the revision.
    pub revision_date: Option<FnsDate>,
    /// Number of the correction, at most 256 characters.
    pub correction_number: Option<String>,
    /// Date of the correction.
    pub correction_date: Option<FnsDate>,
    /// Number of the correction's revision, at most 3 characters.
    pub correction_revision_number: Option<String>,
    /// Date of the correction's revision.
    pub correction_revision_date: Option<FnsDate>,
}

/// The root with its attributes, and the document inside.
fn document(
    form: &mut Form<'_>,
    family: Family,
    head: &mut Head,
    inner: impl FnOnce(&mut Form<'_>, Version) -> Result<()>,
) -> Result<()> {
    form.root(|form| {
        // Limits depend on the version, which a reader therefore needs before the attributes in front of it.
        let longest = family.longest_file_id(head.version);
        form.attr("ИдФайл", head.file_id.text_mut(), Rule::FileName(longest))?;
        let (expected, found) = (family.prefix(), head.file_id.as_str());
        if !found.starts_with(expected) {
            let found = crate::xml::shorten(found);
            return Err(form.error(Fault::OtherDocument { expected: expected.into(), found }));
        }
        form.attr("ВерсПрог", &mut head.program, Rule::Text(40))?;
        form.coded("ВерсФорм", &mut head.version)?;
        if !family.versions().contains(&head.version) {
            let version = head.version.as_str();
            return Err(form.error(Fault::NotInVersion { what: family.prefix().into(), version }));
        }
        form.element("Документ", |form| {
            if let Some(knd) = family.knd() {
                form.constant("КНД", knd)?;
            }
            inner(form, head.version)
        })
    })
}

/// Reads a document of a family into an empty struct made for its version.
///
/// # Errors
/// All that is not of the format, as far as it can be told.
fn parse<T>(
    bytes: &[u8],
    empty: impl FnOnce(Head) -> T,
    describe: impl FnOnce(&mut Form<'_>, &mut T) -> Result<()>,
) -> Result<T, Vec<XmlError>> {
    let one = |error| vec![error];
    let document = Document::parse(bytes, &Limits::SERVICE).map_err(one)?;
    let version = version_of(&document.root).map_err(one)?;
    let head = Head { file_id: FileId::default(), program: String::new(), version };
    let mut value = empty(head);
    Form::read(&document, |form| describe(form, &mut value))?;
    Ok(value)
}

/// What is told of a document of which only one thing is told.
fn first(mut found: Vec<XmlError>) -> XmlError {
    found.swap_remove(0)
}

fn version_of(root: &Element) -> Result<Version> {
    use crate::form::Coded as _;
    let at = |fault| XmlError { position: Some(root.position), place: root.name.to_string(), fault };
    let text = root.attribute("ВерсФорм").ok_or_else(|| at(Fault::MissingAttribute("ВерсФорм".into())))?;
    Version::from_text(text).ok_or_else(|| at(Version::rule().broken(text)))
}

/// Names of the block about the confirmed file.
struct FileNames {
    element: &'static str,
    name: &'static str,
    signature: &'static str,
}

fn confirmed_file(
    form: &mut Form<'_>,
    names: &FileNames,
    longest: usize,
    file: &mut ConfirmedFile,
    inner: impl FnOnce(&mut Form<'_>) -> Result<()>,
) -> Result<()> {
    form.element(names.element, |form| {
        if !form.reading()
            && let Some((cut, _)) = file.name.char_indices().nth(longest)
        {
            file.name.truncate(cut);
        }
        form.attr(names.name, &mut file.name, Rule::Text(longest))?;
        form.texts(names.signature, &mut file.signatures)?;
        inner(form)
    })
}

/// The block of older documents about the confirmed document. Number and date are named differently in each family.
fn confirmed_document(
    form: &mut Form<'_>,
    number: &'static str,
    date: &'static str,
    version: Version,
    about: &mut Option<ConfirmedDocument>,
) -> Result<()> {
    if version.is_current() {
        return match about {
            Some(_) if !form.reading() => {
                let what = "ДанПолучДок".into();
                Err(form.error(Fault::NotInVersion { what, version: version.as_str() }))
            }
            _ => Ok(()),
        };
    }
    form.optional("ДанПолучДок", about, |form, about| {
        form.attr("НаимДок", &mut about.name, Rule::Text(1000))?;
        form.attr(number, &mut about.number, Rule::Text(256))?;
        form.coded(date, &mut about.date)?;
        form.attr_opt("НомИспрСФ", &mut about.revision_number, Rule::Text(3))?;
        form.coded_opt("ДатаИспрСФ", &mut about.revision_date)?;
        form.attr_opt("НомКСФ", &mut about.correction_number, Rule::Text(256))?;
        form.coded_opt("ДатаКСФ", &mut about.correction_date)?;
        form.attr_opt("НомИспрКСФ", &mut about.correction_revision_number, Rule::Text(3))?;
        form.coded_opt("ДатаИспрКСФ", &mut about.correction_revision_date)
    })
}
