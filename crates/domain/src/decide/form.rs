//! Checks of a command that need nothing but the command.

use std::collections::HashSet;

use potok_types::{ContentRef, limits};

use super::Rejection;
use crate::labels::IMPERSONAL;
use crate::registry::Resolved;
use crate::{Metadata, Tag};

const KEY_CHARS: usize = 60;
const VALUE_CHARS: usize = 200;
const LABEL_CHARS: usize = 20;
const FILE_NAME_CHARS: usize = 255;
/// UTF-8 needs at most so many bytes for a character; who sees the text itself checks exactly.
const BYTES_PER_CHAR: u64 = 4;

fn refuse(path: impl Into<String>, reason: impl Into<String>) -> Result<(), Rejection> {
    Err(Rejection::invalid(path, reason))
}

fn size(path: String, content: ContentRef, limit: u64) -> Result<(), Rejection> {
    if content.size_bytes > limit {
        let reason = format!("{} bytes are more than the allowed {limit}", content.size_bytes);
        return refuse(path, reason);
    }
    Ok(())
}

pub(super) fn document_size(path: &str, content: ContentRef) -> Result<(), Rejection> {
    size(format!("{path}.SignedContent.Content"), content, limits::DOCUMENT_BYTES)
}

pub(super) fn data_size(path: &str, content: ContentRef) -> Result<(), Rejection> {
    size(format!("{path}.Content"), content, limits::STRUCTURED_DATA_BYTES)
}

pub(super) fn comment_size(path: &str, comment: ContentRef, chars: usize) -> Result<(), Rejection> {
    size(format!("{path}.Comment"), comment, chars as u64 * BYTES_PER_CHAR)
}

pub(super) fn signature(path: String, signature: ContentRef) -> Result<(), Rejection> {
    if signature.size_bytes == 0 {
        return refuse(path, "the signature is empty; send a detached CMS signature in DER");
    }
    size(path, signature, limits::DOCUMENT_BYTES)
}

pub(super) fn file_name(path: String, name: &str) -> Result<(), Rejection> {
    if name.is_empty() || name.chars().count() > FILE_NAME_CHARS {
        return refuse(path, format!("a file name has 1 to {FILE_NAME_CHARS} characters"));
    }
    Ok(())
}

/// Attributes: every key known to the type and given once, nothing empty, everything required there.
pub(super) fn metadata(
    path: &str,
    given: &[Metadata],
    resolved: &Resolved,
    is_encrypted: bool,
) -> Result<(), Rejection> {
    let document_type = resolved.document_type;
    let mut keys = HashSet::new();
    for (i, item) in given.iter().enumerate() {
        let path = format!("{path}.Metadata[{i}]");
        if item.key.is_empty() {
            return refuse(format!("{path}.Key"), "the key is empty");
        }
        if item.value.is_empty() {
            return refuse(
                format!("{path}.Value"),
                format!("the value of {} is empty; leave the item out", item.key),
            );
        }
        if !document_type.knows_metadata(&item.key, is_encrypted) {
            let known: Vec<_> = document_type.metadata.iter().map(|item| item.key).collect();
            let (name, known) = (document_type.type_named_id, known.join(", "));
            return refuse(
                format!("{path}.Key"),
                format!("{name} has no attribute {:?}: it has {known}", item.key),
            );
        }
        if item.key == "FileName" {
            file_name(format!("{path}.Value"), &item.value)?;
        }
        if !keys.insert(item.key.as_str()) {
            return refuse(format!("{path}.Key"), format!("{} is given twice", item.key));
        }
    }
    let missing = document_type.metadata.iter().find(|item| item.is_required && !keys.contains(item.key));
    if let Some(item) = missing {
        let reason = format!("{} needs the attribute {}", document_type.type_named_id, item.key);
        return refuse(format!("{path}.Metadata"), reason);
    }
    Ok(())
}

/// Tags of a document: letters, digits, `-` and `_` in keys that differ in more than case.
pub(super) fn tags(path: &str, tags: &[Tag]) -> Result<(), Rejection> {
    if tags.len() > limits::TAGS_PER_DOCUMENT {
        let reason = format!("{} tags are more than the allowed {}", tags.len(), limits::TAGS_PER_DOCUMENT);
        return refuse(format!("{path}.CustomData"), reason);
    }
    let mut keys = HashSet::new();
    for (i, tag) in tags.iter().enumerate() {
        let path = format!("{path}.CustomData[{i}]");
        tag_key(&path, &tag.key)?;
        tag_value(&path, &tag.value)?;
        if !keys.insert(tag.key.to_lowercase()) {
            return refuse(
                format!("{path}.Key"),
                format!("{:?} is given twice; case does not matter", tag.key),
            );
        }
    }
    Ok(())
}

/// The key of a tag.
pub(super) fn tag_key(path: &str, key: &str) -> Result<(), Rejection> {
    let is_good = (1..=KEY_CHARS).contains(&key.chars().count())
        && key.chars().all(|c| is_latin_or_digit(c) || is_cyrillic(c) || c == '-' || c == '_');
    if is_good {
        return Ok(());
    }
    let reason = format!("a key has 1 to {KEY_CHARS} Latin or Cyrillic letters, digits, `-` and `_`");
    refuse(format!("{path}.Key"), reason)
}

/// The value of a tag.
pub(super) fn tag_value(path: &str, value: &str) -> Result<(), Rejection> {
    if value.chars().count() > VALUE_CHARS {
        return refuse(format!("{path}.Value"), format!("a value has at most {VALUE_CHARS} characters"));
    }
    Ok(())
}

/// Labels of an entity. Receipts may carry one of the reserved ones.
pub(super) fn labels(path: &str, labels: &[String], is_receipt: bool) -> Result<(), Rejection> {
    if labels.len() > limits::LABELS_PER_ENTITY {
        let reason =
            format!("{} labels are more than the allowed {}", labels.len(), limits::LABELS_PER_ENTITY);
        return refuse(format!("{path}.Labels"), reason);
    }
    let mut seen = HashSet::new();
    for (i, label) in labels.iter().enumerate() {
        let path = format!("{path}.Labels[{i}]");
        let is_reserved = is_receipt && label.eq_ignore_ascii_case(IMPERSONAL);
        let is_good = (1..=LABEL_CHARS).contains(&label.chars().count())
            && label.chars().all(|c| is_latin_or_digit(c) || c == '-');
        if !is_good && !is_reserved {
            return refuse(path, format!("a label has 1 to {LABEL_CHARS} Latin letters, digits and `-`"));
        }
        if !seen.insert(label.to_lowercase()) {
            return refuse(path, format!("{label:?} is given twice; case does not matter"));
        }
    }
    Ok(())
}

const fn is_latin_or_digit(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

const fn is_cyrillic(c: char) -> bool {
    matches!(c, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё')
}
