//! Checks that several posted structures share.

use std::str::FromStr;

use potok_domain::Tag;
use potok_types::{InvalidId, limits};
use potok_wire::proto;

use super::BadPost;

const LABEL_CHARS: usize = 20;
const TAG_KEY_CHARS: usize = 60;
const TAG_VALUE_CHARS: usize = 200;

/// The only label with a leading underscore that a client may give.
const IMPERSONAL: &str = "_impersonal";

/// Clients send empty strings where they mean nothing.
pub(super) fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

pub(super) fn id<T: FromStr<Err = InvalidId>>(path: impl Into<String>, text: &str) -> Result<T, BadPost> {
    Ok(potok_types::id_at(path, text)?)
}

pub(super) fn optional_id<T>(path: impl Into<String>, text: Option<String>) -> Result<Option<T>, BadPost>
where
    T: FromStr<Err = InvalidId>,
{
    filled(text).map(|text| id(path, &text)).transpose()
}

/// Which labels with a leading underscore are allowed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reserved {
    /// None.
    Refused,
    /// `_impersonal`, which hides the person behind a receipt.
    Impersonal,
}

/// Labels of an entity: Latin letters, digits and `-`, without repeats whatever their case.
pub(super) fn labels(path: &str, labels: Vec<String>, reserved: Reserved) -> Result<Vec<String>, BadPost> {
    let invalid = |i: usize, reason: String| BadPost::invalid(format!("{path}.Labels[{i}]"), reason);
    if labels.len() > limits::LABELS_PER_ENTITY {
        let (given, most) = (labels.len(), limits::LABELS_PER_ENTITY);
        let reason = format!("{given} labels are given, at most {most} are allowed; leave the rest out");
        return Err(BadPost::invalid(format!("{path}.Labels"), reason));
    }
    for (i, label) in labels.iter().enumerate() {
        if label.starts_with('_') {
            if reserved == Reserved::Impersonal && label.eq_ignore_ascii_case(IMPERSONAL) {
                continue;
            }
            let reason = format!("label '{label}' is reserved; give a label without the leading underscore");
            return Err(invalid(i, reason));
        }
        let is_well_formed = label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if !is_well_formed || label.is_empty() || label.len() > LABEL_CHARS {
            let shown: String = label.chars().take(64).collect();
            return Err(invalid(
                i,
                format!("label '{shown}' must be 1 to {LABEL_CHARS} Latin letters, digits and dashes"),
            ));
        }
        if labels[..i].iter().any(|other| other.eq_ignore_ascii_case(label)) {
            return Err(invalid(i, format!("label '{label}' is repeated; leave one of the two out")));
        }
    }
    Ok(labels)
}

/// Tags of a document.
pub(super) fn tags(path: &str, items: Vec<proto::CustomDataItem>) -> Result<Vec<Tag>, BadPost> {
    if items.len() > limits::TAGS_PER_DOCUMENT {
        let (given, most) = (items.len(), limits::TAGS_PER_DOCUMENT);
        let reason = format!("{given} tags are given, at most {most} are allowed; leave the rest out");
        return Err(BadPost::invalid(format!("{path}.CustomData"), reason));
    }
    let mut tags: Vec<Tag> = Vec::with_capacity(items.len());
    for (i, item) in items.into_iter().enumerate() {
        let path = format!("{path}.CustomData[{i}]");
        tag_key(&path, &item.key)?;
        let lower = item.key.to_lowercase();
        if tags.iter().any(|other| other.key.to_lowercase() == lower) {
            let reason =
                format!("key '{}' is repeated; keys of one document differ, whatever their case", item.key);
            return Err(BadPost::invalid(format!("{path}.Key"), reason));
        }
        let value = item.value.unwrap_or_default();
        tag_value(&path, &value)?;
        tags.push(Tag { key: item.key, value });
    }
    Ok(tags)
}

/// The key of a tag; `path` is that of the structure.
pub(super) fn tag_key(path: &str, key: &str) -> Result<(), BadPost> {
    let length = key.chars().count();
    if (1..=TAG_KEY_CHARS).contains(&length) && key.chars().all(is_tag_letter) {
        return Ok(());
    }
    let reason = format!(
        "a key must be 1 to {TAG_KEY_CHARS} Latin or Cyrillic letters, digits, dashes and underscores"
    );
    Err(BadPost::invalid(format!("{path}.Key"), reason))
}

/// The value of a tag; `path` is that of the structure.
pub(super) fn tag_value(path: &str, value: &str) -> Result<(), BadPost> {
    if value.chars().count() <= TAG_VALUE_CHARS {
        return Ok(());
    }
    let reason = format!("a value has at most {TAG_VALUE_CHARS} characters; shorten it");
    Err(BadPost::invalid(format!("{path}.Value"), reason))
}

fn is_tag_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё' | '-' | '_')
}
