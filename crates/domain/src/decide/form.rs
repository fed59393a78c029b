//! Checks of a command that need nothing but the command: what is missing in it, given twice, too long, or at odds with
//! itself. Each refusal names the field and the cure.

use std::collections::HashSet;

use bytes::Bytes;
use potok_types::{Attested, ContentRef, Invalid, limits};

use super::Rejection;
use crate::command::Source;
use crate::labels::IMPERSONAL;
use crate::registry::Resolved;
use crate::{Metadata, Tag};

mod message;
mod patch;
mod template;

pub use message::message;
pub use patch::patch;
pub use template::refusal;

const KEY_CHARS: usize = 60;
const VALUE_CHARS: usize = 200;
const LABEL_CHARS: usize = 20;
const FILE_NAME_CHARS: usize = 255;

/// Bytes of a command, as far as they can be measured without reading them from somewhere else.
pub trait Measured {
    /// How many they are; `None` while that is not known here.
    fn size_bytes(&self) -> Option<u64>;
    /// How many characters they hold, if they are UTF-8: exactly, or at least so many. `None` while that is not known.
    fn chars(&self) -> Option<usize>;
}

impl Measured for Source {
    fn size_bytes(&self) -> Option<u64> {
        match self {
            Self::Kept(content) => content.size_bytes(),
            _ => self.inline().map(|bytes| bytes.len() as u64),
        }
    }

    fn chars(&self) -> Option<usize> {
        self.inline().map(|bytes| String::from_utf8_lossy(bytes).chars().count())
    }
}

impl Measured for ContentRef {
    fn size_bytes(&self) -> Option<u64> {
        Some(self.size_bytes)
    }

    fn chars(&self) -> Option<usize> {
        // UTF-8 needs at most four bytes for a character.
        usize::try_from(self.size_bytes.div_ceil(4)).ok()
    }
}

impl Source {
    const fn inline(&self) -> Option<&Bytes> {
        match self {
            Self::Inline(bytes) => Some(bytes),
            Self::OnShelf(_) | Self::TestSignature | Self::Kept(_) | Self::Prepared(_) => None,
        }
    }
}

fn refuse(path: impl Into<String>, reason: impl Into<String>) -> Result<(), Rejection> {
    Err(Rejection::invalid(path, reason))
}

/// The bytes of a file in the field `Content` of the structure at `path`.
fn content_size(path: &str, content: &impl Measured) -> Result<(), Rejection> {
    size(path, content, limits::DOCUMENT_BYTES, "send a smaller file")
}

fn size(path: &str, content: &impl Measured, most: u64, cure: &str) -> Result<(), Rejection> {
    match content.size_bytes() {
        Some(given) if given > most => refuse(
            format!("{path}.Content"),
            format!("{given} bytes are given, at most {most} are allowed; {cure}"),
        ),
        _ => Ok(()),
    }
}

/// A signature in the field `Signature` of the structure at `path`.
fn signature(path: &str, signature: &impl Measured) -> Result<(), Rejection> {
    match signature.size_bytes() {
        Some(0) => refuse(
            format!("{path}.Signature"),
            "the signature is empty; send a detached CMS signature in DER",
        ),
        _ => Ok(()),
    }
}

/// The comment to the structure at `path`.
fn comment(path: &str, comment: &impl Measured, most: usize) -> Result<(), Rejection> {
    match comment.chars() {
        Some(given) if given > most => refuse(
            format!("{path}.Comment"),
            format!("{given} characters are given, at most {most} are allowed; shorten the comment"),
        ),
        _ => Ok(()),
    }
}

/// The name of a file at `path`, which belongs to the structure at `owner`.
pub(super) fn file_name(owner: &str, path: String, name: &str) -> Result<(), Rejection> {
    if name.is_empty() || name.chars().count() > FILE_NAME_CHARS {
        return refuse(path, format!("a file name has 1 to {FILE_NAME_CHARS} characters"));
    }
    if !is_file_name(name) {
        return Err(Invalid::attested(Attested::BadFileName, path, &[&owner]).into());
    }
    Ok(())
}

/// Whether files may have this name on whatever system people save them: no path, no sign with a meaning of its own, no
/// control character, no dot or blank at the end.
pub fn is_file_name(name: &str) -> bool {
    let is_allowed =
        |c: char| !c.is_control() && !matches!(c, '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*');
    !name.is_empty()
        && name.chars().count() <= FILE_NAME_CHARS
        && name.chars().all(is_allowed)
        && !name.ends_with('.')
        && !name.ends_with(char::is_whitespace)
}

/// The value of an attribute: not endless, and a day that exists where it is a date.
fn metadata_value(owner: &str, path: String, item: &Metadata) -> Result<(), Rejection> {
    const MOST: usize = limits::METADATA_VALUE_CHARS;
    if item.value.len() > MOST && item.value.chars().count() > MOST {
        return refuse(path, format!("at most {MOST} characters are allowed; shorten the value"));
    }
    if item.key.ends_with("Date") && !is_date(&item.value) {
        return refuse(path, "not a date of the form ДД.ММ.ГГГГ; write one, as 01.02.2026");
    }
    if item.key == "FileName" { file_name(owner, path, &item.value) } else { Ok(()) }
}

