//! Dates and sums as numbers that can be compared.

use std::fmt;

/// A calendar day, as documents carry it: `ДД.ММ.ГГГГ` on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentDate(u32);

impl DocumentDate {
    /// The day `text` names; `None` when it is not a day of the calendar in this form.
    pub fn parse(text: &str) -> Option<Self> {
        let number = |part: &str, len: usize| {
            let is_number = part.len() == len && part.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| part.parse::<u32>().ok()).flatten()
        };
        let parts: Vec<&str> = text.trim().split('.').collect();
        let [day, month, year] = parts[..] else { return None };
        let (day, month, year) = (number(day, 2)?, number(month, 2)?, number(year, 4)?);
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            2 if is_leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        (year > 0 && (1..=days).contains(&day)).then_some(Self(year * 10_000 + month * 100 + day))
    }

    /// `yyyymmdd` as a number: its order is that of the calendar.
    pub const fn number(self) -> u32 {
        self.0
    }

    /// What [`Self::number`] gave.
    pub const fn from_number(number: u32) -> Self {
        Self(number)
    }
}

impl fmt::Display for DocumentDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}.{:02}.{:04}", self.0 % 100, self.0 / 100 % 100, self.0 / 10_000)
    }
}

/// An amount of money in ten-thousandths of its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sum(i64);

/// Digits behind the point that are told apart.
const DIGITS: usize = 4;

impl Sum {
    /// The amount `text` names, with a point or a comma; `None` when it is no decimal number, too large, or finer than
    /// any currency.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (sign, text) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text),
        };
        let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(whole) || !is_number(fraction) {
            return None;
        }
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > DIGITS {
            return None;
        }
        let fraction: i64 = format!("{fraction:0<DIGITS$}").parse().ok()?;
        let whole: i64 = whole.parse().ok()?;
        whole.checked_mul(10_i64.pow(DIGITS as u32))?.checked_add(fraction)?.checked_mul(sign).map(Self)
    }

    /// The number of ten-thousandths.
    pub const fn number(self) -> i64 {
        self.0
    }

    /// What [`Self::number`] gave.
    pub const fn from_number(number: i64) -> Self {
        Self(number)
    }

    /// `12.50` and `12.5`, or `12` and `12.00`: how people write it.
    pub(crate) fn spellings(self) -> [String; 2] {
        let scale = 10_i64.pow(DIGITS as u32);
        let (whole, fraction) = (self.0 / scale, (self.0 % scale).abs());
        let sign = if self.0 < 0 && whole == 0 { "-" } else { "" };
        let fraction = format!("{fraction:0DIGITS$}");
        let short = fraction.trim_end_matches('0');
        let long = if short.len() < 2 { &fraction[..2] } else { short };
        [
            if short.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{short}") },
            format!("{sign}{whole}.{long}"),
        ]
    }
}
