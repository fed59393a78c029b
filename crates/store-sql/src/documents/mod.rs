//! Rows of documents: lists, packets, custom ids, search.

mod list;
mod profiles;
mod race;
mod run;
mod search;
mod sight;
mod stream;
mod tags;
mod window;
mod write;

use async_trait::async_trait;
use potok_domain::DocumentRef;
use potok_domain::access::Scope;
use potok_domain::query::PacketPlace;
use potok_domain::rows::RowTraits;
use potok_store::{DocumentPage, DocumentQuery, Documents, Search, SearchQuery, StoreError};
use potok_types::{BoxId, PacketId};

use crate::{Backend, DocumentStmt, Failure, Row, Sql, SqlStore, Value, args};
pub(crate) use profiles::{SCOPES, digest as profile_digest, scope, traits as traits_of};
use sight::Sight;
pub(crate) use write::{PreparedRow, insert_row, put, put_profile, read_profile};

/// Documents with the custom id `custom_id`, oldest first.
async fn by_custom_id(
    sql: &mut impl Sql,
    box_id: BoxId,
    custom_id: &str,
    limit: usize,
) -> Result<Vec<DocumentRef>, Failure> {
    sql.rows(DocumentStmt::ByCustomId, &args![box_id, custom_id, limit], names).await
}

/// A packet to read.
struct PacketQuery {
    box_id: BoxId,
    packet: PacketId,
    within: Scope,
    after: Option<PacketPlace>,
    limit: usize,
}

/// Documents of a packet, in the order in which they joined it.
async fn packet(sql: &mut impl Sql, query: &PacketQuery) -> Result<Vec<PacketPlace>, Failure> {
    /// Rows of the largest piece.
    const LARGEST_PIECE: usize = 4096;
    let reach = |traits: &RowTraits| query.within.reach(traits.message_type, traits.department);
    let sight = Sight::of(sql, query.box_id, &query.within, reach).await?;
    let mut places = Vec::new();
    let mut after = query.after;
    let mut piece = query.limit.min(LARGEST_PIECE);
    while places.len() < query.limit {
        let first = [Value::Int(i64::MIN), Value::Bytes(&[]), Value::Bytes(&[])];
        let [since, message_id, entity_id] =
            after.map_or(first, |place| args![place.since, place.message_id, place.entity_id]);
        let args = args![query.box_id, query.packet, since, message_id, entity_id, piece];
        let mut seen = 0;
        let (mut met, mut numbers) = (Vec::new(), Vec::new());
        sql.each(DocumentStmt::OfPacket, &args, |row| {
            let place = PacketPlace { since: row.get(0)?, message_id: row.get(1)?, entity_id: row.get(2)? };
            met.push(place);
            numbers.push((row.get(4)?, row.get(3)?));
            seen += 1;
            after = Some(place);
            Ok(())
        })
        .await?;
        let is_seen = sight.sees(sql, query.box_id, &numbers).await?;
        places.extend(met.into_iter().zip(is_seen).filter(|(_, is_seen)| *is_seen).map(|(place, _)| place));
        if seen < piece {
            break;
        }
        piece = (piece * 2).min(LARGEST_PIECE);
    }
    places.truncate(query.limit);
    Ok(places)
}

fn names(row: &dyn Row) -> Result<DocumentRef, Failure> {
    Ok(DocumentRef { message_id: row.get(0)?, entity_id: row.get(1)? })
}

#[async_trait]
impl<B: Backend> Documents for SqlStore<B> {
    async fn documents(&self, query: DocumentQuery) -> Result<DocumentPage, StoreError> {
        self.view_of("read a list of documents", query.box_id, query, |sql, query| {
            Box::pin(list::page(sql, query))
        })
        .await
    }

    async fn documents_by_custom_id(
        &self,
        box_id: BoxId,
        custom_id: &str,
        limit: usize,
    ) -> Result<Vec<DocumentRef>, StoreError> {
        let asked = (box_id, custom_id.to_owned(), limit);
        self.view_of("find documents by their custom id", box_id, asked, |sql, (box_id, custom_id, limit)| {
            Box::pin(by_custom_id(sql, *box_id, custom_id, *limit))
        })
        .await
    }

    async fn packet(
        &self,
        box_id: BoxId,
        packet_id: PacketId,
        within: &Scope,
        after: Option<PacketPlace>,
        limit: usize,
    ) -> Result<Vec<PacketPlace>, StoreError> {
        let query = PacketQuery { box_id, packet: packet_id, within: within.clone(), after, limit };
        self.view_of("read a packet", box_id, query, |sql, query| Box::pin(packet(sql, query))).await
    }
}

#[async_trait]
impl<B: Backend> Search for SqlStore<B> {
    async fn search(&self, query: SearchQuery) -> Result<Vec<DocumentRef>, StoreError> {
        self.view_of("search documents", query.box_id, query, |sql, query| {
            Box::pin(search::search(sql, query))
        })
        .await
    }
}
