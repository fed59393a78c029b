//! In which form bodies come and go: by `Content-Type` and `Accept`, each side for itself.

use http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, HeaderName};
use potok_api::{BodyKind, Format};

use crate::{ApiError, ErrorCode};

pub(crate) const JSON: &str = "application/json";
pub(crate) const PROTOBUF: [&str; 2] = ["application/x-protobuf", "application/protobuf"];

/// The formats of both sides of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Formats {
    /// Of the body that came.
    pub(crate) request: Format,
    /// Of the answer.
    pub(crate) response: Format,
}

impl Formats {
    /// Reads the headers. A JSON request without `Accept` is answered in protobuf: the sides do not know of each other,
    /// and official clients rely on that.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let content_type = text(headers, CONTENT_TYPE);
        let is_json = content_type.is_some_and(|value| starts_with_ignoring_case(value, JSON));
        Self {
            request: if is_json { Format::Json } else { Format::Protobuf },
            response: if accepts_json(headers) { Format::Json } else { Format::Protobuf },
        }
    }
}

/// Refuses compressed bodies, and types that a structured body cannot have. Forms are let through and read as protobuf, because clients built
/// on curl declare them by accident; what is not known at all is protobuf too.
///
/// # Errors
/// 415.
pub(crate) fn check_content_type(kind: BodyKind, headers: &HeaderMap) -> Result<(), ApiError> {
    if let Some(coding) = headers.get(CONTENT_ENCODING).filter(|coding| *coding != "identity") {
        let text = format!(
            "Content-Encoding {coding:?} is not supported: send the body as it is, without that header"
        );
        return Err(ApiError::new(ErrorCode::UnsupportedMediaType, text));
    }
    if !matches!(kind, BodyKind::Wire(_)) {
        return Ok(());
    }
    let Some(value) = text(headers, CONTENT_TYPE) else {
        return match headers.get(CONTENT_TYPE) {
            None => Ok(()),
            Some(_) => Err(unsupported("a Content-Type that is not text", kind)),
        };
    };
    let lower = value.to_ascii_lowercase();
    let essence = lower.split([';', ' ']).next().unwrap_or_default();
    let is_xml = essence.ends_with("/xml") || essence.ends_with("+xml");
    if essence.starts_with("multipart/") || essence.starts_with("text/") || is_xml {
        return Err(unsupported(value, kind));
    }
    if essence.starts_with(JSON) && charset(&lower).is_some_and(|name| name != "utf-8" && name != "utf8") {
        return Err(unsupported(value, kind));
    }
    Ok(())
}

fn unsupported(found: &str, kind: BodyKind) -> ApiError {
    let text = format!(
        "Content-Type {found:?} is not supported: send {kind} as application/x-protobuf or as application/json; charset=utf-8"
    );
    ApiError::new(ErrorCode::UnsupportedMediaType, text)
}

/// The value after `charset=`, without quotes, wherever it stands: some clients forget the semicolon before it.
fn charset(lower: &str) -> Option<&str> {
    let value = lower.split_once("charset=")?.1;
    let value = value.split([';', ' ', ',']).next().unwrap_or_default();
    Some(value.trim_matches('"'))
}

/// Whether `application/json` stands in `Accept` with a weight above zero, and protobuf does not stand there with a larger
/// one. Ranges with a star name no format.
fn accepts_json(headers: &HeaderMap) -> bool {
    let (mut json, mut protobuf) = (0.0_f32, 0.0_f32);
    let values = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    for range in values.flat_map(|value| value.split(',')).map(str::trim) {
        if starts_with_ignoring_case(range, JSON) {
            json = json.max(weight(range));
        } else if PROTOBUF.iter().any(|name| starts_with_ignoring_case(range, name)) {
            protobuf = protobuf.max(weight(range));
        }
    }
    json > 0.0 && json >= protobuf
}

/// The `q` of a range; 1 when there is none that can be read.
pub(crate) fn weight(range: &str) -> f32 {
    let parameters = range.split(';').skip(1).filter_map(|parameter| parameter.split_once('='));
    let weights = parameters.filter(|(name, _)| name.trim().eq_ignore_ascii_case("q"));
    weights.filter_map(|(_, value)| value.trim().parse().ok()).next().unwrap_or(1.0)
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim).filter(|value| !value.is_empty())
}

