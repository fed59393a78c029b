//! What this server answers beside the API: `/potok/v1/…`. The stream of a feed stands in [`crate::live`].

mod evidence;
mod validate;
pub(crate) mod webhooks;

use std::sync::Arc;

use http::header::ACCEPT_LANGUAGE;
use http::request::Parts;
use http::{HeaderMap, Method};
use potok_api::{Endpoint, MethodSpec};
use potok_app::{Held, Language, Permit, Place as Seat, Subject};

use potok_types::BoxId;

use crate::answer::Answer;
use crate::body::Announced;
use crate::came::Came;
use crate::dispatch::counted_caller;
use crate::trace::Notes;
use crate::{ApiError, Edge, ErrorCode};

/// What a path means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// What a file has against its format.
    Validate,
    /// What proves an exchange.
    Evidence,
    /// Where events are sent.
    Webhooks,
}

/// What the path of a request means here, if it means anything.
pub(crate) fn place(parts: &Parts) -> Option<Place> {
    match parts.uri.path() {
        "/potok/v1/validate" => Some(Place::Validate),
        path if webhooks::is_named(path) => Some(Place::Webhooks),
        path => evidence::named(path).map(|_| Place::Evidence),
    }
}

/// Answers the request.
pub(crate) async fn answer(
    edge: &Arc<Edge>,
    place: Place,
    parts: Parts,
    body: &mut Came,
    announced: &Announced,
    notes: &Arc<Notes>,
) -> Result<Answer, ApiError> {
    match place {
        Place::Validate => {
            let _set_once = notes.label.set("validate");
            only(&parts, &[Method::POST])?;
            validate::answer(edge, &parts, body, announced, notes).await
        }
        Place::Evidence => {
            let _set_once = notes.label.set("evidence");
            only(&parts, &[Method::GET])?;
            evidence::answer(edge, &parts, notes).await
        }
        Place::Webhooks => {
            let _set_once = notes.label.set("webhooks");
            webhooks::answer(edge, &parts, body, announced, notes).await
        }
    }
}

fn only(parts: &Parts, verbs: &[Method]) -> Result<(), ApiError> {
    if verbs.contains(&parts.method) {
        return Ok(());
    }
    let verbs = verbs.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
    let text = format!("Method {} is not allowed here: use one of {verbs}", parts.method);
    Err(ApiError { allow: Some(verbs), ..ApiError::new(ErrorCode::MethodNotAllowed, text) })
}

/// The caller, who has to be let into the box as callers of `E` are.
async fn permit<E: Endpoint<Access: Held>>(
    edge: &Edge,
    parts: &Parts,
    box_id: BoxId,
    notes: &Notes,
) -> Result<Permit<E::Access>, ApiError> {
    let spec: &'static MethodSpec = E::SPEC;
    let _first_one_stays = notes.box_id.set(box_id);
    let caller = counted_caller(edge, spec, parts, Some(box_id), notes).await?;
    let subject = Subject { place: Some(Seat::Box(box_id)), person: None };
    Ok(edge.app.callers().permit(caller.as_ref(), subject).await?)
}

/// The language that the caller wants most; Russian for who asks for neither.
fn language(headers: &HeaderMap) -> Language {
    let accept = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    match potok_pages::Language::of(None, accept) {
        potok_pages::Language::Russian => Language::Russian,
        potok_pages::Language::English => Language::English,
    }
}

/// JSON that only programs read.
fn json(value: &impl serde::Serialize) -> Result<Answer, ApiError> {
    let body = serde_json::to_vec(value).map_err(|error| {
        tracing::error!(%error, "an answer cannot be written");
        ApiError::internal()
    })?;
    Ok(Answer::ok(Some("application/json; charset=utf-8"), body))
}
