//! Writing rows of documents beside the events that change them.

use potok_domain::rows::{DocumentRow, fold};
use potok_store_sql::documents::scope;
use potok_types::{BoxId, ContentHash};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::profiles;
use crate::failure::Failure;
use crate::writer::Session;

/// A row with its digests, so that the writer thread need not make them.
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
}

/// Brings the row up to date; `is_new` when the box cannot have one yet.
pub(crate) fn put(
    session: &mut Session<'_>,
    box_id: BoxId,
    prepared: &PreparedRow,
    is_new: bool,
) -> Result<(), Failure> {
    let row = &prepared.row;
    let known = if is_new { None } else { find(session.conn, box_id, row)? };
    if known
        .is_some_and(|known| known.digest == prepared.digest && known.words_digest == prepared.words_digest)
    {
        return Ok(());
    }
    let profile = profiles::intern(session, box_id, &row.traits, prepared.profile)?;
    let conn = session.conn;
    match known {
        None => {
            let id = insert(conn, box_id, prepared, profile)?;
            insert_words(conn, box_id, id, row)
        }
        Some(known) if known.words_digest == prepared.words_digest => {
            update(conn, known.id, prepared, profile)
        }
        Some(known) => {
            // The old row tells in which scope its words are.
            delete_words(conn, box_id, known)?;
            update(conn, known.id, prepared, profile)?;
            insert_words(conn, box_id, known.id, row)
        }
    }
}

/// The row as it is now.
#[derive(Clone, Copy)]
struct Known {
    id: i64,
    created_at: i64,
    digest: i64,
    words_digest: i64,
}

fn find(conn: &Connection, box_id: BoxId, row: &DocumentRow) -> Result<Option<Known>, Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT id, created_at, digest, words_digest FROM documents
         WHERE box_id = ?1 AND message_id = ?2 AND entity_id = ?3",
    )?;
    let document = &row.document;
    let found = statement.query_row(
        params![box_id.as_bytes(), document.message_id.as_bytes(), document.entity_id.as_bytes()],
        |row| {
            Ok(Known {
                id: row.get(0)?,
                created_at: row.get(1)?,
                digest: row.get(2)?,
                words_digest: row.get(3)?,
            })
        },
    );
    Ok(found.optional()?)
}

fn insert(conn: &Connection, box_id: BoxId, prepared: &PreparedRow, profile: i64) -> Result<i64, Failure> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO documents
             (box_id, message_id, entity_id, profile, created_at, listed_at, date, counteragent, number, file_name,
              total_sum, custom_id, packet, packet_since, digest, words_digest)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
    )?;
    let row = &prepared.row;
    Ok(statement.insert(params![
        box_id.as_bytes(),
        row.document.message_id.as_bytes(),
        row.document.entity_id.as_bytes(),
        profile,
        row.created_at.get(),
        row.listed_at.get(),
        row.date.map_or(0, |date| date.number()),
        row.counteragent.as_bytes(),
        row.number,
        row.file_name,
        row.total_sum.map(|sum| sum.number()),
        row.custom_document_id,
        row.packet.as_bytes(),
        row.packet_since.get(),
        prepared.digest,
        prepared.words_digest,
    ])?)
}

fn update(conn: &Connection, id: i64, prepared: &PreparedRow, profile: i64) -> Result<(), Failure> {
    let mut statement = conn.prepare_cached(
        "UPDATE documents SET profile = ?2, created_at = ?3, listed_at = ?4, date = ?5, counteragent = ?6, number = ?7,
             file_name = ?8, total_sum = ?9, custom_id = ?10, packet = ?11, packet_since = ?12, digest = ?13,
             words_digest = ?14
         WHERE id = ?1",
    )?;
    let row = &prepared.row;
    statement.execute(params![
        id,
        profile,
        row.created_at.get(),
        row.listed_at.get(),
        row.date.map_or(0, |date| date.number()),
        row.counteragent.as_bytes(),
        row.number,
        row.file_name,
        row.total_sum.map(|sum| sum.number()),
        row.custom_document_id,
        row.packet.as_bytes(),
        row.packet_since.get(),
        prepared.digest,
        prepared.words_digest,
    ])?;
    Ok(())
}

fn insert_words(conn: &Connection, box_id: BoxId, id: i64, row: &DocumentRow) -> Result<(), Failure> {
    let mut statement =
        conn.prepare_cached("INSERT INTO document_words (id, box_id, tokens) VALUES (?1, ?2, ?3)")?;
    statement.execute(params![id, box_id.as_bytes(), row.tokens.join(" ")])?;
    let mut statement = conn.prepare_cached(
        "INSERT INTO document_tokens (box_id, token, scope, created_at, document) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    let scope = scope(&row.traits);
    for token in &row.tokens {
        statement.execute(params![box_id.as_bytes(), token, scope, row.created_at.get(), id])?;
    }
    // Keys and values that differ in case only are one and the same here.
    let mut statement = conn.prepare_cached(
        "INSERT OR IGNORE INTO document_tags (box_id, key, value, created_at, document) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for tag in &row.tags {
        let (key, value) = (fold(&tag.key), fold(&tag.value));
        statement.execute(params![box_id.as_bytes(), key, value, row.created_at.get(), id])?;
    }
    Ok(())
}

fn delete_words(conn: &Connection, box_id: BoxId, known: Known) -> Result<(), Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT w.tokens, p.direction + 3 * p.is_deleted FROM document_words w
         JOIN documents d ON d.id = w.id
         JOIN document_profiles p ON p.box_id = d.box_id AND p.profile = d.profile
         WHERE w.id = ?1",
    )?;
    let found = statement.query_row([known.id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let (tokens, scope): (String, i64) = found.unwrap_or_default();
    let mut statement = conn.prepare_cached(
        "DELETE FROM document_tokens
         WHERE box_id = ?1 AND token = ?2 AND scope = ?3 AND created_at = ?4 AND document = ?5",
    )?;
    for token in tokens.split(' ') {
        statement.execute(params![box_id.as_bytes(), token, scope, known.created_at, known.id])?;
    }
    conn.prepare_cached("DELETE FROM document_words WHERE id = ?1")?.execute([known.id])?;
    conn.prepare_cached("DELETE FROM document_tags WHERE box_id = ?1 AND document = ?2")?
        .execute(params![box_id.as_bytes(), known.id])?;
    Ok(())
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
