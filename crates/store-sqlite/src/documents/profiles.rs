//! Profiles of documents: what many documents of a box have in common.

use std::collections::HashSet;

use potok_domain::rows::{RowTraits, StatusSet};
use potok_domain::{Direction, MessageType};
use potok_types::{BoxId, ContentHash};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::failure::Failure;
use crate::sql::{guid, optional_guid, out_of_range};
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

/// A profile, as reading goes by it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Profile {
    pub(super) number: i64,
    pub(super) scope: i64,
}

/// All scopes in which words are found.
pub(super) const SCOPES: std::ops::RangeInclusive<i64> = 1..=6;

/// The scope in which documents of these traits are searched for: which way they go, and whether they are deleted.
pub(super) fn scope(traits: &RowTraits) -> i64 {
    scope_of(traits.direction, traits.is_deleted)
}

/// The same of what a search asks for.
pub(super) fn scope_of(direction: Direction, is_deleted: bool) -> i64 {
    i64::from(direction as i32) + if is_deleted { 3 } else { 0 }
}

/// The profiles of the box that `accepts` wants, sorted.
pub(super) fn choose(
    conn: &Connection,
    box_id: BoxId,
    accepts: impl Fn(&RowTraits) -> bool,
) -> Result<Vec<Profile>, Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT profile, statuses, type_named_id, message_type, direction, has_proxy, is_deleted, is_sent, department,
                from_department, to_department
         FROM document_profiles WHERE box_id = ?1 ORDER BY profile",
    )?;
    let mut rows = statement.query([box_id.as_bytes()])?;
    let mut chosen = Vec::new();
    while let Some(row) = rows.next()? {
        let traits = traits(row)?;
        if accepts(&traits) {
            chosen.push(Profile { number: row.get(0)?, scope: scope(&traits) });
        }
    }
    Ok(chosen)
}

/// Their numbers, for quick questions.
pub(super) fn as_set(profiles: &[Profile]) -> HashSet<i64> {
    profiles.iter().map(|profile| profile.number).collect()
}

fn traits(row: &Row<'_>) -> rusqlite::Result<RowTraits> {
    let message_type: i32 = row.get(3)?;
    let direction = match row.get(4)? {
        1 => Direction::Inbound,
        2 => Direction::Outbound,
        3 => Direction::Internal,
        other => return Err(out_of_range(4, other)),
    };
    Ok(RowTraits {
        statuses: StatusSet::from_bits(row.get::<_, i64>(1)?.cast_unsigned()),
        type_named_id: row.get(2)?,
        message_type: MessageType::from_number(message_type)
            .ok_or_else(|| out_of_range(3, message_type.into()))?,
        direction,
        has_proxy: row.get(5)?,
        is_deleted: row.get(6)?,
        is_sent: row.get(7)?,
        department: guid(row, 8)?,
        route: optional_guid(row, 9)?.zip(optional_guid(row, 10)?),
    })
}
