//! Events of all boxes of a technology partner.

use std::collections::{BTreeMap, BTreeSet};

use potok_types::BoxId;

use super::{DocflowEventPlace, FeedFilter};

/// Bytes of a box with its place.
const ENTRY: usize = 16 + 12;

/// How far each box was read. A box that is not named is read from its first event on, so that a box which is added later is
/// told from its beginning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartnerPlaces(BTreeMap<BoxId, DocflowEventPlace>);

impl PartnerPlaces {
    /// How far the box was read; `None`: not at all.
    pub fn of(&self, box_id: BoxId) -> Option<DocflowEventPlace> {
        self.0.get(&box_id).copied()
    }

    /// Notes that the box was read up to `place`.
    pub fn note(&mut self, box_id: BoxId, place: DocflowEventPlace) {
        self.0.insert(box_id, place);
    }

    /// How many boxes are noted.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// No box was read.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Forgets the boxes that are not among `boxes`.
    pub fn retain(&mut self, boxes: &BTreeSet<BoxId>) {
        self.0.retain(|box_id, _| boxes.contains(box_id));
    }

    /// As clients carry them: boxes with their places, in the order of the boxes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.0.len() * ENTRY);
        for (box_id, place) in &self.0 {
            bytes.extend_from_slice(box_id.as_bytes());
            bytes.extend_from_slice(&place.to_bytes());
        }
        bytes
    }

    /// What [`Self::to_bytes`] gave; `None` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (entries, []) = bytes.as_chunks::<ENTRY>() else { return None };
        let mut places = BTreeMap::new();
        for entry in entries {
            let (box_id, place) = entry.split_first_chunk::<16>()?;
            places.insert(BoxId::from_bytes(box_id)?, DocflowEventPlace::from_bytes(place)?);
        }
        (places.len() == entries.len()).then_some(Self(places))
    }
}

/// A page to read.
#[derive(Clone, Debug, Default)]
pub struct PartnerEventsRequest {
    /// How far the boxes were read.
    pub after: PartnerPlaces,
    /// 1…100.
    pub limit: i32,
    /// Filters; `within` is set by what the user sees in each box.
    pub filter: FeedFilter,
    /// Return the document as it was before the event.
    pub with_previous: bool,
}

#[cfg(test)]
mod tests {
    use potok_types::IndexKey;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn places_are_carried_as_bytes() {
        let mut places = PartnerPlaces::default();
        assert_eq!(PartnerPlaces::from_bytes(&[]), Some(PartnerPlaces::default()));
        for number in [3, 1, 2] {
            let place = DocflowEventPlace { key: IndexKey::new(i64::from(number) - 2), ordinal: number };
            places.note(BoxId::from_uuid(Uuid::from_u128(u128::from(number))), place);
        }
        let bytes = places.to_bytes();
        assert_eq!(bytes.len(), 3 * ENTRY);
        assert_eq!(PartnerPlaces::from_bytes(&bytes).as_ref(), Some(&places));
        let first = BoxId::from_uuid(Uuid::from_u128(1));
        places.retain(&BTreeSet::from([first, BoxId::ZERO]));
        assert_eq!((places.len(), places.of(first).map(|place| place.ordinal)), (1, Some(1)));
        for wrong in [&bytes[1..], &[&bytes[..], &bytes[..ENTRY]].concat()] {
            assert_eq!(PartnerPlaces::from_bytes(wrong), None, "cut, or a box named twice");
        }
    }
}
