//! `DetectDocumentTitles`, `DetectDocumentTypes`: as what a file can be sent.

use bytes::Bytes;
use potok_domain::{DocumentKind, Metadata, registry};
use potok_fns::recognize::{self, NONFORMALIZED, Recognized, Title};
use potok_types::access::BoxEmployee;
use potok_types::limits;

use super::{Paper, PaperError};
use crate::Permit;

/// A title that a file can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DetectedTitle {
    /// Type, function and version, as `PostMessage` takes them.
    pub kind: DocumentKind,
    /// 0 is what is sent, 1 the answer to it.
    pub index: i32,
    /// What the file says about itself.
    pub metadata: Vec<Metadata>,
}

impl Paper {
    /// The titles that a file can be, the most usual first, each in its newest version; never empty: whatever is not known,
    /// not safe or no XML can be sent as a file without a format.
    ///
    /// # Errors
    /// `CoreError::NoRoom`, `CoreError::CutOff`.
    pub async fn detect_titles(
        &self,
        _employee: &Permit<BoxEmployee>,
        bytes: &Bytes,
    ) -> Result<Vec<DetectedTitle>, PaperError> {
        if recognize::file_id(bytes).is_none() {
            return Ok(vec![nonformalized()]);
        }
        let mut found = match self.core.room.read(bytes, recognize::recognize).await? {
            Ok(Recognized::Title(title)) => titles(&title),
            Ok(Recognized::Service(_) | Recognized::Unknown) | Err(_) => Vec::new(),
        };
        if found.is_empty() {
            found.push(nonformalized());
        }
        Ok(found)
    }
}

fn nonformalized() -> DetectedTitle {
    let (type_named_id, function, version) = NONFORMALIZED;
    let kind = DocumentKind {
        type_named_id: type_named_id.to_owned(),
        function: function.to_owned(),
        version: version.to_owned(),
    };
    DetectedTitle { kind, index: 0, metadata: Vec::new() }
}

fn titles(title: &Title) -> Vec<DetectedTitle> {
    let metadata: Vec<Metadata> = [file_name(title)].into_iter().chain(metadata(title)).collect();
    known_kinds(title)
        .filter_map(|kinds| kinds.into_iter().next())
        .map(|kind| DetectedTitle { kind, index: title.title_index, metadata: metadata.clone() })
        .collect()
}

/// What a title says about itself to readers of the API, cut to the length that values have there. Its name is not among it.
pub(crate) fn metadata(title: &Title) -> impl Iterator<Item = Metadata> {
    let said = title.metadata.iter().filter_map(|(key, value)| Some((key.wire()?, value)));
    said.filter(|(_, value)| !value.is_empty()).map(|(key, value)| Metadata {
        key: key.to_owned(),
        value: value.chars().take(limits::METADATA_VALUE_CHARS).collect(),
    })
}

/// The name of the file that a title gives itself, as `FileName`.
pub(crate) fn file_name(title: &Title) -> Metadata {
    Metadata { key: "FileName".to_owned(), value: format!("{}.xml", title.file_id) }
}

/// Of each type that a title can be sent as, the kinds that the server knows, the most usual first.
pub(crate) fn known_kinds(title: &Title) -> impl Iterator<Item = Vec<DocumentKind>> {
    title.candidates.iter().map(|candidate| {
        // Some types know the file's own function where the formats have but one.
        let functions = [Some(candidate.function.as_str()), title.function.as_deref()];
        let known = candidate.versions.iter().filter_map(|version| {
            functions.into_iter().flatten().find_map(|function| {
                registry::resolve(candidate.type_named_id, Some(function), Some(version), None).ok()
            })
        });
        known.map(|resolved| resolved.kind).collect()
    })
}
