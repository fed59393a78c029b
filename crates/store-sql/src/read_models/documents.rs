//! Rows of documents with their words and tags.

use std::collections::BTreeSet;

use potok_domain::rows::{DocumentRow, fold};
use potok_store::{Derived, Difference};
use potok_types::{BoxId, EntityId, MessageId};
use uuid::Uuid;

use crate::documents::{PreparedRow, SCOPES, insert_row, put_profile, read_profile, scope};
use crate::{Batch, DocumentStmt, Failure, FromValue, RebuildStmt, Row, Session, Sql, SqlWrite, args};

/// A row as it is kept.
struct Kept {
    id: i64,
    entity_id: EntityId,
    profile: i64,
    created_at: i64,
    /// Every other column is what it should be.
    is_same: bool,
    tokens: Option<String>,
}

/// A document whose row or words are not as they should be.
pub(super) struct Differing {
    entity_id: EntityId,
    /// The row itself differs, not only the words.
    is_row: bool,
    kept: Option<Kept>,
    expected: Option<PreparedRow>,
}

impl Differing {
    pub(super) const fn difference(&self) -> Difference {
        if self.is_row { Difference::Document(self.entity_id) } else { Difference::Words(self.entity_id) }
    }
}

pub(super) async fn compare(
    sql: &mut impl Sql,
    box_id: BoxId,
    derived: &Derived,
) -> Result<Vec<Differing>, Failure> {
    let mut expected: Vec<PreparedRow> = derived.documents.iter().cloned().map(PreparedRow::new).collect();
    let mut kept: Vec<Kept> = Vec::new();
    sql.each(RebuildStmt::Documents, &args![box_id, derived.message_id], |row| {
        kept.push(read(row, &expected)?);
        Ok(())
    })
    .await?;
    let mut differing = Vec::new();
    for kept in kept {
        let entity_id = kept.entity_id;
        let place = expected.iter().position(|it| it.row().document.entity_id == entity_id);
        let Some(place) = place else {
            differing.push(Differing { entity_id, is_row: true, kept: Some(kept), expected: None });
            continue;
        };
        let expected = expected.swap_remove(place);
        let is_row = !(kept.is_same
            && read_profile(sql, box_id, &expected).await? == Some((kept.profile, true))
            && has_asked(sql, box_id, &kept, expected.row()).await?);
        if is_row || !has_words(sql, box_id, &kept, expected.row()).await? {
            differing.push(Differing { entity_id, is_row, kept: Some(kept), expected: Some(expected) });
        }
    }
    let missing = expected.into_iter().map(|expected| Differing {
        entity_id: expected.row().document.entity_id,
        is_row: true,
        kept: None,
        expected: Some(expected),
    });
    differing.extend(missing);
    Ok(differing)
}

fn read(row: &dyn Row, expected: &[PreparedRow]) -> Result<Kept, Failure> {
    let entity_id = row.get(1).unwrap_or(EntityId::ZERO);
    let found = expected.iter().find(|it| it.row().document.entity_id == entity_id);
    let is_same = found.is_some_and(|expected| is_same(row, expected));
    let (id, profile, created_at, tokens) = (row.get(0)?, row.get(2)?, row.get(3)?, row.get(15)?);
    Ok(Kept { id, entity_id, profile, created_at, is_same, tokens })
}

/// What cannot even be read is not what was expected.
fn has<'r, T: FromValue<'r> + PartialEq>(row: &'r dyn Row, column: usize, expected: T) -> bool {
    row.get::<T>(column).is_ok_and(|found| found == expected)
}

fn is_same(row: &dyn Row, expected: &PreparedRow) -> bool {
    let (digest, words_digest) = expected.digests();
    let it = expected.row();
    has(row, 3, it.created_at)
        && has(row, 4, it.listed_at)
        && has(row, 5, it.date.map_or(0, |date| date.number()))
        && has(row, 6, it.counteragent)
        && has(row, 7, it.number.as_deref())
        && has(row, 8, it.file_name.as_deref())
        && has(row, 9, it.total_sum.map(|sum| sum.number()))
        && has(row, 10, it.custom_document_id.as_deref())
        && has(row, 11, it.packet)
        && has(row, 12, it.packet_since)
        && has(row, 13, digest)
        && has(row, 14, words_digest)
}

