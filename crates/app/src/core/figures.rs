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
    /// From an event to the receiver of a webhook that took it.
    sending: Histogram,
    taken: Counter,
    not_taken: Counter,
}

impl Default for Figures {
    fn default() -> Self {
        let (delivered, failed) = (Counter::new(), Counter::new());
        let (taken, not_taken) = (Counter::new(), Counter::new());
        let (lag, sending) = (Histogram::new(LAGS), Histogram::new(LAGS));
        Self { appends: Histogram::new(ANSWERS), lag, delivered, failed, sending, taken, not_taken }
    }
}

impl Figures {
    /// A change was written, or refused, after so long.
    pub(crate) fn appended(&self, time: Duration) {
        self.appends.observe(time);
    }

    /// An event of then has arrived now.
    pub(crate) fn arrived(&self, event: Ticks, now: Ticks) {
        self.lag.observe_microseconds(microseconds(event, now));
    }

    /// An event of then was sent to a receiver, who took it now or did not.
    pub(crate) fn sent(&self, is_taken: bool, event: Ticks, now: Ticks) {
        if is_taken {
            self.sending.observe_microseconds(microseconds(event, now));
        }
        if is_taken { &self.taken } else { &self.not_taken }.count();
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
        const SENDING: &str = "potok_webhook_lag_seconds";
        out.times(SENDING, "Time from an event in a box to the receiver of a webhook that took it.");
        out.histogram(SENDING, &[], &self.sending);
        const SENT: &str = "potok_webhook_attempts_total";
        out.family(
            SENT,
            Kind::Counter,
            "Attempts to send an event to the receiver of a webhook, by how they ended.",
        );
        out.value(SENT, &[("result", "done")], self.taken.get());
        out.value(SENT, &[("result", "failed")], self.not_taken.get());
    }
}

fn microseconds(since: Ticks, now: Ticks) -> u64 {
    u64::try_from(now.get().saturating_sub(since.get()) / TICKS).unwrap_or_default()
}
