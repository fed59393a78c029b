//! `GET /potok/v1/boxes/{boxId}/events`: the feed as server-sent events (WHATWG HTML, 9.2).
//!
//! Each event is one `BoxEvent` in JSON as `GetNewEvents` shows it, and its id is the `IndexKey`, so that a client that comes
//! again with `Last-Event-ID` misses nothing. Clients that cannot send that header give `afterIndexKey`. Every other parameter is
//! one of `GetNewEvents`.

use std::sync::Arc;

use http::Method;
use http::header::{CACHE_CONTROL, HeaderName, HeaderValue};
use http::request::Parts;
use potok_api::methods::GetNewEventsV8;
use potok_api::{Endpoint as _, QueryMap};
use potok_types::{BoxId, IndexKey, box_at};

use super::of_its_own;
use super::stream::{Live, Subscription};
use crate::answer::Answer;
use crate::dispatch::counted_caller;
use crate::trace::Notes;
use crate::{ApiError, Edge, ErrorCode};

const BEFORE: &str = "/potok/v1/boxes/";
const AFTER: &str = "/events";
pub(super) const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// Parameters of the method that have no meaning here.
const NOT_HERE: [&str; 3] = ["boxId", "orderBy", "limit"];

/// The box of a stream of events, as it stands in the path.
pub(crate) fn box_of(parts: &Parts) -> Option<&str> {
    let box_id = parts.uri.path().strip_prefix(BEFORE)?.strip_suffix(AFTER)?;
    (!box_id.is_empty() && !box_id.contains('/')).then_some(box_id)
}

/// Begins a stream.
pub(crate) async fn answer(edge: &Arc<Edge>, parts: Parts, notes: &Arc<Notes>) -> Result<Answer, ApiError> {
    let _set_once = notes.label.set("events");
    if parts.method != Method::GET {
        let text = format!("Method {} is not allowed here: use one of GET", parts.method);
        return Err(ApiError {
            allow: Some("GET".to_owned()),
            ..ApiError::new(ErrorCode::MethodNotAllowed, text)
        });
    }
    let spec = GetNewEventsV8::SPEC;
    let own = of_its_own(&parts)?;
    drop(parts);
    let subscription = asked(own)?;
    let caller = counted_caller(edge, spec, &subscription.parts, Some(subscription.box_id), notes).await?;
    let live = Live::begin(edge, subscription, caller, notes).await?;
    Ok(Answer { live: Some(Box::new(live)), ..Answer::ok(Some("text/event-stream"), "") }
        .with(CACHE_CONTROL, HeaderValue::from_static("no-store")))
}

/// What the request names.
fn asked(parts: Parts) -> Result<Subscription, ApiError> {
    let box_id: BoxId = box_at("boxId", box_of(&parts).unwrap_or_default())?;
    let query = parts.uri.query().unwrap_or_default();
    if let Some(name) = NOT_HERE.into_iter().find(|name| QueryMap::parse(query).has(name)) {
        let text = format!("query parameter {name} means nothing for a stream of events: leave it out");
        return Err(ApiError::new(ErrorCode::BadRequest, text));
    }
    let is_position = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default();
        ["afterIndexKey", "afterEventId"].iter().any(|position| name.eq_ignore_ascii_case(position))
    };
    let (position, filters): (Vec<&str>, Vec<&str>) =
        query.split('&').filter(|pair| !pair.is_empty()).partition(is_position);
    let filters = filters.join("&");
    let after = last_seen(&parts)?.unwrap_or_else(|| position.join("&"));
    Ok(Subscription { parts, box_id, filters, after })
}

/// The position of a client that comes again, which has seen more than it asked for at first.
fn last_seen(parts: &Parts) -> Result<Option<String>, ApiError> {
    let Some(value) = parts.headers.get(LAST_EVENT_ID).filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let key = value.to_str().ok().and_then(|text| text.parse::<IndexKey>().ok()).ok_or_else(|| {
        let text =
            format!("header Last-Event-ID has the wrong value {value:?}: send the id of an event as it came");
        ApiError::new(ErrorCode::BadRequest, text)
    })?;
    Ok(Some(format!("afterIndexKey={key}")))
}
