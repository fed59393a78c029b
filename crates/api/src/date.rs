//! Calendar dates of announcements and of settings.

use std::fmt;
use std::str::FromStr;

use potok_types::Ticks;

/// A calendar date, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date {
    /// Year of the common era, 1 to 9999.
    pub year: i32,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, from 1.
    pub day: u8,
}

/// The text is not a date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a date: write it as 2027-04-03")]
pub struct InvalidDate(String);

const DAYS_BEFORE_MONTH: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

const fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

impl Date {
    /// The first instant after the day: what was promised until this date may be gone from here on.
    pub fn ends_at(self) -> Ticks {
        Ticks::new((self.days_since_year_one() + 1) * 24 * 3600 * Ticks::PER_SECOND)
    }

    /// Days since 0001-01-01, which was a Monday.
    pub(crate) fn days_since_year_one(self) -> i64 {
        let year = i64::from(self.year);
        let past = year - 1;
        let leap_day = i64::from(is_leap(year) && self.month > 2);
        past * 365 + past / 4 - past / 100
            + past / 400
            + DAYS_BEFORE_MONTH[usize::from(self.month - 1)]
            + leap_day
            + i64::from(self.day)
            - 1
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Date {
    type Err = InvalidDate;

    fn from_str(text: &str) -> Result<Self, InvalidDate> {
        let read = || {
            let mut parts = text.split('-');
            let year: i32 = parts.next().filter(|part| part.len() == 4)?.parse().ok()?;
            let month: u8 = parts.next().filter(|part| part.len() == 2)?.parse().ok()?;
            let day: u8 = parts.next().filter(|part| part.len() == 2)?.parse().ok()?;
            if parts.next().is_some() || year < 1 {
                return None;
            }
            let days = match month {
                2 if is_leap(i64::from(year)) => 29,
                2 => 28,
                4 | 6 | 9 | 11 => 30,
                1..=12 => 31,
                _ => return None,
            };
            (1..=days).contains(&day).then_some(Self { year, month, day })
        };
        read().ok_or_else(|| InvalidDate(text.chars().take(32).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_and_shown_alike() {
        for text in ["2026-11-10", "2027-04-03", "2024-02-29", "0001-01-01"] {
            assert_eq!(text.parse::<Date>().expect("a date").to_string(), text);
        }
        for wrong in
            ["", "2027", "2027-4-3", "2027-13-01", "2027-02-29", "2027-04-31", "03.04.2027", "2027-04-03-1"]
        {
            assert!(wrong.parse::<Date>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_day_ends_when_the_next_one_begins() {
        let ends = |text: &str| text.parse::<Date>().expect("a date").ends_at();
        assert_eq!(ends("1969-12-31"), Ticks::UNIX_EPOCH);
        assert_eq!(ends("2025-08-04").unix_nanoseconds(), 1_754_352_000_000_000_000);
    }
}
