//! What the server tells of its own API: the description for programs, pages for people, and the proto files. Everybody may read
//! it, so it says nothing of this server but its version.

use std::fmt::Write as _;
use std::sync::OnceLock;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use http::request::Parts;
use http::{HeaderValue, Method};
use potok_openapi::protos;

use crate::answer::{Answer, TEXT};
use crate::peer::Peer;
use crate::trace::Notes;
use crate::{ApiError, Edge, ErrorCode};

const POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const HTML: &str = "text/html; charset=utf-8";
const BYTES: &str = "application/octet-stream";

/// One of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place<'a> {
    Document,
    Index,
    Stylesheet,
    /// The page of a method.
    Method(&'a str),
    Protos,
    Archive,
    Descriptors,
    /// A proto file.
    Proto(&'a str),
}

/// What the request is for, if it is for one of these.
pub(crate) fn place(parts: &Parts) -> Option<Place<'_>> {
    if parts.method != Method::GET && parts.method != Method::HEAD {
        return None;
    }
    let path = parts.uri.path();
    if !path.starts_with("/openapi") && !path.starts_with("/protos") {
        return None;
    }
    match path {
        "/openapi.json" => Some(Place::Document),
        "/openapi" | "/openapi/" => Some(Place::Index),
        "/openapi/pages.css" => Some(Place::Stylesheet),
        "/protos" | "/protos/" => Some(Place::Protos),
        "/protos/all.tar" => Some(Place::Archive),
        "/protos/descriptors.bin" => Some(Place::Descriptors),
        path => path
            .strip_prefix("/openapi/")
            .map(Place::Method)
            .or_else(|| path.strip_prefix("/protos/").map(Place::Proto)),
    }
}

/// Shows it.
///
/// # Errors
/// 404 for a method or a file that is not there, 429.
pub(crate) fn answer(
    edge: &Edge,
    place: &Place<'_>,
    parts: &Parts,
    notes: &Notes,
) -> Result<Answer, ApiError> {
    let _set_once = notes.label.set("description");
    if let (Some(limits), Some(peer)) = (&edge.limits, parts.extensions.get::<Peer>()) {
        limits.count_address(peer.0)?;
    }
    let missing = |text: String| ApiError::new(ErrorCode::NotFound, text);
    let answer = match *place {
        Place::Document => {
            static DOCUMENT: OnceLock<Bytes> = OnceLock::new();
            let document = DOCUMENT.get_or_init(|| potok_openapi::document(env!("CARGO_PKG_VERSION")).into());
            Answer::ok(Some("application/json; charset=utf-8"), document.clone())
        }
        Place::Index => Answer::ok(Some(HTML), potok_openapi::index()),
        Place::Stylesheet => Answer::ok(Some("text/css; charset=utf-8"), potok_openapi::STYLESHEET),
        Place::Method(id) => {
            let page = potok_openapi::method(id).ok_or_else(|| {
                missing("There is no page about this: /openapi lists the methods".to_owned())
            })?;
            Answer::ok(Some(HTML), page)
        }
        Place::Protos => Answer::ok(Some(HTML), list()),
        Place::Archive => Answer::ok(Some("application/x-tar"), protos::archive()),
        Place::Descriptors => Answer::ok(Some(BYTES), protos::descriptors()),
        Place::Proto(name) => {
            let text = protos::file(name)
                .ok_or_else(|| missing("There is no such file: /protos lists them".to_owned()))?;
            Answer::ok(Some(TEXT), text)
        }
    };
    Ok(answer
        .with(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY))
        .with(CACHE_CONTROL, HeaderValue::from_static("max-age=300")))
}

/// The proto files as links; their names hold nothing that HTML would escape.
fn list() -> String {
    let mut out = String::from(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Proto files</title>\
         <link rel=\"stylesheet\" href=\"/openapi/pages.css\"></head><body><main><h1>Proto files</h1>\
         <p>All together: <a href=\"/protos/all.tar\">all.tar</a>. Compiled: \
         <a href=\"/protos/descriptors.bin\">descriptors.bin</a>, a <code>google.protobuf.FileDescriptorSet</code>.</p><ul>",
    );
    for (name, _) in protos::files() {
        let _infallible = write!(out, "<li><a href=\"/protos/{name}\">{name}</a></li>");
    }
    out.push_str("</ul></main></body></html>");
    out
}
