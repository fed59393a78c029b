//! What is counted while the server works, and the text in which Prometheus reads it.
//!
//! Counting takes no lock and allocates nothing: a [`Counter`] is one addition, a [`Histogram`] is two. Reading may take its
//! time: an [`Exposition`] is written when somebody asks.

mod exposition;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

pub use exposition::{Exposition, Kind};

/// Something that happens again and again.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// None yet.
    pub const fn new() -> Self {
        Self(AtomicU64::new(0))
    }

    /// It happened once more.
    pub fn count(&self) {
        self.add(1);
    }

    /// It happened `times` more.
    pub fn add(&self, times: u64) {
        self.0.fetch_add(times, Ordering::Relaxed);
    }

    /// How often it happened.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// How long things take, in buckets with fixed bounds.
#[derive(Debug)]
pub struct Histogram {
    bounds: &'static [u64],
    /// One for each bound, and one for what is longer than the last.
    buckets: Box<[AtomicU64]>,
    microseconds: AtomicU64,
}

/// Bounds for answers, in microseconds: a ready one takes tens of them, a large post tenths of a second.
pub const ANSWERS: &[u64] = &[
    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
    5_000_000,
];

/// Bounds for work beside the calls, in microseconds: from a millisecond to an hour.
pub const LAGS: &[u64] =
    &[1_000, 10_000, 100_000, 1_000_000, 5_000_000, 15_000_000, 60_000_000, 300_000_000, 3_600_000_000];

impl Histogram {
    /// Nothing yet. `bounds` are microseconds, rising.
    pub fn new(bounds: &'static [u64]) -> Self {
        let buckets = (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect();
        Self { bounds, buckets, microseconds: AtomicU64::new(0) }
    }

    /// Something took so long.
    pub fn observe(&self, time: Duration) {
        self.observe_microseconds(u64::try_from(time.as_micros()).unwrap_or(u64::MAX >> 8));
    }

    /// The same, in microseconds.
    pub fn observe_microseconds(&self, time: u64) {
        let place = self.bounds.iter().position(|bound| time <= *bound).unwrap_or(self.bounds.len());
        if let Some(bucket) = self.buckets.get(place) {
            bucket.fetch_add(1, Ordering::Relaxed);
        }
        self.microseconds.fetch_add(time, Ordering::Relaxed);
    }

    /// How many were observed.
    pub fn count(&self) -> u64 {
        self.buckets.iter().map(|bucket| bucket.load(Ordering::Relaxed)).sum()
    }

    /// For each bound, in microseconds, how many were no longer; what is longer than all comes last, without one.
    fn cumulated(&self) -> impl Iterator<Item = (Option<u64>, u64)> {
        let bounds = self.bounds.iter().copied().map(Some).chain([None]);
        bounds.zip(&self.buckets).scan(0, |sum, (bound, bucket)| {
            *sum += bucket.load(Ordering::Relaxed);
            Some((bound, *sum))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_as_long_as_a_bound_is_below_it() {
        let histogram = Histogram::new(&[10, 20]);
        for time in [1, 10, 11, 20, 21, 1_000_000] {
            histogram.observe_microseconds(time);
        }
        let told: Vec<_> = histogram.cumulated().collect();
        assert_eq!(told, [(Some(10), 2), (Some(20), 4), (None, 6)]);
        assert_eq!(histogram.count(), 6);
        histogram.observe(Duration::MAX);
        assert_eq!(histogram.count(), 7);
    }
}
