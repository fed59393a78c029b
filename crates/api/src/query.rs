//! Reading and writing query strings, with the habits that clients of this API have.
//!
//! Names come in any case and the first occurrence wins. `key` and `key=` mean that the parameter is absent, except
//! for flags, where presence is the message. Values are decoded by their kind: in ordinary text `+` is a blank, as
//! forms write it; in opaque text a blank is a `+` that a client forgot to escape.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::{ParamKind, ParamSpec, limits};

/// A query string that cannot be used; the text names the parameter and the cure.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// A required parameter is absent.
    #[error("query parameter {name} is missing: add `{name}=` with {expected}")]
    Missing {
        /// The parameter.
        name: &'static str,
        /// What it should hold.
        expected: &'static str,
    },
    /// The value is not of the parameter's kind.
    #[error("query parameter {name} has the wrong value {value:?}: {expected} is expected")]
    Invalid {
        /// The parameter.
        name: &'static str,
        /// What was read, cut to 64 characters.
        value: String,
        /// What it should hold.
        expected: &'static str,
    },
    /// The value is longer than any that can be meant.
    #[error("query parameter {name} has more than {most} characters, which is the limit: shorten it")]
    TooLong {
        /// The parameter.
        name: &'static str,
        /// The characters that are allowed.
        most: usize,
    },
    /// There are more values than any call can mean.
    #[error("query parameter {name} has more than {most} values, which is the limit: leave some out")]
    TooMany {
        /// The parameter.
        name: &'static str,
        /// The values that are allowed.
        most: usize,
    },
    /// After percent-decoding, the value is not UTF-8.
    #[error("query parameter {name} is not UTF-8 after percent-decoding: encode the text as UTF-8")]
    NotUtf8 {
        /// The parameter.
        name: &'static str,
    },
}

impl QueryError {
    /// The parameter that is wrong.
    pub const fn parameter(&self) -> &'static str {
        match self {
            Self::Missing { name, .. }
            | Self::Invalid { name, .. }
            | Self::TooLong { name, .. }
            | Self::TooMany { name, .. }
            | Self::NotUtf8 { name } => name,
        }
    }

    /// The refusal of `value` for `param`.
    pub fn invalid(param: &ParamSpec, value: &str) -> Self {
        Self::Invalid {
            name: param.name,
            value: value.chars().take(64).collect(),
            expected: param.kind.expected(),
        }
    }

    /// The refusal of a call without `param`.
    pub const fn missing(param: &ParamSpec) -> Self {
        Self::Missing { name: param.name, expected: param.kind.expected() }
    }
}

/// A query string split into names and values that are still encoded: how to decode depends on the kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryMap<'a>(Vec<(Cow<'a, str>, &'a str)>);

impl<'a> QueryMap<'a> {
    /// Splits `raw`, the part of the target after `?`. Nothing is refused here.
    pub fn parse(raw: &'a str) -> Self {
        let pairs = raw.strip_prefix('?').unwrap_or(raw).split('&').filter(|pair| !pair.is_empty());
        Self(
            pairs
                .map(|pair| {
                    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                    (decode_lossy(name), value)
                })
                .collect(),
        )
    }

    fn raw(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(seen, _)| seen.eq_ignore_ascii_case(name)).map(|&(_, value)| value)
    }

    /// Whether the name occurs, with or without a value.
    pub fn has(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    /// The decoded value of `param`; `None` when it is absent or empty.
    ///
    /// # Errors
    /// [`QueryError::NotUtf8`] when the decoded bytes are not text; [`QueryError::TooLong`].
    pub fn text(&self, param: &ParamSpec) -> Result<Option<String>, QueryError> {
        let Some(raw) = self.raw(param.name).filter(|raw| !raw.is_empty()) else { return Ok(None) };
        let opaque = matches!(param.kind, ParamKind::Opaque | ParamKind::IndexKey);
        let bytes = percent_decode(raw, !opaque);
        let text = String::from_utf8(bytes).map_err(|_| QueryError::NotUtf8 { name: param.name })?;
        if let Some(most) = limits::of_param(param)
            && text.len() > most
            && text.chars().count() > most
        {
            return Err(QueryError::TooLong { name: param.name, most });
        }
        Ok(Some(if opaque { text.replace(' ', "+") } else { text }).filter(|text| !text.is_empty()))
    }
}

fn decode_lossy(name: &str) -> Cow<'_, str> {
    if name.contains(['%', '+']) {
        Cow::Owned(String::from_utf8_lossy(&percent_decode(name, true)).into_owned())
    } else {
        Cow::Borrowed(name)
    }
}

/// Decodes `%XX`; a `%` without two digits stays as it is, because some clients concatenate values without escaping.
pub(crate) fn percent_decode(raw: &str, plus_is_blank: bool) -> Vec<u8> {
    let digit = |byte: u8| (byte as char).to_digit(16).map(|digit| digit as u8);
    let bytes = raw.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let escaped = match bytes[i..] {
            [b'%', high, low, ..] => digit(high).zip(digit(low)).map(|(high, low)| high << 4 | low),
            _ => None,
        };
        match (escaped, bytes[i]) {
            (Some(byte), _) => {
                out.push(byte);
                i += 2;
            }
            (None, b'+') if plus_is_blank => out.push(b' '),
            (None, byte) => out.push(byte),
        }
        i += 1;
    }
    out
}

/// Builds a query string.
#[derive(Clone, Debug, Default)]
pub struct QueryWriter(String);

impl QueryWriter {
    /// Adds `name=value`, escaping everything that is not unreserved.
    pub fn push(&mut self, name: &str, value: &str) {
        self.start(name);
        self.0.push('=');
        self.escape(value);
    }

    /// Adds `name` alone.
    pub fn push_flag(&mut self, name: &str) {
        self.start(name);
    }

    fn start(&mut self, name: &str) {
        if !self.0.is_empty() {
            self.0.push('&');
        }
        self.0.push_str(name);
    }

    fn escape(&mut self, value: &str) {
        for &byte in value.as_bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                    self.0.push(byte as char)
                }
                _ => {
                    let _infallible = write!(self.0, "%{byte:02X}");
                }
            }
        }
    }

    /// The query string, without `?`; empty when nothing was added.
    pub fn finish(self) -> String {
        self.0
    }
}
