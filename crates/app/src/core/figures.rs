//! What is counted of changes and deliveries.

use std::time::Duration;

use potok_metrics::{ANSWERS, Counter, Exposition, Histogram, Kind, LAGS};
use potok_types::Ticks;

/// Ticks of 100 nanoseconds in a microsecond.
const TICKS: i64 = 10;

/// What the use cases count.
#[derive(Debug)]
pub struct Figures {
    /// Writing one change of a box, until it is on the disk.
    appends: Histogram,
    /// From an event in the sending box to its arrival.
    lag: Histogram,
    delivered: Counter,
    failed: Counter,
}

impl Default for Figures {
    fn default() -> Self {
        let (delivered, failed) = (Counter::new(), Counter::new());
        Self { appends: Histogram::new(ANSWERS), lag: Histogram::new(LAGS), delivered, failed }
    }
}

impl Figures {
    /// A change was written, or refused, after so long.
    pub(crate) fn appended(&self, time: Duration) {
        self.appends.observe(time);
    }

    /// An event of then has arrived now.
    pub(crate) fn arrived(&self, event: Ticks, now: Ticks) {
        let microseconds = now.get().saturating_sub(event.get()) / TICKS;
        self.lag.observe_microseconds(u64::try_from(microseconds).unwrap_or_default());
    }

    /// An attempt to deliver has ended.
    pub(crate) fn carried(&self, is_done: bool) {
        if is_done { &self.delivered } else { &self.failed }.count();
    }

    /// Writes what was counted.
    pub fn write(&self, out: &mut Exposition) {
        const APPENDS: &str = "potok_append_duration_seconds";
        out.times(APPENDS, "Time to write a change of a box until it is on the disk.");
        out.histogram(APPENDS, &[], &self.appends);
        const LAG: &str = "potok_delivery_lag_seconds";
        out.times(LAG, "Time from an event of a message in the sending box to its arrival in the other one.");
        out.histogram(LAG, &[], &self.lag);
        const ATTEMPTS: &str = "potok_delivery_attempts_total";
        out.family(ATTEMPTS, Kind::Counter, "Attempts to bring an event to another box, by how they ended.");
        out.value(ATTEMPTS, &[("result", "done")], self.delivered.get());
        out.value(ATTEMPTS, &[("result", "failed")], self.failed.get());
    }
}