/// A day of the calendar as `ДД.ММ.ГГГГ`.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let [day, month, year] = parts[..] else { return false };
    let number = |text: &str, digits: usize| {
        (text.len() == digits && text.bytes().all(|b| b.is_ascii_digit()))
            .then(|| text.parse::<u16>().ok())?
    };
    let (Some(day), Some(month), Some(year)) = (number(day, 2), number(month, 2), number(year, 4)) else {
        return false;
    };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u16::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    year > 0 && (1..=days).contains(&day)
}

/// Attributes of a document at `path`: every key known to the type and given once; with `is_complete`, everything that
/// is required there.
pub(super) fn metadata(
    path: &str,
    given: &[Metadata],
    resolved: &Resolved,
    is_encrypted: bool,
    is_complete: bool,
) -> Result<(), Rejection> {
    let document_type = resolved.document_type;
    let mut keys = HashSet::new();
    for (i, item) in given.iter().enumerate() {
        let owner = path;
        let path = format!("{path}.Metadata[{i}]");
        if !resolved.knows_metadata(&item.key, is_encrypted) {
            let known: Vec<_> = resolved.attributes(is_encrypted).collect();
            let (name, known) = (document_type.type_named_id, known.join(", "));
            return refuse(
                format!("{path}.Key"),
                format!("{name} has no attribute {:?}: it has {known}", item.key),
            );
        }
        metadata_value(owner, format!("{path}.Value"), item)?;
        if !keys.insert(item.key.as_str()) {
            return refuse(format!("{path}.Key"), format!("{} is given twice", item.key));
        }
    }
    let required = document_type.metadata.iter().filter(|item| is_complete && item.is_required);
    let missing = required.into_iter().find(|item| !keys.contains(item.key));
    if let Some(item) = missing {
        let place = format!("{path}.Metadata");
        return Err(Invalid::attested(Attested::NoAttribute, place, &[&path, &item.key]).into());
    }
    Ok(())
}

/// Tags of the document at `path`: letters, digits, `-` and `_` in keys that differ in more than case.
fn tags(path: &str, tags: &[Tag]) -> Result<(), Rejection> {
    if tags.len() > limits::TAGS_PER_DOCUMENT {
        let (given, most) = (tags.len(), limits::TAGS_PER_DOCUMENT);
        let reason = format!("{given} tags are given, at most {most} are allowed; leave the rest out");
        return refuse(format!("{path}.CustomData"), reason);
    }
    let mut keys = HashSet::new();
    for (i, tag) in tags.iter().enumerate() {
        let path = format!("{path}.CustomData[{i}]");
        tag_key(&path, &tag.key)?;
        if !keys.insert(tag.key.to_lowercase()) {
            let reason =
                format!("key '{}' is repeated; keys of one document differ, whatever their case", tag.key);
            return refuse(format!("{path}.Key"), reason);
        }
        tag_value(&path, &tag.value)?;
    }
    Ok(())
}

/// The key of a tag in the structure at `path`.
fn tag_key(path: &str, key: &str) -> Result<(), Rejection> {
    let is_good = |c: char| c.is_ascii_alphanumeric() || is_cyrillic(c) || c == '-' || c == '_';
    if (1..=KEY_CHARS).contains(&key.chars().count()) && key.chars().all(is_good) {
        return Ok(());
    }
    let reason =
        format!("a key must be 1 to {KEY_CHARS} Latin or Cyrillic letters, digits, dashes and underscores");
    refuse(format!("{path}.Key"), reason)
}

/// The value of a tag in the structure at `path`.
fn tag_value(path: &str, value: &str) -> Result<(), Rejection> {
    if value.chars().count() > VALUE_CHARS {
        let reason = format!("a value has at most {VALUE_CHARS} characters; shorten it");
        return refuse(format!("{path}.Value"), reason);
    }
    Ok(())
}

/// Which labels with a leading underscore the structure may have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reserved {
    Refused,
    /// [`IMPERSONAL`], which hides the person behind a receipt or an amendment request.
    Impersonal,
}

/// Labels of the structure at `path`: Latin letters, digits and `-`, without repeats whatever their case.
fn labels(path: &str, labels: &[String], reserved: Reserved) -> Result<(), Rejection> {
    if labels.len() > limits::LABELS_PER_ENTITY {
        let (given, most) = (labels.len(), limits::LABELS_PER_ENTITY);
        let reason = format!("{given} labels are given, at most {most} are allowed; leave the rest out");
        return refuse(format!("{path}.Labels"), reason);
    }
    let mut seen = HashSet::new();
    for (i, label) in labels.iter().enumerate() {
        let path = format!("{path}.Labels[{i}]");
        if label.starts_with('_') {
            if reserved == Reserved::Refused || !label.eq_ignore_ascii_case(IMPERSONAL) {
                let reason =
                    format!("label '{label}' is reserved; give a label without the leading underscore");
                return refuse(path, reason);
            }
        } else if !(1..=LABEL_CHARS).contains(&label.len())
            || !label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        {
            let shown: String = label.chars().take(64).collect();
            let reason =
                format!("label '{shown}' must be 1 to {LABEL_CHARS} Latin letters, digits and dashes");
            return refuse(path, reason);
        }
        if !seen.insert(label.to_lowercase()) {
            return refuse(path, format!("label '{label}' is repeated; leave one of the two out"));
        }
    }
    Ok(())
}

const fn is_cyrillic(c: char) -> bool {
    matches!(c, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё')
}
