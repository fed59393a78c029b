//! The console: what `potok_console` shows, over the methods of the API called in this process by the token of its session.

mod calls;
mod files;
mod office;
mod session;

use std::sync::Arc;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use http::request::Parts;
use http::{Method, StatusCode};
use potok_console::{CONSOLE, Fields, Reply, Sent};
use potok_pages::Language;
use potok_room::Holder;

use crate::answer::Answer;
use crate::body::{self, Announced};
use crate::came::Came;
use crate::peer::Peer;
use crate::signin::{Visit, redirect};
use crate::trace::Notes;
use crate::{ApiError, Edge};

/// Forms may bring a file with its signature.
const FORM_BYTES: u64 = 32 * 1024 * 1024;
/// What marks the forms of the console.
const PURPOSE: &str = "console";
/// Nothing but our own stylesheet, script and frames; nobody may frame us.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; \
                      frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Whether the request is of the console.
pub(crate) fn is_page(parts: &Parts) -> bool {
    let rest = parts.uri.path().strip_prefix(CONSOLE);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Answers a request of the console.
pub(crate) async fn answer(
    edge: &Arc<Edge>,
    parts: Parts,
    request_body: &mut Came,
    announced: &Announced,
    notes: &Arc<Notes>,
) -> Answer {
    let _set_once = (notes.label.set("console"), notes.body_limit_bytes.set(FORM_BYTES));
    visited(edge, parts, request_body, announced, notes).await.unwrap_or_else(Answer::from)
}

async fn visited(
    edge: &Arc<Edge>,
    parts: Parts,
    request_body: &mut Came,
    announced: &Announced,
    notes: &Arc<Notes>,
) -> Result<Answer, ApiError> {
    let is_read = parts.method == Method::GET || parts.method == Method::HEAD;
    match (parts.uri.path(), is_read) {
        (potok_console::STYLESHEET_PATH, true) => {
            return Ok(kept("text/css; charset=utf-8", potok_console::STYLESHEET));
        }
        (potok_console::SCRIPT_PATH, true) => {
            return Ok(kept("text/javascript; charset=utf-8", potok_console::SCRIPT));
        }
        _ => {}
    }
    if !is_read && parts.method != Method::POST {
        let text = format!("Method {} is not allowed here: use one of GET, POST", parts.method);
        let refused = ApiError::new(crate::ErrorCode::MethodNotAllowed, text);
        return Err(ApiError { allow: Some("GET, POST".to_owned()), ..refused });
    }
    let visit = Visit::new(Arc::clone(edge), parts.clone(), b"");
    match (parts.uri.path(), is_read) {
        ("/console/in", true) => {
            counted(edge, &parts)?;
            return session::sign_in(&visit).await;
        }
        ("/console/language", true) => return Ok(language(&visit)),
        _ => {}
    }
    let Some(token) = session::token(&visit) else {
        counted(edge, &parts)?;
        return Ok(session::begin_at(&visit, is_read));
    };
    let sent = match is_read {
        true => None,
        false => {
            let holder = Holder::new(parts.extensions.get::<Peer>().map(|peer| peer.0.ip()));
            let body = body::read(announced, request_body, FORM_BYTES, edge.app.room(), holder).await?;
            match sent(&visit, &parts, &body, &token) {
                Some(sent) => Some(sent),
                None => return Ok(old_form(&visit)),
            }
        }
    };
    if parts.uri.path() == "/console/out" && sent.is_some() {
        return session::sign_out(&visit, &token).await;
    }
    let server = calls::Calls::new(edge, &token, &parts);
    let asked = potok_console::Visit {
        path: parts.uri.path().to_owned(),
        query: Fields::parse(parts.uri.query().unwrap_or_default()),
        sent,
        language: visit.language(),
        mark: visit.mark(Some(&token), PURPOSE),
    };
    let reply = potok_console::answer(&server, &asked).await;
    if server.is_over() {
        return Ok(session::begin_at(&visit, is_read));
    }
    shown(edge, &visit, parts, &token, reply, notes).await
}

/// Whoever is not signed in comes from one address.
fn counted(edge: &Edge, parts: &Parts) -> Result<(), ApiError> {
    match (&edge.limits, parts.extensions.get::<Peer>()) {
        (Some(limits), Some(peer)) => limits.count_address(peer.0),
        _ => Ok(()),
    }
}

fn kept(kind: &'static str, text: &'static str) -> Answer {
    Answer::ok(Some(kind), text).with(CACHE_CONTROL, HeaderValue::from_static("max-age=3600"))
}

/// The form, if a page of ours made it for this session.
fn sent(visit: &Visit, parts: &Parts, body: &Bytes, token: &str) -> Option<Sent> {
    let kind = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let sent = Sent::parse(kind, body).ok()?;
    visit.is_own_mark(sent.fields.get("mark"), Some(token), PURPOSE).then_some(sent)
}

fn old_form(visit: &Visit) -> Answer {
    let texts = visit.language().texts();
    visit.notice(texts.old_page, texts.old_page_text, None).with_status(StatusCode::BAD_REQUEST)
}

/// Another language, for as long as the browser keeps it.
fn language(visit: &Visit) -> Answer {
    let query = visit.query.clone().unwrap_or_default();
    let back = query.get("return").filter(|path| potok_console::is_own(path)).unwrap_or(CONSOLE);
    let language = Language::of(query.get("to"), None);
    visit.with_language(redirect(StatusCode::SEE_OTHER, back), language)
}

async fn shown(
    edge: &Arc<Edge>,
    visit: &Visit,
    parts: Parts,
    token: &str,
    reply: Reply,
    notes: &Arc<Notes>,
) -> Result<Answer, ApiError> {
    Ok(match reply {
        Reply::Page { status, html } => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            visit.html(html, POLICY).with_status(status)
        }
        Reply::GoTo(path) => redirect(StatusCode::SEE_OTHER, &path),
        Reply::File { name, bytes, kind, is_shown } => {
            let room = edge.app.room().memory.take(bytes.len() as u64)?;
            Answer { room, ..files::file(&name, bytes, kind, is_shown) }
        }
        Reply::Feed { box_id } => calls::feed(edge, parts, token, box_id, notes).await?,
    })
}
