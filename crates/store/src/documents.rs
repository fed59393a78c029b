//! The documents of a box: filtered, ordered, by packet, by custom id, by words.

use async_trait::async_trait;
use potok_domain::rows::{DocumentDate, StatusSet, Sum, TagQuery};
use potok_domain::{Direction, DocumentRef, MessageType};
use potok_types::{BoxId, DepartmentId, EntityId, MessageId, PacketId, Ticks};
use uuid::Uuid;

use crate::StoreError;

/// Which documents of a box are listed. All conditions hold together; an empty list is no condition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentFilter {
    /// From where to where; `None` is any.
    pub class: Option<DocumentClass>,
    /// Has one of these.
    pub statuses: StatusSet,
    /// `TypeNamedId`s.
    pub types: Vec<String>,
    /// Other boxes.
    pub counteragents: Vec<BoxId>,
    /// Where it lies in this box; `None` is anywhere, an empty list matches nothing.
    pub departments: Option<Vec<DepartmentId>>,
    /// For documents inside the organization, from where.
    pub from_departments: Vec<DepartmentId>,
    /// For documents inside the organization, to where.
    pub to_departments: Vec<DepartmentId>,
    /// Numbers, exactly.
    pub numbers: Vec<String>,
    /// Names of files, exactly.
    pub file_names: Vec<String>,
    /// Own dates, inclusive. Documents without a date are outside of every bound.
    pub dates: (Option<DocumentDate>, Option<DocumentDate>),
    /// Times of sending or arrival, inclusive. What is not sent is outside of every bound.
    pub times: (Option<Ticks>, Option<Ticks>),
    /// Sums, exactly.
    pub sums: Vec<Sum>,
    /// Sums, inclusive. Documents without a sum are outside of every bound.
    pub sum_range: (Option<Sum>, Option<Sum>),
    /// Has one of these tags.
    pub tags: Vec<TagQuery>,
}

/// The class word of a category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DocumentClass {
    /// Documents of this direction.
    Direction(Direction),
    /// Documents with an intermediate addressee, in whatever role of this box.
    Proxy,
}

/// By what a list is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DocumentOrder {
    /// Time of sending or arrival, then id.
    Time,
    /// Own date, then time, then id; documents without a date are left out.
    Date,
}

/// Where a document stands in an ordered list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentPlace {
    /// The date by which it is ordered; `None` in the order of time.
    pub date: Option<DocumentDate>,
    /// The time by which it is ordered.
    pub time: Ticks,
    /// Tells apart what is equal so far.
    pub entity_id: EntityId,
}

impl DocumentPlace {
    /// As clients carry it: date and time as numbers, then the id. The order of time has no date, so that a place of one
    /// order is never taken for one of the other.
    pub fn to_bytes(self) -> Vec<u8> {
        let date = self.date.map(|date| i64::from(date.number()).to_be_bytes());
        let time = self.time.get().to_be_bytes();
        [date.as_ref().map_or(&[][..], |date| &date[..]), &time, self.entity_id.as_bytes()].concat()
    }

    /// What [`Self::to_bytes`] gave for a place in `order`; `None` for anything else.
    pub fn from_bytes(order: DocumentOrder, bytes: &[u8]) -> Option<Self> {
        let (date, rest) = match order {
            DocumentOrder::Time => (None, bytes),
            DocumentOrder::Date => {
                let (date, rest) = bytes.split_first_chunk::<8>()?;
                let date = u32::try_from(i64::from_be_bytes(*date)).ok()?;
                (Some(DocumentDate::from_number(date)), rest)
            }
        };
        let (time, id) = rest.split_first_chunk::<8>()?;
        let entity_id = EntityId::from_uuid(Uuid::from_slice(id).ok()?);
        Some(Self { date, time: Ticks::new(i64::from_be_bytes(*time)), entity_id })
    }
}

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

/// Where a document stands in its packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PacketPlace {
    /// Since when it belongs to the packet.
    pub since: Ticks,
    /// Its message.
    pub message_id: MessageId,
    /// Itself.
    pub entity_id: EntityId,
}

impl PacketPlace {
    /// The document that stands here.
    pub const fn document(self) -> DocumentRef {
        DocumentRef { message_id: self.message_id, entity_id: self.entity_id }
    }

    /// As clients carry it: time, message, entity.
    pub fn to_bytes(self) -> Vec<u8> {
        let time = self.since.get().to_be_bytes();
        [&time[..], self.message_id.as_bytes(), self.entity_id.as_bytes()].concat()
    }

