//! Time as the API counts it.

use std::fmt;

/// 100-nanosecond steps since 0001-01-01T00:00:00Z, as every `…Ticks` field on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticks(i64);

impl Ticks {
    /// 1970-01-01T00:00:00Z.
    pub const UNIX_EPOCH: Self = Self(621_355_968_000_000_000);
    /// Steps in one second.
    pub const PER_SECOND: i64 = 10_000_000;

    /// Wraps a count as it stands on the wire.
    pub const fn new(ticks: i64) -> Self {
        Self(ticks)
    }

    /// The count.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The instant `nanoseconds` after 1970-01-01T00:00:00Z; what is finer than a tick is cut off.
    pub const fn from_unix_nanoseconds(nanoseconds: i128) -> Self {
        Self(Self::UNIX_EPOCH.0 + (nanoseconds / 100) as i64)
    }

    /// Nanoseconds after 1970-01-01T00:00:00Z; negative before it.
    pub const fn unix_nanoseconds(self) -> i128 {
        (self.0 - Self::UNIX_EPOCH.0) as i128 * 100
    }

    /// The instant `seconds` after 1970-01-01T00:00:00Z.
    pub const fn from_unix_seconds(seconds: i64) -> Self {
        Self(Self::UNIX_EPOCH.0 + seconds * Self::PER_SECOND)
    }

    /// Whole seconds after 1970-01-01T00:00:00Z, what is finer cut off; negative before it.
    pub const fn unix_seconds(self) -> i64 {
        (self.0 - Self::UNIX_EPOCH.0).div_euclid(Self::PER_SECOND)
    }

    /// The instant `seconds` later; stays at the end of time instead of overflowing.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(Self::PER_SECOND)))
    }

    /// The instant `milliseconds` later.
    #[must_use]
    pub const fn plus_milliseconds(self, milliseconds: i64) -> Self {
        Self(self.0.saturating_add(milliseconds.saturating_mul(Self::PER_SECOND / 1000)))
    }
}

impl fmt::Display for Ticks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_captured_answer_was_made_on_the_fifth_of_august() {
        // 2025-08-05T08:43:57.1782567Z
        let ticks = Ticks::new(638_899_802_371_782_567);
        assert_eq!(ticks.unix_nanoseconds(), 1_754_383_437_178_256_700);
        assert_eq!(Ticks::from_unix_nanoseconds(1_754_383_437_178_256_700), ticks);
        assert_eq!(ticks.unix_seconds(), 1_754_383_437);
    }

    #[test]
    fn seconds_are_cut_off_towards_the_past() {
        let second = Ticks::from_unix_seconds(-5);
        assert_eq!(second.unix_nanoseconds(), -5_000_000_000);
        assert_eq!(second.unix_seconds(), -5);
        assert_eq!(Ticks::new(second.get() + 1).unix_seconds(), -5);
        assert_eq!(Ticks::new(second.get() - 1).unix_seconds(), -6);
    }
}
