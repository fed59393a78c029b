//! Moments and sizes for people.

use potok_types::Ticks;
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

/// Moscow's time, by which documents of this exchange are dated.
const MOSCOW: UtcOffset = match UtcOffset::from_hms(3, 0, 0) {
    Ok(offset) => offset,
    Err(_) => UtcOffset::UTC,
};

/// A moment: for people, and for programs that read pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// `01.02.2026 12:00`.
    pub(crate) text: String,
    /// `2026-02-01T09:00:00Z`.
    pub(crate) machine: String,
}

impl Moment {
    /// `None` for the times at which nothing happens.
    pub(crate) fn of(ticks: i64) -> Option<Self> {
        if ticks <= 0 {
            return None;
        }
        OffsetDateTime::from_unix_timestamp(Ticks::new(ticks).unix_seconds()).ok().map(Self::at)
    }

    /// `None` for what is no moment of RFC 3339.
    pub(crate) fn read(text: &str) -> Option<Self> {
        OffsetDateTime::parse(text, &Rfc3339).ok().map(|at| Self::at(at.to_offset(UtcOffset::UTC)))
    }

    /// `at` is in UTC.
    fn at(at: OffsetDateTime) -> Self {
        let there = at.to_offset(MOSCOW);
        let (year, month, day) = there.to_calendar_date();
        let (hour, minute, _) = there.to_hms();
        let (utc_year, utc_month, utc_day) = at.to_calendar_date();
        let (utc_hour, utc_minute, utc_second) = at.to_hms();
        Self {
            text: format!("{day:02}.{:02}.{year:04} {hour:02}:{minute:02}", u8::from(month)),
            machine: format!(
                "{utc_year:04}-{:02}-{utc_day:02}T{utc_hour:02}:{utc_minute:02}:{utc_second:02}Z",
                u8::from(utc_month)
            ),
        }
    }
}

/// The day of a moment, as documents have it.
pub(crate) fn day(at: Ticks) -> String {
    Moment::of(at.get()).map(|at| at.text.chars().take(10).collect()).unwrap_or_default()
}

/// `2026-02-01`, as fields for dates give it, as documents have it: `01.02.2026`.
pub(crate) fn russian_date(date: &str) -> Option<String> {
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let is_date = year.len() == 4 && month.len() == 2 && day.len() == 2 && parts.next().is_none();
    let is_digits = [year, month, day].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    (is_date && is_digits).then(|| format!("{day}.{month}.{year}"))
}

/// A size in bytes, kilobytes or megabytes.
pub(crate) fn size(bytes: u64, is_russian: bool) -> String {
    let (number, unit) = match bytes {
        0..1024 => (bytes, if is_russian { "Б" } else { "B" }),
        1024..1_048_576 => (bytes.div_ceil(1024), if is_russian { "КБ" } else { "KB" }),
        _ => (bytes.div_ceil(1_048_576), if is_russian { "МБ" } else { "MB" }),
    };
    format!("{number}\u{a0}{unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_those_of_moscow() {
        let moment = Moment::of(Ticks::from_unix_seconds(1_769_936_400).get()).unwrap();
        assert_eq!(
            (moment.text.as_str(), moment.machine.as_str()),
            ("01.02.2026 12:00", "2026-02-01T09:00:00Z")
        );
        assert_eq!(day(Ticks::from_unix_seconds(1_769_936_400)), "01.02.2026");
        assert_eq!(Moment::read("2026-02-01T12:00:00.5+03:00"), Some(moment));
        assert_eq!((Moment::of(0), Moment::read("yesterday")), (None, None));
        assert_eq!(Moment::of(i64::MAX).map(|it| it.text), None);
    }

    #[test]
    fn dates_and_sizes() {
        assert_eq!(russian_date("2026-02-01").as_deref(), Some("01.02.2026"));
        for wrong in ["", "01.02.2026", "2026-2-1", "2026-02-0x", "2026-02-01-1"] {
            assert_eq!(russian_date(wrong), None, "{wrong}");
        }
        assert_eq!((size(1023, false), size(1025, true)), ("1023\u{a0}B".to_owned(), "2\u{a0}КБ".to_owned()));
    }
}
