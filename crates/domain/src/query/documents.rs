//! Lists of documents.

use potok_types::{BoxId, DepartmentId, EntityId, MessageId, Ticks};

use crate::access::{Reach, Scope};
use crate::rows::{RowTraits, StatusSet, TagQuery};
use crate::values::{DocumentDate, Sum};
use crate::{Direction, DocumentRef};

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
    /// Where it lies in this box, or who was asked about it.
    pub within: Scope,
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
        let entity_id = EntityId::from_bytes(id)?;
        Some(Self { date, time: Ticks::new(i64::from_be_bytes(*time)), entity_id })
    }
}

impl DocumentFilter {
    /// What of the documents of these traits has a chance.
    pub fn reach(&self, traits: &RowTraits) -> Reach {
        fn any<T: PartialEq>(wanted: &[T], value: Option<&T>) -> bool {
            wanted.is_empty() || value.is_some_and(|value| wanted.contains(value))
        }
        let is_of_class = match self.class {
            None => true,
            Some(DocumentClass::Direction(direction)) => traits.direction == direction,
            Some(DocumentClass::Proxy) => traits.has_proxy,
        };
        let has_times = self.times.0.is_some() || self.times.1.is_some();
        let has_a_chance = is_of_class
            && traits.statuses.meets(self.statuses)
            && any(&self.types, Some(&traits.type_named_id))
            && any(&self.from_departments, traits.route.as_ref().map(|(from, _)| from))
            && any(&self.to_departments, traits.route.as_ref().map(|(_, to)| to))
            && (traits.is_sent || !has_times);
        if has_a_chance { self.within.reach(traits.message_type, traits.department) } else { Reach::Nothing }
    }
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
            message_id: MessageId::from_bytes(message)?,
            entity_id: EntityId::from_bytes(entity)?,
        })
    }
}

/// A department whose documents are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DepartmentChoice {
    /// The department; zero is the head.
    pub department: DepartmentId,
    /// And all below it.
    pub with_children: bool,
    /// The caller said so; else it is what the method takes without a word, and refuses nobody.
    pub is_named: bool,
}

/// A page of documents to read.
#[derive(Clone, Debug)]
pub struct DocumentsRequest {
    /// Which documents; `within` is set here.
    pub filter: DocumentFilter,
    /// Where they lie; everywhere when there are none.
    pub departments: Vec<DepartmentChoice>,
    /// In which order.
    pub order: DocumentOrder,
    /// Largest first.
    pub is_descending: bool,
    /// Exclusive start.
    pub after: Option<DocumentPlace>,
    /// 0…100.
    pub limit: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_carried_and_come_back_in_their_own_order_only() {
        let entity_id = "9a000000-0000-4000-8000-000000000007".parse().unwrap();
        let message_id = "9a000000-0000-4000-8000-000000000008".parse().unwrap();
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