fn starts_with_ignoring_case(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(content_type: Option<&str>, accept: Option<&str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if let Some(value) = content_type {
            headers.insert(CONTENT_TYPE, value.parse().unwrap());
        }
        if let Some(value) = accept {
            headers.insert(ACCEPT, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn all_nine_combinations() {
        use Format::{Json, Protobuf};
        let types = [None, Some("application/json; charset=utf-8"), Some("application/x-protobuf")];
        let read = [Protobuf, Json, Protobuf];
        let accepts = [None, Some("application/json"), Some("*/*")];
        let written = [Protobuf, Json, Protobuf];
        for (content_type, read) in types.into_iter().zip(read) {
            for (accept, written) in accepts.into_iter().zip(written) {
                let formats = Formats::of(&headers(content_type, accept));
                assert_eq!(
                    (formats.request, formats.response),
                    (read, written),
                    "{content_type:?} {accept:?}"
                );
            }
        }
    }

    #[test]
    fn json_is_recognized_in_every_spelling() {
        for accept in [
            "application/json",
            "Application/JSON",
            "application/json charset=utf-8",
            "application/x-protobuf, application/json",
            "application/x-protobuf;q=0.5, application/json;q=0.5",
            "*/*, application/json;q=0.1",
            "text/html,application/json;charset=utf-8",
            "application/json; q=high",
        ] {
            assert_eq!(Formats::of(&headers(None, Some(accept))).response, Format::Json, "{accept}");
        }
        for accept in [
            "",
            "*/*",
            "application/*",
            "application/x-protobuf",
            "application/json;q=0",
            "application/json; q=0.0",
            "application/json;q=0.5, application/x-protobuf",
            "application/protobuf; q=0.6, application/json; q=0.5",
        ] {
            assert_eq!(Formats::of(&headers(None, Some(accept))).response, Format::Protobuf, "{accept}");
        }
        let mut twice = headers(None, Some("text/plain"));
        twice.append(ACCEPT, "application/json".parse().unwrap());
        assert_eq!(Formats::of(&twice).response, Format::Json);
    }

    #[test]
    fn compressed_bodies_are_refused_by_their_header() {
        for (coding, is_refused) in [("gzip", true), ("br, gzip", true), ("identity", false)] {
            let mut headers = headers(Some("application/json"), None);
            headers.insert(CONTENT_ENCODING, coding.parse().unwrap());
            let checked = check_content_type(BodyKind::Raw, &headers);
            assert_eq!(checked.is_err(), is_refused, "{coding}");
            if let Err(refused) = checked {
                assert_eq!(refused.code, ErrorCode::UnsupportedMediaType);
                assert!(refused.text.starts_with("Content-Encoding"), "{refused}");
            }
        }
    }

    #[test]
    fn only_what_cannot_be_a_structure_is_refused() {
        let kind = BodyKind::Wire("Diadoc.Api.Proto.Events.MessageToPost");
        for fine in [
            "application/json",
            "application/json; charset=UTF-8",
            "application/json charset=utf-8",
            "application/json; charset=\"utf-8\"",
            "application/x-protobuf",
            "application/protobuf",
            "application/octet-stream",
            "application/x-www-form-urlencoded",
            "something/else",
        ] {
            assert_eq!(check_content_type(kind, &headers(Some(fine), None)), Ok(()), "{fine}");
        }
        for wrong in [
            "multipart/form-data; boundary=x",
            "text/plain",
            "TEXT/html",
            "application/xml",
            "text/xml; charset=utf-8",
            "application/soap+xml",
            "application/json; charset=windows-1251",
        ] {
            let refused = check_content_type(kind, &headers(Some(wrong), None)).unwrap_err();
            assert_eq!(refused.code, ErrorCode::UnsupportedMediaType, "{wrong}");
            assert!(refused.text.contains(wrong), "{}", refused.text);
            assert_eq!(check_content_type(BodyKind::Raw, &headers(Some(wrong), None)), Ok(()), "{wrong}");
        }
    }
}
