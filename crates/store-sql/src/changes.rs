//! What the transactions of this program changed, in memory: for whoever remembers what it read.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hash, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use potok_store::{Part, StreamId};
use potok_types::BoxId;

/// Parts of the memory, so that readers seldom wait for each other.
const SHARDS: usize = 16;
/// What one of them remembers: some ten megabytes in all.
const REMEMBERED: usize = 8192;

/// What one caller's work in a transaction changed of what readings of boxes answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Touched {
    /// It did not say: anything, if it wrote at all.
    #[default]
    Unsaid,
    /// Nothing of any box.
    Nothing,
    /// These streams of the box, and what is derived from them.
    Streams(BoxId, Vec<StreamId>),
}

/// When what was changed last, counted in transactions. Kept by the one who writes, asked by all who remember.
#[derive(Debug, Default)]
pub struct Changes {
    now: AtomicU64,
    /// When nobody said what was changed.
    anything: AtomicU64,
    boxes: Shards<BoxId>,
    streams: Shards<(BoxId, StreamId)>,
}

impl Changes {
    /// The number of the last transaction that changed anything.
    pub fn now(&self) -> u64 {
        self.now.load(Ordering::Acquire)
    }

    /// Notes what a transaction changed. It comes after the transaction has ended and before anybody is told of that, and from
    /// one thread only: what is read after the number has risen is read after the transaction.
    pub fn note(&self, touched: impl IntoIterator<Item = Touched>) {
        let next = self.now() + 1;
        for touched in touched {
            match touched {
                Touched::Nothing => {}
                Touched::Unsaid => self.anything.store(next, Ordering::Release),
                Touched::Streams(box_id, streams) => {
                    self.boxes.note(box_id, next);
                    streams.into_iter().for_each(|stream| self.streams.note((box_id, stream), next));
                }
            }
        }
        self.now.store(next, Ordering::Release);
    }

    /// Whether the part may have changed after transaction number `since`.
    pub fn has_changed(&self, part: Part, since: u64) -> bool {
        let last = match part {
            Part::Box(box_id) => self.boxes.last(&box_id),
            Part::Stream(box_id, stream) => self.streams.last(&(box_id, stream)),
        };
        last.max(self.anything.load(Ordering::Acquire)) > since
    }
}

/// When each of many things was changed last.
#[derive(Debug)]
struct Shards<K> {
    hashes: RandomState,
    shards: [Mutex<Shard<K>>; SHARDS],
}

#[derive(Debug)]
struct Shard<K> {
    changed: HashMap<K, u64>,
    /// When the last of those was changed that are not remembered.
    others: u64,
}

impl<K> Default for Shards<K> {
    fn default() -> Self {
        let shard = || Mutex::new(Shard { changed: HashMap::new(), others: 0 });
        Self { hashes: RandomState::new(), shards: std::array::from_fn(|_| shard()) }
    }
}

impl<K: Hash + Eq> Shards<K> {
    fn shard(&self, key: &K) -> &Mutex<Shard<K>> {
        &self.shards[self.hashes.hash_one(key) as usize % SHARDS]
    }

    fn note(&self, key: K, now: u64) {
        let mut shard = self.shard(&key).lock().unwrap_or_else(PoisonError::into_inner);
        if shard.changed.len() >= REMEMBERED && !shard.changed.contains_key(&key) {
            let others = shard.others;
            shard.others = shard.changed.drain().map(|(_, changed)| changed).fold(others, u64::max);
        }
        shard.changed.insert(key, now);
    }

    fn last(&self, key: &K) -> u64 {
        let shard = self.shard(key).lock().unwrap_or_else(PoisonError::into_inner);
        shard.changed.get(key).copied().unwrap_or(shard.others)
    }
}

#[cfg(test)]
mod tests {
    use potok_types::MessageId;
    use uuid::Uuid;

    use super::*;

    fn box_id(number: u128) -> BoxId {
        BoxId::from_uuid(Uuid::from_u128(number))
    }

    fn stream(number: u128) -> StreamId {
        MessageId::from_uuid(Uuid::from_u128(number)).into()
    }

    #[test]
    fn a_transaction_changes_what_it_says_and_nothing_else() {
        let changes = Changes::default();
        let before = changes.now();
        changes.note([Touched::Nothing, Touched::Streams(box_id(1), vec![stream(1)])]);
        assert!(changes.has_changed(Part::Box(box_id(1)), before));
        assert!(changes.has_changed(Part::Stream(box_id(1), stream(1)), before));
        assert!(!changes.has_changed(Part::Stream(box_id(1), stream(2)), before));
        assert!(!changes.has_changed(Part::Stream(box_id(2), stream(1)), before));
        assert!(!changes.has_changed(Part::Box(box_id(2)), before));
        let after = changes.now();
        assert!(!changes.has_changed(Part::Box(box_id(1)), after), "who reads now has it");
        changes.note([Touched::Unsaid]);
        for part in [Part::Box(box_id(2)), Part::Stream(box_id(1), stream(2))] {
            assert!(changes.has_changed(part, after));
            assert!(!changes.has_changed(part, changes.now()));
        }
    }

    #[test]
    fn what_is_forgotten_counts_as_changed_and_what_comes_later_does_not() {
        let changes = Changes::default();
        let boxes = (SHARDS * REMEMBERED * 2) as u128;
        for number in 0..boxes {
            changes.note([Touched::Streams(box_id(number), Vec::new())]);
            assert_eq!(changes.now(), number as u64 + 1);
        }
        let kept: usize = changes.boxes.shards.iter().map(|shard| shard.lock().unwrap().changed.len()).sum();
        assert!(kept <= SHARDS * REMEMBERED);
        for number in 0..boxes {
            assert!(changes.has_changed(Part::Box(box_id(number)), number as u64), "changed after that");
            assert!(!changes.has_changed(Part::Box(box_id(number)), changes.now()));
        }
    }
}
