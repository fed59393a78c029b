//! `/connect/authorize`: a program sends a browser here, and gets an answer through it.

use http::StatusCode;
use potok_app::{
    Asked, AuthorizationRequest, AuthorizeError, Reply, ResponseMode, SignedIn, Step, display_name,
};
use potok_pages::{Consent, FormPost};

use super::sign_in::sign_in_page;
use super::visit::{Visit, redirect};
use crate::ApiError;
use crate::answer::Answer;
use crate::form::Form;

fn request(form: &Form) -> AuthorizationRequest {
    AuthorizationRequest {
        client_id: form.text("client_id"),
        redirect_uri: form.text("redirect_uri"),
        response_type: form.text("response_type"),
        response_mode: form.text("response_mode"),
        scope: form.text("scope"),
        state: form.text("state"),
        nonce: form.text("nonce"),
        code_challenge: form.text("code_challenge"),
        code_challenge_method: form.text("code_challenge_method"),
        prompt: form.text("prompt"),
        max_age: form.text("max_age"),
        is_packed: form.get("request").is_some() || form.get("request_uri").is_some(),
    }
}

/// The page that comes next, or the answer.
pub(crate) async fn authorize(visit: Visit) -> Result<Answer, ApiError> {
    let Ok(query) = &visit.query else { return Ok(repeated(&visit)) };
    let asked = match visit.login().asked(&request(query)).await {
        Ok(asked) => asked,
        Err(error) => return refused(&visit, error, StatusCode::FOUND),
    };
    let who = visit.signed_in().await?;
    match visit.login().next_step(&asked, who.as_ref()).await {
        Ok(Step::Answer(reply)) => Ok(sent_back(&visit, &reply, StatusCode::FOUND)),
        Ok(Step::SignIn) => {
            let hint = query.get("login_hint").unwrap_or_default();
            let program = Some((asked.client.name.as_str(), asked.redirect_uri.as_str()));
            Ok(sign_in_page(&visit, visit.here(), hint, None, program))
        }
        Ok(Step::Ask) => Ok(consent(&visit, &asked, who.as_ref())),
        Err(error) => refused(&visit, error, StatusCode::FOUND),
    }
}

/// The form names what is allowed by its mark: the request itself, for the session that was shown the page.
fn purpose(visit: &Visit) -> String {
    format!("consent {}", visit.raw_query())
}

fn consent(visit: &Visit, asked: &Asked, who: Option<&SignedIn>) -> Answer {
    let mark = visit.mark(visit.session().as_deref(), &purpose(visit));
    let user = who.map(|who| display_name(&who.user)).unwrap_or_default();
    let page = Consent {
        frame: visit.frame(&mark),
        program: &asked.client.name,
        leads_to: &asked.redirect_uri,
        user: &user,
        scopes: asked.scope.iter().collect(),
        action: visit.here(),
    };
    visit.page(&page, Some(&asked.redirect_uri))
}

/// What somebody decided, or a request that came as a form: that one is asked again as an address.
pub(super) async fn sent(visit: Visit) -> Result<Answer, ApiError> {
    let (Ok(form), Ok(query)) = (&visit.form, &visit.query) else { return Ok(repeated(&visit)) };
    let Some(decision) = form.get("decision") else {
        return Ok(redirect(StatusCode::SEE_OTHER, &format!("/connect/authorize?{}", visit.body)));
    };
    let who = visit.signed_in().await?;
    let is_marked = visit.is_marked(visit.session().as_deref(), &purpose(&visit));
    let Some(who) = who.filter(|_| is_marked) else {
        // Whoever was signed in is not any more, or the form was made elsewhere: once more from the beginning.
        return Ok(redirect(StatusCode::SEE_OTHER, visit.here()));
    };
    let asked = match visit.login().asked(&request(query)).await {
        Ok(asked) => asked,
        Err(error) => return refused(&visit, error, StatusCode::SEE_OTHER),
    };
    if decision != "allow" {
        return refused(&visit, visit.login().deny(&asked), StatusCode::SEE_OTHER);
    }
    match visit.login().allow(&asked, &who).await {
        Ok(reply) => Ok(sent_back(&visit, &reply, StatusCode::SEE_OTHER)),
        Err(error) => refused(&visit, error, StatusCode::SEE_OTHER),
    }
}

fn repeated(visit: &Visit) -> Answer {
    let repeated = visit.query.as_ref().err().or(visit.form.as_ref().err());
    visit.bad_request(&repeated.map(ToString::to_string).unwrap_or_default())
}

fn refused(visit: &Visit, error: AuthorizeError, status: StatusCode) -> Result<Answer, ApiError> {
    match error {
        AuthorizeError::Unanswerable(text) => Ok(visit.bad_request(&text)),
        AuthorizeError::Refused(reply) => Ok(sent_back(visit, &reply, status)),
        AuthorizeError::Core(error) => Err(error.into()),
    }
}

fn sent_back(visit: &Visit, reply: &Reply, status: StatusCode) -> Answer {
    let fields: Vec<(&str, &str)> =
        reply.parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let in_fragment = match reply.mode {
        ResponseMode::Query => false,
        ResponseMode::Fragment => true,
        ResponseMode::FormPost => {
            let page = FormPost { language: visit.language(), action: &reply.redirect_uri, fields };
            return visit.page(&page, Some(&reply.redirect_uri));
        }
    };
    redirect(status, &potok_oidc::with_parameters(&reply.redirect_uri, &fields, in_fragment))
}
