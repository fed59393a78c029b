//! What posted files say: read once, when they are posted, and kept with the event, so that no reader opens them again.
//!
//! A file that says nothing known, or that no reader of its format takes, says nothing: it is stored and signed as it is.

use bytes::Bytes;
use potok_domain::command::Recognized;
use potok_domain::{DocumentKind, Metadata};
use potok_fns::recognize::{self, Key};
use potok_fns::service;

use crate::AppError;

/// Reading more than this would hold up other requests of its thread.
const READ_AT_ONCE_BYTES: usize = 256 * 1024;

/// A title and what came of the exchange by it.
pub(super) struct SaidByTitle {
    pub(super) recognized: Recognized,
    /// It says that not everything was accepted, or nothing was.
    pub(super) with_disagreements: bool,
}

/// What the author of a service document says in it to people, in at most `most` characters.
pub(super) async fn text(bytes: Bytes, most: usize) -> Result<Option<String>, AppError> {
    let text = aside(bytes, |bytes| service::plain_text(bytes).ok().flatten()).await?;
    Ok(text.and_then(|text| shortened(&text, most)))
}

/// The first `most` characters; `None` when there are none but blanks.
pub(super) fn shortened(text: &str, most: usize) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.chars().take(most).collect())
}

/// What the file says it is; `None` when it is no title of a known format.
pub(super) async fn title(bytes: Bytes) -> Result<Option<SaidByTitle>, AppError> {
    aside(bytes, read_title).await
}

/// The name that an official file gives itself.
pub(super) fn file_name(bytes: &[u8]) -> Option<String> {
    recognize::file_id(bytes).map(|name| format!("{name}.xml"))
}

async fn aside<T: Send + 'static>(bytes: Bytes, read: fn(&[u8]) -> Option<T>) -> Result<Option<T>, AppError> {
    // What does not name itself as an official file is not read at all, however large it is.
    if recognize::file_id(&bytes).is_none() {
        return Ok(None);
    }
    if bytes.len() <= READ_AT_ONCE_BYTES {
        return Ok(read(&bytes));
    }
    tokio::task::spawn_blocking(move || read(&bytes)).await.map_err(|_| AppError::Internal)
}

fn read_title(bytes: &[u8]) -> Option<SaidByTitle> {
    let title = match recognize::recognize(bytes).ok()? {
        recognize::Recognized::Title(title) => title,
        recognize::Recognized::Service(_) | recognize::Recognized::Unknown => return None,
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
    Some(SaidByTitle {
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
    })
}
