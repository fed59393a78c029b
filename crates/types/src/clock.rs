//! Where the time comes from.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::Ticks;

/// The only source of the current time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Ticks;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Ticks {
        #[expect(clippy::disallowed_methods, reason = "this is the replacement that the ban names")]
        let now = std::time::SystemTime::now();
        let since_epoch = now.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Ticks::from_unix_nanoseconds(since_epoch.as_nanos() as i128)
    }
}

/// A clock that stands still until it is turned.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that shows `start`.
    pub const fn new(start: Ticks) -> Self {
        Self(AtomicI64::new(start.get()))
    }

    /// Turns the clock forward.
    pub fn advance_seconds(&self, seconds: i64) {
        self.0.fetch_add(seconds * Ticks::PER_SECOND, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    /// Each reading is one tick after the last one, so that what happened later also has the later time.
    fn now(&self) -> Ticks {
        Ticks::new(self.0.fetch_add(1, Ordering::SeqCst))
    }
}
