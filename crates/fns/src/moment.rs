//! Dates and times as documents write them: Moscow time, with dots.

use std::borrow::Cow;
use std::fmt;

use potok_types::Ticks;
use time::{Date, Month, OffsetDateTime, Time, UtcOffset};

use crate::form::{Coded, Form, Result, Rule};

/// How far Moscow is ahead of UTC.
const MOSCOW_SECONDS: i64 = 3 * 3600;

/// A calendar date between 1900 and 2099, as `ДД.ММ.ГГГГ`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FnsDate(Date);

impl FnsDate {
    /// A date, `None` outside of the years that the formats know.
    pub fn new(date: Date) -> Option<Self> {
        (1900..=2099).contains(&date.year()).then_some(Self(date))
    }

    /// Reads `ДД.ММ.ГГГГ`; `None` for anything else and for days that no calendar has.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[2] != b'.' || bytes[5] != b'.' {
            return None;
        }
        let month = Month::try_from(u8::try_from(number(&bytes[3..5])?).ok()?).ok()?;
        let day = u8::try_from(number(&bytes[..2])?).ok()?;
        Self::new(Date::from_calendar_date(i32::from(number(&bytes[6..])?), month, day).ok()?)
    }

    /// The date itself.
    pub const fn get(self) -> Date {
        self.0
    }

    /// Its first moment, in Moscow.
    pub const fn begins_at(self) -> Ticks {
        Ticks::from_unix_seconds(self.0.midnight().assume_utc().unix_timestamp() - MOSCOW_SECONDS)
    }

    /// `yyyyMMdd`, as file names write it.
    pub fn compact(self) -> String {
        format!("{:04}{:02}{:02}", self.0.year(), u8::from(self.0.month()), self.0.day())
    }
}

impl Default for FnsDate {
    fn default() -> Self {
        Self(time::macros::date!(1900 - 01 - 01))
    }
}

impl fmt::Display for FnsDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}.{:02}.{:04}", self.0.day(), u8::from(self.0.month()), self.0.year())
    }
}

/// A moment in Moscow, to the second.
///
/// The formats name no time zone; Moscow is the one all operators write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MoscowTime {
    /// Day in Moscow.
    pub date: FnsDate,
    /// Seconds since midnight in Moscow, less than 86 400.
    second: u32,
}

impl MoscowTime {
    /// The second in which `ticks` lies; moments outside of the years that the formats know become the nearest of them.
    pub fn at(ticks: Ticks) -> Self {
        let moscow = UtcOffset::from_hms(3, 0, 0).expect("three hours are an offset");
        let since = i128::from(ticks.get()) - i128::from(Ticks::UNIX_EPOCH.get());
        let seconds = since.div_euclid(i128::from(Ticks::PER_SECOND));
        let first = i128::from(time::macros::datetime!(1900-01-02 0:00 UTC).unix_timestamp());
        let last = i128::from(time::macros::datetime!(2099-12-31 0:00 UTC).unix_timestamp());
        let seconds = i64::try_from(seconds.clamp(first, last)).expect("clamped to two centuries");
        let local =
            OffsetDateTime::from_unix_timestamp(seconds).expect("clamped to two centuries").to_offset(moscow);
        let (hour, minute, second) = local.to_hms();
        let second = u32::from(hour) * 3600 + u32::from(minute) * 60 + u32::from(second);
        Self { date: FnsDate(local.date()), second }
    }

    /// The moment that is told as `ДД.ММ.ГГГГ ЧЧ:ММ:СС` in UTC, as certificates are; `None` for any other text.
    pub fn parse_utc(text: &str) -> Option<Self> {
        let (date, time) = text.split_once(' ')?;
        let mut parts = time.split(':').map(|part| part.parse::<u8>().ok());
        let mut next = || parts.next().flatten();
        let (hour, minute, second) = (next()?, next()?, next()?);
        let utc = FnsDate::parse(date)?.get().with_hms(hour, minute, second).ok()?.assume_utc();
        let ticks = i128::from(Ticks::UNIX_EPOCH.get())
            + i128::from(utc.unix_timestamp()) * i128::from(Ticks::PER_SECOND);
        Some(Self::at(Ticks::new(i64::try_from(ticks).ok()?)))
    }

