//! Fields that are read alike in several posted structures.

use std::str::FromStr;

use potok_domain::DocumentRef;
use potok_types::{BoxId, Invalid, InvalidId, box_at, id_at};
use potok_wire::proto;

/// Clients send empty strings where they mean nothing.
pub(super) fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

pub(super) fn optional_id<T>(path: impl Into<String>, text: Option<String>) -> Result<Option<T>, Invalid>
where
    T: FromStr<Err = InvalidId>,
{
    filled(text).map(|text| id_at(path, &text)).transpose()
}

/// The same of a box.
pub(super) fn optional_box(path: &str, text: Option<String>) -> Result<Option<BoxId>, Invalid> {
    filled(text).map(|text| box_at(path, &text)).transpose()
}

/// The documents that the list at `path` names.
pub(super) fn documents(path: &str, ids: &[proto::DocumentId]) -> Result<Vec<DocumentRef>, Invalid> {
    ids.iter().enumerate().map(|(i, named)| document_at(&format!("{path}[{i}]"), named)).collect()
}

/// The document that the structure at `path` names.
pub(crate) fn document_at(path: &str, named: &proto::DocumentId) -> Result<DocumentRef, Invalid> {
    Ok(DocumentRef {
        message_id: id_at(format!("{path}.MessageId"), &named.message_id)?,
        entity_id: id_at(format!("{path}.EntityId"), &named.entity_id)?,
    })
}
