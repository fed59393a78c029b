//! A browser that asks for a page.

use std::net::IpAddr;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{
    ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY, COOKIE, HeaderName, HeaderValue, LOCATION,
    REFERRER_POLICY, SET_COOKIE, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use potok_app::{Login, SignedIn, form_mark};
use potok_pages::{Frame, Language, Notice, Page};

use crate::answer::Answer;
use crate::call::Incoming;
use crate::form::{Form, Repeated};
use crate::peer::Peer;
use crate::{ApiError, Edge};

const HTML: &str = "text/html; charset=utf-8";
/// Holds the session.
const SESSION: &str = "potok_session";
/// Holds what marks the forms of the browser.
const FORM: &str = "potok_form";
/// Holds what a sign-in at another provider goes back to.
const PROVIDER: &str = "potok_provider";
/// Holds the language that somebody chose.
const LANGUAGE: &str = "potok_language";
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// A browser that asks for a page, with what it sent.
pub(crate) struct Visit {
    edge: Arc<Edge>,
    parts: Parts,
    /// What stands behind the question mark.
    pub(crate) query: Result<Form, Repeated>,
    /// What was sent.
    pub(crate) form: Result<Form, Repeated>,
    /// The form as it was sent.
    pub(crate) body: String,
    secret: String,
    /// The secret was made now, so the browser has to be told.
    is_new: bool,
}

impl From<Incoming> for Visit {
    fn from(incoming: Incoming) -> Self {
        Self::new(incoming.edge, incoming.parts, &incoming.body)
    }
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let pairs = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = pairs.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(found, _)| *found == name).map(|(_, value)| value.to_owned()).filter(|it| !it.is_empty())
}

impl Visit {
    pub(crate) fn new(edge: Arc<Edge>, parts: Parts, body: &[u8]) -> Self {
        let body = String::from_utf8_lossy(body).into_owned();
        let kept = cookie(&parts.headers, &name(&edge, FORM));
        let is_new = kept.is_none();
        let secret = kept.unwrap_or_else(|| secret(&edge));
        let query = Form::parse(parts.uri.query().unwrap_or_default());
        Self { query, form: Form::parse(&body), body, secret, is_new, edge, parts }
    }

    pub(crate) fn login(&self) -> &Login {
        self.edge.app.login()
    }

    pub(crate) fn address(&self) -> Option<IpAddr> {
        self.parts.extensions.get::<Peer>().map(|peer| peer.0.ip())
    }

    /// What stands behind the question mark, as it came.
    pub(crate) fn raw_query(&self) -> &str {
        self.parts.uri.query().unwrap_or_default()
    }

    /// Path and query, to come back to.
    pub(crate) fn here(&self) -> &str {
        self.parts.uri.path_and_query().map_or("/signin", http::uri::PathAndQuery::as_str)
    }

    pub(crate) fn language(&self) -> Language {
        let locales = self.query.as_ref().ok().and_then(|query| query.text("ui_locales"));
        let chosen = locales.or_else(|| self.cookie(LANGUAGE));
        let accept = self.parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Language::of(chosen.as_deref(), accept)
    }

    /// The answer, with the language for the browser to keep.
    pub(crate) fn with_language(&self, answer: Answer, language: Language) -> Answer {
        self.with_cookie(answer, LANGUAGE, language.tag())
    }

    /// What the browser keeps under a name.
    pub(crate) fn cookie(&self, what: &str) -> Option<String> {
        cookie(&self.parts.headers, &name(&self.edge, what))
    }

    pub(crate) fn session(&self) -> Option<String> {
        cookie(&self.parts.headers, &name(&self.edge, SESSION))
    }

    /// Who is signed in here.
    pub(crate) async fn signed_in(&self) -> Result<Option<SignedIn>, ApiError> {
        match self.session() {
            Some(session) => Ok(self.login().signed_in(&session).await?),
            None => Ok(None),
        }
    }

    /// What marks a form for `purpose`.
    pub(crate) fn mark(&self, session: Option<&str>, purpose: &str) -> String {
        form_mark(&self.secret, session, purpose)
    }

    /// Whether the form that was sent has that mark, and comes from a page of this server.
    pub(crate) fn is_marked(&self, session: Option<&str>, purpose: &str) -> bool {
        let given = self.form.as_ref().ok().and_then(|form| form.get("mark"));
        self.is_own_mark(given, session, purpose)
    }

    /// The same for a form that was read elsewhere.
    pub(crate) fn is_own_mark(&self, given: Option<&str>, session: Option<&str>, purpose: &str) -> bool {
        let site = self.parts.headers.get(FETCH_SITE);
        let is_own = site.is_none_or(|site| site == "same-origin" || site == "none");
        is_own && !self.is_new && given == Some(&self.mark(session, purpose))
    }

