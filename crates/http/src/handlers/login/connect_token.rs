//! `POST /connect/token`: tokens for `Bearer`, as OAuth 2.0 describes it (RFC 6749).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, CACHE_CONTROL, PRAGMA, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, StatusCode};
use potok_api::methods::ConnectToken;
use potok_api::{BodyKind, Endpoint, Format, Json, ParamKind, ParamSpec, QueryMap};
use potok_app::{GrantError, IssuedTokens, Presented};
use potok_types::access::OAuthClient;
use serde::Serialize;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<ConnectToken, _>(token);
}

/// A refusal with a name of RFC 6749, section 5.2.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) error: &'static str,
    pub(super) description: String,
}

#[derive(Serialize)]
struct TokenAnswer<'a> {
    access_token: &'a str,
    token_type: &'static str,
    expires_in: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
    scope: &'a str,
}

#[derive(Serialize)]
struct ErrorAnswer<'a> {
    error: &'static str,
    error_description: &'a str,
}

/// By refresh token, or by the client's own credentials.
async fn token(call: Call<ConnectToken>) -> Result<Answer, ApiError> {
    let headers = &call.incoming.parts.headers;
    let basic = basic(headers);
    match grant(&call, basic).await? {
        Ok(issued) => Ok(no_store(call.answer(&Json(json(&TokenAnswer {
            access_token: &issued.access_token,
            token_type: "Bearer",
            expires_in: issued.expires_in_seconds,
            refresh_token: issued.refresh_token.as_deref(),
            scope: &issued.scope,
        }))))),
        Err(refused) => Ok(told(&call, &refused)),
    }
}

pub(super) fn told<E: Endpoint<Access = OAuthClient>>(call: &Call<E>, refused: &Refused) -> Answer {
    let Refused { error, description } = refused;
    let body = json(&ErrorAnswer { error, error_description: description });
    let answer = no_store(Answer::ok(potok_api::content_type(BodyKind::Json, Format::Json), body));
    let answer = answer.with_status(StatusCode::BAD_REQUEST);
    match (*error, call.incoming.parts.headers.contains_key(AUTHORIZATION)) {
        ("invalid_client", true) => answer
            .with_status(StatusCode::UNAUTHORIZED)
            .with(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"potok\"")),
        ("invalid_client", false) => answer.with_status(StatusCode::UNAUTHORIZED),
        _ => answer,
    }
}

/// What a client asks for.
enum Grant {
    Refresh { token: String },
    Client { scope: String },
}

fn grant_in(form: &QueryMap<'_>) -> Result<Grant, Refused> {
    match field(form, "grant_type").as_deref() {
        Some("refresh_token") => match field(form, "refresh_token") {
            Some(token) => Ok(Grant::Refresh { token }),
            None => Err(invalid_request("refresh_token is missing")),
        },
        Some("client_credentials") => Ok(Grant::Client { scope: field(form, "scope").unwrap_or_default() }),
        Some(other) => Err(Refused {
            error: "unsupported_grant_type",
            description: format!(
                "grant_type {other:?} is not served: use refresh_token or client_credentials"
            ),
        }),
        None => Err(invalid_request("grant_type is missing")),
    }
}

/// Client id and secret, which may stand in the form too.
pub(super) fn client_in(
    form: &QueryMap<'_>,
    basic: Option<(String, String)>,
) -> Result<(String, String), Refused> {
    let given = basic.or_else(|| Some((field(form, "client_id")?, field(form, "client_secret")?)));
    given.ok_or_else(|| Refused {
        error: "invalid_client",
        description: "client_id and client_secret are missing: send them in the form or as HTTP Basic"
            .to_owned(),
    })
}

async fn grant(
    call: &Call<ConnectToken>,
    basic: Option<(String, String)>,
) -> Result<Result<IssuedTokens, Refused>, ApiError> {
    let form = QueryMap::parse(&call.body.0);
    let (client_id, secret) = match client_in(&form, basic) {
        Ok(client) => client,
        Err(refused) => return Ok(Err(refused)),
    };
    note(call, &client_id).await;
    let issued = match grant_in(&form) {
        Ok(Grant::Refresh { token }) => call.login().tokens_by_refresh(&client_id, &secret, &token).await,
        Ok(Grant::Client { scope }) => call.login().tokens_by_client(&client_id, &secret, &scope).await,
        Err(refused) => return Ok(Err(refused)),
    };
    issued.map_or_else(refused, |issued| Ok(Ok(issued)))
}

/// Names the client in the log, if it exists. What is wrong with it is told by the grant.
pub(super) async fn note<E: Endpoint<Access = OAuthClient>>(call: &Call<E>, client_id: &str) {
    let presented = Presented::DiadocAuth { client_id: client_id.to_owned(), token: None };
    if let Ok(caller) = call.app().callers().identify(&presented, None).await {
        let _set_once = call.incoming.notes.client_id.set(caller.client.id.clone());
    }
}

pub(super) fn refused<T>(error: GrantError) -> Result<Result<T, Refused>, ApiError> {
    let description = error.to_string();
    let name = match error {
        GrantError::InvalidClient => "invalid_client",
        GrantError::InvalidGrant | GrantError::UserBlocked => "invalid_grant",
        GrantError::UnauthorizedClient => "unauthorized_client",
        GrantError::InvalidScope => "invalid_scope",
        GrantError::Core(error) => return Err(error.into()),
    };
    Ok(Err(Refused { error: name, description }))
}

pub(super) fn invalid_request(description: &str) -> Refused {
    Refused { error: "invalid_request", description: description.to_owned() }
}

/// A field of the form; an empty one is absent, and so is one that is not text.
pub(super) fn field(form: &QueryMap<'_>, name: &'static str) -> Option<String> {
    form.text(&ParamSpec { name, required: false, kind: ParamKind::Text }).ok().flatten()
}

/// Client id and secret from HTTP Basic, where each is urlencoded.
pub(super) fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, rest) = value.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
    let (id, secret) = pair.split_once(':')?;
    let decoded = |text: &str| field(&QueryMap::parse(&format!("value={text}")), "value");
    Some((decoded(id)?, decoded(secret)?))
}

pub(super) fn no_store(answer: Answer) -> Answer {
    answer
        .with(CACHE_CONTROL, HeaderValue::from_static("no-store"))
        .with(PRAGMA, HeaderValue::from_static("no-cache"))
}

pub(super) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("a struct of texts and numbers has a JSON form")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_credentials_are_read() {
        let read = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(AUTHORIZATION, value.parse().unwrap());
            basic(&headers)
        };
        let encoded = |pair: &str| format!("basic {}", STANDARD.encode(pair));
        let both = |id: &str, secret: &str| Some((id.to_owned(), secret.to_owned()));
        assert_eq!(read(&encoded("id:secret")), both("id", "secret"));
        assert_eq!(read(&encoded("id:a%3Ab:c")), both("id", "a:b:c"));
        for wrong in ["Basic", "Basic !", "Bearer aWQ6c2VjcmV0", &encoded("no-colon"), &encoded(":")] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn every_refusal_has_its_name() {
        for (error, name) in [
            (GrantError::InvalidClient, "invalid_client"),
            (GrantError::InvalidGrant, "invalid_grant"),
            (GrantError::UserBlocked, "invalid_grant"),
            (GrantError::UnauthorizedClient, "unauthorized_client"),
            (GrantError::InvalidScope, "invalid_scope"),
        ] {
            assert_eq!(refused::<()>(error).unwrap().unwrap_err().error, name);
        }
    }
}
