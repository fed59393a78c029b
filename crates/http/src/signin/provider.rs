//! `/signin/provider` and `/signin/callback`: somebody signs in at another provider and comes back.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use potok_app::LoginError;
use potok_pages::Problem;

use super::sign_in::{PURPOSE, own_or_home, sign_in_page, signed_in_to};
use super::visit::{Visit, redirect};
use crate::ApiError;
use crate::answer::Answer;

/// Goes there. What the browser has to know when it comes back it keeps itself.
pub(super) async fn begin(visit: Visit) -> Result<Answer, ApiError> {
    let form = visit.form.clone().unwrap_or_default();
    let return_to = own_or_home(form.get("return"));
    if !visit.is_marked(None, PURPOSE) {
        let page = sign_in_page(&visit, return_to, "", Some(Problem::OldForm), None);
        return Ok(page.with_status(StatusCode::BAD_REQUEST));
    }
    let secret = visit.new_secret();
    let sign_in = visit.login().outside_sign_in(&secret);
    match visit.login().outside_address(&sign_in).await {
        Ok(address) => {
            let kept = format!("{secret}.{}", URL_SAFE_NO_PAD.encode(return_to));
            Ok(visit.with_provider(redirect(StatusCode::SEE_OTHER, &address), &kept))
        }
        Err(error) => refused(&visit, return_to, error),
    }
}

/// Comes back. An answer that this browser did not ask for is none.
pub(super) async fn back(visit: Visit) -> Result<Answer, ApiError> {
    let query = visit.query.clone().unwrap_or_default();
    let kept = visit.provider().unwrap_or_default();
    let (secret, place) = kept.split_once('.').unwrap_or_default();
    let place = URL_SAFE_NO_PAD.decode(place).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let return_to = own_or_home(place.as_deref());
    let sign_in = visit.login().outside_sign_in(secret);
    let is_asked = !secret.is_empty() && query.get("state") == Some(sign_in.state());
    let issuer = visit.login().provider().map(|provider| provider.issuer().to_owned());
    // Whoever says who answers has to be the one who was asked (RFC 9207).
    let is_theirs = query.get("iss").is_none_or(|iss| Some(iss) == issuer.as_deref());
    let code = query.get("code").filter(|_| is_asked && is_theirs);
    let session = match code {
        Some(code) => visit.login().outside_session(&sign_in, code).await,
        None => Err(LoginError::Provider),
    };
    match session {
        Ok(session) => {
            if let Some(before) = visit.signed_in().await? {
                visit.login().sign_out(&before).await?;
            }
            let answer = redirect(StatusCode::SEE_OTHER, &signed_in_to(return_to));
            Ok(visit.with_session(visit.without_provider(answer), &session))
        }
        Err(error) => refused(&visit, return_to, error).map(|answer| visit.without_provider(answer)),
    }
}

fn refused(visit: &Visit, return_to: &str, error: LoginError) -> Result<Answer, ApiError> {
    let (problem, status) = match error {
        LoginError::Provider => (Problem::Provider, StatusCode::UNAUTHORIZED),
        LoginError::UserBlocked => (Problem::Blocked, StatusCode::FORBIDDEN),
        other => return Err(other.into()),
    };
    Ok(sign_in_page(visit, return_to, "", Some(problem), None).with_status(status))
}
