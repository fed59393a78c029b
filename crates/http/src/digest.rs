//! What a client says of the bytes that it sends: `Content-Digest` with SHA-256 (RFC 9530) and `Content-MD5` (RFC 1864). Whoever
//! sends neither is not asked.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use md5::Md5;
use sha2::{Digest as _, Sha256};

use crate::ApiError;

/// Digests that a body has to have.
#[derive(Default)]
pub(crate) struct Expected {
    sha256: Option<([u8; 32], Sha256)>,
    md5: Option<([u8; 16], Md5)>,
}

impl Expected {
    /// Those that the headers name. Algorithms besides SHA-256 in `Content-Digest` are passed over, as the standard asks.
    ///
    /// # Errors
    /// 400 when one cannot be read.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Self, ApiError> {
        let value = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let sha256 = value("content-digest").into_iter().flat_map(|all| all.split(',')).find_map(|one| {
            let (algorithm, digest) = one.split_once('=')?;
            algorithm.trim().eq_ignore_ascii_case("sha-256").then(|| digest.trim().trim_matches(':'))
        });
        Ok(Self {
            sha256: sha256
                .map(|text| Ok::<_, ApiError>((read("Content-Digest", text)?, Sha256::new())))
                .transpose()?,
            md5: value("content-md5")
                .map(|text| Ok::<_, ApiError>((read("Content-MD5", text.trim())?, Md5::new())))
                .transpose()?,
        })
    }

    /// More of the body.
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.sha256.iter_mut().for_each(|(_, digest)| digest.update(bytes));
        self.md5.iter_mut().for_each(|(_, digest)| digest.update(bytes));
    }

    /// Insists on the digests, after the last of the body.
    ///
    /// # Errors
    /// 400 names the header whose digest the bytes do not have.
    pub(crate) fn check(self) -> Result<(), ApiError> {
        if let Some((expected, digest)) = self.sha256 {
            compare("Content-Digest", &expected, &digest.finalize())?;
        }
        if let Some((expected, digest)) = self.md5 {
            compare("Content-MD5", &expected, &digest.finalize())?;
        }
        Ok(())
    }
}

fn read<const N: usize>(header: &str, text: &str) -> Result<[u8; N], ApiError> {
    let bytes = STANDARD.decode(text).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| {
        ApiError::bad_request(format!("header {header}: {text:?} is no digest of {N} bytes in base64"))
    })
}

fn compare(header: &str, expected: &[u8], found: &[u8]) -> Result<(), ApiError> {
    match expected == found {
        true => Ok(()),
        false => Err(ApiError::bad_request(format!(
            "The bytes that came have another digest than header {header} says ({}): send them again",
            STANDARD.encode(found)
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(headers: &[(&'static str, &str)], bytes: &[u8]) -> Result<(), String> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        let mut expected = Expected::of(&map).map_err(|error| error.text)?;
        for piece in bytes.chunks(2) {
            expected.update(piece);
        }
        expected.check().map_err(|error| error.text)
    }

    #[test]
    fn bytes_have_the_digests_that_were_named() {
        const SHA: &str = "sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:";
        const MD5: &str = "kAFQmDzST7DWlj99KOF/cg==";
        let both = format!("sha-512=:x:, {SHA}");
        for headers in [
            &[][..],
            &[("content-digest", SHA)],
            &[("content-digest", &both), ("content-md5", MD5)],
            &[("content-digest", "sha-512=:x:")],
        ] {
            assert_eq!(told(headers, b"abc"), Ok(()), "{headers:?}");
        }
        for (headers, words) in [
            (&[("content-digest", SHA)][..], "another digest than header Content-Digest says (47DEQpj8HBSa"),
            (&[("content-md5", MD5)], "another digest than header Content-MD5 says"),
            (&[("content-md5", "eA==")], "header Content-MD5: \"eA==\" is no digest of 16 bytes"),
            (&[("content-digest", "sha-256=:x:")], "header Content-Digest: \"x\" is no digest of 32 bytes"),
        ] {
            let refused = told(headers, b"").unwrap_err();
            assert!(refused.contains(words), "{refused}");
        }
    }
}
