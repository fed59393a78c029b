//! What a file has against its format, for whoever only asks: nothing is made, and nothing is posted.

use bytes::Bytes;
pub use potok_cms::Language;
use potok_fns::MoscowTime;
use potok_titles::Format;
use potok_titles::check::{self, FileKind, Finding, HeldTo, Report};
use potok_types::Invalid;
use potok_types::access::BoxEmployee;
use serde::Serialize;

use super::titles::room_for;
use super::{Paper, PaperError, Schemas};
use crate::{CoreError, Permit};

/// What was found about a file, in one language. The names of its fields are those of the answer of `/potok/v1/validate`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FileReport {
    /// Nothing is wrong with it.
    pub is_valid: bool,
    /// `Title`, `Service`, `Contract`, `Universal` or `Unknown`.
    pub kind: &'static str,
    /// What it is most usually sent as, or made into.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentOfFile>,
    /// What it was held to: names of official schemas, `table VERSION TITLE` for the table by which the server makes and reads it,
    /// `rules beyond the schema` for what one value asks of another, `own rules` for what the server itself knows.
    pub held_to: Vec<Standard>,
    /// Official schemas of its format that were not at hand: what they say was not asked.
    pub missing_schemas: &'static [&'static str],
    /// What is wrong, in the order of the text, 100 at most.
    pub violations: Vec<FileViolation>,
}

/// What a file is sent as.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentOfFile {
    /// `TypeNamedId`; of service documents their family, as `DP_IZVPOL`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub type_named_id: String,
    /// `Function`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub function: String,
    /// `Version`.
    pub version: String,
    /// 0 for the title of whoever starts, 1 for the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title_index: Option<i32>,
}

/// One thing that is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FileViolation {
    /// Line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Character in the line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// Path of the element or attribute; empty for the whole file.
    pub path: String,
    /// The rule as programs name it.
    pub rule: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub cure: String,
}

/// Which title a file is said to be, or to be the data of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedFormat {
    /// The version, as the API calls it.
    pub version: Option<String>,
    /// The number of the title; 0 when it is not given.
    pub title_index: Option<i32>,
}

impl NamedFormat {
    /// The versions that may be named.
    pub fn versions() -> Vec<&'static str> {
        let mut known: Vec<&str> = Format::all().map(Format::version).collect();
        known.dedup();
        known
    }

    /// The format, if one is named.
    ///
    /// # Errors
    /// [`Invalid`] for one that the server does not know.
    fn format(&self) -> Result<Option<Format>, Invalid> {
        let Some(version) = &self.version else {
            let reason = "a number of a title says nothing without the version: name that too, or leave the number out";
            return self.title_index.map_or(Ok(None), |_| Err(Invalid::new("documentVersion", reason)));
        };
        let index = self.title_index.unwrap_or_default();
        let found = Format::find(version, index).ok_or_else(|| {
            let known = Self::versions().join(", ");
            let reason = format!("no title {index} of version {version} is known; {known}");
            Invalid::new("documentVersion", reason)
        })?;
        Ok(Some(found))
    }
}

impl Schemas {
    /// Looks at a file, as [`Paper::validate`] does, without a server.
    ///
    /// # Errors
    /// [`Invalid`] when a format is named that the server does not know.
    pub fn report(
        &self,
        bytes: &[u8],
        named: &NamedFormat,
        now: MoscowTime,
        language: Language,
    ) -> Result<FileReport, Invalid> {
        let found = check::check(bytes, named.format()?, &|name| self.schema(name), now);
        Ok(FileReport::of(&found, language))
    }
}

/// Memory for each byte of a file of which nothing is kept but its text.
const TEXT_TIMES: u64 = 2;

impl Paper {
    /// Looks at a file of any kind. Nothing of the box is looked at: a title is held to its format, not to an exchange.
    ///
    /// # Errors
    /// `CoreError::Invalid` when a format is named that the server does not know; `CoreError::NoRoom`.
    pub async fn validate(
        &self,
        _: &Permit<BoxEmployee>,
        file: &Bytes,
        named: NamedFormat,
        language: Language,
    ) -> Result<FileReport, PaperError> {
        let _taken = self
            .core
            .room
            .memory
            .take(room_for(file.len()).max(TEXT_TIMES * file.len() as u64))
            .map_err(CoreError::from)?;
        let (schemas, now) = (self.schemas.clone(), MoscowTime::at(self.core.clock.now()));
        let report = move |file: &[u8]| schemas.report(file, &named, now, language);
        Ok(self.core.room.read(file, report).await.map_err(CoreError::from)??)
    }
}

impl FileReport {
    /// The report in one language.
    pub fn of(report: &Report, language: Language) -> Self {
        let (kind, document) = kind(&report.kind);
        Self {
            is_valid: report.findings.is_empty(),
            kind,
            document,
            held_to: report.held_to.iter().copied().map(Standard).collect(),
            missing_schemas: report.missing_schemas,
            violations: report.findings.iter().map(|found| FileViolation::of(found, language)).collect(),
        }
    }
}

impl FileViolation {
    fn of(found: &Finding, language: Language) -> Self {
        let (message, cure) = match language {
            Language::Russian => (&found.ru, found.cure_ru),
            Language::English => (&found.en, found.cure_en),
        };
        Self {
            line: found.position.map(|position| position.line),
            column: found.position.map(|position| position.column),
            path: found.path.clone(),
            rule: found.rule.clone(),
            message: message.clone(),
            cure: cure.to_owned(),
        }
    }
}

fn kind(kind: &FileKind) -> (&'static str, Option<DocumentOfFile>) {
    match kind {
        FileKind::Title { type_named_id, function, version, title_index } => {
            let document = DocumentOfFile {
                type_named_id: (*type_named_id).to_owned(),
                function: function.clone(),
                version: (*version).to_owned(),
                title_index: Some(*title_index),
            };
            ("Title", Some(document))
        }
        FileKind::Service(kind) => {
            let document = DocumentOfFile {
                type_named_id: kind.family.prefix().to_owned(),
                version: kind.version.as_str().to_owned(),
                ..DocumentOfFile::default()
            };
            ("Service", Some(document))
        }
        FileKind::Contract(format) => {
            let document = DocumentOfFile {
                version: format.version().to_owned(),
                title_index: Some(format.title_index()),
                ..DocumentOfFile::default()
            };
            ("Contract", Some(document))
        }
        FileKind::Universal => ("Universal", None),
        FileKind::Unknown => ("Unknown", None),
    }
}

/// What a file was held to. Programs read it as one text, whatever their language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standard(HeldTo);

impl Standard {
    /// As people read it.
    pub fn in_words(self, language: Language) -> String {
        match (language, self.0) {
            (Language::Russian, HeldTo::Table(format)) => {
                format!("таблица {} {}", format.version(), format.title_index())
            }
            (Language::Russian, HeldTo::Rules) => "правила сверх схемы".to_owned(),
            (Language::Russian, HeldTo::OwnRules) => "собственные правила".to_owned(),
            (_, HeldTo::Schema(name)) => name.to_owned(),
            (Language::English, HeldTo::Table(format)) => {
                format!("table {} {}", format.version(), format.title_index())
            }
            (Language::English, HeldTo::Rules) => "rules beyond the schema".to_owned(),
            (Language::English, HeldTo::OwnRules) => "own rules".to_owned(),
        }
    }
}

impl Serialize for Standard {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.in_words(Language::English))
    }
}
