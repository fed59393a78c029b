//! The documents of a box: filtered, ordered, by packet, by custom id, by words.

use async_trait::async_trait;
use potok_domain::access::{Reach, Scope};
use potok_domain::query::{DocumentFilter, DocumentOrder, DocumentPlace, PacketPlace};
use potok_domain::rows::{RowTraits, TagQuery};
use potok_domain::{Direction, DocumentRef};
use potok_types::{BoxId, PacketId};

use crate::StoreError;

/// A page to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentQuery {
    /// The box.
    pub box_id: BoxId,
    /// Which documents.
    pub filter: DocumentFilter,
    /// In which order.
    pub order: DocumentOrder,
    /// Largest first.
    pub is_descending: bool,
    /// Exclusive start, in the order of the list; it need not be the place of a document.
    pub after: Option<DocumentPlace>,
    /// Documents on the page; zero only counts.
    pub limit: usize,
    /// Counting stops here.
    pub count_up_to: u64,
}

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentPage {
    /// In order.
    pub documents: Vec<(DocumentRef, DocumentPlace)>,
    /// Documents that match, wherever the page begins, counted up to `count_up_to`.
    pub total: u64,
    /// Counting did not stop early.
    pub is_exact: bool,
}

/// Reading lists of documents. Cost does not depend on how many documents the box has where class, statuses, types,
/// departments, counteragents and the bounds of the list's own order decide; a number, a file name, a sum or a tag beside
/// them costs no more than all documents with it. A wide range of sums, and bounds on times in a list by date, are the
/// exception: what matches them and lies far apart is looked for from document to document. What somebody sees because of
/// being asked costs, with a counteragent beside it, no more than all about which that one was asked.
#[async_trait]
pub trait Documents: Send + Sync {
    /// The page after the given place.
    async fn documents(&self, query: DocumentQuery) -> Result<DocumentPage, StoreError>;

    /// Documents with the poster's own id `custom_id`, oldest first.
    async fn documents_by_custom_id(
        &self,
        box_id: BoxId,
        custom_id: &str,
        limit: usize,
    ) -> Result<Vec<DocumentRef>, StoreError>;

    /// Documents of a packet behind `after`, in the order in which they joined it. `within` as in [`DocumentFilter`].
    async fn packet(
        &self,
        box_id: BoxId,
        packet: PacketId,
        within: &Scope,
        after: Option<PacketPlace>,
        limit: usize,
    ) -> Result<Vec<PacketPlace>, StoreError>;
}

/// What is searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SearchWords {
    /// At least one of these tokens, see [`potok_domain::rows::DocumentRow::tokens`].
    Any(Vec<String>),
    /// All of these tags.
    Tags(Vec<TagQuery>),
}

/// A search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchQuery {
    /// The box.
    pub box_id: BoxId,
    /// What for.
    pub words: SearchWords,
    /// Among documents of this direction; `None` is any.
    pub direction: Option<Direction>,
    /// Among deleted documents, or among the others; `None` is among all.
    pub is_deleted: Option<bool>,
    /// As in [`DocumentFilter`].
    pub within: Scope,
    /// How many of the found documents to leave out at the start.
    pub skip: usize,
    /// Documents on the page.
    pub limit: usize,
}

/// Finding documents by words. Cost depends on `skip`, not on how many documents the box has.
#[async_trait]
pub trait Search: Send + Sync {
    /// The documents that match: newest first by the time at which they were made, then by message and entity.
    async fn search(&self, query: SearchQuery) -> Result<Vec<DocumentRef>, StoreError>;
}

impl SearchQuery {
    /// What of the documents of these traits has a chance.
    pub fn reach(&self, traits: &RowTraits) -> Reach {
        let has_a_chance = self.direction.is_none_or(|direction| traits.direction == direction)
            && self.is_deleted.is_none_or(|is_deleted| traits.is_deleted == is_deleted);
        if has_a_chance { self.within.reach(traits.message_type, traits.department) } else { Reach::Nothing }
    }
}
