//! Questions about the tags and tokens of one document.

use potok_domain::rows::TagQuery;
use potok_types::BoxId;
use rusqlite::{Connection, params};

use crate::failure::Failure;

pub(super) const HAS_TAG: &str = "SELECT 1 FROM document_tags INDEXED BY document_tags_by_document
    WHERE box_id = ?1 AND document = ?2 AND key = ?3 AND (?4 IS NULL OR value = ?4)";
pub(super) const HAS_TOKEN: &str = "SELECT 1 FROM document_tokens
    WHERE box_id = ?1 AND token = ?2 AND scope = ?3 AND created_at = ?4 AND document = ?5";

/// Whether the document has one of `wanted`.
pub(super) fn has_one_of(
    conn: &Connection,
    box_id: BoxId,
    document: i64,
    wanted: &[TagQuery],
) -> Result<bool, Failure> {
    for tag in wanted {
        if has(conn, box_id, document, tag)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the document has all of `wanted`.
pub(super) fn has_all_of(
    conn: &Connection,
    box_id: BoxId,
    document: i64,
    wanted: &[TagQuery],
) -> Result<bool, Failure> {
    for tag in wanted {
        if !has(conn, box_id, document, tag)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn has(conn: &Connection, box_id: BoxId, document: i64, tag: &TagQuery) -> Result<bool, Failure> {
    let mut statement = conn.prepare_cached(HAS_TAG)?;
    Ok(statement.exists(params![box_id.as_bytes(), document, tag.key, tag.value])?)
}

/// Whether the document has one of `wanted`.
pub(super) fn has_token(
    conn: &Connection,
    box_id: BoxId,
    (scope, created_at, document): (i64, i64, i64),
    wanted: &[String],
) -> Result<bool, Failure> {
    let mut statement = conn.prepare_cached(HAS_TOKEN)?;
    for token in wanted {
        if statement.exists(params![box_id.as_bytes(), token, scope, created_at, document])? {
            return Ok(true);
        }
    }
    Ok(false)
}
