//! Dates and times of XML Schema.

use std::cmp::Ordering;

/// Which parts a value has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MomentKind {
    DateTime,
    Date,
    Time,
    Year,
    YearMonth,
    Month,
    MonthDay,
    Day,
}

/// A moment as seconds and a fraction, moved to UTC when it names a zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    seconds: i64,
    /// Digits behind the point without zeros at the end; they compare like words.
    fraction: String,
    zoned: bool,
}

/// Seconds that a moment without a zone may be off.
const WIDEST_ZONE: i64 = 14 * 3600;
const DAY: i64 = 24 * 3600;

impl Moment {
    /// Reads a value of a kind; `None` for what is none.
    pub(super) fn parse(text: &str, kind: MomentKind) -> Option<Self> {
        use MomentKind::*;
        let mut reader = Reader(text);
        // Parts that a kind does not have are those of a leap year's first day.
        let (mut year, mut month, mut day) = (2000, 1, 1);
        match kind {
            DateTime | Date | Year | YearMonth => year = reader.year()?,
            Month | MonthDay => reader.literal("--")?,
            Day => reader.literal("---")?,
            Time => {}
        }
        if matches!(kind, DateTime | Date | YearMonth) {
            reader.literal("-")?;
        }
        if matches!(kind, DateTime | Date | YearMonth | Month | MonthDay) {
            month = reader.two(1, 12)?;
        }
        if matches!(kind, DateTime | Date | MonthDay) {
            reader.literal("-")?;
        }
        if matches!(kind, DateTime | Date | MonthDay | Day) {
            day = reader.two(1, if kind == Day { 31 } else { days_in(year, month) })?;
        }
        let mut seconds = days_before(year, month, day)?.checked_mul(DAY)?;
        let mut fraction = "";
        if kind == DateTime {
            reader.literal("T")?;
        }
        if matches!(kind, DateTime | Time) {
            let hour = reader.two(0, 24)?;
            reader.literal(":")?;
            let minute = reader.two(0, 59)?;
            reader.literal(":")?;
            let second = reader.two(0, 59)?;
            fraction = reader.fraction()?;
            if hour == 24 && (minute, second, fraction) != (0, 0, "") {
                return None;
            }
            let of_day = hour * 3600 + minute * 60 + second;
            // Midnight at the end of a time of day is the one at its start.
            seconds += if kind == Time { of_day % DAY } else { of_day };
        }
        let zone = reader.zone()?;
        if !reader.0.is_empty() {
            return None;
        }
        Some(Self {
            seconds: seconds - zone.unwrap_or_default(),
            fraction: fraction.to_owned(),
            zoned: zone.is_some(),
        })
    }

    /// The order, `None` where a moment without a zone could be on either side of one with a zone.
    pub(super) fn compare(&self, other: &Self) -> Option<Ordering> {
        if self.zoned == other.zoned {
            let exact = self.seconds.cmp(&other.seconds).then_with(|| self.fraction.cmp(&other.fraction));
            return Some(exact);
        }
        let apart = self.seconds - other.seconds;
        (apart.abs() > WIDEST_ZONE).then(|| apart.cmp(&0))
    }

    /// One spelling for each moment.
    pub(super) fn canonical(&self) -> String {
        format!("{}.{}{}", self.seconds, self.fraction, if self.zoned { "Z" } else { "" })
    }
}

struct Reader<'a>(&'a str);

impl<'a> Reader<'a> {
    fn literal(&mut self, text: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(text)?;
        Some(())
    }

    fn digits(&mut self) -> &'a str {
        let end = self.0.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.0.split_at(end);
        self.0 = rest;
        digits
    }

    /// Two digits within bounds.
    fn two(&mut self, least: i64, most: i64) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(2)?;
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        self.0 = rest;
        digits.parse().ok().filter(|number| (least..=most).contains(number))
    }

    /// Four digits or more; zero is no year, and longer numbers do not begin with zero.
    fn year(&mut self) -> Option<i64> {
        let negative = self.literal("-").is_some();
        let digits = self.digits();
        if digits.len() < 4 || (digits.len() > 4 && digits.starts_with('0')) {
            return None;
        }
        let year: i64 = digits.parse().ok().filter(|year| (1..=1_000_000_000).contains(year))?;
        // There was no year zero: the year before 1 is a leap year.
        Some(if negative { 1 - year } else { year })
    }

    fn fraction(&mut self) -> Option<&'a str> {
        if self.literal(".").is_none() {
            return Some("");
        }
        let digits = self.digits();
        (!digits.is_empty()).then(|| digits.trim_end_matches('0'))
    }

    /// Seconds east of UTC.
    fn zone(&mut self) -> Option<Option<i64>> {
        if self.literal("Z").is_some() {
            return Some(Some(0));
        }
        let sign = match self.0.bytes().next() {
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => return Some(None),
        };
        self.0 = &self.0[1..];
        let hours = self.two(0, 14)?;
        self.literal(":")?;
        let minutes = self.two(0, if hours == 14 { 0 } else { 59 })?;
        Some(Some(sign * (hours * 3600 + minutes * 60)))
    }
}

