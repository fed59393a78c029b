//! Points in time as certificates and signatures write them.

use crate::asn1::{self, GENERALIZED_TIME, Item, UTC_TIME, wrong_value};

const SECONDS_PER_DAY: i64 = 86_400;

/// Seconds since 1970-01-01T00:00:00Z, without leap seconds; earlier points are negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixTime(pub i64);

/// A date and a time of day in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    /// Year, 0 to 9999.
    pub year: i64,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, from 1.
    pub day: u8,
    /// Hour, 0 to 23.
    pub hour: u8,
    /// Minute, 0 to 59.
    pub minute: u8,
    /// Second, 0 to 59.
    pub second: u8,
}

impl UnixTime {
    /// The point in time of a date in UTC. `None` when no such date exists.
    pub fn from_civil(civil: Civil) -> Option<Self> {
        let Civil { year, month, day, hour, minute, second } = civil;
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days_of_month = match month {
            2 => 28 + u8::from(leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        let valid = (0..=9999).contains(&year)
            && (1..=days_of_month).contains(&day)
            && hour < 24
            && minute < 60
            && second < 60;
        if !valid {
            return None;
        }
        // Years that begin in March have their leap day at the end.
        let (month, day) = (i64::from(month), i64::from(day));
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        let days = era * 146_097 + day_of_era - 719_468;
        let seconds = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
        Some(Self(days * SECONDS_PER_DAY + seconds))
    }

    /// The date in UTC. Points before year 0 and after 9999 become the first and the last that can be written.
    pub fn to_civil(self) -> Civil {
        let seconds = self.0.clamp(-62_167_219_200, 253_402_300_799);
        let days = seconds.div_euclid(SECONDS_PER_DAY) + 719_468;
        let time = seconds.rem_euclid(SECONDS_PER_DAY);
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let small = |value: i64| u8::try_from(value).expect("a part of a date fits");
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        Civil {
            year: era * 400 + year_of_era + i64::from(month <= 2),
            month: small(month),
            day: small(day_of_year - (153 * shifted + 2) / 5 + 1),
            hour: small(time / 3600),
            minute: small(time / 60 % 60),
            second: small(time % 60),
        }
    }

    /// Reads a UTCTime or a GeneralizedTime, which both have to end with `Z`. Fractions of a second are dropped.
    pub(crate) fn parse(item: Item<'_>) -> asn1::Result<Self> {
        let text = item.value();
        let (century_digits, rest) = match item.tag() {
            UTC_TIME => (2, text),
            GENERALIZED_TIME => (4, text),
            _ => return Err(wrong_value()),
        };
        let rest = rest.strip_suffix(b"Z").ok_or_else(wrong_value)?;
        let (whole, fraction) = match rest.iter().position(|byte| *byte == b'.') {
            Some(dot) if item.tag() == GENERALIZED_TIME => (&rest[..dot], &rest[dot + 1..]),
            Some(_) => return Err(wrong_value()),
            None => (rest, &b"0"[..]),
        };
        if fraction.is_empty() || !fraction.iter().chain(whole).all(u8::is_ascii_digit) {
            return Err(wrong_value());
        }
        // UTCTime without seconds is BER, and seen.
        let has_seconds = whole.len() == century_digits + 10;
        let has_minutes_only = item.tag() == UTC_TIME && whole.len() == 10;
        if !has_seconds && !has_minutes_only {
            return Err(wrong_value());
        }
        let number = |at: usize| (whole[at] - b'0') * 10 + (whole[at + 1] - b'0');
        let year = match item.tag() {
            UTC_TIME => match i64::from(number(0)) {
                year @ 50.. => 1900 + year,
                year => 2000 + year,
            },
            _ => i64::from(number(0)) * 100 + i64::from(number(2)),
        };
        let at = century_digits;
        let civil = Civil {
            year,
            month: number(at),
            day: number(at + 2),
            hour: number(at + 4),
            minute: number(at + 6),
            second: if has_seconds { number(at + 8) } else { 0 },
        };
        Self::from_civil(civil).ok_or_else(wrong_value)
    }

    /// Writes the form that RFC 5280 asks for: UTCTime through 2049, then GeneralizedTime.
    pub(crate) fn to_der(self) -> Vec<u8> {
        let Civil { year, month, day, hour, minute, second } = self.to_civil();
        let rest = format!("{month:02}{day:02}{hour:02}{minute:02}{second:02}Z");
        if (1950..2050).contains(&year) {
            asn1::tlv(UTC_TIME, &[format!("{:02}", year % 100).as_bytes(), rest.as_bytes()])
        } else {
            asn1::tlv(GENERALIZED_TIME, &[format!("{year:04}").as_bytes(), rest.as_bytes()])
        }
    }

    /// Writes a GeneralizedTime, which time stamps want always.
    pub(crate) fn to_generalized(self) -> Vec<u8> {
        let Civil { year, month, day, hour, minute, second } = self.to_civil();
        let text = format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}Z");
        asn1::tlv(GENERALIZED_TIME, &[text.as_bytes()])
    }
}

impl std::fmt::Display for UnixTime {
    /// `2026-11-21T10:00:00Z`.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Civil { year, month, day, hour, minute, second } = self.to_civil();
        write!(formatter, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(tag: u8, text: &str) -> Option<UnixTime> {
        let bytes = asn1::tlv(tag, &[text.as_bytes()]);
        UnixTime::parse(Item::parse(&bytes).unwrap()).ok()
    }

    #[test]
    fn written_forms_are_read() {
        for (tag, text, expected) in [
            (UTC_TIME, "700101000000Z", Some(0)),
            (UTC_TIME, "000229235959Z", Some(951_868_799)),
            (UTC_TIME, "500101000000Z", Some(-631_152_000)),
            (UTC_TIME, "491231235959Z", Some(2_524_607_999)),
            (UTC_TIME, "2611211000Z", Some(1_795_255_200)),
            (GENERALIZED_TIME, "20261121100000Z", Some(1_795_255_200)),
            (GENERALIZED_TIME, "20261121100000.75Z", Some(1_795_255_200)),
            (GENERALIZED_TIME, "99991231235959Z", Some(253_402_300_799)),
            (UTC_TIME, "010229000000Z", None),
            (UTC_TIME, "261121240000Z", None),
            (UTC_TIME, "261121100000+0300", None),
            (UTC_TIME, "261121100000.5Z", None),
            (GENERALIZED_TIME, "20261121100000.Z", None),
            (GENERALIZED_TIME, "202611211000Z", None),
            (GENERALIZED_TIME, "2026112110000xZ", None),
            (GENERALIZED_TIME, "", None),
            (UTC_TIME, "Z", None),
        ] {
            assert_eq!(parse(tag, text), expected.map(UnixTime), "{text}");
        }
    }

    #[test]
    fn display_is_iso_8601() {
        assert_eq!(UnixTime(1_795_255_200).to_string(), "2026-11-21T10:00:00Z");
    }

    proptest! {
        #[test]
        fn dates_survive_both_ways(seconds in -62_167_219_200i64..=253_402_300_799) {
            let time = UnixTime(seconds);
            prop_assert_eq!(UnixTime::from_civil(time.to_civil()), Some(time));
            prop_assert_eq!(UnixTime::parse(Item::parse(&time.to_der()).unwrap()), Ok(time));
            prop_assert_eq!(UnixTime::parse(Item::parse(&time.to_generalized()).unwrap()), Ok(time));
        }
    }
}