/// Those were asked about the document who should be, and nobody else.
async fn has_asked(
    sql: &mut impl Sql,
    box_id: BoxId,
    kept: &Kept,
    row: &DocumentRow,
) -> Result<bool, Failure> {
    let (date, entity_id) = (row.date.map_or(0, |date| date.number()), row.document.entity_id);
    let (mut seen, mut is_same) = (0, true);
    sql.each(RebuildStmt::AskedOf, &args![box_id, kept.id], |found| {
        is_same &= row.asked.get(seen).is_some_and(|asked| {
            has(found, 0, asked.kind())
                && found.get::<Uuid>(1).is_ok_and(|id| id.as_bytes() == asked.as_bytes())
                && has(found, 2, kept.profile)
                && has(found, 3, row.listed_at)
                && has(found, 4, entity_id)
                && has(found, 5, date)
        });
        seen += 1;
        Ok(())
    })
    .await?;
    Ok(is_same && seen == row.asked.len())
}

/// The document is found by its words and tags, and by no other tags.
async fn has_words(
    sql: &mut impl Sql,
    box_id: BoxId,
    kept: &Kept,
    row: &DocumentRow,
) -> Result<bool, Failure> {
    if kept.tokens.as_deref() != Some(row.tokens.join(" ").as_str()) {
        return Ok(false);
    }
    let (scope, created_at) = (scope(&row.traits), row.created_at);
    let tokens: Batch<'_> =
        row.tokens.iter().map(|token| args![box_id, token, scope, created_at, kept.id]).collect();
    let mut found = 0;
    sql.each_of(DocumentStmt::HasToken, &tokens, |_, _| {
        found += 1;
        Ok(())
    })
    .await?;
    let mut tags: BTreeSet<(String, String, i64)> = BTreeSet::new();
    sql.each(RebuildStmt::Tags, &args![box_id, kept.id], |row| {
        tags.insert((row.get(0)?, row.get(1)?, row.get(2)?));
        Ok(())
    })
    .await?;
    let expected = row.tags.iter().map(|tag| (fold(&tag.key), fold(&tag.value), created_at.get()));
    Ok(found == row.tokens.len() && tags == expected.collect())
}

/// Takes each of them away and writes it anew.
pub(super) async fn put_right<S: SqlWrite>(
    session: &mut Session<S>,
    box_id: BoxId,
    differing: &[Differing],
) -> Result<(), Failure> {
    for it in differing {
        if let Some(kept) = &it.kept {
            remove(&mut session.sql, box_id, kept, it.expected.as_ref()).await?;
        }
        if let Some(expected) = &it.expected {
            let profile = put_profile(session, box_id, expected).await?;
            insert_row(&mut session.sql, box_id, expected, profile).await?;
        }
    }
    Ok(())
}

/// Takes away what lists and searches have of a message.
pub(crate) async fn forget(
    sql: &mut impl SqlWrite,
    box_id: BoxId,
    message_id: MessageId,
) -> Result<(), Failure> {
    for kept in sql.rows(RebuildStmt::Documents, &args![box_id, message_id], |row| read(row, &[])).await? {
        remove(sql, box_id, &kept, None).await?;
    }
    Ok(())
}

/// Damaged rows may not tell any more where their words are, so they are looked for wherever they can be.
async fn remove(
    sql: &mut impl SqlWrite,
    box_id: BoxId,
    kept: &Kept,
    expected: Option<&PreparedRow>,
) -> Result<(), Failure> {
    let row = expected.map(PreparedRow::row);
    let known = kept.tokens.iter().flat_map(|tokens| tokens.split(' '));
    let words: BTreeSet<&str> =
        known.chain(row.into_iter().flat_map(|row| row.tokens.iter().map(String::as_str))).collect();
    let times: BTreeSet<i64> =
        [Some(kept.created_at), row.map(|row| row.created_at.get())].into_iter().flatten().collect();
    let mut tokens = Batch::default();
    for word in words {
        for scope in SCOPES {
            times.iter().for_each(|time| tokens.push(&args![box_id, word, scope, *time, kept.id]));
        }
    }
    sql.execute_each(DocumentStmt::DeleteToken, &tokens).await?;
    let args = args![box_id, kept.id];
    sql.execute(DocumentStmt::DeleteWords, &args).await?;
    sql.execute(DocumentStmt::DeleteTags, &args).await?;
    sql.execute(DocumentStmt::DeleteAsked, &args).await?;
    sql.execute(RebuildStmt::DeleteDocument, &args).await.map(drop)
}
