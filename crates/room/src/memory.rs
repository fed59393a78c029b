//! A budget of memory over all calls: bodies while they come and are worked on, contents that are loaded, answers until they
//! are written. Nothing waits for it: whoever finds no room is refused, and comes again.
//!
//! Small pieces have a share of their own, so that whoever holds large ones shuts nobody out of the ordinary calls; and of
//! what is for large ones no single holder gets all ([`Memory::of`]).

use std::collections::HashMap;
use std::hash::{Hash, Hasher as _};
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::NoRoom;
use crate::crew::Crew;

/// The unit in which memory is given away.
const UNIT_BYTES: u64 = 4 * 1024;
/// Pieces up to this size come out of the share of small ones.
const SMALL_BYTES: u64 = 256 * 1024;
/// Beyond half of what there is for large pieces one holder gets only as much as the largest body needs.
const LARGEST_BODY_BYTES: u64 = 100 << 20;
/// Bytes whose giving back takes the system so long that nobody who answers calls may wait for it.
const LONG_TO_FREE_BYTES: usize = 1 << 20;

/// The same bytes, which are given back to the system beside the calls when there are many.
pub fn freed_aside(bytes: Vec<u8>) -> Bytes {
    let bytes = Bytes::from(bytes);
    if bytes.len() > LONG_TO_FREE_BYTES { Taken::default().with(bytes) } else { bytes }
}

/// How much memory there is for calls, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryOptions {
    /// For pieces of up to 256 KiB.
    pub small_bytes: u64,
    /// For larger ones; has to hold the largest body there is, and what is read out of it.
    pub large_bytes: u64,
}

impl MemoryOptions {
    /// So much in all: a quarter for small pieces.
    pub const fn of(bytes: u64) -> Self {
        Self { small_bytes: bytes / 4, large_bytes: bytes - bytes / 4 }
    }
}

impl Default for MemoryOptions {
    /// 288 MiB.
    fn default() -> Self {
        Self::of(288 << 20)
    }
}

/// Memory for calls.
#[derive(Clone, Debug)]
pub struct Memory {
    small: Arc<Semaphore>,
    large: Arc<Semaphore>,
    /// What is left for whoever this is for; `None` when it is for all.
    own: Option<Arc<Semaphore>>,
    shares: Arc<Shares>,
}

/// Somebody who may hold large pieces for as long as it pleases him.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Holder(u64);

impl Holder {
    /// Whoever is known by `name`. Two of a quintillion are taken for one, and then share what is for one.
    pub fn new(name: impl Hash) -> Self {
        let mut hasher = std::hash::DefaultHasher::new();
        name.hash(&mut hasher);
        Self(hasher.finish())
    }
}

/// What each holder may have of the large pieces, as long as it has any.
#[derive(Debug)]
struct Shares {
    units: usize,
    of_holders: Mutex<HashMap<Holder, Weak<Semaphore>>>,
}

/// Memory that somebody has, given back when it is dropped.
#[derive(Debug, Default)]
pub struct Taken {
    small: Option<OwnedSemaphorePermit>,
    large: Option<OwnedSemaphorePermit>,
    own: Option<OwnedSemaphorePermit>,
}

