//! Boxes in which something happened, for those who send it on.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use potok_types::BoxId;
use potok_workers::Bell;

/// Notes in which of the boxes that have webhooks something happened. It is a hint: whoever sends looks over all boxes now and
/// then, so a box of which nothing is known here yet only waits longer.
#[derive(Debug, Default)]
pub(crate) struct Rung {
    boxes: Mutex<Boxes>,
    bell: Bell,
}

#[derive(Debug, Default)]
struct Boxes {
    /// That have webhooks, as far as this node has seen.
    known: BTreeSet<BoxId>,
    /// In which something happened that nobody has looked at.
    rung: BTreeSet<BoxId>,
}

impl Rung {
    /// Something happened in `box_id`.
    pub(crate) fn happened(&self, box_id: BoxId) {
        let mut boxes = self.boxes();
        if boxes.known.contains(&box_id) && boxes.rung.insert(box_id) {
            drop(boxes);
            self.bell.ring(box_id);
        }
    }

    /// Something may have happened in any of them.
    pub(crate) fn happened_anywhere(&self) {
        let mut boxes = self.boxes();
        let Boxes { known, rung } = &mut *boxes;
        rung.clone_from(known);
        drop(boxes);
        self.bell.ring_all();
    }

    /// These boxes have webhooks, and are to be looked at.
    pub(crate) fn know(&self, known: impl IntoIterator<Item = BoxId>) {
        let mut boxes = self.boxes();
        for box_id in known {
            boxes.known.insert(box_id);
            boxes.rung.insert(box_id);
        }
        drop(boxes);
        self.bell.ring_all();
    }

    /// Takes at most `most` boxes to look at.
    pub(crate) fn take(&self, most: usize) -> Vec<BoxId> {
        let mut boxes = self.boxes();
        std::iter::from_fn(|| boxes.rung.pop_first()).take(most).collect()
    }

    /// Rung when there is something to look at.
    pub(crate) const fn bell(&self) -> &Bell {
        &self.bell
    }

    fn boxes(&self) -> MutexGuard<'_, Boxes> {
        // Nothing can panic while the lock is held, so its content is whole.
        self.boxes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn boxes_that_are_known_are_looked_at_once_for_what_happened() {
        let [one, two, other] = [1, 2, 3].map(|n| BoxId::from_uuid(Uuid::from_u128(n)));
        let rung = Rung::default();
        rung.know([one, two]);
        assert_eq!(rung.take(9), [one, two], "what happened before they were known");
        for box_id in [two, other, two, one] {
            rung.happened(box_id);
        }
        assert_eq!(rung.take(1), [one]);
        assert_eq!(rung.take(9), [two]);
        rung.happened_anywhere();
        assert_eq!((rung.take(9), rung.take(9)), (vec![one, two], vec![]));
    }
}
