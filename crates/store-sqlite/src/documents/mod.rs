//! Rows of documents: lists, packets, custom ids, search.

mod list;
#[cfg(test)]
mod plans;
mod profiles;
mod race;
mod search;
mod stream;
mod tags;
mod window;
mod write;

use async_trait::async_trait;
use potok_domain::rows::RowTraits;
use potok_domain::{DocumentRef, MessageType};
use potok_store::{DocumentPage, DocumentQuery, Documents, PacketPlace, Search, SearchQuery, StoreError};
use potok_types::{BoxId, DepartmentId, PacketId, Ticks};
use rusqlite::{Connection, params};

use crate::SqliteStore;
use crate::failure::Failure;
use crate::readers::snapshot;
use crate::sql::guid;

pub(crate) use write::{PreparedRow, put};

const BY_CUSTOM_ID: &str = "SELECT message_id, entity_id FROM documents INDEXED BY documents_by_custom_id
    WHERE box_id = ?1 AND custom_id = ?2 ORDER BY created_at, message_id, entity_id LIMIT ?3";
const OF_PACKET: &str = "SELECT packet_since, message_id, entity_id, profile
    FROM documents INDEXED BY documents_by_packet
    WHERE box_id = ?1 AND packet = ?2 AND (packet_since, message_id, entity_id) > (?3, ?4, ?5)
    ORDER BY packet_since, message_id, entity_id";

fn by_custom_id(
    conn: &Connection,
    box_id: BoxId,
    custom_id: &str,
    limit: usize,
) -> Result<Vec<DocumentRef>, Failure> {
    let mut statement = conn.prepare_cached(BY_CUSTOM_ID)?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![box_id.as_bytes(), custom_id, limit], |row| {
        Ok(DocumentRef { message_id: guid(row, 0)?, entity_id: guid(row, 1)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A packet to read.
struct PacketQuery {
    box_id: BoxId,
    packet: PacketId,
    departments: Option<Vec<DepartmentId>>,
    after: Option<PacketPlace>,
    limit: usize,
}

fn packet(conn: &Connection, query: &PacketQuery) -> Result<Vec<PacketPlace>, Failure> {
    let is_visible = |traits: &RowTraits| {
        query.departments.as_ref().is_none_or(|departments| {
            traits.message_type != MessageType::Draft && departments.contains(&traits.department)
        })
    };
    let set = profiles::as_set(&profiles::choose(conn, query.box_id, is_visible)?);
    let mut statement = conn.prepare_cached(OF_PACKET)?;
    let after = query.after.as_ref();
    let mut rows = statement.query(params![
        query.box_id.as_bytes(),
        query.packet.as_bytes(),
        after.map_or(i64::MIN, |place| place.since.get()),
        after.map_or(&[][..], |place| place.message_id.as_bytes()),
        after.map_or(&[][..], |place| place.entity_id.as_bytes()),
    ])?;
    let mut places = Vec::new();
    while places.len() < query.limit
        && let Some(row) = rows.next()?
    {
        if set.contains(&row.get(3)?) {
            places.push(PacketPlace {
                since: Ticks::new(row.get(0)?),
                message_id: guid(row, 1)?,
                entity_id: guid(row, 2)?,
            });
        }
    }
    Ok(places)
}

#[async_trait]
impl Documents for SqliteStore {
    async fn documents(&self, query: DocumentQuery) -> Result<DocumentPage, StoreError> {
        self.read("read a list of documents", move |conn| snapshot(conn, |conn| list::page(conn, &query)))
            .await
    }

    async fn documents_by_custom_id(
        &self,
        box_id: BoxId,
        custom_id: &str,
        limit: usize,
    ) -> Result<Vec<DocumentRef>, StoreError> {
        let custom_id = custom_id.to_owned();
        self.read("find documents by their custom id", move |conn| {
            by_custom_id(conn, box_id, &custom_id, limit)
        })
        .await
    }

    async fn packet(
        &self,
        box_id: BoxId,
        packet_id: PacketId,
        departments: Option<Vec<DepartmentId>>,
        after: Option<PacketPlace>,
        limit: usize,
    ) -> Result<Vec<PacketPlace>, StoreError> {
        let query = PacketQuery { box_id, packet: packet_id, departments, after, limit };
        self.read("read a packet", move |conn| snapshot(conn, |conn| packet(conn, &query))).await
    }
}

#[async_trait]
impl Search for SqliteStore {
    async fn search(&self, query: SearchQuery) -> Result<Vec<DocumentRef>, StoreError> {
        self.read("search documents", move |conn| snapshot(conn, |conn| search::search(conn, &query))).await
    }
}
