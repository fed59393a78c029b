//! The short road: whoever is remembered, and asks for what is kept ready, is answered on the spot. Nothing waits on it, so it
//! needs no task, no span and nothing that is shared between steps. What is not found here goes the road of all steps, which
//! judges everything again; a call is counted on one of the two.

use std::time::Instant;

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, USER_AGENT};
use http::{Method, Request};
use hyper::body::{Body as _, Incoming as Body};
use potok_api::{BodyKind, Caller as Class, Lookup, MethodSpec, Verb};
use potok_app::Caller;
use potok_types::BoxId;

use crate::answer::{Answer, Response};
use crate::fitted::Fit;
use crate::format::Formats;
use crate::lines::Line;
use crate::preference::PREFER;
use crate::ready::Asked;
use crate::trace::TraceId;
use crate::{Edge, authorization, dispatch};

/// A call whose answer is at hand.
struct Met {
    spec: &'static MethodSpec,
    caller: Caller,
    box_id: BoxId,
    answer: Answer,
}

/// The answer, if it is at hand; `None` where all steps have to be taken.
pub(crate) fn on_the_spot(edge: &Edge, request: &Request<Body>) -> Option<Response> {
    let started = Instant::now();
    let Met { spec, caller, box_id, answer } = meet(edge, request)?;
    let (status, bytes_out) = (answer.status.as_u16(), answer.sent());
    let trace = TraceId::new(&*edge.entropy);
    let mut response = answer.into_response(false);
    if let Some(value) = trace.header() {
        response.headers_mut().insert(dispatch::TRACE_ID, value);
    }
    let time = started.elapsed();
    edge.app.room().passing.met();
    edge.counted.ready.count();
    edge.counted.note(Some(spec.label), status, time);
    if edge.lines.wants(status) {
        let header = |name: &str| dispatch::header(request.headers(), name);
        edge.lines.write(Line {
            method: Some(spec.label),
            status,
            duration_us: u64::try_from(time.as_micros()).unwrap_or(u64::MAX),
            trace_id: trace,
            client_id: Some(caller.client.id.clone()),
            box_id: Some(box_id),
            bytes_in: None,
            bytes_out,
            solution: header(dispatch::SOLUTION),
            agent: header(USER_AGENT.as_str()),
        });
    }
    Some(response)
}

/// The steps of a call in their order, as far as each can be taken at once and is taken without a refusal.
fn meet(edge: &Edge, request: &Request<Body>) -> Option<Met> {
    let (headers, uri) = (request.headers(), request.uri());
    if edge.requests.is_on() || edge.spans.is_some() {
        // Who looks at requests wants to see all of them, and what they are part of.
        return None;
    }
    let is_plain = request.method() == Method::GET
        && request.body().is_end_stream()
        && !headers.contains_key(PREFER)
        && !headers.contains_key(CONTENT_ENCODING);
    if !is_plain {
        return None;
    }
    let Lookup::Found(route) = potok_api::find(uri.path()) else { return None };
    let spec = route.method(Verb::Get.as_str()).filter(|spec| may_be_met(edge, spec))?;
    let box_id = dispatch::named_box(spec, uri)?;
    let caller = edge.app.callers().remembered(&authorization::presented(headers).ok()?, box_id)?;
    let user = caller.user().ok()?;
    caller.must_open_api().ok()?;
    let asked = Asked::of(spec, Formats::of(headers), Some(&caller), Some(box_id), uri, &Bytes::new())?;
    let ready = edge.ready.find(&edge.app, &asked)?;
    let answer = dispatch::with_room(ready, spec, &edge.app.room().memory).ok()?;
    let answer = Fit::of(edge, request.method(), request.version(), headers).at_once(answer)?;
    if let Some(limits) = &edge.limits {
        limits.count_user(user.id).ok()?;
    }
    let answer = dispatch::with_sunset(answer, edge, spec);
    Some(Met { spec, caller, box_id, answer })
}

/// Methods that everybody who is let into the box may call, as long as they are served at all.
fn may_be_met(edge: &Edge, spec: &MethodSpec) -> bool {
    !spec.is_gone()
        && spec.request == BodyKind::Empty
        && matches!(spec.access.caller, Class::User | Class::Employee)
        && edge.retirement.gone_since(spec, edge.clock.now()).is_none()
}
