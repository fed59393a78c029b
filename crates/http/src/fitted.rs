//! An answer as its client takes it best: not at all where the client has it already (RFC 9110, 13.1.2), and packed where the client
//! takes that (12.5.3) and the administrator lets it. Who asks for neither gets what it always got.

use std::sync::Arc;

use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, ETAG, IF_NONE_MATCH, VARY};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Version};

use crate::answer::Answer;
use crate::format::{JSON, PROTOBUF, weight};
use crate::{Edge, ready};

/// Shorter bodies are sent as they are: the network would not notice.
pub(crate) const LEAST_PACKED: usize = 1024;
/// Longer ones too: packing them takes long, and memory beside them.
const MOST_PACKED: usize = 4 * 1024 * 1024;
/// What is longer is packed where nobody else waits.
const PACKED_AT_ONCE: usize = 16 * 1024;

/// What a client said of the answers that it takes.
#[derive(Clone, Debug)]
pub(crate) struct Fit {
    has: Option<HeaderValue>,
    may_pack: bool,
    takes_packed: bool,
}

impl Fit {
    pub(crate) fn of(edge: &Edge, method: &Method, version: Version, headers: &HeaderMap) -> Self {
        let is_read = *method == Method::GET || *method == Method::HEAD;
        Self {
            has: headers.get(IF_NONE_MATCH).filter(|_| is_read).cloned(),
            may_pack: edge.packs,
            // Before HTTP/1.1 there are no chunks, and the length before packing means nothing to the client.
            takes_packed: edge.packs && version >= Version::HTTP_11 && takes_gzip(headers),
        }
    }

    /// The answer as this client takes it, if that can be had at once.
    pub(crate) fn at_once(&self, answer: Answer) -> Option<Answer> {
        let answer = self.named(answer);
        let packed = answer.kept.as_ref().and_then(|kept| kept.packed());
        match (self.is_worth_packing(&answer), packed.cloned()) {
            (false, _) => Some(answer),
            (true, Some(packed)) => Some(with_packed(answer, packed)),
            (true, None) => None,
        }
    }

    /// The answer as this client takes it.
    pub(crate) async fn apply(&self, answer: Answer) -> Answer {
        let answer = self.named(answer);
        if !self.is_worth_packing(&answer) {
            return answer;
        }
        let kept = answer.kept.clone();
        let body = answer.body.clone();
        let is_long = body.len() > PACKED_AT_ONCE && kept.as_ref().is_none_or(|kept| kept.packed().is_none());
        let pack = move || match kept {
            Some(kept) => kept.pack().clone(),
            None => ready::packed(&body),
        };
        let packed = if is_long {
            // A thread that died packed nothing.
            tokio::task::spawn_blocking(pack).await.unwrap_or_default()
        } else {
            pack()
        };
        with_packed(answer, packed)
    }

    /// With its tag, and nothing else where the client has just that.
    fn named(&self, mut answer: Answer) -> Answer {
        let Some(kept) = answer.kept.as_ref().map(Arc::clone) else { return answer };
        let is_known = self.has.as_ref().is_some_and(|has| is_among(&kept.tag, has));
        answer.headers.push((ETAG, kept.tag.clone()));
        if is_known && answer.status == StatusCode::OK {
            let unchanged = Answer::no_content().with_status(StatusCode::NOT_MODIFIED);
            return Answer { headers: answer.headers, ..unchanged };
        }
        if self.may_pack {
            answer.headers.push((VARY, HeaderValue::from_static("accept-encoding")));
        }
        answer
    }

    fn is_worth_packing(&self, answer: &Answer) -> bool {
        let is_message = answer
            .content_type
            .is_some_and(|it| it.starts_with(JSON) || PROTOBUF.iter().any(|name| it.starts_with(name)));
        let is_plain = answer.rest.is_none() && answer.live.is_none() && answer.status == StatusCode::OK;
        self.takes_packed
            && is_plain
            && is_message
            && (LEAST_PACKED..=MOST_PACKED).contains(&answer.body.len())
    }
}

/// The same with what is packed in the place of its body; the same where packing brought nothing.
fn with_packed(answer: Answer, packed: bytes::Bytes) -> Answer {
    if packed.is_empty() {
        return answer;
    }
    let answer = answer.with(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    Answer { packed: Some(packed), ..answer }
}

/// Whether a tag stands in a list, by the weak comparison: what stands behind `W/`.
fn is_among(tag: &HeaderValue, list: &HeaderValue) -> bool {
    let opaque = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag).to_owned();
    let (Ok(tag), Ok(list)) = (tag.to_str(), list.to_str()) else { return false };
    list.split(',').map(str::trim).any(|one| one == "*" || opaque(one) == opaque(tag))
}

/// Whether `gzip` stands in `Accept-Encoding` with a weight above zero; where it does not, whether a star does.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let mut any = None;
    for coding in values.flat_map(|value| value.split(',')) {
        let name = coding.split(';').next().unwrap_or_default().trim();
        if name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip") {
            return weight(coding) > 0.0;
        }
        if name == "*" {
            any = Some(weight(coding) > 0.0);
        }
    }
    any.unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_taken_where_the_client_says_so() {
        for (accepts, takes) in [
            (&["gzip, deflate"][..], true),
            (&["deflate", "GZIP;q=0.5"], true),
            (&["gzip;q=0, *"], false),
            (&["*"], true),
            (&["*;q=0"], false),
            (&["br, deflate"], false),
            (&["identity"], false),
            (&[], false),
        ] {
            let values = accepts.iter().map(|value| (ACCEPT_ENCODING, HeaderValue::from_static(value)));
            assert_eq!(takes_gzip(&values.collect()), takes, "{accepts:?}");
        }
    }

    /// Whoever looks at requests later reads what was said, not how it was sent.
    #[test]
    fn a_packed_answer_still_has_what_it_says() {
        let answer = Answer::ok(Some(JSON), vec![b' '; 2000]);
        let packed = with_packed(answer, ready::packed(&[b' '; 2000]));
        assert_eq!((packed.length(), &packed.body[..]), (2000, &[b' '; 2000][..]));
        assert!(packed.sent() < 100);
    }

    #[test]
    fn tags_are_compared_by_what_they_name() {
        let tag = HeaderValue::from_static("W/\"1a\"");
        for (list, is_there) in [
            ("W/\"1a\"", true),
            ("\"1a\"", true),
            ("\"2\", W/\"1a\"", true),
            ("*", true),
            ("\"1\"", false),
            ("1a", false),
            ("", false),
        ] {
            assert_eq!(is_among(&tag, &HeaderValue::from_static(list)), is_there, "{list}");
        }
    }
}
