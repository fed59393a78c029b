//! What posted files say: read once, when they are posted, and kept with the event, so that no reader opens them again.
//!
//! What is sent in a format has to be of it: titles are recognized, service files are read whole. Files without a format are
//! stored and signed as they are.

use bytes::Bytes;
use potok_domain::command::Recognized;
use potok_domain::decide::form::is_file_name;
use potok_fns::recognize::{self, Answered, Key};
use potok_fns::service::{Answer, NoAnswer};
use potok_fns::xml::{self, Limits, XmlError};
use potok_fns::{Family, Remark};
use potok_room::Room;

use crate::CoreError;
use crate::paper::{self, OfficialFile, known_kinds};

/// A title and what came of the exchange by it.
pub(super) struct SaidByTitle {
    pub(super) recognized: Recognized,
    /// It says that not everything was accepted, or nothing was.
    pub(super) with_disagreements: bool,
    /// What an answer says of the title that it answers.
    pub(super) answered: Option<Answered>,
    /// Which it is, and so what it is held to.
    pub(super) file: OfficialFile,
    /// What is wrong with the name that the file gives itself.
    pub(super) name_remarks: Vec<Remark>,
}

/// The first `most` characters; `None` when there are none but blanks.
pub(super) fn shortened(text: &str, most: usize) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.chars().take(most).collect())
}

/// What the file says it is; `None` when it is no title of a known format.
///
/// # Errors
/// Inside: the file calls itself an official one and is not safe or not XML.
pub(super) async fn title(
    room: &Room,
    bytes: Bytes,
) -> Result<Result<Option<SaidByTitle>, XmlError>, CoreError> {
    aside(room, bytes, read_title).await
}

/// The file as a service document of a family.
///
/// # Errors
/// Inside: it is none, or not as its format wants it.
pub(super) async fn answer(
    room: &Room,
    bytes: Bytes,
    family: Family,
) -> Result<Result<Answer, NoAnswer>, CoreError> {
    aside(room, bytes, move |bytes| Answer::read(bytes, family)).await
}

/// The name that an official file gives itself, if files may have it.
pub(super) fn file_name(bytes: &[u8]) -> Option<String> {
    recognize::file_id(bytes).map(|name| format!("{name}.xml")).filter(|name| is_file_name(name))
}

/// Whether the root element of official files stands near the beginning, in whatever encoding and behind whatever no
/// reader takes.
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

/// Reads small files at once and large ones where they hold up nobody.
pub(super) async fn aside<T: Send + 'static>(
    room: &Room,
    bytes: Bytes,
    read: impl FnOnce(&[u8]) -> T + Send + 'static,
) -> Result<T, CoreError> {
    Ok(room.read(&bytes, read).await?)
}

fn read_title(bytes: &[u8]) -> Result<Option<SaidByTitle>, XmlError> {
    let title = match recognize::recognize(bytes)? {
        recognize::Recognized::Title(title) => title,
        // Why an official file tells nothing is for the guard to say.
        recognize::Recognized::Unknown if is_official_root(bytes) => {
            return xml::check(bytes, &Limits::TITLE).map(|()| None);
        }
        recognize::Recognized::Service(_) | recognize::Recognized::Unknown => return Ok(None),
    };
    Ok(Some(SaidByTitle {
        // 1 no objections, 2 with discrepancies, 3 not accepted: an answer all the same, which accepts less than all.
        with_disagreements: matches!(title.metadata.get(Key::AcceptanceResult), Some("2" | "3")),
        recognized: Recognized {
            index: title.title_index,
            kinds: known_kinds(&title).flatten().collect(),
            function: title.function.clone(),
            metadata: paper::metadata(&title).chain([paper::file_name(&title)]).collect(),
        },
        answered: title.answered,
        file: OfficialFile::Title(title.format, title.title_index),
        name_remarks: title.name_remarks,
    }))
}
