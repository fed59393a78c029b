//! Bodies that come in base64, decoded as they come.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use potok_app::Source;

use crate::ApiError;
use crate::body::Flow;
use crate::call::Incoming;

/// Takes base64 with or without what fills it up.
const FORGIVING: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
/// So many characters stand for whole bytes.
const GROUP: usize = 4;

/// Whether the body is declared as base64.
fn is_base64(headers: &HeaderMap) -> bool {
    let declared = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    declared.is_some_and(|declared| declared.to_ascii_lowercase().contains("base64"))
}

/// The bytes for which the characters of a source stand, or the bytes of the source itself.
pub(super) struct Decoded<S> {
    source: S,
    is_base64: bool,
    /// Characters that are no whole group yet.
    carry: Vec<u8>,
    /// A group was filled up, after which nothing may follow.
    is_over: bool,
}

impl Decoded<Flow> {
    /// The body of a call whose method takes it as it comes.
    ///
    /// # Errors
    /// [`ApiError::internal`] where somebody has it already.
    pub(super) fn of(incoming: &mut Incoming) -> Result<Self, ApiError> {
        let flow = incoming.flow.take().ok_or_else(ApiError::internal)?;
        Ok(Self::new(flow, &incoming.parts.headers))
    }
}

impl<S> Decoded<S> {
    /// What `headers` say that `source` is.
    fn new(source: S, headers: &HeaderMap) -> Self {
        Self { source, is_base64: is_base64(headers), carry: Vec::new(), is_over: false }
    }

    /// The bytes of the first `length` characters of the carry.
    fn decode(&mut self, length: usize) -> Result<Bytes, ApiError> {
        let wrong = |error: &dyn std::fmt::Display| {
            ApiError::bad_request(format!("The request body is declared as base64 and is not: {error}"))
        };
        let group: Vec<u8> = self.carry.drain(..length).collect();
        if self.is_over && !group.is_empty() {
            return Err(wrong(&"something follows its end"));
        }
        self.is_over = group.ends_with(b"=");
        Ok(FORGIVING.decode(group).map_err(|error| wrong(&error))?.into())
    }
}

impl<S: Source<Error = ApiError>> Source for Decoded<S> {
    type Error = ApiError;

    /// Of characters there are more than of bytes.
    fn announced(&self) -> Option<u64> {
        self.source.announced()
    }

    async fn next(&mut self) -> Result<Option<Bytes>, ApiError> {
        while let Some(piece) = self.source.next().await? {
            if !self.is_base64 {
                return Ok(Some(piece));
            }
            self.carry.extend(piece.iter().copied().filter(|byte| !byte.is_ascii_whitespace()));
            let whole = self.carry.len() / GROUP * GROUP;
            if whole > 0 {
                return self.decode(whole).map(Some);
            }
        }
        let rest = self.carry.len();
        if rest > 0 { self.decode(rest).map(Some) } else { Ok(None) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Pieces(Vec<&'static str>);

    impl Source for Pieces {
        type Error = ApiError;

        async fn next(&mut self) -> Result<Option<Bytes>, ApiError> {
            Ok((!self.0.is_empty()).then(|| Bytes::from_static(self.0.remove(0).as_bytes())))
        }
    }

    async fn decoded(content_type: &'static str, pieces: &[&'static str]) -> Result<String, String> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, content_type.parse().unwrap());
        let mut source = Decoded::new(Pieces(pieces.to_vec()), &headers);
        let mut all = Vec::new();
        while let Some(bytes) = source.next().await.map_err(|error| error.text)? {
            all.extend_from_slice(&bytes);
        }
        Ok(String::from_utf8(all).unwrap())
    }

    #[tokio::test]
    async fn groups_may_be_torn_apart() {
        for pieces in [
            &["Y29udHJhY3Q="][..],
            &["Y", "29", "udHJh\r\nY3", "Q", "="],
            &["Y29udHJhY3Q"],
            &["Y29udHJh", "Y3Q="],
        ] {
            assert_eq!(decoded("base64", pieces).await.unwrap(), "contract", "{pieces:?}");
        }
        assert_eq!(decoded("base64", &[]).await.unwrap(), "");
        assert_eq!(decoded("application/octet-stream", &["Y2", "9u"]).await.unwrap(), "Y29u");
    }

    #[tokio::test]
    async fn what_is_not_base64_is_told() {
        for (pieces, words) in [
            (&["Y29u*HJh"][..], "declared as base64 and is not: "),
            (&["Y28=", "dHJh"], "something follows its end"),
            (&["Y29uZ"], "declared as base64 and is not: "),
        ] {
            let refused = decoded("base64", pieces).await.unwrap_err();
            assert!(refused.contains(words), "{refused}");
        }
    }
}
