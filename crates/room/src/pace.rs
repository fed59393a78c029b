//! How fast large bodies are taken in: what comes is copied, and a fast network brings more than the processors could copy
//! beside anything else. Beyond the pace bodies wait, and the network with them.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// For each processor: half a gigabit a second, which takes some hundredths of its time.
const BYTES_PER_PROCESSOR: u64 = 64 << 20;
/// The same of what is not gathered in memory but goes to a disk as it comes, which is the slower one mostly.
const PASSING_BYTES_PER_PROCESSOR: u64 = 256 << 20;
/// So far ahead of the pace somebody may be before he waits: shorter waits are not worth their timers.
const AHEAD: Duration = Duration::from_millis(2);

/// A pace that many keep together, in the order in which they ask. The default is that of large bodies in memory.
#[derive(Clone, Debug)]
pub struct Pace(Arc<Common>);

#[derive(Debug)]
struct Common {
    bytes_per_second: u64,
    /// When all that was asked for so far will have been taken at the pace.
    done: Mutex<Option<Instant>>,
}

impl Pace {
    /// So many bytes in a second.
    pub fn new(bytes_per_second: u64) -> Self {
        Self(Arc::new(Common { bytes_per_second: bytes_per_second.max(1), done: Mutex::default() }))
    }

    fn of_each_processor(bytes_per_second: u64) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Self::new(bytes_per_second * processors as u64)
    }

    /// That of bodies that go to a disk as they come.
    pub fn of_passing() -> Self {
        Self::of_each_processor(PASSING_BYTES_PER_PROCESSOR)
    }

    /// Waits until so many bytes more may be taken.
    pub async fn keep(&self, bytes: usize) {
        let now = Instant::now();
        let before = {
            let mut done = self.0.done.lock().unwrap_or_else(PoisonError::into_inner);
            let before = done.map_or(now, |done| done.max(now));
            let time = Duration::from_secs_f64(bytes as f64 / self.0.bytes_per_second as f64);
            *done = Some(before + time);
            before
        };
        if before > now + AHEAD {
            sleep_until(before).await;
        }
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self::of_each_processor(BYTES_PER_PROCESSOR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIB: usize = 1024;

    #[tokio::test(start_paused = true)]
    async fn many_together_keep_the_pace_of_one() {
        let pace = Pace::new(1 << 20);
        let began = Instant::now();
        let mut all = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let pace = pace.clone();
            all.spawn(async move {
                for _ in 0..16 {
                    pace.keep(64 * KIB).await;
                }
            });
        }
        while all.join_next().await.is_some() {}
        let took = began.elapsed();
        // The last piece may be taken when all before it have had their time.
        assert!(took > Duration::from_millis(3900) && took < Duration::from_millis(4000), "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_is_slower_never_waits_and_saves_nothing() {
        let pace = Pace::new(1 << 20);
        for _ in 0..10 {
            let asked = Instant::now();
            pace.keep(64 * KIB).await;
            assert_eq!(asked.elapsed(), Duration::ZERO);
            tokio::time::advance(Duration::from_millis(100)).await;
        }
        let asked = Instant::now();
        for _ in 0..16 {
            pace.keep(64 * KIB).await;
        }
        assert!(asked.elapsed() > Duration::from_millis(900), "{:?}", asked.elapsed());
    }
}
