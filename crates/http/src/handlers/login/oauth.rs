//! What the OAuth endpoints have in common: who asks, and how they are refused (RFC 6749).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, CACHE_CONTROL, PRAGMA, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, StatusCode};
use potok_api::{BodyKind, Endpoint, Format, QueryMap};
use potok_app::{ClientProof, GrantError, Presented};
use potok_types::access::OAuthClient;
use serde::Serialize;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::form::Form;

/// A refusal with a name of RFC 6749, section 5.2, or of RFC 8628, section 3.5.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) error: &'static str,
    pub(super) description: String,
}

#[derive(Serialize)]
struct ErrorAnswer<'a> {
    error: &'static str,
    error_description: &'a str,
}

/// The form of a call, and who says to be the caller.
pub(super) async fn asked<E>(call: &Call<E>) -> Result<(Form, ClientProof), Refused>
where
    E: Endpoint<Access = OAuthClient, Request = potok_api::Form>,
{
    let form = Form::parse(&call.body.0).map_err(|error| invalid_request(&error.to_string()))?;
    let proof = proof_in(&form, &call.incoming.parts.headers)?;
    note(call, &proof.id).await;
    Ok((form, proof))
}

/// Client id and secret, from the form or from HTTP Basic. Programs that keep no secret send their id alone.
fn proof_in(form: &Form, headers: &HeaderMap) -> Result<ClientProof, Refused> {
    let in_form =
        form.get("client_id").map(|id| ClientProof { id: id.to_owned(), secret: form.text("client_secret") });
    if !is_basic(headers) {
        return in_form.ok_or_else(|| {
            invalid_client("client_id is missing: send it with client_secret in the form or as HTTP Basic")
        });
    }
    let (id, secret) =
        basic(headers).ok_or_else(|| invalid_client("the header Authorization: Basic is not readable"))?;
    match in_form {
        Some(other) if other.id != id => {
            Err(invalid_request("client_id in the form is not the one of the header Authorization"))
        }
        Some(ClientProof { secret: Some(other), .. }) if other != secret => {
            Err(invalid_request("client_secret in the form is not the one of the header Authorization"))
        }
        _ => Ok(ClientProof { id, secret: Some(secret) }),
    }
}

/// Names the client in the log, if it exists. What is wrong with it is told by the grant.
async fn note<E: Endpoint<Access = OAuthClient>>(call: &Call<E>, client_id: &str) {
    let presented = Presented::DiadocAuth { client_id: client_id.to_owned(), token: None };
    if let Ok(caller) = call.app().callers().identify(&presented, None).await {
        let _set_once = call.incoming.notes.client_id.set(caller.client.id.clone());
    }
}

/// The answer, or why there is none: faults of the server are told as everywhere else.
pub(super) fn told<E: Endpoint<Access = OAuthClient>>(
    call: &Call<E>,
    done: Result<Answer, Stopped>,
) -> Result<Answer, ApiError> {
    match done {
        Ok(answer) => Ok(no_store(answer)),
        Err(Stopped::Refused(refused)) => Ok(refusal(&call.incoming.parts.headers, &refused)),
        Err(Stopped::Failed(error)) => Err(error),
    }
}

fn refusal(headers: &HeaderMap, refused: &Refused) -> Answer {
    let Refused { error, description } = refused;
    let body = json(&ErrorAnswer { error, error_description: description });
    let answer = no_store(Answer::ok(potok_api::content_type(BodyKind::Json, Format::Json), body));
    let answer = answer.with_status(StatusCode::BAD_REQUEST);
    // The header hides the description from libraries, so only those get it who have to.
    match (*error, headers.contains_key(AUTHORIZATION)) {
        ("invalid_client", true) => answer
            .with_status(StatusCode::UNAUTHORIZED)
            .with(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"potok\"")),
        ("invalid_client", false) => answer.with_status(StatusCode::UNAUTHORIZED),
        _ => answer,
    }
}

/// Why an OAuth endpoint did not do what it was asked to.
pub(super) enum Stopped {
    /// The program is told in the words of OAuth.
    Refused(Refused),
    /// The server could not.
    Failed(ApiError),
}

