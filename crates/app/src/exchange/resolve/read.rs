//! What posted files say: read once, when they are posted, and kept with the event, so that no reader opens them again.
//!
//! A file that says nothing known says nothing: it is stored and signed as it is. A file that calls itself an official one
//! and is not safe to read, or no XML at all, is refused: nobody else could read it either.

use bytes::Bytes;
use potok_domain::command::Recognized;
use potok_domain::{DocumentKind, Metadata};
use potok_fns::recognize::{self, Key};
use potok_fns::service;
use potok_fns::xml::{self, Limits, XmlError};

use crate::AppError;
use crate::paper::in_both_languages;

/// Reading more than this would hold up other requests of its thread.
const READ_AT_ONCE_BYTES: usize = 256 * 1024;

/// A title and what came of the exchange by it.
pub(super) struct SaidByTitle {
    pub(super) recognized: Recognized,
    /// It says that not everything was accepted, or nothing was.
    pub(super) with_disagreements: bool,
}

/// What the author of a service document says in it to people, in at most `most` characters. `path` is the place of the
/// bytes in the request.
pub(super) async fn text(path: &str, bytes: Bytes, most: usize) -> Result<Option<String>, AppError> {
    let text = aside(path, bytes, service::plain_text).await?;
    Ok(text.and_then(|text| shortened(&text, most)).filter(|text| !text.is_empty()))
}

/// The first `most` characters; `None` when there are none but blanks.
pub(super) fn shortened(text: &str, most: usize) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.chars().take(most).collect())
}

/// What the file says it is; `None` when it is no title of a known format. `path` is the place of the bytes in the
/// request.
pub(super) async fn title(path: &str, bytes: Bytes) -> Result<Option<SaidByTitle>, AppError> {
    aside(path, bytes, read_title).await
}

/// The name that an official file gives itself.
pub(super) fn file_name(bytes: &[u8]) -> Option<String> {
    recognize::file_id(bytes).map(|name| format!("{name}.xml"))
}

async fn aside<T: Send + 'static>(
    path: &str,
    bytes: Bytes,
    read_safe: fn(&[u8]) -> Result<Option<T>, XmlError>,
) -> Result<Option<T>, AppError> {
    let read = move |bytes: &[u8]| {
        if recognize::file_id(bytes).is_none() {
            // Why it has no name is for the guard to say; without a reason it is some XML of nobody's format.
            return xml::check(bytes, &Limits::TITLE).map(|()| None);
        }
        read_safe(bytes)
    };
    // What does not name itself as an official file is not read at all, however large it is.
    if recognize::file_id(&bytes).is_none() && !is_official_root(&bytes) {
        return Ok(None);
    }
    let said = if bytes.len() <= READ_AT_ONCE_BYTES {
        read(&bytes)
    } else {
        tokio::task::spawn_blocking(move || read(&bytes)).await.map_err(|_| AppError::Internal)?
    };
    said.map_err(|error| AppError::invalid(path, in_both_languages(&error)))
}

/// Whether the root element of official files stands near the beginning, in whatever encoding.
fn is_official_root(bytes: &[u8]) -> bool {
    const SEARCHED_BYTES: usize = 4096;
    const IN_WINDOWS_1251: &[u8] = b"<\xD4\xE0\xE9\xEB";
    let head = &bytes[..bytes.len().min(SEARCHED_BYTES)];
    ["<Файл".as_bytes(), IN_WINDOWS_1251].iter().any(|tag| {
        head.windows(tag.len() + 1).any(|found| {
            found.starts_with(tag) && matches!(found[tag.len()], b' ' | b'\t' | b'\r' | b'\n' | b'>' | b'/')
        })
    })
}

fn read_title(bytes: &[u8]) -> Result<Option<SaidByTitle>, XmlError> {
    let title = match recognize::recognize(bytes)? {
        recognize::Recognized::Title(title) => title,
        recognize::Recognized::Service(_) | recognize::Recognized::Unknown => return Ok(None),
    };
    let said = title.metadata.iter().filter_map(|(key, value)| Some((key.wire()?, value)));
    let file_name = format!("{}.xml", title.file_id);
    let metadata = said.chain([("FileName", file_name.as_str())]);
    let kinds = title.candidates.iter().flat_map(|candidate| {
        candidate.versions.iter().map(|version| DocumentKind {
            type_named_id: candidate.type_named_id.to_owned(),
            function: candidate.function.clone(),
            version: (*version).to_owned(),
        })
    });
    Ok(Some(SaidByTitle {
        // 1 no objections, 2 with discrepancies, 3 not accepted: an answer all the same, which accepts less than all.
        with_disagreements: matches!(title.metadata.get(Key::AcceptanceResult), Some("2" | "3")),
        recognized: Recognized {
            index: title.title_index,
            kinds: kinds.collect(),
            metadata: metadata
                .filter(|(_, value)| !value.is_empty())
                .map(|(key, value)| Metadata { key: key.to_owned(), value: value.to_owned() })
                .collect(),
        },
    }))
}
