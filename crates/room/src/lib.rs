//! What there is room for at once. Whoever works on what a caller sent takes it from here, so that all callers together
//! cost no more than the machine has: processors by [`Offload`], bytes by [`Memory`].

mod crew;
mod memory;
mod offload;
mod pace;

use std::num::NonZeroUsize;

use bytes::Bytes;
pub use crew::yield_to_others;
pub use memory::{Holder, Memory, MemoryOptions, Taken, freed_aside};
pub use offload::{ANSWER_HERE_BYTES, CutOff, HERE_BYTES, NotDone, Offload, PATIENCE};
pub use pace::{Beside, Pace};

/// There is no room now; worth repeating.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the server has no room for the call now; repeat it after the seconds in Retry-After")]
pub struct NoRoom;

/// The room of one server.
#[derive(Clone, Debug)]
pub struct Room {
    /// Work on what callers send: reading, hashing, signing, checking.
    pub work: Offload,
    /// Hashing of passwords, which is slow on purpose and takes 19 MiB each: so much is kept by each of its threads, of which
    /// there are [`HASHING_AT_ONCE`] at most.
    pub passwords: Offload,
    /// Bodies, contents and answers.
    pub memory: Memory,
    /// Large bodies as they come.
    pub intake: Pace,
    /// Bodies that go to a disk as they come, while others are answered beside them.
    pub passing: Pace,
}

impl Room {
    /// Reads a caller's file: a small one here, a larger one in turn, with memory for its text in another encoding and for
    /// what is kept of it.
    ///
    /// # Errors
    /// As [`Offload::serve`], and [`NotDone::NoRoom`] when there is no memory.
    pub async fn read<T: Send + 'static>(
        &self,
        file: &Bytes,
        read: impl FnOnce(&[u8]) -> T + Send + 'static,
    ) -> Result<T, NotDone> {
        if file.len() <= HERE_BYTES {
            return Ok(read(file));
        }
        let taken = self.memory.take(2 * file.len() as u64)?;
        let file = file.clone();
        let reading = move || {
            let read = read(&file);
            drop(taken);
            read
        };
        self.work.serve(reading).await
    }
}

/// Logins that may wait for their turn: a second or two of work.
const WAITING_LOGINS: usize = 32;
/// Passwords that are hashed at once, at most, however many processors there are: their memory stands beside that of the calls.
pub const HASHING_AT_ONCE: usize = 2;

impl Default for Room {
    fn default() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let hashing = NonZeroUsize::new((processors / 2).min(HASHING_AT_ONCE)).unwrap_or(NonZeroUsize::MIN);
        Self {
            work: Offload::default(),
            passwords: Offload::new(hashing, WAITING_LOGINS),
            memory: Memory::new(MemoryOptions::default()),
            intake: Pace::default(),
            passing: Pace::of_passing(),
        }
    }
}
