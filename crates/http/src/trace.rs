//! What is remembered of a request for its log line.

use std::fmt;
use std::sync::OnceLock;

use bytes::Bytes;
use http::HeaderValue;
use potok_types::{BoxId, Entropy};

/// The name of one request: 32 hexadecimal digits, in every answer and in every log line about it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TraceId([u8; 16]);

impl TraceId {
    pub(crate) fn new(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0; 16];
        entropy.fill(&mut bytes);
        Self(bytes)
    }

    /// That of the trace that the caller says the request is part of.
    pub(crate) const fn of_caller(id: [u8; 16]) -> Self {
        Self(id)
    }

    /// Its bytes.
    pub(crate) const fn bytes(self) -> [u8; 16] {
        self.0
    }

    /// Its digits, as text.
    fn digits(self) -> [u8; 32] {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let digit = |place: usize| {
            let byte = self.0[place / 2];
            DIGITS[usize::from(if place.is_multiple_of(2) { byte >> 4 } else { byte & 15 })]
        };
        std::array::from_fn(digit)
    }

    /// As a header of the answer.
    pub(crate) fn header(self) -> Option<HeaderValue> {
        HeaderValue::from_bytes(&self.digits()).ok()
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.digits()).map_err(|_| fmt::Error)?)
    }
}

/// Who called about what, as it becomes known. Written at most once each.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    pub(crate) label: OnceLock<&'static str>,
    /// Of the method, for what is done with a body that nobody reads.
    pub(crate) body_limit_bytes: OnceLock<u64>,
    pub(crate) client_id: OnceLock<String>,
    pub(crate) box_id: OnceLock<BoxId>,
    /// The body, when requests are kept to be looked at.
    pub(crate) body: OnceLock<Bytes>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_digits_of_its_bytes() {
        let trace = TraceId([0, 1, 0x2a, 0xf0, 0xff, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0x9c]);
        assert_eq!(trace.to_string(), "00012af0ff05060708090a0b0c0d0e9c");
        assert_eq!(trace.header().unwrap(), "00012af0ff05060708090a0b0c0d0e9c");
    }
}