impl Memory {
    /// So much.
    pub fn new(options: MemoryOptions) -> Self {
        let units = |bytes: u64| {
            usize::try_from(bytes / UNIT_BYTES).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS)
        };
        let pool = |bytes: u64| Arc::new(Semaphore::new(units(bytes)));
        let share = (options.large_bytes / 2).max(LARGEST_BODY_BYTES);
        Self {
            small: pool(options.small_bytes),
            large: pool(options.large_bytes),
            own: None,
            shares: Arc::new(Shares { units: units(share), of_holders: Mutex::default() }),
        }
    }

    /// The same for one holder, whose large pieces together get no more than half of those of all (or as much as one body may
    /// have, if that is more): a body is held for as long as its client likes, and others need room too.
    #[must_use]
    pub fn of(&self, holder: Holder) -> Self {
        let mut shares = self.shares.of_holders.lock().unwrap_or_else(PoisonError::into_inner);
        let known = shares.get(&holder).and_then(Weak::upgrade);
        let own = known.unwrap_or_else(|| {
            shares.retain(|_, share| share.strong_count() > 0);
            let own = Arc::new(Semaphore::new(self.shares.units));
            shares.insert(holder, Arc::downgrade(&own));
            own
        });
        Self { own: Some(own), ..self.clone() }
    }

    /// How many bytes are left, of the small pieces and of the large ones.
    pub fn left_bytes(&self) -> (u64, u64) {
        let left = |pool: &Semaphore| (pool.available_permits() as u64).saturating_mul(UNIT_BYTES);
        (left(&self.small), left(&self.large))
    }

    /// Room for so many bytes.
    ///
    /// # Errors
    /// [`NoRoom`], at once.
    pub fn take(&self, bytes: u64) -> Result<Taken, NoRoom> {
        let mut taken = Taken::default();
        taken.cover(self, bytes)?;
        Ok(taken)
    }
}

impl Taken {
    /// The same bytes, which keep this room as long as any part of them lives.
    pub fn with(self, bytes: Bytes) -> Bytes {
        Bytes::from_owner(Held { bytes, taken: self })
    }

    /// Makes it room for exactly so many bytes, more or fewer than now.
    ///
    /// # Errors
    /// [`NoRoom`]; what was taken before stays.
    pub fn cover(&mut self, memory: &Memory, bytes: u64) -> Result<(), NoRoom> {
        let units = usize::try_from(bytes.div_ceil(UNIT_BYTES)).map_err(|_| NoRoom)?;
        if bytes <= SMALL_BYTES {
            hold(&mut self.small, &memory.small, units)?;
            (self.large, self.own) = (None, None);
            return Ok(());
        }
        let before = self.own.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        if let Some(own) = &memory.own {
            hold(&mut self.own, own, units)?;
        }
        if let Err(no_room) = hold(&mut self.large, &memory.large, units) {
            if let Some(own) = &mut self.own {
                drop(own.split(own.num_permits().saturating_sub(before)));
            }
            return Err(no_room);
        }
        self.small = None;
        Ok(())
    }
}

/// Makes `held` so many units of `pool`.
fn hold(held: &mut Option<OwnedSemaphorePermit>, pool: &Arc<Semaphore>, units: usize) -> Result<(), NoRoom> {
    let has = held.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
    if units > has {
        let more = u32::try_from(units - has).map_err(|_| NoRoom)?;
        let more = Arc::clone(pool).try_acquire_many_owned(more).map_err(|_| NoRoom)?;
        match held {
            Some(held) => held.merge(more),
            None => *held = Some(more),
        }
    } else if let Some(held) = held {
        drop(held.split(has - units));
    }
    Ok(())
}