    /// A moment by its parts, `None` when there is no such time of day.
    pub fn new(date: FnsDate, hour: u8, minute: u8, second: u8) -> Option<Self> {
        Time::from_hms(hour, minute, second).ok()?;
        Some(Self { date, second: u32::from(hour) * 3600 + u32::from(minute) * 60 + u32::from(second) })
    }

    /// The time of day as `ЧЧ.ММ.СС`.
    pub fn time(self) -> String {
        format!("{:02}.{:02}.{:02}", self.second / 3600, self.second / 60 % 60, self.second % 60)
    }
}

/// The time of day, while a form has only that.
#[derive(Clone, Copy)]
struct TimeOfDay(u32);

impl Coded for TimeOfDay {
    fn to_text(&self) -> Cow<'_, str> {
        MoscowTime { date: FnsDate::default(), second: self.0 }.time().into()
    }
    fn from_text(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() != 8 || bytes[2] != b'.' || bytes[5] != b'.' {
            return None;
        }
        let (hour, minute, second) = (number(&bytes[..2])?, number(&bytes[3..5])?, number(&bytes[6..])?);
        (hour < 24 && minute < 60 && second < 60)
            .then(|| Self(u32::from(hour) * 3600 + u32::from(minute) * 60 + u32::from(second)))
    }
    fn rule() -> Rule {
        Rule::Told("время ЧЧ.ММ.СС", "a time as HH.MM.SS")
    }
}

impl Coded for FnsDate {
    fn to_text(&self) -> Cow<'_, str> {
        self.to_string().into()
    }
    fn from_text(text: &str) -> Option<Self> {
        Self::parse(text)
    }
    fn rule() -> Rule {
        Rule::Told("дата ДД.ММ.ГГГГ с 1900 по 2099 год", "a date as DD.MM.YYYY between 1900 and 2099")
    }
}

fn number(digits: &[u8]) -> Option<u16> {
    digits.iter().try_fold(0_u16, |sum, b| b.is_ascii_digit().then(|| sum * 10 + u16::from(b - b'0')))
}

/// The two attributes of a moment.
pub(crate) fn moment(
    form: &mut Form<'_>,
    date: &'static str,
    time: &'static str,
    at: &mut MoscowTime,
) -> Result<()> {
    form.coded(date, &mut at.date)?;
    let mut of_day = TimeOfDay(at.second);
    form.coded(time, &mut of_day)?;
    at.second = of_day.0;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moscow_is_three_hours_ahead_and_changes_the_day_earlier() {
        // 2025-08-05T21:43:57.1782567Z
        let at = MoscowTime::at(Ticks::new(638_899_802_371_782_567).plus_seconds(13 * 3600));
        assert_eq!((at.date.to_string(), at.time()), ("06.08.2025".into(), "00.43.57".into()));
        assert_eq!(at.date.compact(), "20250806");
        assert_eq!(MoscowTime::at(at.date.begins_at()), MoscowTime::new(at.date, 0, 0, 0).unwrap());
    }

    #[test]
    fn moments_beyond_the_formats_stay_inside_of_them() {
        for ticks in [i64::MIN, 0, i64::MAX] {
            let at = MoscowTime::at(Ticks::new(ticks));
            assert_eq!(FnsDate::parse(&at.date.to_string()), Some(at.date));
        }
    }

    #[test]
    fn only_real_days_are_dates() {
        for text in ["29.02.2024", "31.12.2099", "01.01.1900"] {
            assert_eq!(FnsDate::parse(text).map(|date| date.to_string()).as_deref(), Some(text));
        }
        for text in [
            "29.02.2023",
            "31.04.2024",
            "00.01.2024",
            "1.01.2024",
            "01-01-2024",
            "01.01.1899",
            "+1.01.2024",
            "01.01.20244",
        ] {
            assert_eq!(FnsDate::parse(text), None, "{text}");
        }
    }
}
