//! What is secret in a request, and what stands in its place.

use http::{HeaderMap, Uri};
use potok_api::{Area, MethodSpec};

const MASK: &str = "***";

/// Parameters whose values are secret or as good as that.
const PARAMETERS: [&str; 12] = [
    "token",
    "password",
    "sid",
    "code",
    "key",
    "client_secret",
    "refresh_token",
    "access_token",
    "id_token_hint",
    "confirmationCode",
    "user-code",
    "state",
];

/// Whether bodies of the method are secret as a whole: they log somebody in, or are the token that this gives.
pub(crate) fn holds_secrets(spec: Option<&MethodSpec>) -> bool {
    spec.is_none_or(|spec| matches!(spec.area, Area::Auth | Area::Oidc))
}

/// Path and query.
pub(crate) fn target(uri: &Uri) -> String {
    let Some(query) = uri.query() else { return uri.path().to_owned() };
    let masked = query.split('&').map(|pair| {
        let name = pair.split('=').next().unwrap_or(pair);
        match PARAMETERS.iter().any(|secret| name.eq_ignore_ascii_case(secret)) {
            true => format!("{name}={MASK}"),
            false => pair.to_owned(),
        }
    });
    format!("{}?{}", uri.path(), masked.collect::<Vec<_>>().join("&"))
}

/// Names and values. Of `Authorization` the scheme is left, and the API client.
pub(crate) fn headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let shown = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
        let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
        let text = match name.as_str() {
            "authorization" | "proxy-authorization" => authorization(&text),
            "cookie" | "set-cookie" => MASK.to_owned(),
            _ => text,
        };
        (name.as_str().to_owned(), text)
    };
    headers.iter().map(shown).collect()
}

fn authorization(text: &str) -> String {
    let (scheme, rest) = text.split_once(' ').unwrap_or((text, ""));
    let client = rest.split(',').map(str::trim).find(|part| part.starts_with("ddauth_api_client_id="));
    match client {
        Some(client) => format!("{scheme} {client},ddauth_token={MASK}"),
        None => format!("{scheme} {MASK}"),
    }
}
