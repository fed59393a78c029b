//! Times as manifests write them.

use potok_cms::{Civil, UnixTime};

/// `2026-02-01T09:00:00Z`.
pub fn rfc3339(time: UnixTime) -> String {
    let Civil { year, month, day, hour, minute, second } = time.to_civil();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// The same read; `None` for anything else.
pub fn parse(text: &str) -> Option<UnixTime> {
    let bytes = text.as_bytes();
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'Z')];
    if bytes.len() != 20 || marks.iter().any(|(at, mark)| bytes[*at] != *mark) {
        return None;
    }
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u16>().ok();
    let small = |from: usize, to: usize| u8::try_from(number(from, to)?).ok();
    UnixTime::from_civil(Civil {
        year: number(0, 4)?.into(),
        month: small(5, 7)?,
        day: small(8, 10)?,
        hour: small(11, 13)?,
        minute: small(14, 16)?,
        second: small(17, 19)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_they_are_written() {
        let time = UnixTime(1_769_936_400);
        assert_eq!(rfc3339(time), "2026-02-01T09:00:00Z");
        assert_eq!(parse(&rfc3339(time)), Some(time));
        for bad in
            ["", "2026-02-01T09:00:00", "2026-02-31T09:00:00Z", "2026-02-01 09:00:00Z", "я026-02-01T09:00:0Z"]
        {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