impl From<Refused> for Stopped {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<ApiError> for Stopped {
    fn from(error: ApiError) -> Self {
        Self::Failed(error)
    }
}

impl From<GrantError> for Stopped {
    fn from(error: GrantError) -> Self {
        let description = error.to_string();
        let name = match error {
            GrantError::InvalidClient => "invalid_client",
            GrantError::InvalidGrant
            | GrantError::UserBlocked
            | GrantError::BadCode
            | GrantError::BadCertificate(_) => "invalid_grant",
            GrantError::UnauthorizedClient => "unauthorized_client",
            GrantError::InvalidScope | GrantError::Scope(_) => "invalid_scope",
            GrantError::Pending => "authorization_pending",
            GrantError::SlowDown => "slow_down",
            GrantError::Expired => "expired_token",
            GrantError::Denied => "access_denied",
            GrantError::Core(error) => return Self::Failed(error.into()),
        };
        Self::Refused(Refused { error: name, description })
    }
}

pub(super) fn invalid_request(description: &str) -> Refused {
    Refused { error: "invalid_request", description: description.to_owned() }
}

fn invalid_client(description: &str) -> Refused {
    Refused { error: "invalid_client", description: description.to_owned() }
}

/// The parameter `name`, which has to be there.
pub(super) fn needed<'a>(form: &'a Form, name: &str) -> Result<&'a str, Refused> {
    form.get(name).ok_or_else(|| invalid_request(&format!("{name} is missing")))
}

fn is_basic(headers: &HeaderMap) -> bool {
    let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let scheme = value.and_then(|value| value.trim().split([' ', '\t']).next());
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("Basic"))
}

/// Client id and secret from HTTP Basic, where each is urlencoded by those who read the standard, and as it is by the others.
/// Ids and secrets are made without the letters that would tell the two apart.
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (_, rest) = value.trim().split_once(' ')?;
    let pair = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
    let (id, secret) = pair.split_once(':')?;
    let decoded = |text: &str| {
        let map = format!("value={text}");
        let value = potok_api::ParamSpec { name: "value", required: false, kind: potok_api::ParamKind::Text };
        QueryMap::parse(&map).text(&value).ok().flatten()
    };
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

    fn headers(value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, value.parse().unwrap());
        headers
    }

    fn encoded(pair: &str) -> String {
        format!("basic {}", STANDARD.encode(pair))
    }

    #[test]
    fn basic_credentials_are_read_as_they_are_and_encoded() {
        let both = |id: &str, secret: &str| Some((id.to_owned(), secret.to_owned()));
        assert_eq!(basic(&headers(&encoded("id:secret"))), both("id", "secret"));
        assert_eq!(basic(&headers(&encoded("id:a%3Ab:c"))), both("id", "a:b:c"));
        assert_eq!(basic(&headers(&encoded("my%2Did:s%2E1%5F"))), both("my-id", "s.1_"));
        assert_eq!(basic(&headers(&encoded("my-id:s.1_"))), both("my-id", "s.1_"));
        for wrong in ["Basic", "Basic !", &encoded("no-colon"), &encoded(":")] {
            assert_eq!(basic(&headers(wrong)), None, "{wrong}");
        }
    }

    #[test]
    fn a_program_proves_itself_in_one_of_four_forms() {
        let proof = |form: &str, header: Option<&str>| {
            let headers = header.map(headers).unwrap_or_default();
            proof_in(&Form::parse(form).unwrap(), &headers).map_err(|refused| refused.error)
        };
        let basic = encoded("a:s");
        let secret = Ok(ClientProof::secret("a", "s"));
        assert_eq!(proof("client_id=a&client_secret=s", None), secret);
        assert_eq!(proof("", Some(&basic)), secret);
        assert_eq!(proof("client_id=a", Some(&basic)), secret);
        assert_eq!(proof("client_id=a&client_secret=s", Some(&basic)), secret);
        assert_eq!(proof("client_id=a", None), Ok(ClientProof::public("a")));
        // Somebody else's header is none of ours.
        assert_eq!(proof("client_id=a&client_secret=s", Some("Bearer x")), secret);
        assert_eq!(proof("client_id=b", Some(&basic)), Err("invalid_request"));
        assert_eq!(proof("client_id=a&client_secret=t", Some(&basic)), Err("invalid_request"));
        assert_eq!(proof("client_id=a&client_secret=s", Some("Basic !")), Err("invalid_client"));
        assert_eq!(proof("client_secret=s", None), Err("invalid_client"));
    }
}
