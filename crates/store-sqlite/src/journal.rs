//! The journal: writing goes through [`crate::append`], reading is here.

use async_trait::async_trait;
use potok_domain::DocumentRef;
use potok_store::stored::decode_event;
use potok_store::{
    Append, AppendError, Appended, Journal, MessageTail, Operation, SmallContent, StoreError, Wanted,
};
use potok_types::{BoxId, ContentHash, EventId, MessageId};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::SqliteStore;
use crate::append::{Prepared, append};
use crate::failure::Failure;
use crate::readers::snapshot;
use crate::sql::{content_hash, guid};

/// What the operation did, if it was done before.
pub(crate) fn find_operation(
    conn: &Connection,
    box_id: BoxId,
    method: &str,
    id: &str,
) -> Result<Option<(MessageId, EventId)>, Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT message_id, event_id FROM operations WHERE box_id = ?1 AND method = ?2 AND id = ?3",
    )?;
    let found =
        statement.query_row(params![box_id.as_bytes(), method, id], |row| Ok((guid(row, 0)?, guid(row, 1)?)));
    Ok(found.optional()?)
}

/// The stored forms after the known ones; `None` when the box does not have the message.
fn tail(conn: &Connection, box_id: BoxId, wanted: Wanted) -> Result<Option<Vec<Vec<u8>>>, Failure> {
    let message = wanted.message_id;
    let mut statement = conn.prepare_cached(
        "SELECT stored FROM events WHERE box_id = ?1 AND message_id = ?2 AND revision > ?3 ORDER BY revision",
    )?;
    let rows = statement
        .query_map(params![box_id.as_bytes(), message.as_bytes(), wanted.known.0], |row| row.get(0))?;
    let stored = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    if !stored.is_empty() {
        return Ok(Some(stored));
    }
    let mut statement =
        conn.prepare_cached("SELECT 1 FROM events WHERE box_id = ?1 AND message_id = ?2 LIMIT 1")?;
    let is_there = statement.exists(params![box_id.as_bytes(), message.as_bytes()])?;
    Ok(is_there.then(Vec::new))
}

fn document_ref(row: &Row<'_>, column: usize) -> rusqlite::Result<DocumentRef> {
    Ok(DocumentRef { message_id: guid(row, column)?, entity_id: guid(row, column + 1)? })
}

#[async_trait]
impl Journal for SqliteStore {
    async fn append(&self, it: Append) -> Result<Appended, AppendError> {
        const ACTION: &str = "append events";
        let prepared = Prepared::new(it).map_err(|failure| failure.during(ACTION))?;
        self.write(ACTION, move |session| append(session, &prepared)).await?
    }

    async fn messages(&self, box_id: BoxId, wanted: &[Wanted]) -> Result<Vec<MessageTail>, StoreError> {
        let wanted = wanted.to_vec();
        self.read("read messages", move |conn| {
            let found = snapshot(conn, |conn| {
                let mut found = Vec::with_capacity(wanted.len());
                for wanted in wanted {
                    if let Some(stored) = tail(conn, box_id, wanted)? {
                        found.push((wanted.message_id, stored));
                    }
                }
                Ok(found)
            })?;
            let tails = found.into_iter().map(|(message_id, stored)| {
                let events = stored.iter().map(|bytes| decode_event(bytes)).collect::<Result<_, _>>()?;
                Ok(MessageTail { message_id, events })
            });
            tails.collect()
        })
        .await
    }

    async fn operation(
        &self,
        box_id: BoxId,
        operation: &Operation,
    ) -> Result<Option<(MessageId, EventId)>, StoreError> {
        let Operation { method, id } = operation.clone();
        self.read("find an operation", move |conn| find_operation(conn, box_id, method, &id)).await
    }

    async fn referrers(
        &self,
        box_id: BoxId,
        bases: &[DocumentRef],
    ) -> Result<Vec<(DocumentRef, DocumentRef)>, StoreError> {
        let bases = bases.to_vec();
        self.read("find referring documents", move |conn| {
            let mut found = snapshot(conn, |conn| {
                let mut found = Vec::new();
                let mut statement = conn.prepare_cached(
                    "SELECT id, base_message, base_entity, referrer_message, referrer_entity FROM links
                     WHERE box_id = ?1 AND base_message = ?2 AND base_entity = ?3",
                )?;
                for base in bases {
                    let rows = statement.query_map(
                        params![box_id.as_bytes(), base.message_id.as_bytes(), base.entity_id.as_bytes()],
                        |row| Ok((row.get::<_, i64>(0)?, (document_ref(row, 1)?, document_ref(row, 3)?))),
                    )?;
                    for row in rows {
                        found.push(row?);
                    }
                }
                Ok(found)
            })?;
            found.sort_by_key(|(id, _)| *id);
            found.dedup_by_key(|(id, _)| *id);
            Ok(found.into_iter().map(|(_, pair)| pair).collect())
        })
        .await
    }

    async fn small_contents(
        &self,
        box_id: BoxId,
        hashes: &[ContentHash],
    ) -> Result<Vec<SmallContent>, StoreError> {
        let hashes = hashes.to_vec();
        self.read("read contents", move |conn| {
            let mut statement = conn
                .prepare_cached("SELECT hash, bytes FROM small_contents WHERE box_id = ?1 AND hash = ?2")?;
            let mut found = Vec::with_capacity(hashes.len());
            for hash in hashes {
                let content = statement.query_row(params![box_id.as_bytes(), hash.as_bytes()], |row| {
                    Ok(SmallContent { hash: content_hash(row, 0)?, bytes: row.get::<_, Vec<u8>>(1)?.into() })
                });
                found.extend(content.optional()?);
            }
            Ok(found)
        })
        .await
    }
}
