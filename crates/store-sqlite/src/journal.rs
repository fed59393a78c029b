//! The journal: writing goes through [`crate::append`], reading is here.

use async_trait::async_trait;
use bytes::Bytes;
use potok_domain::DocumentRef;
use potok_store::{
    Append, AppendError, Appended, EventPlace, Journal, Operation, SmallContent, StoreError, Wanted,
};
use potok_types::{BoxId, ContentHash};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::SqliteStore;
use crate::append::{Prepared, append};
use crate::failure::Failure;
use crate::sql::{content_hash, guid, stream_id};

/// What the operation did, if it was done before.
pub(crate) fn find_operation(
    conn: &Connection,
    box_id: BoxId,
    method: &str,
    id: &str,
) -> Result<Option<EventPlace>, Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT kind, stream_id, event_id FROM operations WHERE box_id = ?1 AND method = ?2 AND id = ?3",
    )?;
    let found = statement.query_row(params![box_id.as_bytes(), method, id], |row| {
        Ok(EventPlace { stream: stream_id(row, 0)?, event: guid(row, 2)? })
    });
    Ok(found.optional()?)
}

/// The stored forms of the wanted events, in one statement however many streams are wanted.
fn streams(conn: &Connection, box_id: BoxId, wanted: &[Wanted]) -> Result<Vec<Option<Vec<Bytes>>>, Failure> {
    // The last known event is asked for too: where nothing is new, it shows that the stream is there.
    let mut statement = conn.prepare_cached(
        "SELECT w.key, e.revision, CASE WHEN e.revision > w.value ->> 2 THEN e.stored END
         FROM json_each(?2) w CROSS JOIN events e
           ON e.box_id = ?1 AND e.kind = w.value ->> 0 AND e.stream_id = unhex(w.value ->> 1)
          AND e.revision BETWEEN max(w.value ->> 2, 1) AND w.value ->> 3",
    )?;
    let list = json_list(wanted.iter().map(|wanted| {
        let Wanted { stream, after, up_to } = wanted;
        format!("[{},\"{}\",{},{}]", stream.kind.number(), stream.id.as_simple(), after.0, up_to.0)
    }));
    let rows = statement.query_map(params![box_id.as_bytes(), list], |row| {
        Ok((row.get::<_, u32>(0)?, row.get::<_, u32>(1)?, row.get::<_, Option<Vec<u8>>>(2)?))
    })?;
    let mut rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    // They come in this order anyway, and nobody promises it.
    rows.sort_by_key(|(index, revision, _)| (*index, *revision));
    let mut found: Vec<Option<Vec<Bytes>>> = vec![None; wanted.len()];
    for (index, _, stored) in rows {
        if let Some(events) = found.get_mut(index as usize) {
            events.get_or_insert_default().extend(stored.map(Bytes::from));
        }
    }
    Ok(found)
}

/// For `json_each`: many questions in one statement, so that a reading costs one however many things are asked for.
fn json_list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
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

    async fn streams(&self, box_id: BoxId, wanted: &[Wanted]) -> Result<Vec<Option<Vec<Bytes>>>, StoreError> {
        let wanted = wanted.to_vec();
        self.read("read events", move |conn| streams(conn, box_id, &wanted)).await
    }

    async fn operation(
        &self,
        box_id: BoxId,
        operation: &Operation,
    ) -> Result<Option<EventPlace>, StoreError> {
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
            let mut statement = conn.prepare_cached(
                "SELECT l.id, l.base_message, l.base_entity, l.referrer_message, l.referrer_entity
                 FROM json_each(?2) w CROSS JOIN links l
                   ON l.box_id = ?1 AND l.base_message = unhex(w.value ->> 0) AND l.base_entity = unhex(w.value ->> 1)",
            )?;
            let list = json_list(bases.iter().map(|base| {
                let (message, entity) = (base.message_id.uuid(), base.entity_id.uuid());
                format!("[\"{}\",\"{}\"]", message.as_simple(), entity.as_simple())
            }));
            let rows = statement.query_map(params![box_id.as_bytes(), list], |row| {
                Ok((row.get::<_, i64>(0)?, (document_ref(row, 1)?, document_ref(row, 3)?)))
            })?;
            let mut found = rows.collect::<rusqlite::Result<Vec<_>>>()?;
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
            let mut statement = conn.prepare_cached(
                "SELECT c.hash, c.bytes FROM json_each(?2) w CROSS JOIN small_contents c
                   ON c.box_id = ?1 AND c.hash = unhex(w.value)",
            )?;
            let list = json_list(hashes.iter().map(|hash| format!("\"{hash}\"")));
            let rows = statement.query_map(params![box_id.as_bytes(), list], |row| {
                Ok(SmallContent { hash: content_hash(row, 0)?, bytes: row.get::<_, Vec<u8>>(1)?.into() })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }
}
