//! Forms in which JSON shows a field once more.

use time::OffsetDateTime;

use super::UNIX_EPOCH_TICKS;

/// An id of 32 hexadecimal digits, whatever follows behind `@`, with dashes; `None` for anything else.
pub(super) fn dashed(id: &str) -> Option<String> {
    let digits = id.split('@').next().unwrap_or_default();
    if digits.len() != 32 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| &digits[part]);
    Some(parts.join("-"))
}

/// Ticks as a time in ISO 8601 with the seven digits behind seconds that there are, as `2015-10-12T07:42:33.6912186Z`.
pub(super) fn iso(ticks: i64) -> String {
    const TICKS_PER_SECOND: i64 = 10_000_000;
    let since_epoch = i128::from(ticks) - UNIX_EPOCH_TICKS;
    let seconds = i64::try_from(since_epoch.div_euclid(i128::from(TICKS_PER_SECOND))).unwrap_or_default();
    // All that ticks can say lies between the years 1 and 9999, but for what nobody means.
    let at = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
    let (hour, minute, second) = at.to_hms();
    let fraction = ticks.rem_euclid(TICKS_PER_SECOND);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction:07}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_those_that_clients_have_seen() {
        assert_eq!(iso(635_802_325_536_912_186), "2015-10-12T07:42:33.6912186Z");
        assert_eq!(iso(0), "0001-01-01T00:00:00.0000000Z");
        let box_id = "95f642cd1256426fb11c883c73d8440a@diadoc.ru";
        assert_eq!(dashed(box_id).as_deref(), Some("95f642cd-1256-426f-b11c-883c73d8440a"));
        for other in ["", "@diadoc.ru", "95f642cd-1256-426f-b11c-883c73d8440a", "жжжжжжжжжжжжжжжж"]
        {
            assert_eq!(dashed(other), None, "{other}");
        }
    }
}