    /// What [`Self::to_bytes`] gave; `None` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (since, rest) = bytes.split_first_chunk::<8>()?;
        let (message, entity) = rest.split_first_chunk::<16>()?;
        Some(Self {
            since: Ticks::new(i64::from_be_bytes(*since)),
            message_id: MessageId::from_uuid(Uuid::from_bytes(*message)),
            entity_id: EntityId::from_uuid(Uuid::from_slice(entity).ok()?),
        })
    }
}

/// Reading lists of documents. Cost does not depend on how many documents the box has where class, statuses, types,
/// departments, counteragents and the bounds of the list's own order decide; a number, a file name, a sum or a tag beside
/// them costs no more than all documents with it. A wide range of sums, and bounds on times in a list by date, are the
/// exception: what matches them and lies far apart is looked for from document to document.
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

    /// Documents of a packet behind `after`, in the order in which they joined it. `departments` as in
    /// [`DocumentFilter`]; drafts lie in none.
    async fn packet(
        &self,
        box_id: BoxId,
        packet: PacketId,
        departments: Option<Vec<DepartmentId>>,
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
    /// Among deleted documents; else among the others.
    pub is_deleted: bool,
    /// As in [`DocumentFilter`]; drafts lie in none.
    pub departments: Option<Vec<DepartmentId>>,
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

impl DocumentFilter {
    /// Has a document of these traits a chance?
    pub fn accepts_traits(&self, traits: &potok_domain::rows::RowTraits) -> bool {
        fn any<T: PartialEq>(wanted: &[T], value: Option<&T>) -> bool {
            wanted.is_empty() || value.is_some_and(|value| wanted.contains(value))
        }
        let is_of_class = match self.class {
            None => true,
            Some(DocumentClass::Direction(direction)) => traits.direction == direction,
            Some(DocumentClass::Proxy) => traits.has_proxy,
        };
        let has_times = self.times.0.is_some() || self.times.1.is_some();
        is_of_class
            && traits.statuses.meets(self.statuses)
            && any(&self.types, Some(&traits.type_named_id))
            && is_visible(self.departments.as_deref(), traits.message_type, traits.department)
            && any(&self.from_departments, traits.route.as_ref().map(|(from, _)| from))
            && any(&self.to_departments, traits.route.as_ref().map(|(_, to)| to))
            && (traits.is_sent || !has_times)
    }
}

/// Whether a document lies where `departments` reach.
pub(crate) fn is_visible(
    departments: Option<&[DepartmentId]>,
    message_type: MessageType,
    department: DepartmentId,
) -> bool {
    departments.is_none_or(|wanted| message_type != MessageType::Draft && wanted.contains(&department))
}

impl SearchQuery {
    /// Has a document of these traits a chance?
    pub fn accepts_traits(&self, traits: &potok_domain::rows::RowTraits) -> bool {
        self.direction.is_none_or(|direction| traits.direction == direction)
            && traits.is_deleted == self.is_deleted
            && is_visible(self.departments.as_deref(), traits.message_type, traits.department)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_carried_and_come_back_in_their_own_order_only() {
        let entity_id = EntityId::from_uuid(Uuid::from_u128(7));
        let message_id = MessageId::from_uuid(Uuid::from_u128(8));
        let time = DocumentPlace { date: None, time: Ticks::new(-1), entity_id };
        let date = DocumentPlace { date: DocumentDate::parse("01.02.2026"), ..time };
        let packet = PacketPlace { since: Ticks::new(5), message_id, entity_id };
        let (by_time, by_date, by_packet) = (time.to_bytes(), date.to_bytes(), packet.to_bytes());
        assert_eq!([by_time.len(), by_date.len(), by_packet.len()], [24, 32, 40]);
        assert_eq!(DocumentPlace::from_bytes(DocumentOrder::Time, &by_time), Some(time));
        assert_eq!(DocumentPlace::from_bytes(DocumentOrder::Date, &by_date), Some(date));
        assert_eq!(PacketPlace::from_bytes(&by_packet), Some(packet));
        for strange in [&by_time[..], &by_date, &by_packet, &by_time[1..], &[]] {
            assert_eq!(DocumentPlace::from_bytes(DocumentOrder::Time, strange).is_some(), strange == by_time);
            assert_eq!(DocumentPlace::from_bytes(DocumentOrder::Date, strange).is_some(), strange == by_date);
            assert_eq!(PacketPlace::from_bytes(strange).is_some(), strange == by_packet);
        }
    }
}
