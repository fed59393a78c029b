//! Rows of documents: lists, packets, custom ids, search.

mod profiles;
mod write;

use async_trait::async_trait;
use potok_domain::DocumentRef;
use potok_store::{DocumentPage, DocumentQuery, Documents, PacketPlace, Search, SearchQuery, StoreError};
use potok_store_sql::documents::{self, PacketQuery};
use potok_types::{BoxId, DepartmentId, PacketId};

use crate::SqliteStore;

pub(crate) use write::{PreparedRow, put};

#[async_trait]
impl Documents for SqliteStore {
    async fn documents(&self, query: DocumentQuery) -> Result<DocumentPage, StoreError> {
        self.view("read a list of documents", query, |sql, query| Box::pin(documents::page(sql, query))).await
    }

    async fn documents_by_custom_id(
        &self,
        box_id: BoxId,
        custom_id: &str,
        limit: usize,
    ) -> Result<Vec<DocumentRef>, StoreError> {
        let asked = (box_id, custom_id.to_owned(), limit);
        self.ask("find documents by their custom id", asked, |sql, (box_id, custom_id, limit)| {
            Box::pin(documents::by_custom_id(sql, *box_id, custom_id, *limit))
        })
        .await
    }

    async fn packet(
        &self,
        box_id: BoxId,
        packet: PacketId,
        departments: Option<Vec<DepartmentId>>,
        after: Option<PacketPlace>,
        limit: usize,
    ) -> Result<Vec<PacketPlace>, StoreError> {
        let query = PacketQuery { box_id, packet, departments, after, limit };
        self.view("read a packet", query, |sql, query| Box::pin(documents::packet(sql, query))).await
    }
}

#[async_trait]
impl Search for SqliteStore {
    async fn search(&self, query: SearchQuery) -> Result<Vec<DocumentRef>, StoreError> {
        self.view("search documents", query, |sql, query| Box::pin(documents::search(sql, query))).await
    }
}
