//! The `Authorization` header: `DiadocAuth` and `Bearer`.

use http::HeaderMap;
use http::header::AUTHORIZATION;
use potok_app::{AccessError, Presented};

const CLIENT_ID: &str = "ddauth_api_client_id";
const TOKEN: &str = "ddauth_token";

/// What `WWW-Authenticate` says to a caller who is refused with 401. `DiadocAuth` callers get nothing: their HTTP libraries would
/// start a conversation of their own. What is wrong with a token stands there for programs that read nothing else (RFC 6750).
pub(crate) fn challenge(headers: &HeaderMap) -> Option<&'static str> {
    match scheme_and_rest(headers) {
        Some((scheme, "")) if scheme.eq_ignore_ascii_case("Bearer") => Some("Bearer"),
        Some((scheme, _)) if scheme.eq_ignore_ascii_case("Bearer") => Some("Bearer error=\"invalid_token\""),
        _ => None,
    }
}

/// Reads the header.
///
/// # Errors
/// [`AccessError::NoHeader`] when there is none, [`AccessError::BadHeader`] when it cannot be used; [`AccessError::NoToken`]
/// for a `Bearer` without a token.
pub(crate) fn presented(headers: &HeaderMap) -> Result<Presented, AccessError> {
    if headers.get(AUTHORIZATION).is_none_or(|value| value.as_bytes().trim_ascii().is_empty()) {
        return Err(AccessError::NoHeader);
    }
    let (scheme, rest) = scheme_and_rest(headers).ok_or(AccessError::BadHeader)?;
    if scheme.eq_ignore_ascii_case("Bearer") {
        if rest.is_empty() {
            return Err(AccessError::NoToken);
        }
        return Ok(Presented::Bearer { token: rest.to_owned() });
    }
    if scheme.eq_ignore_ascii_case("DiadocAuth") {
        let client_id = pair(rest, CLIENT_ID).ok_or(AccessError::BadHeader)?.to_owned();
        return Ok(Presented::DiadocAuth { client_id, token: pair(rest, TOKEN).map(str::to_owned) });
    }
    Err(AccessError::BadHeader)
}

fn scheme_and_rest(headers: &HeaderMap) -> Option<(&str, &str)> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?.trim();
    Some(value.split_once([' ', '\t']).map_or((value, ""), |(scheme, rest)| (scheme, rest.trim())))
}

/// The value of `name` among `name=value` pairs; `None` also when it is empty. Commas, blanks or both stand between the
/// pairs, and blanks around the first `=`, which splits: tokens end in `=`. Neither names nor values hold any.
fn pair<'a>(pairs: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = pairs;
    while let Some((found, after)) = rest.split_once('=') {
        let found = found.trim_start_matches(is_between).trim_end();
        let (value, after) = value(after.trim_start());
        if found.eq_ignore_ascii_case(name) {
            return Some(value).filter(|value| !value.is_empty());
        }
        rest = after;
    }
    None
}

/// The value at the beginning, without its quotation marks, and what follows it.
fn value(text: &str) -> (&str, &str) {
    if let Some(quoted) = text.strip_prefix('"').and_then(|inner| inner.split_once('"')) {
        return quoted;
    }
    text.split_at(text.find(is_between).unwrap_or(text.len()))
}

fn is_between(c: char) -> bool {
    c == ',' || c.is_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(header: &str) -> Result<Presented, AccessError> {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, header.parse().unwrap());
        presented(&headers)
    }

    fn diadoc(client_id: &str, token: Option<&str>) -> Presented {
        Presented::DiadocAuth { client_id: client_id.to_owned(), token: token.map(str::to_owned) }
    }

    #[test]
    fn every_spelling_of_diadoc_auth_is_read() {
        for header in [
            "DiadocAuth ddauth_api_client_id=my-client,ddauth_token=YWJj+/==",
            "DiadocAuth ddauth_api_client_id=my-client, ddauth_token=YWJj+/==",
            "diadocauth  DDAUTH_API_CLIENT_ID = my-client ,\tDdauth_Token=\"YWJj+/==\"",
            "DiadocAuth\tddauth_token=YWJj+/==,ddauth_api_client_id=\"my-client\",",
            // Old clients write no comma.
            "DiadocAuth ddauth_api_client_id=my-client ddauth_token=YWJj+/==",
            "DiadocAuth ddauth_api_client_id=\"my-client\"\tddauth_token=\"YWJj+/==\"",
            "DiadocAuth ddauth_api_client_id=my-client,,ddauth_token=YWJj+/==",
            "DiadocAuth ddauth_token =YWJj+/==  , , ddauth_api_client_id= my-client",
        ] {
            assert_eq!(read(header).unwrap(), diadoc("my-client", Some("YWJj+/==")), "{header}");
        }
        assert_eq!(read("DiadocAuth ddauth_api_client_id=my-client").unwrap(), diadoc("my-client", None));
        assert_eq!(read("DiadocAuth ddauth_api_client_id=c,ddauth_token=").unwrap(), diadoc("c", None));
    }

    #[test]
    fn bearer_is_read() {
        assert_eq!(read("bearer  YWJj==").unwrap(), Presented::Bearer { token: "YWJj==".to_owned() });
        assert!(matches!(read("Bearer"), Err(AccessError::NoToken)));
    }

    #[test]
    fn nothing_else_is() {
        assert!(matches!(presented(&HeaderMap::new()), Err(AccessError::NoHeader)));
        for header in ["", " "] {
            assert!(matches!(read(header), Err(AccessError::NoHeader)), "{header}");
        }
        for header in [
            "DiadocAuth",
            "DiadocAuth ddauth_token=x",
            "Basic YTpi",
            "DiadocAuth ddauth_api_client_id=",
            "DiadocAuth ddauth_api_client_id=,ddauth_token=x",
        ] {
            assert!(matches!(read(header), Err(AccessError::BadHeader)), "{header}");
        }
    }
}
