//! Writing rows of documents beside the events that change them.

use potok_domain::DocumentRef;
use potok_domain::rows::{DocumentRow, fold};
use potok_types::{BoxId, ContentHash};

use super::profiles::{self, scope};
use crate::{Batch, DocumentStmt, Failure, Session, Sql, SqlWrite, Value, args};

/// A row with its digests, made before the transaction begins.
#[derive(Debug)]
pub(crate) struct PreparedRow {
    row: DocumentRow,
    profile: ContentHash,
    digest: i64,
    words_digest: i64,
}

impl PreparedRow {
    pub(crate) fn new(row: DocumentRow) -> Self {
        let profile = profiles::digest(&row.traits);
        Self { profile, digest: digest(&row, profile), words_digest: words_digest(&row), row }
    }

    /// Whose row it is.
    pub(crate) const fn document(&self) -> DocumentRef {
        self.row.document
    }

    /// The digest of its traits.
    pub(crate) const fn profile(&self) -> ContentHash {
        self.profile
    }

    pub(crate) const fn row(&self) -> &DocumentRow {
        &self.row
    }

    /// Of the row, and of its words and tags.
    pub(crate) const fn digests(&self) -> (i64, i64) {
        (self.digest, self.words_digest)
    }
}

/// The row as it is now.
#[derive(Clone, Copy)]
struct Known {
    id: i64,
    created_at: i64,
    digest: i64,
    words_digest: i64,
    is_asked: bool,
}

/// Brings the rows of a message up to date; `is_new` when the box cannot have any yet.
pub(crate) async fn put<S: SqlWrite>(
    session: &mut Session<S>,
    box_id: BoxId,
    rows: &[PreparedRow],
    is_new: bool,
) -> Result<(), Failure> {
    let known = if is_new { vec![None; rows.len()] } else { find(&mut session.sql, box_id, rows).await? };
    for (prepared, known) in rows.iter().zip(known) {
        let is_as_it_was = known.is_some_and(|known| {
            known.digest == prepared.digest && known.words_digest == prepared.words_digest
        });
        if !is_as_it_was {
            let traits = &prepared.row.traits;
            let profile = profiles::intern(session, box_id, traits, prepared.profile).await?;
            put_one(&mut session.sql, box_id, prepared, profile, known).await?;
        }
    }
    Ok(())
}

async fn put_one(
    sql: &mut impl SqlWrite,
    box_id: BoxId,
    prepared: &PreparedRow,
    profile: i64,
    known: Option<Known>,
) -> Result<(), Failure> {
    match known {
        None => insert_row(sql, box_id, prepared, profile).await,
        Some(known) if known.words_digest == prepared.words_digest => {
            update(sql, box_id, known, prepared, profile).await
        }
        Some(known) => {
            // The old row tells in which scope its words are.
            delete_words(sql, box_id, known).await?;
            update(sql, box_id, known, prepared, profile).await?;
            insert_words(sql, box_id, known.id, &prepared.row).await
        }
    }
}

/// Adds a row with its words and tags.
pub(crate) async fn insert_row(
    sql: &mut impl SqlWrite,
    box_id: BoxId,
    prepared: &PreparedRow,
    profile: i64,
) -> Result<(), Failure> {
    let id = insert(sql, box_id, prepared, profile).await?;
    insert_asked(sql, box_id, id, &prepared.row, profile).await?;
    insert_words(sql, box_id, id, &prepared.row).await
}

/// The number of the profile of the row, if there is one, and whether it is kept as it should be.
pub(crate) async fn read_profile(
    sql: &mut impl Sql,
    box_id: BoxId,
    prepared: &PreparedRow,
) -> Result<Option<(i64, bool)>, Failure> {
    profiles::kept(sql, box_id, &prepared.row.traits, prepared.profile).await
}

/// The number of the profile of the row, which is kept as it should be afterwards.
pub(crate) async fn put_profile<S: SqlWrite>(
    session: &mut Session<S>,
    box_id: BoxId,
    prepared: &PreparedRow,
) -> Result<i64, Failure> {
    let traits = &prepared.row.traits;
    if let Some((profile, false)) = read_profile(&mut session.sql, box_id, prepared).await? {
        profiles::replace(&mut session.sql, box_id, profile, traits).await?;
    }
    profiles::intern(session, box_id, traits, prepared.profile).await
}

async fn find(
    sql: &mut impl Sql,
    box_id: BoxId,
    rows: &[PreparedRow],
) -> Result<Vec<Option<Known>>, Failure> {
    let documents = rows.iter().map(|prepared| prepared.row.document);
    let questions: Batch<'_> =
        documents.map(|document| args![box_id, document.message_id, document.entity_id]).collect();
    let mut known = vec![None; rows.len()];
    sql.each_of(DocumentStmt::Find, &questions, |place, row| {
        known[place] = Some(Known {
            id: row.get(0)?,
            created_at: row.get(1)?,
            digest: row.get(2)?,
            words_digest: row.get(3)?,
            is_asked: row.get(4)?,
        });
        Ok(())
    })
    .await?;
    Ok(known)
}

async fn insert(
    sql: &mut impl SqlWrite,
    box_id: BoxId,
    prepared: &PreparedRow,
    profile: i64,
) -> Result<i64, Failure> {
    let document = prepared.row.document;
    let mut args = args![box_id, document.message_id, document.entity_id].to_vec();
    args.extend(columns(prepared, profile));
    sql.insert(DocumentStmt::Insert, &args).await
}

