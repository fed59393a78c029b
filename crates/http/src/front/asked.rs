//! Requests in the plainest form there is.

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, EXPECT, TRANSFER_ENCODING, UPGRADE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri};
use httparse::Status;

use crate::came::Came;
use crate::ready::ASKED_BYTES;

/// Who sends more is served by hyper.
const MOST_HEADERS: usize = 32;

/// The request with which `bytes` begin, and how long it is; `None` where it is not whole, or anything about it is not plain: a version but
/// HTTP/1.1, a verb but `GET` and `POST`, a body that is long or has no one length, something said of the connection but that it lasts, and
/// whatever is not allowed.
pub(super) fn read(bytes: &Bytes) -> Option<(Request<Came>, usize)> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    let Ok(Status::Complete(head_bytes)) = parsed.parse(bytes) else { return None };
    let method = match (parsed.method?, parsed.version?) {
        ("GET", 1) => Method::GET,
        ("POST", 1) => Method::POST,
        _ => return None,
    };
    let uri = Uri::from_maybe_shared(bytes.slice_ref(parsed.path?.as_bytes())).ok()?;
    let headers = headers_of(bytes, parsed.headers)?;
    let body_bytes = headers.get(CONTENT_LENGTH).map_or(Some(0), length)?;
    let end = head_bytes.checked_add(body_bytes).filter(|end| *end <= bytes.len())?;
    let mut request = Request::new(Came::from(bytes.slice(head_bytes..end)));
    *request.method_mut() = method;
    *request.uri_mut() = uri;
    *request.headers_mut() = headers;
    Some((request, end))
}

/// The same headers, unless one of them is not plain.
fn headers_of(bytes: &Bytes, parsed: &[httparse::Header<'_>]) -> Option<HeaderMap> {
    let mut headers = HeaderMap::with_capacity(parsed.len());
    for header in parsed {
        let name = HeaderName::from_bytes(header.name.as_bytes()).ok()?;
        let value = HeaderValue::from_maybe_shared(bytes.slice_ref(header.value)).ok()?;
        let is_plain = match name {
            TRANSFER_ENCODING | UPGRADE | EXPECT => false,
            CONNECTION => value.as_bytes().eq_ignore_ascii_case(b"keep-alive"),
            CONTENT_LENGTH => !headers.contains_key(CONTENT_LENGTH),
            _ => true,
        };
        if !is_plain {
            return None;
        }
        headers.append(name, value);
    }
    Some(headers)
}

/// Bytes of a body, if there may be so many.
fn length(value: &HeaderValue) -> Option<usize> {
    let digits = value.to_str().ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?;
    digits.parse().ok().filter(|length| *length <= ASKED_BYTES)
}
