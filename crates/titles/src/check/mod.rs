//! What a file has against its format, whatever file it is: a title, a service document, the data of a program.
//!
//! One function for everybody who only asks: a program over the network, and a person with a file on a disk. All is told that is
//! wrong, not only the first thing, each with line, column, path, rule and cure.

mod finding;
mod made_up;

pub use finding::Finding;

use potok_fns::MoscowTime;
use potok_fns::recognize::{self, Recognized};
use potok_fns::schema::{Schema, service_schemas, title_checks, title_schemas};
use potok_fns::service::{Answer, NoAnswer, ServiceKind, UniversalContract, universal_notices};
use potok_fns::xml::{self, Limits, XmlError, root_name};

use crate::contract::VIOLATIONS;
use crate::{Contract, Format, LIMITS, broken_rules, has_rules};

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A title of a formalized document, by what it is most usually sent as.
    Title {
        /// `TypeNamedId`.
        type_named_id: &'static str,
        /// `Function`.
        function: String,
        /// `Version`.
        version: &'static str,
        /// 0 for the title of whoever starts, 1 for the answer.
        title_index: i32,
    },
    /// A confirmation, receipt, request, refusal or revocation.
    Service(ServiceKind),
    /// The data of which a title is made.
    Contract(Format),
    /// A universal message, or the data of which one is made.
    Universal,
    /// Nothing that is known here.
    Unknown,
}

/// What a file was held to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldTo {
    /// An official schema, by the name that it is published under, or what follows from one.
    Schema(&'static str),
    /// The table by which this server makes and reads titles.
    Table(Format),
    /// Rules of the format that its schema does not say.
    Rules,
    /// What this server itself knows of the format.
    OwnRules,
}

/// What was found about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What it is.
    pub kind: FileKind,
    /// What it was held to; empty when there is nothing.
    pub held_to: Vec<HeldTo>,
    /// Names of official schemas of its format, none of which is at hand: what they say was not asked.
    pub missing_schemas: &'static [&'static str],
    /// What is wrong, in the order of the text, 100 at most; nothing for a file that is as it has to be.
    pub findings: Vec<Finding>,
}

/// Looks at a file. `schemas` knows official schemas by name; `named` is what it is said to be, which decides between versions whose
/// data look alike. Signers, organizations of boxes and answered titles are not looked at: they are no part of the file.
///
/// Takes time and memory in proportion to the file, which is refused beyond the limits of its kind.
pub fn check(
    bytes: &[u8],
    named: Option<Format>,
    schemas: &dyn Fn(&str) -> Option<Schema>,
    now: MoscowTime,
) -> Report {
    let mut report = match recognize::recognize(bytes) {
        Ok(Recognized::Title(title)) => title_report(bytes, &title, named, schemas),
        Ok(Recognized::Service(kind)) => service_report(bytes, kind, schemas),
        Ok(Recognized::Unknown) => other_report(bytes, named, now),
        Err(error) => Report::of(FileKind::Unknown, &[error]),
    };
    report.findings.sort_by_key(Finding::order);
    report.findings.truncate(VIOLATIONS);
    report
}

impl Report {
    fn of(kind: FileKind, errors: &[XmlError]) -> Self {
        let findings = errors.iter().map(Finding::from).collect();
        Self { kind, held_to: Vec::new(), missing_schemas: &[], findings }
    }

    /// Holds the file to the schemas of its format: the newest one that allows it, or what the newest one at hand does not allow.
    /// Whether there was any.
    fn hold_to_schemas(
        &mut self,
        bytes: &[u8],
        (names, limits): (&'static [&'static str], &Limits),
        schemas: &dyn Fn(&str) -> Option<Schema>,
    ) -> bool {
        let mut first: Option<(&'static str, Vec<Finding>)> = None;
        for &name in names {
            let Some(schema) = schemas(name) else { continue };
            let found = match schema.validate(bytes, limits) {
                Ok(violations) => violations.iter().map(Finding::from).collect(),
                Err(error) => vec![Finding::from(&error)],
            };
            if found.is_empty() {
                self.held_to.push(HeldTo::Schema(name));
                return true;
            }
            first.get_or_insert((name, found));
        }
        let Some((name, found)) = first else { return false };
        self.held_to.push(HeldTo::Schema(name));
        self.findings.extend(found);
        true
    }
}

