//! How fast large bodies are taken in: what comes is copied, and a fast network brings more than the processors could copy
//! beside anything else. Beyond the pace bodies wait, and the network with them.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// For each processor: half a gigabit a second, which takes some hundredths of its time.
const BYTES_PER_PROCESSOR: u64 = 64 << 20;
/// The same of what is not gathered in memory but goes to a disk as it comes, which is the slower one mostly.
const PASSING_BYTES_PER_PROCESSOR: u64 = 256 << 20;
/// So far ahead of the pace somebody may be before he waits: shorter waits are not worth their timers.
const AHEAD: Duration = Duration::from_millis(2);

/// So long after somebody else was answered others still count as being there: whoever calls again and again is.
const OTHERS_STAY: Duration = Duration::from_millis(250);

/// A pace that many keep together, in the order in which they ask. The default is that of large bodies in memory.
#[derive(Clone, Debug)]
pub struct Pace(Arc<Common>);

#[derive(Debug)]
struct Common {
    bytes_per_second: u64,
    kept: Mutex<Kept>,
    /// Set of a pace that is kept for the sake of others, while there are any.
    others: Option<Others>,
}

#[derive(Debug, Default)]
struct Kept {
    /// When all that was asked for so far will have been taken at the pace.
    done: Option<Instant>,
    /// Until when others count as being there.
    others: Option<Instant>,
}

/// Those who keep no pace themselves.
#[derive(Debug, Default)]
struct Others {
    here: AtomicUsize,
    /// Whether there was one since that was asked last.
    came: AtomicBool,
}

/// Somebody for whose sake a pace is kept, until this is dropped.
#[derive(Debug)]
pub struct Beside(Pace);

impl Drop for Beside {
    fn drop(&mut self) {
        if let Some(others) = &self.0.0.others {
            others.here.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

impl Pace {
    /// So many bytes in a second.
    pub fn new(bytes_per_second: u64) -> Self {
        Self::with(bytes_per_second, None)
    }

    fn with(bytes_per_second: u64, others: Option<Others>) -> Self {
        Self(Arc::new(Common { bytes_per_second: bytes_per_second.max(1), kept: Mutex::default(), others }))
    }

    /// That of bodies that go to a disk as they come. Those who bring them keep it only beside others ([`Self::beside`],
    /// [`Self::met`]): alone on the machine they take what they can get.
    pub fn of_passing() -> Self {
        Self::with(of_all_processors(PASSING_BYTES_PER_PROCESSOR), Some(Others::default()))
    }

    /// Somebody else is being answered, until what is returned is dropped.
    pub fn beside(&self) -> Beside {
        self.met();
        if let Some(others) = &self.0.others {
            others.here.fetch_add(1, Ordering::Relaxed);
        }
        Beside(self.clone())
    }

    /// Somebody else was answered on the spot.
    pub fn met(&self) {
        if let Some(others) = &self.0.others
            && !others.came.load(Ordering::Relaxed)
        {
            others.came.store(true, Ordering::Relaxed);
        }
    }

    /// Waits until so many bytes more may be taken.
    pub async fn keep(&self, bytes: usize) {
        let now = Instant::now();
        let before = {
            let mut kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if !self.is_for_somebody(&mut kept, now) {
                kept.done = None;
                return;
            }
            let before = kept.done.map_or(now, |done| done.max(now));
            let time = Duration::from_secs_f64(bytes as f64 / self.0.bytes_per_second as f64);
            kept.done = Some(before + time);
            before
        };
        if before > now + AHEAD {
            sleep_until(before).await;
        }
    }

    /// Whether there is anybody for whose sake the pace is kept.
    fn is_for_somebody(&self, kept: &mut Kept, now: Instant) -> bool {
        let Some(others) = &self.0.others else { return true };
        if others.came.swap(false, Ordering::Relaxed) || others.here.load(Ordering::Relaxed) > 0 {
            kept.others = Some(now + OTHERS_STAY);
        }
        kept.others.is_some_and(|until| now < until)
    }
}

fn of_all_processors(bytes_per_second: u64) -> u64 {
    let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    bytes_per_second * processors as u64
}

impl Default for Pace {
    fn default() -> Self {
        Self::new(of_all_processors(BYTES_PER_PROCESSOR))
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

    /// Takes a second's bytes of such a pace; how long that took.
    async fn a_second_of(pace: &Pace) -> Duration {
        let began = Instant::now();
        for _ in 0..16 {
            pace.keep(pace.0.bytes_per_second as usize / 16).await;
        }
        began.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn a_pace_for_the_sake_of_others_is_kept_while_there_are_any() {
        let pace = Pace::with(1 << 20, Some(Others::default()));
        assert_eq!(a_second_of(&pace).await, Duration::ZERO, "alone");
        let beside = pace.beside();
        for _ in 0..2 {
            assert!(a_second_of(&pace).await > Duration::from_millis(900), "somebody waits for an answer");
        }
        drop(beside);
        let took = a_second_of(&pace).await;
        assert!(took > Duration::from_millis(100) && took < Duration::from_millis(500), "{took:?}");
        assert_eq!(a_second_of(&pace).await, Duration::ZERO, "alone again, and nothing is owed");
        pace.met();
        let took = a_second_of(&pace).await;
        assert!(took > Duration::from_millis(200) && took < Duration::from_millis(500), "{took:?}");
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
