//! A budget of memory over all calls: bodies while they come and are worked on, contents that are loaded, answers until they
//! are written. Nothing waits for it: whoever finds no room is refused, and comes again.
//!
//! Small pieces have a share of their own, so that whoever holds large ones shuts nobody out of the ordinary calls.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::NoRoom;

/// The unit in which memory is given away.
const UNIT_BYTES: u64 = 4 * 1024;
/// Pieces up to this size come out of the share of small ones.
const SMALL_BYTES: u64 = 256 * 1024;

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
}

/// Memory that somebody has, given back when it is dropped.
#[derive(Debug, Default)]
pub struct Taken {
    small: Option<OwnedSemaphorePermit>,
    large: Option<OwnedSemaphorePermit>,
}

impl Memory {
    /// So much.
    pub fn new(options: MemoryOptions) -> Self {
        let pool = |bytes: u64| {
            let units = usize::try_from(bytes / UNIT_BYTES).unwrap_or(usize::MAX);
            Arc::new(Semaphore::new(units.min(Semaphore::MAX_PERMITS)))
        };
        Self { small: pool(options.small_bytes), large: pool(options.large_bytes) }
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
        Bytes::from_owner(Held { bytes, _taken: self })
    }

    /// Makes it room for exactly so many bytes, more or fewer than now.
    ///
    /// # Errors
    /// [`NoRoom`]; what was taken before stays.
    pub fn cover(&mut self, memory: &Memory, bytes: u64) -> Result<(), NoRoom> {
        let units = usize::try_from(bytes.div_ceil(UNIT_BYTES)).map_err(|_| NoRoom)?;
        let (pool, held, other) = if bytes <= SMALL_BYTES {
            (&memory.small, &mut self.small, &mut self.large)
        } else {
            (&memory.large, &mut self.large, &mut self.small)
        };
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
        *other = None;
        Ok(())
    }
}

struct Held {
    bytes: Bytes,
    _taken: Taken,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
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
}