fn title_report(
    bytes: &[u8],
    title: &recognize::Title,
    named: Option<Format>,
    schemas: &dyn Fn(&str) -> Option<Schema>,
) -> Report {
    let candidate = title.candidates.first();
    let version = candidate.and_then(|candidate| candidate.versions.first().copied()).unwrap_or_default();
    let kind = FileKind::Title {
        type_named_id: candidate.map_or("", |candidate| candidate.type_named_id),
        function: candidate.map(|candidate| candidate.function.clone()).unwrap_or_default(),
        version,
        title_index: title.title_index,
    };
    let mut report = Report::of(kind, &[]);
    if let Some(named) = named
        && !is_of(title, named)
    {
        let expected = format!("{} {}", named.version(), named.title_index());
        report.findings.push(finding::other(expected, format!("{version} {}", title.title_index)));
    }
    let names = title_checks(title.format, title.title_index);
    if !report.hold_to_schemas(bytes, (names, &Limits::TITLE), schemas) {
        let mut versions = title.candidates.iter().flat_map(|candidate| &candidate.versions);
        let own = versions.find_map(|version| Format::find(version, title.title_index));
        if let Some(format) = named.filter(|named| is_of(title, *named)).or(own) {
            report.held_to.push(HeldTo::Table(format));
            let found = format.parse(bytes).err().unwrap_or_default();
            report.findings.extend(found.iter().map(Finding::from));
        }
    }
    let official = title_schemas(title.format, title.title_index);
    let is_official = |held: &HeldTo| matches!(held, HeldTo::Schema(name) if official.contains(name));
    if !report.held_to.iter().any(is_official) {
        report.missing_schemas = official;
    }
    if has_rules(title.format, title.title_index) {
        report.held_to.push(HeldTo::Rules);
        // What cannot be read at all was told before.
        let broken = broken_rules(bytes, None).unwrap_or_default();
        report.findings.extend(broken.iter().map(Finding::from));
    }
    let file_id = recognize::file_id(bytes).unwrap_or_default();
    report.findings.extend(title.name_remarks.iter().map(|remark| Finding::name(remark, &file_id)));
    report
}

fn is_of(title: &recognize::Title, named: Format) -> bool {
    title.title_index == named.title_index() && named.title_format() == Some(title.format)
}

fn service_report(bytes: &[u8], kind: ServiceKind, schemas: &dyn Fn(&str) -> Option<Schema>) -> Report {
    let mut report = Report::of(FileKind::Service(kind), &[]);
    let names = service_schemas(kind);
    if !report.hold_to_schemas(bytes, (names, &Limits::SERVICE), schemas) {
        report.missing_schemas = names;
    }
    // The schema tells all that it knows, the own reader the rules beside it.
    if report.findings.is_empty() {
        report.held_to.push(HeldTo::OwnRules);
        if let Err(NoAnswer::Faulty(found)) = Answer::read(bytes, kind.family) {
            report.findings.extend(found.iter().map(Finding::from));
        }
    }
    report
}

/// What some programs write before an XML in UTF-8.
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Some XML of which nothing is known, some that is none, or anything else.
fn unknown(bytes: &[u8]) -> Report {
    let is_xml = bytes.strip_prefix(BOM).unwrap_or(bytes).trim_ascii_start().starts_with(b"<");
    if let Some(error) = is_xml.then(|| xml::check(bytes, &Limits::TITLE).err()).flatten() {
        return Report::of(FileKind::Unknown, &[error]);
    }
    let finding = Finding::whole(
        "format.kind",
        "файл не похож ни на титул, ни на служебный документ, ни на данные для титула известного формата",
        "the file is no title, no service document and no data of a title of a known format",
    );
    Report { findings: vec![finding], ..Report::of(FileKind::Unknown, &[]) }
}

/// Data of programs, and what is nothing of all this.
fn other_report(bytes: &[u8], named: Option<Format>, now: MoscowTime) -> Report {
    let data = &*xml::in_utf8(bytes, &LIMITS);
    let Some(root) = root_name(data) else { return unknown(bytes) };
    if root == "UniversalMessage" {
        let found = UniversalContract::parse(data).err();
        let held_to = vec![HeldTo::OwnRules];
        return Report { held_to, ..Report::of(FileKind::Universal, found.as_slice()) };
    }
    let formats: Vec<Format> = match named {
        Some(named) => vec![named],
        None => Format::all().filter(|format| format.contract_root() == root).collect(),
    };
    if formats.is_empty() {
        // The layout of universal messages is not public: there is nothing to hold them to.
        let is_universal = !universal_notices(data).is_empty();
        return if is_universal { Report::of(FileKind::Universal, &[]) } else { unknown(bytes) };
    }
    let contract = match Contract::read(data) {
        Ok(contract) => contract,
        Err(error) => return Report::of(FileKind::Contract(formats[0]), &[error]),
    };
    let mut best: Option<(Format, Vec<XmlError>)> = None;
    for format in formats {
        let found = made_up::violations(format, contract.clone(), now);
        // Of versions that the data fit as well, the newest, which comes first.
        if best.as_ref().is_none_or(|(_, least)| found.len() < least.len()) {
            best = Some((format, found));
        }
    }
    let Some((format, found)) = best else { return Report::of(FileKind::Unknown, &[]) };
    Report { held_to: vec![HeldTo::Table(format)], ..Report::of(FileKind::Contract(format), &found) }
}
