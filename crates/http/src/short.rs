//! The short road: whoever is remembered, and asks for what is kept ready, is answered on the spot. Nothing waits on it, except for
//! a short question in a body, so it needs no task, no span and nothing that is shared between steps. What is not found here goes
//! the road of all steps, which judges everything again; a call is counted on one of the two.

use std::time::Instant;

use http::header::{CONTENT_ENCODING, EXPECT, USER_AGENT};
use http::{Method, Request};
use hyper::body::Body as _;
use potok_api::{BodyKind, Caller as Class, Lookup, MethodSpec, Verb};
use potok_app::Caller;
use potok_types::BoxId;

use crate::answer::{Answer, Response};
use crate::came::Came;
use crate::fitted::Fit;
use crate::format::{self, Formats};
use crate::lines::Line;
use crate::preference::PREFER;
use crate::ready::{ASKED_BYTES, Asked};
use crate::trace::TraceId;
use crate::{Edge, authorization, dispatch};

/// Waits a little for what the request asks in its body, if its answer may be at hand then. Nobody waits for a stranger's.
pub(crate) async fn wait_for_question(edge: &Edge, request: &mut Request<Came>) {
    let bytes = request.body().size_hint().exact();
    let is_short = bytes.is_some_and(|bytes| (1..=ASKED_BYTES as u64).contains(&bytes));
    if is_short && known(edge, request).is_some() {
        request.body_mut().first().await;
    }
}

/// A call whose answer is at hand.
struct Met {
    spec: &'static MethodSpec,
    caller: Caller,
    box_id: BoxId,
    bytes_in: Option<u64>,
    answer: Answer,
}

/// Who asks what, as far as headers tell.
struct Known {
    spec: &'static MethodSpec,
    caller: Caller,
    box_id: BoxId,
}

/// The answer, if it is at hand; `None` where all steps have to be taken.
pub(crate) fn on_the_spot(edge: &Edge, request: &Request<Came>, started: Instant) -> Option<Response> {
    let Met { spec, caller, box_id, bytes_in, answer } = meet(edge, request)?;
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
            bytes_in,
            bytes_out,
            solution: header(dispatch::SOLUTION),
            agent: header(USER_AGENT.as_str()),
        });
    }
    Some(response)
}

/// The steps of a call in their order, as far as each can be taken at once and is taken without a refusal.
fn meet(edge: &Edge, request: &Request<Came>) -> Option<Met> {
    let Known { spec, caller, box_id } = known(edge, request)?;
    let (headers, uri) = (request.headers(), request.uri());
    let question = request.body().whole()?;
    let user = caller.user().ok()?;
    let asked = Asked::of(spec, Formats::of(headers), Some(&caller), Some(box_id), uri, &question)?;
    let ready = edge.ready.find(&edge.app, &asked)?;
    let answer = dispatch::with_room(ready, spec, &edge.app.room().memory).ok()?;
    let answer = Fit::of(edge, request.method(), request.version(), headers).at_once(answer)?;
    if let Some(limits) = &edge.limits {
        limits.count_user(user.id).ok()?;
    }
    let answer = dispatch::with_sunset(answer, edge, spec);
    let bytes_in = (!question.is_empty()).then_some(question.len() as u64);
    Some(Met { spec, caller, box_id, bytes_in, answer })
}

/// The same steps up to the body.
fn known(edge: &Edge, request: &Request<Came>) -> Option<Known> {
    let (headers, uri) = (request.headers(), request.uri());
    if edge.requests.is_on() || edge.spans.is_some() {
        // Who looks at requests wants to see all of them, and what they are part of.
        return None;
    }
    let verb = match *request.method() {
        Method::GET => Verb::Get,
        Method::POST => Verb::Post,
        _ => return None,
    };
    if [PREFER, CONTENT_ENCODING, EXPECT].iter().any(|name| headers.contains_key(name)) {
        return None;
    }
    let Lookup::Found(route) = potok_api::find(uri.path()) else { return None };
    let spec = route.method(verb.as_str()).filter(|spec| may_be_met(edge, spec))?;
    format::check_content_type(spec.request, headers).ok()?;
    let box_id = dispatch::named_box(spec, uri)?;
    let caller = edge.app.callers().remembered(&authorization::presented(headers).ok()?, box_id)?;
    caller.user().ok()?;
    caller.must_open_api().ok()?;
    Some(Known { spec, caller, box_id })
}

/// Methods that everybody who is let into the box may call, as long as they are served at all.
fn may_be_met(edge: &Edge, spec: &MethodSpec) -> bool {
    !spec.is_gone()
        && (spec.request == BodyKind::Empty || edge.ready.answers(spec))
        && matches!(spec.access.caller, Class::User | Class::Employee)
        && edge.retirement.gone_since(spec, edge.clock.now()).is_none()
}