struct Held {
    bytes: Bytes,
    taken: Taken,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        static FREEING: LazyLock<Crew> = LazyLock::new(|| Crew::new(1));
        if self.bytes.len() > LONG_TO_FREE_BYTES {
            let (bytes, taken) = (std::mem::take(&mut self.bytes), std::mem::take(&mut self.taken));
            FREEING.give(Box::new(move || {
                drop(bytes);
                drop(taken);
            }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;

    #[test]
    fn what_is_taken_is_there_again_after_it_was_dropped() {
        let memory = Memory::new(MemoryOptions { small_bytes: MIB, large_bytes: 10 * MIB });
        let mut first = memory.take(4 * MIB).unwrap();
        let second = memory.take(6 * MIB).unwrap();
        assert_eq!(memory.take(MIB).unwrap_err(), NoRoom);
        assert_eq!(first.cover(&memory, 5 * MIB), Err(NoRoom), "it keeps what it has");
        assert_eq!(memory.take(MIB).unwrap_err(), NoRoom);
        first.cover(&memory, 3 * MIB).unwrap();
        let third = memory.take(MIB).unwrap();
        drop((second, third));
        first.cover(&memory, 10 * MIB).unwrap();
        drop(first);
        assert!(memory.take(10 * MIB).is_ok());
    }

    #[test]
    fn bytes_keep_their_room_until_their_last_part_is_gone() {
        let memory = Memory::new(MemoryOptions { small_bytes: MIB, large_bytes: MIB });
        let bytes = memory.take(MIB).unwrap().with(Bytes::from_static(b"contract"));
        let part = bytes.slice(2..4);
        drop(bytes);
        assert!(memory.take(MIB).is_err());
        assert_eq!(part, &b"nt"[..]);
        drop(part);
        assert!(memory.take(MIB).is_ok());
    }

    #[test]
    fn whoever_holds_large_pieces_leaves_room_for_small_ones() {
        let memory = Memory::new(MemoryOptions { small_bytes: MIB, large_bytes: 10 * MIB });
        let mut large = memory.take(10 * MIB).unwrap();
        let small = (0..4).map(|_| memory.take(SMALL_BYTES).unwrap()).collect::<Vec<_>>();
        assert_eq!(memory.take(1).unwrap_err(), NoRoom, "the share of small ones has an end too");
        drop(small);
        // A body that grows out of its share, and what is left of it when it was read.
        large.cover(&memory, 5 * MIB).unwrap();
        let mut growing = memory.take(SMALL_BYTES).unwrap();
        growing.cover(&memory, SMALL_BYTES + 1).unwrap();
        let _all_small = memory.take(SMALL_BYTES).unwrap();
        assert!((0..3).all(|_| memory.take(SMALL_BYTES).is_ok()));
        growing.cover(&memory, 10).unwrap();
        assert!(memory.take(5 * MIB).is_ok());
    }

    #[test]
    fn one_holder_gets_no_more_than_its_share() {
        let memory = Memory::new(MemoryOptions { small_bytes: MIB, large_bytes: 300 * MIB });
        let of = |name: &str| memory.of(Holder::new(name));
        let mut first = of("anna").take(100 * MIB).unwrap();
        let second = of("anna").take(50 * MIB).unwrap();
        assert_eq!(of("anna").take(MIB).unwrap_err(), NoRoom);
        assert_eq!(first.cover(&of("anna"), 101 * MIB), Err(NoRoom), "it keeps what it has");
        assert!(of("anna").take(SMALL_BYTES).is_ok(), "small ones are counted by nobody's share");
        let other = of("boris").take(150 * MIB).unwrap();
        assert_eq!(memory.take(MIB).unwrap_err(), NoRoom, "shares are of what there is");
        drop(second);
        assert!(of("boris").take(MIB).is_err());
        first.cover(&of("anna"), 140 * MIB).unwrap();
        // What was refused for want of room of all leaves the share as it was.
        let rest = memory.take(10 * MIB).unwrap();
        assert_eq!(first.cover(&of("anna"), 150 * MIB), Err(NoRoom));
        drop(rest);
        first.cover(&of("anna"), 150 * MIB).unwrap();
        drop((first, other));
        assert!(of("carl").take(150 * MIB).is_ok());
        assert_eq!(memory.shares.of_holders.lock().unwrap().len(), 1, "who holds nothing is forgotten");
    }

    /// The room of large bytes is there again when they are freed, which happens elsewhere.
    #[test]
    fn large_bytes_are_freed_beside_the_calls() {
        struct Tell(std::sync::mpsc::Sender<std::thread::ThreadId>, Vec<u8>);
        impl AsRef<[u8]> for Tell {
            fn as_ref(&self) -> &[u8] {
                &self.1
            }
        }
        impl Drop for Tell {
            fn drop(&mut self) {
                self.0.send(std::thread::current().id()).unwrap();
            }
        }
        let memory = Memory::new(MemoryOptions { small_bytes: MIB, large_bytes: 4 * MIB });
        let (tell, told) = std::sync::mpsc::channel();
        for (length, is_elsewhere) in [(MIB, false), (2 * MIB, true)] {
            let bytes = Bytes::from_owner(Tell(tell.clone(), vec![7; length as usize]));
            drop(memory.take(length).unwrap().with(bytes));
            assert_eq!(told.recv().unwrap() != std::thread::current().id(), is_elsewhere, "{length}");
        }
    }
}
