//! `/connect/endsession`: the session of a browser ends.

use http::StatusCode;
use potok_app::{EndError, EndRequest, SignedIn, display_name};
use potok_pages::Account;

use super::visit::{Visit, redirect};
use crate::ApiError;
use crate::answer::Answer;
use crate::form::Form;

/// What marks the form.
pub(super) const PURPOSE: &str = "end session";

fn request(form: &Form) -> EndRequest {
    EndRequest {
        id_token_hint: form.text("id_token_hint"),
        client_id: form.text("client_id"),
        post_logout_redirect_uri: form.text("post_logout_redirect_uri"),
        state: form.text("state"),
    }
}

/// Ends the session when the program shows that it knows whose it is; else asks.
pub(crate) async fn end_session(visit: Visit) -> Result<Answer, ApiError> {
    let query = visit.query.clone();
    asked(&visit, query.map_err(|error| error.to_string()), StatusCode::FOUND, false).await
}

/// The same as a form, which may be the one of the page.
pub(super) async fn sent(visit: Visit) -> Result<Answer, ApiError> {
    let form = visit.form.clone();
    let is_marked = visit.is_marked(visit.session().as_deref(), PURPOSE);
    asked(&visit, form.map_err(|error| error.to_string()), StatusCode::SEE_OTHER, is_marked).await
}

async fn asked(
    visit: &Visit,
    form: Result<Form, String>,
    status: StatusCode,
    is_decided: bool,
) -> Result<Answer, ApiError> {
    let request = match form {
        Ok(form) => request(&form),
        Err(repeated) => return Ok(visit.bad_request(&repeated)),
    };
    let who = visit.signed_in().await?;
    let end = match visit.login().end_of_session(&request, who.as_ref()).await {
        Ok(end) => end,
        Err(EndError::BadRequest(text)) => return Ok(visit.bad_request(text)),
        Err(EndError::Core(error)) => return Err(error.into()),
    };
    if let Some(who) = &who {
        if !end.is_known && !is_decided {
            return Ok(ask(visit, &request, who));
        }
        visit.login().sign_out(who).await?;
    }
    let texts = visit.language().texts();
    let answer = match &end.goes_to {
        Some(to) => redirect(status, to),
        None => visit.notice(texts.signed_out, texts.signed_out_text, None),
    };
    Ok(visit.without_session(answer))
}

fn ask(visit: &Visit, request: &EndRequest, who: &SignedIn) -> Answer {
    let mark = visit.mark(visit.session().as_deref(), PURPOSE);
    let kept = [
        ("id_token_hint", &request.id_token_hint),
        ("client_id", &request.client_id),
        ("post_logout_redirect_uri", &request.post_logout_redirect_uri),
        ("state", &request.state),
    ];
    let kept = kept.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?))).collect();
    let user = display_name(&who.user);
    let page = Account { frame: visit.frame(&mark), user: &user, kept, is_asked: true };
    visit.page(&page, request.post_logout_redirect_uri.as_deref())
}
