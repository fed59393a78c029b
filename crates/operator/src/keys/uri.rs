//! Keys on tokens by their names: PKCS#11 URIs (RFC 7512).

use std::fmt;
use std::path::PathBuf;

/// Which key of which token, and which library speaks to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenUri {
    /// The library (`module-path`).
    pub module: PathBuf,
    /// Label of the token (`token`); any token when absent.
    pub token: Option<String>,
    /// Serial number of the token (`serial`).
    pub serial: Option<String>,
    /// Label of the key (`object`).
    pub object: Option<String>,
    /// Id of the key (`id`).
    pub id: Option<Vec<u8>>,
    /// File with the PIN (`pin-source`).
    pub pin_file: Option<PathBuf>,
}

/// The text is no URI that can be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenUriError {
    /// A part without a value.
    #[error(
        "{0:?} should be a name and a value, as in pkcs11:token=Potok;object=operator?module-path=/usr/lib/softhsm/libsofthsm2.so"
    )]
    NoValue(String),
    /// A percent sign without two digits.
    #[error("{0:?} has a percent sign that is not followed by two hexadecimal digits")]
    Percent(String),
    /// An attribute that is not known. It might have been what tells two keys apart.
    #[error(
        "the attribute {0:?} is not known: token, serial, object, id, type, module-path and pin-source are"
    )]
    Unknown(String),
    /// No library.
    #[error("the URI names no library: add ?module-path=/path/to/library.so")]
    NoModule,
    /// A PIN where everybody on the machine sees it.
    #[error("a PIN does not belong into the URI: put it into a file, and the file into pin-source")]
    PinValue,
}

impl TokenUri {
    /// Reads what follows `pkcs11:`.
    ///
    /// # Errors
    /// [`TokenUriError`].
    pub fn parse(rest: &str) -> Result<Self, TokenUriError> {
        let mut uri = Self::default();
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let parts = path.split(';').chain(query.split('&')).filter(|part| !part.is_empty());
        for part in parts {
            let (name, value) =
                part.split_once('=').ok_or_else(|| TokenUriError::NoValue(part.to_owned()))?;
            let bytes = decode(value).ok_or_else(|| TokenUriError::Percent(value.to_owned()))?;
            let text = || String::from_utf8_lossy(&bytes).into_owned();
            match name {
                "token" => uri.token = Some(text()),
                "serial" => uri.serial = Some(text()),
                "object" => uri.object = Some(text()),
                "id" => uri.id = Some(bytes),
                // Certificate and private key share a name, and both are looked for.
                "type" => {}
                "module-path" => uri.module = text().into(),
                "pin-source" => {
                    let text = text();
                    uri.pin_file = Some(text.strip_prefix("file:").unwrap_or(&text).into());
                }
                "pin-value" => return Err(TokenUriError::PinValue),
                other => return Err(TokenUriError::Unknown(other.to_owned())),
            }
        }
        if uri.module.as_os_str().is_empty() { Err(TokenUriError::NoModule) } else { Ok(uri) }
    }
}

impl fmt::Display for TokenUri {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let token = self.token.as_deref().unwrap_or("any token");
        let object = self.object.as_deref().unwrap_or("any key");
        write!(formatter, "{object} of {token} ({})", self.module.display())
    }
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, others)) = rest.split_first() {
        if *first != b'%' {
            bytes.push(*first);
            rest = others;
            continue;
        }
        let digits = std::str::from_utf8(others.get(..2)?).ok()?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = &others[2..];
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_names_library_token_and_key() {
        let uri = TokenUri::parse(
            "token=My%20token;object=operator;id=%01%fF;type=private?module-path=/lib/a.so&pin-source=file:/etc/pin",
        );
        let expected = TokenUri {
            module: "/lib/a.so".into(),
            token: Some("My token".to_owned()),
            serial: None,
            object: Some("operator".to_owned()),
            id: Some(vec![1, 255]),
            pin_file: Some("/etc/pin".into()),
        };
        assert_eq!(uri, Ok(expected));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for (text, error) in [
            ("token=a", TokenUriError::NoModule),
            ("token?module-path=/a", TokenUriError::NoValue("token".to_owned())),
            ("id=%0?module-path=/a", TokenUriError::Percent("%0".to_owned())),
            ("object=a?module-path=/a&pin-value=1", TokenUriError::PinValue),
            ("slot=1?module-path=/a", TokenUriError::Unknown("slot".to_owned())),
        ] {
            assert_eq!(TokenUri::parse(text), Err(error), "{text}");
        }
    }
}
