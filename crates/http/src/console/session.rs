//! Who is signed in to the console: by a code of this server's own OpenID provider, with PKCE, as any program would.
//!
//! What the browser keeps is the access token that the code bought. It is good for the console's own client, ends with the
//! sign-out, and no script of a page can read it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use potok_app::{CONSOLE_CLIENT, ClientProof, GrantError};
use potok_console::{CONSOLE, Reply};
use sha2::{Digest as _, Sha256};
use url::form_urlencoded::Serializer;

use super::POLICY;
use crate::ApiError;
use crate::answer::Answer;
use crate::signin::{Visit, redirect};

/// Holds the token.
const TOKEN: &str = "potok_console";
/// Holds what a sign-in that has begun goes back to.
const BEGUN: &str = "potok_console_in";
const SCOPE: &str = "openid profile Diadoc.PublicAPI";

/// The token of who is signed in.
pub(super) fn token(visit: &Visit) -> Option<String> {
    visit.cookie(TOKEN)
}

/// Sends somebody to sign in, and then to the page that was asked for.
pub(super) fn begin_at(visit: &Visit, is_read: bool) -> Answer {
    let back = if is_read { visit.here() } else { CONSOLE };
    let query = Serializer::new(String::new()).append_pair("return", back).finish();
    visit.without_cookie(redirect(StatusCode::SEE_OTHER, &format!("/console/in?{query}")), TOKEN)
}

/// Begins a sign-in, or ends it with the code that came back.
pub(super) async fn sign_in(visit: &Visit) -> Result<Answer, ApiError> {
    let query = visit.query.clone().unwrap_or_default();
    match (query.get("code"), query.get("error")) {
        (None, None) => begin(visit, query.get("return").unwrap_or(CONSOLE)).await,
        (Some(code), _) => back(visit, code, query.get("state").unwrap_or_default()).await,
        (None, Some(error)) => Ok(failed(visit, error)),
    }
}

async fn begin(visit: &Visit, back: &str) -> Result<Answer, ApiError> {
    if !visit.login().open_console().await? {
        return Ok(failed(visit, "another program has the client id of the console"));
    }
    let back = if potok_console::is_own(back) { back } else { CONSOLE };
    let state = visit.new_secret();
    let verifier = format!("{}{}", visit.new_secret(), visit.new_secret());
    let query = Serializer::new(String::new())
        .append_pair("client_id", CONSOLE_CLIENT)
        .append_pair("redirect_uri", &visit.login().console_uri())
        .append_pair("response_type", "code")
        .append_pair("scope", SCOPE)
        .append_pair("state", &state)
        .append_pair("code_challenge", &URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier)))
        .append_pair("code_challenge_method", "S256")
        .finish();
    let kept = format!("{state}.{verifier}.{}", URL_SAFE_NO_PAD.encode(back));
    let answer = redirect(StatusCode::SEE_OTHER, &format!("/connect/authorize?{query}"));
    Ok(visit.with_cookie(answer, BEGUN, &kept))
}

/// What was kept when the sign-in began: state, verifier, and where to go on.
fn begun(kept: &str) -> Option<(&str, &str, String)> {
    let mut parts = kept.split('.');
    let (state, verifier, back) = (parts.next()?, parts.next()?, parts.next()?);
    let back = String::from_utf8(URL_SAFE_NO_PAD.decode(back).ok()?).ok()?;
    Some((state, verifier, back))
}

async fn back(visit: &Visit, code: &str, state: &str) -> Result<Answer, ApiError> {
    let kept = visit.cookie(BEGUN).unwrap_or_default();
    // An answer that this browser has not asked for may be somebody else's.
    let Some((_, verifier, back)) = begun(&kept).filter(|(known, ..)| *known == state) else {
        return Ok(failed(visit, "state"));
    };
    let (client, uri) = (ClientProof::public(CONSOLE_CLIENT), visit.login().console_uri());
    let bought = visit.login().tokens_by_code(&client, code, Some(&uri), Some(verifier)).await;
    let issued = match bought {
        Ok(issued) => issued,
        Err(GrantError::Core(error)) => return Err(error.into()),
        Err(error) => return Ok(failed(visit, &error.to_string())),
    };
    let back = if potok_console::is_own(&back) { &back } else { CONSOLE };
    let answer = visit.without_cookie(redirect(StatusCode::SEE_OTHER, back), BEGUN);
    Ok(visit.with_cookie(answer, TOKEN, &issued.access_token))
}

/// The token and the session of the browser end.
pub(super) async fn sign_out(visit: &Visit, token: &str) -> Result<Answer, ApiError> {
    // One that has ended already is none.
    if let Err(GrantError::Core(error)) =
        visit.login().revoke(&ClientProof::public(CONSOLE_CLIENT), token).await
    {
        return Err(error.into());
    }
    if let Some(who) = visit.signed_in().await? {
        visit.login().sign_out(&who).await?;
    }
    let answer = match potok_console::signed_out(visit.language()) {
        Reply::Page { html, .. } => visit.html(html, POLICY),
        _ => return Err(ApiError::internal()),
    };
    Ok(visit.without_session(visit.without_cookie(answer, TOKEN)))
}

fn failed(visit: &Visit, detail: &str) -> Answer {
    let texts = visit.language().texts();
    let page = visit.notice(texts.no_console, texts.no_console_text, Some(detail));
    visit.without_cookie(page, BEGUN).with_status(StatusCode::BAD_REQUEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_begun_is_read_again() {
        let kept = format!("s.v.{}", URL_SAFE_NO_PAD.encode("/console?a=b.c"));
        assert_eq!(begun(&kept), Some(("s", "v", "/console?a=b.c".to_owned())));
        for wrong in ["", "s.v", "s.v.!"] {
            assert_eq!(begun(wrong), None, "{wrong}");
        }
    }
}
