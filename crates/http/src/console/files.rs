//! Files of documents, on their way to a browser: they are of strangers, and must do nothing there.

use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, HeaderValue, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};

use crate::answer::Answer;

/// 200 with a file, to be kept or to be shown in a page of ours.
pub(super) fn file(name: &str, bytes: Bytes, kind: &'static str, is_shown: bool) -> Answer {
    let policy = match is_shown {
        true => "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'",
        false => "default-src 'none'; sandbox; frame-ancestors 'none'",
    };
    let frames = if is_shown { "SAMEORIGIN" } else { "DENY" };
    let answer = Answer::ok(Some(kind), bytes)
        .with(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"))
        .with(X_FRAME_OPTIONS, HeaderValue::from_static(frames))
        .with(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy))
        .with(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    match HeaderValue::try_from(disposition(name, is_shown)) {
        Ok(value) => answer.with(CONTENT_DISPOSITION, value),
        Err(_) => answer,
    }
}

/// The name in letters that every browser reads (RFC 6266, 4.3).
fn disposition(name: &str, is_shown: bool) -> String {
    let how = if is_shown { "inline" } else { "attachment" };
    let mut escaped = String::new();
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' => escaped.push(char::from(byte)),
            _ => escaped += &format!("%{byte:02X}"),
        }
    }
    format!("{how}; filename*=UTF-8''{escaped}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_their_header() {
        assert_eq!(
            disposition("a\"\r\nX: я.pdf", false),
            "attachment; filename*=UTF-8''a%22%0D%0AX%3A%20%D1%8F.pdf"
        );
        assert!(disposition("a", true).starts_with("inline; "));
    }
}
