//! Decimal numbers of any length, compared and counted without arithmetic.

use std::cmp::Ordering;

/// A decimal number: its digits without zeros that mean nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal<'a> {
    negative: bool,
    /// Without zeros in front.
    whole: &'a str,
    /// Without zeros at the end.
    fraction: &'a str,
}

impl<'a> Decimal<'a> {
    /// Reads `[+-]`, digits and at most one point; at least one digit.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (negative, digits) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let mut point = None;
        for (at, b) in digits.bytes().enumerate() {
            match b {
                b'0'..=b'9' => {}
                b'.' if point.is_none() => point = Some(at),
                _ => return None,
            }
        }
        let (whole, fraction) = point.map_or((digits, ""), |at| (&digits[..at], &digits[at + 1..]));
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        Some(Self { negative: negative && !(whole.is_empty() && fraction.is_empty()), whole, fraction })
    }

    /// Digits of the number itself: `0.05` has two, `100` three, `0` one.
    pub fn total_digits(&self) -> usize {
        (self.whole.len() + self.fraction.len()).max(1)
    }

    /// Digits behind the point that mean something.
    pub fn fraction_digits(&self) -> usize {
        self.fraction.len()
    }

    /// Whether it is nothing.
    pub fn is_zero(&self) -> bool {
        self.whole.is_empty() && self.fraction.is_empty()
    }

    /// Whether it is less than nothing.
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    /// One spelling for each number.
    pub fn canonical(&self) -> String {
        let sign = if self.negative { "-" } else { "" };
        format!("{sign}{}.{}", self.whole, self.fraction)
    }
}

impl Ord for Decimal<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (true, false) => return Ordering::Less,
            (false, true) => return Ordering::Greater,
            _ => {}
        }
        let size = self
            .whole
            .len()
            .cmp(&other.whole.len())
            .then_with(|| self.whole.cmp(other.whole))
            // Digits behind the point compare like words.
            .then_with(|| self.fraction.cmp(other.fraction));
        if self.negative { size.reverse() } else { size }
    }
}

impl PartialOrd for Decimal<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_counted_and_compared() {
        for bad in ["", "-", "+", ".", "1.2.3", "1e3", " 1", "1 ", "1,5", "\u{A0}1", "+-1", "0x1", "١"] {
            assert_eq!(Decimal::parse(bad), None, "{bad:?}");
        }
        for (text, total, fraction) in [
            ("0", 1, 0),
            ("-0.00", 1, 0),
            ("1200.0000", 4, 0),
            ("0.05", 2, 2),
            (".5", 1, 1),
            ("5.", 1, 0),
            ("+0012.340", 4, 2),
        ] {
            let number = Decimal::parse(text).unwrap();
            assert_eq!((number.total_digits(), number.fraction_digits()), (total, fraction), "{text}");
        }
        let order = ["-100", "-10", "-9.5", "-0.01", "0", "0.009", "0.01", "0.1", "9.99", "10", "100"];
        for (at, low) in order.iter().enumerate() {
            for (above, high) in order.iter().enumerate() {
                let found = Decimal::parse(low).cmp(&Decimal::parse(high));
                assert_eq!(found, at.cmp(&above), "{low} and {high}");
            }
        }
        assert_eq!(Decimal::parse("+01.10"), Decimal::parse("1.1"));
        assert_eq!(Decimal::parse("-0").unwrap().canonical(), Decimal::parse("0.0").unwrap().canonical());
    }
}