async fn update(
    sql: &mut impl SqlWrite,
    box_id: BoxId,
    known: Known,
    prepared: &PreparedRow,
    profile: i64,
) -> Result<(), Failure> {
    let mut args = args![box_id, known.id].to_vec();
    args.extend(columns(prepared, profile));
    sql.put(DocumentStmt::Update, &args).await?;
    if known.is_asked {
        sql.put(DocumentStmt::DeleteAsked, &args![box_id, known.id]).await?;
    }
    insert_asked(sql, box_id, known.id, &prepared.row, profile).await
}

async fn insert_asked(
    sql: &mut impl SqlWrite,
    box_id: BoxId,
    id: i64,
    row: &DocumentRow,
    profile: i64,
) -> Result<(), Failure> {
    let (date, entity_id) = (row.date.map_or(0, |date| date.number()), row.document.entity_id);
    let asked: Batch<'_> = row
        .asked
        .iter()
        .map(|it| args![box_id, it.kind(), *it, profile, row.listed_at, entity_id, date, id])
        .collect();
    sql.execute_each(DocumentStmt::InsertAsked, &asked).await
}

/// The columns of the row that may change, in the order of the table.
fn columns(prepared: &PreparedRow, profile: i64) -> [Value<'_>; 13] {
    let row = &prepared.row;
    args![
        profile,
        row.created_at,
        row.listed_at,
        row.date.map_or(0, |date| date.number()),
        row.counteragent,
        row.number.as_ref(),
        row.file_name.as_ref(),
        row.total_sum.map(|sum| sum.number()),
        row.custom_document_id.as_ref(),
        row.packet,
        row.packet_since,
        prepared.digest,
        prepared.words_digest,
    ]
}

async fn insert_words(
    sql: &mut impl SqlWrite,
    box_id: BoxId,
    id: i64,
    row: &DocumentRow,
) -> Result<(), Failure> {
    sql.put(DocumentStmt::InsertWords, &args![box_id, id, &row.tokens.join(" ")]).await?;
    sql.insert_tokens(box_id, id, scope(&row.traits), row.created_at, &row.tokens).await?;
    // Keys and values that differ in case only are one and the same here.
    let tags: Vec<(String, String)> = row.tags.iter().map(|tag| (fold(&tag.key), fold(&tag.value))).collect();
    let tags: Batch<'_> =
        tags.iter().map(|(key, value)| args![box_id, key, value, row.created_at, id]).collect();
    sql.execute_each(DocumentStmt::InsertTag, &tags).await
}

async fn delete_words(sql: &mut impl SqlWrite, box_id: BoxId, known: Known) -> Result<(), Failure> {
    let row_of_words = args![box_id, known.id];
    let found: Option<(String, i64)> =
        sql.row(DocumentStmt::WordsOf, &row_of_words, |row| Ok((row.get(0)?, row.get(1)?))).await?;
    let (tokens, scope) = found.unwrap_or_default();
    let tokens: Batch<'_> =
        tokens.split(' ').map(|token| args![box_id, token, scope, known.created_at, known.id]).collect();
    sql.execute_each(DocumentStmt::DeleteToken, &tokens).await?;
    sql.put(DocumentStmt::DeleteWords, &row_of_words).await?;
    sql.put(DocumentStmt::DeleteTags, &row_of_words).await
}

/// Of everything but words and tags.
fn digest(row: &DocumentRow, profile: ContentHash) -> i64 {
    let mut bytes = Vec::with_capacity(256);
    bytes.extend_from_slice(profile.as_bytes());
    for number in [
        row.created_at.get(),
        row.listed_at.get(),
        row.date.map_or(0, |date| date.number().into()),
        row.total_sum.map_or(i64::MIN, |sum| sum.number()),
        row.packet_since.get(),
    ] {
        bytes.extend_from_slice(&number.to_be_bytes());
    }
    bytes.extend_from_slice(row.counteragent.as_bytes());
    bytes.extend_from_slice(row.packet.as_bytes());
    for text in [&row.number, &row.file_name, &row.custom_document_id] {
        bytes.push(u8::from(text.is_some()));
        add_text(&mut bytes, text.as_deref().unwrap_or_default());
    }
    for asked in &row.asked {
        bytes.push(asked.kind());
        bytes.extend_from_slice(asked.as_bytes());
    }
    short(&bytes)
}

fn words_digest(row: &DocumentRow) -> i64 {
    let mut bytes = Vec::with_capacity(256);
    // They are keyed by it.
    bytes.extend_from_slice(&row.created_at.get().to_be_bytes());
    bytes.extend_from_slice(&scope(&row.traits).to_be_bytes());
    row.tokens.iter().for_each(|token| add_text(&mut bytes, token));
    bytes.push(0xff);
    for tag in &row.tags {
        add_text(&mut bytes, &tag.key);
        add_text(&mut bytes, &tag.value);
    }
    short(&bytes)
}

fn add_text(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend_from_slice(&(text.len() as u64).to_be_bytes());
    bytes.extend_from_slice(text.as_bytes());
}

/// Eight bytes are enough to tell a document from what it was a moment ago.
fn short(bytes: &[u8]) -> i64 {
    let hash = ContentHash::of(bytes);
    let mut start = [0; 8];
    start.copy_from_slice(&hash.as_bytes()[..8]);
    i64::from_be_bytes(start)
}
