//! Writing the profiles of documents: what many documents of a box have in common.

use potok_domain::rows::RowTraits;
use potok_types::{BoxId, ContentHash};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::failure::Failure;
use crate::writer::Session;

/// The profile of documents with these traits; a new one is written.
pub(super) fn intern(
    session: &mut Session<'_>,
    box_id: BoxId,
    traits: &RowTraits,
    digest: ContentHash,
) -> Result<i64, Failure> {
    if let Some(profile) = session.heads.document_profile(box_id, digest) {
        return Ok(profile);
    }
    let conn = session.conn;
    let mut statement =
        conn.prepare_cached("SELECT profile FROM document_profiles WHERE box_id = ?1 AND digest = ?2")?;
    let found = statement.query_row(params![box_id.as_bytes(), digest.as_bytes()], |row| row.get(0));
    let profile = match found.optional()? {
        Some(profile) => profile,
        None => insert(conn, box_id, traits, digest)?,
    };
    session.heads.put_document_profile(box_id, digest, profile);
    Ok(profile)
}

/// Names the traits.
pub(super) fn digest(traits: &RowTraits) -> ContentHash {
    let mut bytes = Vec::with_capacity(96);
    bytes.extend_from_slice(&traits.statuses.bits().to_be_bytes());
    bytes.push(traits.message_type as u8);
    bytes.push(traits.direction as u8);
    bytes.push(u8::from(traits.has_proxy) | u8::from(traits.is_deleted) << 1 | u8::from(traits.is_sent) << 2);
    bytes.extend_from_slice(traits.department.as_bytes());
    if let Some((from, to)) = &traits.route {
        bytes.extend_from_slice(from.as_bytes());
        bytes.extend_from_slice(to.as_bytes());
    }
    bytes.extend_from_slice(traits.type_named_id.as_bytes());
    ContentHash::of(&bytes)
}

fn insert(conn: &Connection, box_id: BoxId, traits: &RowTraits, digest: ContentHash) -> Result<i64, Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT profile FROM document_profiles WHERE box_id = ?1 ORDER BY profile DESC LIMIT 1",
    )?;
    let last: Option<i64> = statement.query_row([box_id.as_bytes()], |row| row.get(0)).optional()?;
    let profile = last.unwrap_or(0) + 1;
    let mut statement = conn.prepare_cached(
        "INSERT INTO document_profiles
             (box_id, profile, digest, statuses, type_named_id, message_type, direction, has_proxy, is_deleted,
              is_sent, department, from_department, to_department)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?;
    statement.execute(params![
        box_id.as_bytes(),
        profile,
        digest.as_bytes(),
        traits.statuses.bits().cast_signed(),
        traits.type_named_id,
        traits.message_type as i32,
        traits.direction as i32,
        traits.has_proxy,
        traits.is_deleted,
        traits.is_sent,
        traits.department.as_bytes(),
        traits.route.as_ref().map(|(from, _)| from.as_bytes()),
        traits.route.as_ref().map(|(_, to)| to.as_bytes()),
    ])?;
    Ok(profile)
}
