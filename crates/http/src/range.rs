//! Which bytes of a file a client asks for: `Range` with one range of bytes (RFC 9110, 14). More of them at once are as good as
//! none, which the standard allows.

use std::ops::Range;

use http::HeaderMap;
use http::header::{IF_RANGE, RANGE};

/// What of a file is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// All of it.
    Whole,
    /// These bytes.
    Bytes(Range<u64>),
    /// Bytes that it does not have.
    Nothing,
}

/// What `headers` ask for of a file of `length` bytes, whose bytes are those of `tag`.
pub(crate) fn part(headers: &HeaderMap, length: u64, tag: &str) -> Part {
    let value = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if value(&IF_RANGE).is_some_and(|known: &str| known.trim() != tag) {
        // The client has bytes of another file.
        return Part::Whole;
    }
    let Some(range) = value(&RANGE).and_then(|it: &str| it.trim().strip_prefix("bytes=")) else {
        return Part::Whole;
    };
    let Some((first, last)) = range.split_once('-') else { return Part::Whole };
    let (first, last) = (first.trim(), last.trim());
    let number = |text: &str| text.parse::<u64>().ok();
    let range = match (first.is_empty(), last.is_empty()) {
        (true, true) => return Part::Whole,
        (true, false) => number(last).map(|count| length.saturating_sub(count)..length),
        (false, true) => number(first).map(|first| first..length),
        (false, false) => match (number(first), number(last)) {
            (Some(first), Some(last)) if first <= last => Some(first..last.saturating_add(1).min(length)),
            _ => None,
        },
    };
    match range {
        None => Part::Whole,
        Some(range) if range.start >= range.end => Part::Nothing,
        Some(range) => Part::Bytes(range),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(range: &str, length: u64) -> Part {
        let mut headers = HeaderMap::new();
        headers.insert(RANGE, range.parse().unwrap());
        part(&headers, length, "\"1\"")
    }

    #[test]
    fn one_range_of_bytes_is_understood() {
        for (range, expected) in [
            ("bytes=0-0", Part::Bytes(0..1)),
            ("bytes=2-4", Part::Bytes(2..5)),
            ("bytes=2-", Part::Bytes(2..10)),
            ("bytes=2-100", Part::Bytes(2..10)),
            ("bytes=-3", Part::Bytes(7..10)),
            ("bytes=-30", Part::Bytes(0..10)),
            ("bytes=0-18446744073709551615", Part::Bytes(0..10)),
            ("bytes=10-", Part::Nothing),
            ("bytes=10-12", Part::Nothing),
            ("bytes=-0", Part::Nothing),
            ("bytes=4-2", Part::Whole),
            ("bytes=a-", Part::Whole),
            ("bytes=-", Part::Whole),
            ("bytes=1-2,4-5", Part::Whole),
            ("lines=1-2", Part::Whole),
        ] {
            assert_eq!(asked(range, 10), expected, "{range}");
        }
        assert_eq!(asked("bytes=0-", 0), Part::Nothing);
    }

    #[test]
    fn who_has_bytes_of_another_file_gets_all_of_this_one() {
        let mut headers = HeaderMap::new();
        assert_eq!(part(&headers, 10, "\"1\""), Part::Whole);
        headers.insert(RANGE, "bytes=1-".parse().unwrap());
        headers.insert(IF_RANGE, "\"1\"".parse().unwrap());
        assert_eq!(part(&headers, 10, "\"1\""), Part::Bytes(1..10));
        assert_eq!(part(&headers, 10, "\"2\""), Part::Whole);
    }
}
