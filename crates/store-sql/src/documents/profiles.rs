//! Profiles of documents: what many documents of a box have in common.

use potok_domain::rows::{RowTraits, StatusSet};
use potok_domain::{Direction, MessageType};
use potok_types::{BoxId, ContentHash, DepartmentId};

use crate::{DocumentStmt, Failure, RebuildStmt, Row, Session, Sql, SqlWrite, Value, args, strange};

/// A profile, as reading goes by it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Profile {
    pub(super) number: i64,
    pub(super) scope: i64,
}

/// All scopes in which words are found.
pub(crate) const SCOPES: std::ops::RangeInclusive<i64> = 1..=6;

/// The scope in which documents of these traits are searched for: which way they go, and whether they are deleted.
pub(crate) fn scope(traits: &RowTraits) -> i64 {
    scope_of(traits.direction, traits.is_deleted)
}

/// The same of what a search asks for.
pub(super) fn scope_of(direction: Direction, is_deleted: bool) -> i64 {
    i64::from(direction as i32) + if is_deleted { 3 } else { 0 }
}

/// Shows each profile of the box, by number.
pub(super) async fn each(
    sql: &mut impl Sql,
    box_id: BoxId,
    mut show: impl FnMut(Profile, &RowTraits) + Send,
) -> Result<(), Failure> {
    sql.each(DocumentStmt::Profiles, &args![box_id], |row| {
        let traits = traits(row)?;
        show(Profile { number: row.get(0)?, scope: scope(&traits) }, &traits);
        Ok(())
    })
    .await
}

/// The traits of a profile, which stand behind its number.
///
/// # Errors
/// One of the columns holds what is none.
pub(crate) fn traits(row: &dyn Row) -> Result<RowTraits, Failure> {
    let message_type: i32 = row.get(3)?;
    let direction = match row.get(4)? {
        1 => Direction::Inbound,
        2 => Direction::Outbound,
        3 => Direction::Internal,
        other => return Err(strange(4, Value::Int(other), "a direction")),
    };
    let (from, to): (Option<DepartmentId>, Option<DepartmentId>) = (row.get(9)?, row.get(10)?);
    Ok(RowTraits {
        statuses: StatusSet::from_bits(row.get::<i64>(1)?.cast_unsigned()),
        type_named_id: row.get(2)?,
        message_type: MessageType::from_number(message_type)
            .ok_or_else(|| strange(3, message_type.into(), "a kind of message"))?,
        direction,
        has_proxy: row.get(5)?,
        is_deleted: row.get(6)?,
        is_sent: row.get(7)?,
        department: row.get(8)?,
        route: from.zip(to),
    })
}

/// The profile of documents with these traits; a new one is written.
pub(super) async fn intern<S: SqlWrite>(
    session: &mut Session<S>,
    box_id: BoxId,
    traits: &RowTraits,
    digest: ContentHash,
) -> Result<i64, Failure> {
    if let Some(profile) = session.heads.document_profile(box_id, digest) {
        return Ok(profile);
    }
    let sql = &mut session.sql;
    let found = sql.row(DocumentStmt::ProfileOfDigest, &args![box_id, &digest], |row| row.get(0)).await?;
    let profile = match found {
        Some(profile) => profile,
        None => insert(sql, box_id, traits, digest).await?,
    };
    session.heads.put_document_profile(box_id, digest, profile);
    Ok(profile)
}

/// Names the traits.
pub(crate) fn digest(traits: &RowTraits) -> ContentHash {
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

async fn insert(
    sql: &mut impl SqlWrite,
    box_id: BoxId,
    traits: &RowTraits,
    digest: ContentHash,
) -> Result<i64, Failure> {
    let last: Option<i64> = sql.row(DocumentStmt::LastProfile, &args![box_id], |row| row.get(0)).await?;
    let profile = last.unwrap_or(0) + 1;
    let mut args = args![box_id, profile, &digest].to_vec();
    args.extend(columns(traits));
    sql.put(DocumentStmt::InsertProfile, &args).await?;
    Ok(profile)
}

/// The number of the profile with this digest, and whether it is kept with these traits.
pub(super) async fn kept(
    sql: &mut impl Sql,
    box_id: BoxId,
    expected: &RowTraits,
    digest: ContentHash,
) -> Result<Option<(i64, bool)>, Failure> {
    let found = sql.row(DocumentStmt::ProfileOfDigest, &args![box_id, &digest], |row| row.get(0)).await?;
    let Some(profile) = found else { return Ok(None) };
    // Traits that cannot even be read are not the expected ones.
    let is_expected = |row: &dyn Row| {
        // Half a way is read as none.
        let halves = [row.value(9)?, row.value(10)?].map(|half| half == Value::Null);
        let is_whole = halves[0] == halves[1];
        Ok(is_whole && traits(row).is_ok_and(|traits| traits == *expected))
    };
    let is_kept = sql.row(RebuildStmt::DocumentProfile, &args![box_id, profile], is_expected).await?;
    Ok(Some((profile, is_kept == Some(true))))
}

/// Gives a profile the traits that its digest names.
pub(super) async fn replace(
    sql: &mut impl SqlWrite,
    box_id: BoxId,
    profile: i64,
    traits: &RowTraits,
) -> Result<(), Failure> {
    let mut args = args![box_id, profile].to_vec();
    args.extend(columns(traits));
    sql.execute(RebuildStmt::ReplaceDocumentProfile, &args).await.map(drop)
}

/// The columns of the traits, in the order of the table.
fn columns(traits: &RowTraits) -> [Value<'_>; 10] {
    args![
        traits.statuses.bits().cast_signed(),
        &traits.type_named_id,
        traits.message_type as i32,
        traits.direction as i32,
        traits.has_proxy,
        traits.is_deleted,
        traits.is_sent,
        traits.department,
        traits.route.map(|(from, _)| from),
        traits.route.map(|(_, to)| to),
    ]
}
