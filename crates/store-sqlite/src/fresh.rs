//! Words of documents that came lately. A document has some ten words, each of which lies in another page of `document_tokens`:
//! they were two fifths of what a post wrote to the log. So they are noted in one row, where searches look too, and put in
//! their places many documents at a time, beside the calls that brought them.

use potok_store_sql::Failure;
use rusqlite::{Connection, params};

use crate::failure::OrFailure as _;

/// The words of a document.
struct Fresh {
    box_id: Vec<u8>,
    scope: i64,
    created_at: i64,
    document: i64,
    tokens: String,
}

/// Notes the words of a document, in the place of what was noted of it.
pub(crate) fn note(
    conn: &Connection,
    key: (&[u8], i64, i64, i64),
    tokens: &[String],
) -> rusqlite::Result<()> {
    let (box_id, scope, created_at, document) = key;
    let tokens = format!(" {} ", tokens.join(" "));
    conn.prepare_cached(
        "INSERT OR REPLACE INTO fresh_words (box_id, scope, created_at, document, tokens) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![box_id, scope, created_at, document, tokens])
    .map(drop)
}

/// Puts all words in their places, in a transaction of its own, when those of so many documents wait.
pub(crate) fn settle_many(conn: &Connection, documents: u32) -> Result<(), Failure> {
    let count = "SELECT count(*) FROM (SELECT 1 FROM fresh_words LIMIT ?1)";
    let waiting: u32 = conn
        .prepare_cached(count)
        .and_then(|mut statement| statement.query_row([documents], |row| row.get(0)))
        .or_failure()?;
    if waiting < documents {
        return Ok(());
    }
    conn.execute_batch("BEGIN IMMEDIATE").or_failure()?;
    let done = settle(conn).and_then(|()| conn.execute_batch("COMMIT").or_failure());
    if done.is_err() && !conn.is_autocommit() {
        conn.execute_batch("ROLLBACK").or_failure()?;
    }
    done
}

/// Puts all words in their places, in the transaction that runs.
pub(crate) fn settle(conn: &Connection) -> Result<(), Failure> {
    let fresh = read(conn).or_failure()?;
    let mut rows: Vec<(&str, &Fresh)> = Vec::with_capacity(fresh.len() * 10);
    for it in &fresh {
        rows.extend(it.tokens.split(' ').filter(|token| !token.is_empty()).map(|token| (token, it)));
    }
    // In the order of the table, so that each page is looked for once.
    rows.sort_unstable_by(|(one, a), (other, b)| {
        (&a.box_id, one, a.scope, a.created_at).cmp(&(&b.box_id, other, b.scope, b.created_at))
    });
    let mut insert = conn
        .prepare_cached(
            "INSERT OR IGNORE INTO document_tokens (box_id, token, scope, created_at, document) VALUES (?1, ?2, ?3, ?4, ?5)",
        )
        .or_failure()?;
    for (token, it) in rows {
        insert.execute(params![it.box_id, token, it.scope, it.created_at, it.document]).or_failure()?;
    }
    conn.prepare_cached("DELETE FROM fresh_words").and_then(|mut all| all.execute([])).or_failure().map(drop)
}

fn read(conn: &Connection) -> rusqlite::Result<Vec<Fresh>> {
    conn.prepare_cached("SELECT box_id, scope, created_at, document, tokens FROM fresh_words")?
        .query_map([], |row| {
            Ok(Fresh {
                box_id: row.get(0)?,
                scope: row.get(1)?,
                created_at: row.get(2)?,
                document: row.get(3)?,
                tokens: row.get(4)?,
            })
        })?
        .collect()
}
