//! Lists, packets and searches: each row is looked at, and what matches is put in order.

use std::cmp::Reverse;

use async_trait::async_trait;
use potok_domain::DocumentRef;
use potok_domain::access::{Reach, Scope};
use potok_domain::query::{DocumentFilter, DocumentOrder, DocumentPlace, PacketPlace};
use potok_domain::rows::{DocumentRow, TagQuery, fold};
use potok_store::{DocumentPage, DocumentQuery, Documents, Search, SearchQuery, SearchWords, StoreError};
use potok_types::{BoxId, PacketId};

use crate::MemoryStore;

fn has_tag(row: &DocumentRow, wanted: &TagQuery) -> bool {
    row.tags.iter().any(|tag| {
        fold(&tag.key) == wanted.key && wanted.value.as_ref().is_none_or(|value| fold(&tag.value) == *value)
    })
}

/// What is seen of the likes of the row takes it in.
fn is_reached(reach: Reach, within: &Scope, row: &DocumentRow) -> bool {
    match reach {
        Reach::Nothing => false,
        Reach::Asked => within.is_among(&row.asked),
        Reach::All => true,
    }
}

/// What the row itself has to have; its traits have their own rule.
fn accepts(filter: &DocumentFilter, row: &DocumentRow) -> bool {
    fn one_of<T: PartialEq>(wanted: &[T], value: Option<&T>) -> bool {
        wanted.is_empty() || value.is_some_and(|value| wanted.contains(value))
    }
    fn within<T: Ord>((low, high): &(Option<T>, Option<T>), value: Option<T>) -> bool {
        (low.is_none() && high.is_none())
            || value.is_some_and(|value| {
                low.as_ref().is_none_or(|low| *low <= value)
                    && high.as_ref().is_none_or(|high| value <= *high)
            })
    }
    is_reached(filter.reach(&row.traits), &filter.within, row)
        && one_of(&filter.counteragents, Some(&row.counteragent))
        && one_of(&filter.numbers, row.number.as_ref())
        && one_of(&filter.file_names, row.file_name.as_ref())
        && one_of(&filter.sums, row.total_sum.as_ref())
        && within(&filter.sum_range, row.total_sum)
        && within(&filter.dates, row.date)
        && within(&filter.times, Some(row.listed_at))
        && (filter.tags.is_empty() || filter.tags.iter().any(|tag| has_tag(row, tag)))
}

/// Where the row stands; `None` for a document without a date in a list by date.
fn place(row: &DocumentRow, order: DocumentOrder) -> Option<DocumentPlace> {
    let date = match order {
        DocumentOrder::Time => None,
        DocumentOrder::Date => Some(row.date?),
    };
    Some(DocumentPlace { date, time: row.listed_at, entity_id: row.document.entity_id })
}

impl MemoryStore {
    /// The rows of a box that are wanted.
    fn rows_where(&self, box_id: BoxId, is_wanted: impl Fn(&DocumentRow) -> bool) -> Vec<DocumentRow> {
        let state = self.state();
        let rows = state.boxes.get(&box_id).into_iter().flat_map(|record| record.documents.values());
        rows.filter(|row| is_wanted(row)).cloned().collect()
    }
}

#[async_trait]
impl Documents for MemoryStore {
    async fn documents(&self, query: DocumentQuery) -> Result<DocumentPage, StoreError> {
        let rows = self.rows_where(query.box_id, |row| accepts(&query.filter, row));
        let mut found: Vec<(DocumentPlace, DocumentRef)> =
            rows.iter().filter_map(|row| Some((place(row, query.order)?, row.document))).collect();
        found.sort_by_key(|(place, _)| *place);
        if query.is_descending {
            found.reverse();
        }
        let total = found.len() as u64;
        let is_behind = |place: DocumentPlace| {
            query.after.is_none_or(|after| if query.is_descending { place < after } else { place > after })
        };
        let documents = found.into_iter().filter(|(place, _)| is_behind(*place)).take(query.limit);
        Ok(DocumentPage {
            documents: documents.map(|(place, document)| (document, place)).collect(),
            total: total.min(query.count_up_to),
            is_exact: total <= query.count_up_to,
        })
    }

    async fn documents_by_custom_id(
        &self,
        box_id: BoxId,
        custom_id: &str,
        limit: usize,
    ) -> Result<Vec<DocumentRef>, StoreError> {
        let mut found = self.rows_where(box_id, |row| row.custom_document_id.as_deref() == Some(custom_id));
        found.sort_by_key(|row| (row.created_at, row.document));
        Ok(found.iter().map(|row| row.document).take(limit).collect())
    }

    async fn packet(
        &self,
        box_id: BoxId,
        packet: PacketId,
        within: &Scope,
        after: Option<PacketPlace>,
        limit: usize,
    ) -> Result<Vec<PacketPlace>, StoreError> {
        let rows = self.rows_where(box_id, |row| {
            let reach = within.reach(row.traits.message_type, row.traits.department);
            row.packet == packet && is_reached(reach, within, row)
        });
        let place = |row: &DocumentRow| PacketPlace {
            since: row.packet_since,
            message_id: row.document.message_id,
            entity_id: row.document.entity_id,
        };
        let mut places: Vec<PacketPlace> = rows.iter().map(place).collect();
        places.sort_unstable();
        places.retain(|place| after.is_none_or(|after| *place > after));
        places.truncate(limit);
        Ok(places)
    }
}

#[async_trait]
impl Search for MemoryStore {
    async fn search(&self, query: SearchQuery) -> Result<Vec<DocumentRef>, StoreError> {
        let has_words = |row: &DocumentRow| match &query.words {
            SearchWords::Any(tokens) => tokens.iter().any(|token| row.tokens.contains(token)),
            SearchWords::Tags(tags) => !tags.is_empty() && tags.iter().all(|tag| has_tag(row, tag)),
        };
        let mut found = self.rows_where(query.box_id, |row| {
            is_reached(query.reach(&row.traits), &query.within, row) && has_words(row)
        });
        found.sort_by_key(|row| (Reverse(row.created_at), row.document));
        Ok(found.iter().map(|row| row.document).skip(query.skip).take(query.limit).collect())
    }
}