    pub(crate) fn frame<'a>(&self, mark: &'a str) -> Frame<'a> {
        Frame { language: self.language(), mark }
    }

    /// 200 with a page whose forms lead to this server and, in the end, to `leads_to`.
    pub(crate) fn page(&self, page: &impl Page, leads_to: Option<&str>) -> Answer {
        // A form may be answered by a redirect, and browsers hold that to the same rule.
        let provider = self.login().provider().map(|provider| provider.issuer());
        let targets: String = [leads_to, provider]
            .into_iter()
            .flatten()
            .filter_map(potok_oidc::source_of)
            .map(|source| format!(" {source}"))
            .collect();
        let policy = format!(
            "default-src 'none'; style-src 'self'; form-action 'self'{targets}; frame-ancestors 'none'; base-uri 'none'"
        );
        self.html(page.html(), &policy)
    }

    /// 200 with a page, under a policy.
    pub(crate) fn html(&self, html: String, policy: &str) -> Answer {
        let mut answer = Answer::ok(Some(HTML), html)
            .with(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"))
            .with(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"))
            // Stronger words would take the origin from our own forms.
            .with(REFERRER_POLICY, HeaderValue::from_static("same-origin"))
            .with(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Ok(policy) = HeaderValue::try_from(policy) {
            answer = answer.with(CONTENT_SECURITY_POLICY, policy);
        }
        match self.is_new {
            true => self.with_cookie(answer, FORM, &self.secret),
            false => answer,
        }
    }

    /// A page that tells something.
    pub(crate) fn notice(&self, title: &str, text: &str, detail: Option<&str>) -> Answer {
        self.page(&Notice { language: self.language(), title, text, detail }, None)
    }

    /// 400 with what is wrong with the request of a program.
    pub(crate) fn bad_request(&self, detail: &str) -> Answer {
        let texts = self.language().texts();
        self.notice(texts.bad_request, texts.bad_request_text, Some(detail))
            .with_status(StatusCode::BAD_REQUEST)
    }

    /// The answer with a session for the browser to keep.
    pub(crate) fn with_session(&self, answer: Answer, session: &str) -> Answer {
        self.with_cookie(answer, SESSION, session)
    }

    /// A secret for the browser to keep.
    pub(crate) fn new_secret(&self) -> String {
        secret(&self.edge)
    }

    /// What the browser keeps of a sign-in at another provider.
    pub(crate) fn provider(&self) -> Option<String> {
        cookie(&self.parts.headers, &name(&self.edge, PROVIDER))
    }

    /// The answer, with that for the browser to keep.
    pub(crate) fn with_provider(&self, answer: Answer, kept: &str) -> Answer {
        self.with_cookie(answer, PROVIDER, kept)
    }

    /// The answer, and the browser forgets it.
    pub(crate) fn without_provider(&self, answer: Answer) -> Answer {
        self.without_cookie(answer, PROVIDER)
    }

    /// The answer, and the browser forgets its session.
    pub(crate) fn without_session(&self, answer: Answer) -> Answer {
        self.without_cookie(answer, SESSION)
    }

    /// The answer, and the browser forgets what it keeps under a name.
    pub(crate) fn without_cookie(&self, answer: Answer, what: &str) -> Answer {
        self.with_cookie(answer, what, "; Max-Age=0")
    }

    /// The answer, with something for the browser to keep under a name.
    pub(crate) fn with_cookie(&self, answer: Answer, what: &str, value: &str) -> Answer {
        let name = name(&self.edge, what);
        let secure = if is_secure(&self.edge) { "; Secure" } else { "" };
        let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}");
        match HeaderValue::try_from(text) {
            Ok(value) => answer.with(SET_COOKIE, value),
            Err(_) => answer,
        }
    }
}

fn secret(edge: &Edge) -> String {
    let mut bytes = [0; 24];
    edge.entropy.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

fn is_secure(edge: &Edge) -> bool {
    edge.app.login().issuer().starts_with("https:")
}

/// The name of a cookie. With the prefix browsers take it from nobody but this very host.
fn name(edge: &Edge, what: &str) -> String {
    if is_secure(edge) { format!("__Host-{what}") } else { what.to_owned() }
}

/// Sends the browser elsewhere: 302, or 303 after a form.
pub(crate) fn redirect(status: StatusCode, to: &str) -> Answer {
    let answer = Answer::ok(None, "").with_status(status);
    match HeaderValue::try_from(to) {
        Ok(to) => answer
            .with(LOCATION, to)
            .with(CACHE_CONTROL, HeaderValue::from_static("no-store"))
            .with(REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        Err(_) => {
            ApiError::bad_request("the address to go to holds characters that no address may hold").into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, "a=1; potok_form=x=y; potok_formal=2".parse().unwrap());
        headers.append(COOKIE, "potok_session=s; empty=".parse().unwrap());
        assert_eq!(cookie(&headers, FORM).as_deref(), Some("x=y"));
        assert_eq!(cookie(&headers, SESSION).as_deref(), Some("s"));
        assert_eq!((cookie(&headers, "empty"), cookie(&headers, "form")), (None, None));
    }
}
