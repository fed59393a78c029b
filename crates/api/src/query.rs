//! Reading and writing query strings, with the habits that clients of this API have.
//!
//! Names come in any case; of a list all occurrences count, anything else is given once. `key` and `key=` mean that the parameter is absent, except
//! for flags, where presence is the message. Values are decoded by their kind: in ordinary text `+` is a blank, as
//! forms write it; in opaque text a blank is a `+` that a client forgot to escape.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use potok_types::Attested;

use crate::{ParamKind, ParamSpec, limits};

/// A query string that cannot be used. Programs compare the texts: they are those of [`QueryError::row`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueryError {
    /// A required parameter is absent.
    Missing {
        /// The parameter.
        param: ParamSpec,
    },
    /// The value is not of the parameter's kind, or not UTF-8 after percent-decoding.
    Invalid {
        /// The parameter.
        param: ParamSpec,
        /// What was read, cut to 64 characters.
        value: String,
    },
    /// The value is longer than any that can be meant.
    TooLong {
        /// The parameter.
        param: ParamSpec,
        /// The characters that are allowed.
        most: usize,
    },
    /// There are more values than any call can mean.
    TooMany {
        /// The parameter.
        param: ParamSpec,
        /// The values that are allowed.
        most: usize,
    },
    /// The parameter is given several times, in whatever letter case.
    Repeated {
        /// The parameter.
        param: ParamSpec,
        /// The values with commas between them, cut to 128 characters.
        values: String,
    },
}

impl QueryError {
    /// The parameter that is wrong.
    pub const fn parameter(&self) -> &'static str {
        self.param().name
    }

    const fn param(&self) -> &ParamSpec {
        match self {
            Self::Missing { param }
            | Self::Invalid { param, .. }
            | Self::TooLong { param, .. }
            | Self::TooMany { param, .. }
            | Self::Repeated { param, .. } => param,
        }
    }

    /// The refusal of `value` for `param`.
    pub fn invalid(param: &ParamSpec, value: &str) -> Self {
        Self::Invalid { param: *param, value: value.chars().take(64).collect() }
    }

    /// The refusal of a call without `param`.
    pub const fn missing(param: &ParamSpec) -> Self {
        Self::Missing { param: *param }
    }

    /// The row of the table that says it; `None` for what nobody was ever told.
    pub fn row(&self) -> Option<Attested> {
        let param = self.param();
        let is_id = matches!(param.kind, ParamKind::BoxId | ParamKind::Guid);
        Some(match self {
            Self::TooLong { .. } | Self::TooMany { .. } => return None,
            Self::Repeated { .. } => Attested::BadParameter,
            _ if is_id && param.name == "boxId" => Attested::NoBoxParameter,
            Self::Missing { .. } => Attested::NoParameter,
            Self::Invalid { .. } if param.kind == ParamKind::IndexKey => Attested::BadCursor,
            Self::Invalid { .. } if is_id && param.required => Attested::NoParameter,
            Self::Invalid { .. } if is_id => Attested::BadIdParameter,
            Self::Invalid { .. } => Attested::BadParameter,
        })
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.parameter();
        let words = match (self, self.row()) {
            (Self::TooLong { most, .. }, _) => {
                format!(
                    "query parameter {name} has more than {most} characters, which is the limit: shorten it"
                )
            }
            (Self::TooMany { most, .. }, _) => {
                format!(
                    "query parameter {name} has more than {most} values, which is the limit: leave some out"
                )
            }
            (
                Self::Invalid { value: given, .. } | Self::Repeated { values: given, .. },
                Some(row @ Attested::BadParameter),
            ) => row.words(&[&name, given]),
            (_, Some(row @ (Attested::NoParameter | Attested::BadIdParameter))) => row.words(&[&name]),
            (_, row) => row.map(|row| row.words(&[])).unwrap_or_default(),
        };
        f.write_str(&words)
    }
}

impl std::error::Error for QueryError {}

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

    fn all(&self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(seen, _)| seen.eq_ignore_ascii_case(name)).map(|&(_, value)| value)
    }

    /// Whether the name occurs, with or without a value.
    pub fn has(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }

    /// The decoded value of `param`; `None` when it is absent or empty. Lists that are given several times are one list.
    ///
    /// # Errors
    /// [`QueryError::Repeated`] when something else is given several times, for whoever took the first would lose half of
    /// a filter; [`QueryError::Invalid`] when the decoded bytes are not text; [`QueryError::TooLong`].
    pub fn text(&self, param: &ParamSpec) -> Result<Option<String>, QueryError> {
        let opaque = matches!(param.kind, ParamKind::Opaque | ParamKind::IndexKey);
        let decode = |raw: &str| {
            let text = String::from_utf8(percent_decode(raw, !opaque))
                .map_err(|error| QueryError::invalid(param, &String::from_utf8_lossy(error.as_bytes())))?;
            Ok(if opaque { text.replace(' ', "+") } else { text })
        };
        let values = self.all(param.name).map(decode).collect::<Result<Vec<String>, QueryError>>()?;
        if values.len() > 1 && param.kind != ParamKind::List {
            let values = values.join(",").chars().take(128).collect();
            return Err(QueryError::Repeated { param: *param, values });
        }
        let text = values.join(",");
        if let Some(most) = limits::of_param(param)
            && text.len() > most
            && text.chars().count() > most
        {
            return Err(QueryError::TooLong { param: *param, most });
        }
        Ok(Some(text).filter(|text| !text.is_empty()))
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