const fn leap(year: i64) -> bool {
    year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0)
}

const fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + leap(year) as i64,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since a fixed day.
fn days_before(year: i64, month: i64, day: i64) -> Option<i64> {
    let before = year.checked_sub(1)?;
    let leaps = before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400);
    let months: i64 = (1..month).map(|month| days_in(year, month)).sum();
    Some(before.checked_mul(365)? + leaps + months + day - 1)
}

#[cfg(test)]
mod tests {
    use super::MomentKind::*;
    use super::*;

    #[test]
    fn values_are_told_from_others() {
        for (kind, good, bad) in [
            (
                Date,
                &["2024-02-29", "2023-12-31Z", "2024-01-01+14:00", "-0001-01-01", "12024-01-01"][..],
                &[
                    "2023-02-29",
                    "2024-1-1",
                    "2024-13-01",
                    "24-01-01",
                    "0000-01-01",
                    "2024-01-01+14:01",
                    "2024-01-01 ",
                ][..],
            ),
            (
                DateTime,
                &["2024-02-29T24:00:00", "2024-02-29T23:59:59.123456789+03:00", "2024-02-29T00:00:00Z"],
                &[
                    "2024-02-29",
                    "2024-02-29T24:00:01",
                    "2024-02-29T23:60:00",
                    "2024-02-29T23:59",
                    "2024-02-29T1:00:00",
                ],
            ),
            (
                Time,
                &["24:00:00", "09:30:00.5-03:30"],
                &["24:00:00.1", "25:00:00", "9:30:00", "09:30", "09.30.00"],
            ),
            (Year, &["2024", "-0044", "2024Z"], &["24", "02024", "2024-01"]),
            (YearMonth, &["2024-12"], &["2024", "2024-13", "2024-12-01"]),
            (Month, &["--12"], &["12", "--13", "--12--"]),
            (MonthDay, &["--02-29"], &["--02-30", "-02-29"]),
            (Day, &["---31"], &["---32", "--31"]),
        ] {
            for good in good {
                assert!(Moment::parse(good, kind).is_some(), "{kind:?} {good}");
            }
            for bad in bad {
                assert!(Moment::parse(bad, kind).is_none(), "{kind:?} {bad}");
            }
        }
    }

    #[test]
    fn moments_are_compared_across_zones() {
        let order = |kind, a, b| Moment::parse(a, kind).unwrap().compare(&Moment::parse(b, kind).unwrap());
        let same = Some(Ordering::Equal);
        assert_eq!(order(DateTime, "2024-01-01T00:00:00+03:00", "2023-12-31T21:00:00Z"), same);
        assert_eq!(order(DateTime, "2023-12-31T24:00:00", "2024-01-01T00:00:00"), same);
        assert_eq!(order(Time, "24:00:00", "00:00:00"), same);
        assert_eq!(order(Time, "10:00:00.10", "10:00:00.1"), same);
        assert_eq!(order(Time, "10:00:00.09", "10:00:00.1"), Some(Ordering::Less));
        assert_eq!(order(Date, "2024-03-01", "2024-02-29"), Some(Ordering::Greater));
        assert_eq!(order(Date, "-0002-01-01", "-0001-01-01"), Some(Ordering::Less));
        assert_eq!(order(DateTime, "2024-01-01T00:00:00", "2024-01-01T01:00:00Z"), None);
        assert_eq!(order(DateTime, "2024-01-01T00:00:00", "2024-01-03T01:00:00Z"), Some(Ordering::Less));
        let canonical = |text| Moment::parse(text, DateTime).unwrap().canonical();
        assert_eq!(canonical("2024-01-01T00:00:00+03:00"), canonical("2023-12-31T21:00:00.0Z"));
        assert_ne!(canonical("2024-01-01T00:00:00"), canonical("2024-01-01T00:00:00Z"));
    }
}
