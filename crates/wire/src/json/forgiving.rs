//! What JSON input is forgiven beyond the grammar or the schema. Looked at only after a strict reading has failed.

/// The text without commas that stand before a closing bracket, as people write by hand; `None` when there are none.
///
/// It is a copy: whoever reads texts of strangers makes room for it first.
pub fn without_trailing_commas(text: &[u8]) -> Option<Vec<u8>> {
    let mut mended: Option<Vec<u8>> = None;
    // Where the text was kept up to; the last sign that is not white space and the one before it.
    let (mut kept, mut last, mut before) = (0, None, None);
    let mut is_string = false;
    let mut is_escaped = false;
    for (at, &byte) in text.iter().enumerate() {
        if is_string {
            is_string = is_escaped || byte != b'"';
            is_escaped = byte == b'\\' && !is_escaped;
            continue;
        }
        match (byte, last) {
            (b' ' | b'\t' | b'\r' | b'\n', _) => continue,
            (b'}' | b']', Some((comma, b',')))
                if !matches!(before, None | Some(b'{' | b'[' | b',' | b':')) =>
            {
                let mended = mended.get_or_insert_with(|| Vec::with_capacity(text.len()));
                mended.extend_from_slice(&text[kept..comma]);
                kept = comma + 1;
            }
            (b'"', _) => is_string = true,
            _ => {}
        }
        before = last.map(|(_, sign)| sign);
        last = Some((at, byte));
    }
    let mut mended = mended?;
    mended.extend_from_slice(&text[kept..]);
    Some(mended)
}

/// A whole number written with a fraction of zeros or with an exponent: `1.0`, `12e2`. The JSON mapping of protobuf takes
/// them.
pub(super) fn whole_number(text: &str) -> Option<i64> {
    let (number, exponent) = match text.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (sign, number) = number.strip_prefix('-').map_or(("", number), |number| ("-", number));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let is_number = !whole.is_empty()
        && [whole, fraction].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    if !is_number {
        return None;
    }
    let digits = format!("{whole}{fraction}");
    let digits = digits.trim_start_matches('0');
    let significant = digits.trim_end_matches('0');
    if significant.is_empty() {
        return Some(0);
    }
    let zeros = i64::from(exponent) - fraction.len() as i64 + (digits.len() - significant.len()) as i64;
    // More digits than these are too large in any case.
    let zeros = usize::try_from(zeros).ok().filter(|zeros| zeros + significant.len() <= 19)?;
    format!("{sign}{significant}{}", "0".repeat(zeros)).parse().ok()
}
