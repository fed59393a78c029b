//! The steps of a request: route, who calls, how often, content type, size, then its method. Each step has its own
//! refusal, and their order is part of the API.

use std::any::Any;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Instant;

use bytes::Bytes;
use http::header::{LINK, USER_AGENT, WWW_AUTHENTICATE};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri};
use potok_api::methods::ConnectUserinfo;
use potok_api::{BoxIn, Caller as Class, Endpoint as _, Lookup, MethodSpec, QueryMap, Verb};
use potok_app::{AccessError, Caller, Exchange, Presented};
use potok_room::{Holder, Memory, Taken};
use potok_types::BoxId;
use tracing::Instrument as _;

use crate::answer::{Answer, Response};
use crate::body::{Announced, Flow};
use crate::call::Incoming;
use crate::came::Came;
use crate::fitted::Fit;
use crate::format::{self, Formats};
use crate::lines::Line;
use crate::live::{self, Waits};
use crate::peer::Peer;
use crate::ready::Asked;
use crate::requests::{LookedAt, Sized, Told};
use crate::spans::Traced;
use crate::trace::{Notes, TraceId};
use crate::{
    ApiError, Edge, ErrorCode, authorization, body, console, described, own, pages, preference, requests,
    signin,
};

pub(crate) const TRACE_ID: HeaderName = HeaderName::from_static("x-kontur-trace-id");
const SUNSET: HeaderName = HeaderName::from_static("sunset");
/// Characters of a header in the log.
const LOGGED_CHARS: usize = 100;
/// Free text by which integrators mark their product.
pub(crate) const SOLUTION: &str = "x-solution-info";

/// Answers one request, whatever happens, and gives its line to the log.
pub(crate) async fn answer(edge: Arc<Edge>, peer: SocketAddr, request: Request<Came>) -> Response {
    let started = Instant::now();
    let notes = Arc::new(Notes::default());
    let (mut parts, mut request_body) = request.into_parts();
    let traced = edge.spans.is_some().then(|| Traced::of(&edge, &parts));
    let context = traced.as_ref().and_then(|traced| traced.context);
    let trace = context.map_or_else(|| TraceId::new(&*edge.entropy), |it| TraceId::of_caller(it.trace_id));
    parts.extensions.insert(Peer::new(peer, &parts.headers, &edge.trusted_proxies));
    let announced = Announced::of(&parts);
    let is_head = parts.method == Method::HEAD;
    let challenge = authorization::challenge(&parts.headers);
    let [solution, agent] = [SOLUTION, USER_AGENT.as_str()].map(|name| header(&parts.headers, name));

    let looked_at = edge.requests.is_on().then(|| LookedAt::of(&edge, &parts));
    let span = tracing::info_span!("request", trace_id = %trace);
    let mut answer = {
        // Pinned here, it has its room once: what is handed over by value has it on both sides.
        let steps = pin!(steps(&edge, parts, &mut request_body, &announced, &notes));
        caught(steps).instrument(span).await
    };
    if answer.status != StatusCode::OK {
        let limit_bytes = notes.body_limit_bytes.get().copied();
        body::discard(&announced, request_body, limit_bytes, edge.app.room().intake.clone());
    }
    let challenge = challenge.filter(|_| answer.status == StatusCode::UNAUTHORIZED);
    answer.headers.extend(challenge.map(|it| (WWW_AUTHENTICATE, HeaderValue::from_static(it))));
    let (status, bytes_out) = (answer.status.as_u16(), answer.sent());
    let answered = looked_at.is_some().then(|| (answer.body.clone(), answer.length()));
    let mut response = answer.into_response(is_head);
    if let Some(value) = trace.header() {
        response.headers_mut().insert(TRACE_ID, value);
    }
    let time = started.elapsed();
    edge.counted.note(notes.label.get().copied(), status, time);
    if let (Some(looked_at), Some(answered)) = (looked_at, answered) {
        let code = requests::header_text(response.headers(), "x-diadoc-errorcode");
        let told = Told { trace, status, time, code, body: Sized(&answered.0, answered.1) };
        looked_at.keep(&edge, &notes, announced.length, told);
    }
    // A sign of life that was there needs no line: somebody asks for one every few seconds.
    let is_sign_of_life = status == 200 && notes.label.get().is_none();
    if let (Some(traced), false) = (traced, is_sign_of_life) {
        traced.end(&edge, &notes, trace, (status, time));
    }
    if !is_sign_of_life && edge.lines.wants(status) {
        edge.lines.write(Line {
            method: notes.label.get().copied(),
            status,
            duration_us: u64::try_from(time.as_micros()).unwrap_or(u64::MAX),
            trace_id: trace,
            client_id: notes.client_id.get().cloned(),
            box_id: notes.box_id.get().copied(),
            bytes_in: announced.length,
            bytes_out,
            solution,
            agent,
        });
    }
    response
}

/// What is large is kept apart: the room for all of it would be held by everybody who waits for an event as well.
async fn steps(
    edge: &Arc<Edge>,
    parts: Parts,
    request_body: &mut Came,
    announced: &Announced,
    notes: &Arc<Notes>,
) -> Answer {
    if let Some(answer) = pages::find(edge, &parts).await {
        return answer;
    }
    if let Some(place) = described::place(&parts) {
        return described::answer(edge, &place, &parts, notes).unwrap_or_else(Answer::from);
    }
    if signin::is_page(&parts) {
        return Box::pin(signin::answer(edge, parts, request_body, announced, notes)).await;
    }
    if console::is_page(&parts) {
        return Box::pin(console::answer(edge, parts, request_body, announced, notes)).await;
    }
    if live::box_of(&parts).is_some() {
        return Box::pin(live::answer(edge, parts, notes)).await.unwrap_or_else(Answer::from);
    }
    if let Some(place) = own::place(&parts) {
        let answer = Box::pin(own::answer(edge, place, parts, request_body, announced, notes)).await;
        return answer.unwrap_or_else(Answer::from);
    }
    let parts = as_get(parts);
    let spec = match route(edge, &parts) {
        Ok(Routed::Method(spec)) => spec,
        Ok(Routed::Options(allow)) => return Answer::no_content().with(http::header::ALLOW, allow),
        Err(refused) => return refused.into(),
    };
    let _set_once = (notes.label.set(spec.label), notes.body_limit_bytes.set(spec.body_limit_bytes));
    let fit = Fit::of(edge, &parts.method, parts.version, &parts.headers);
    let answer = method(edge, spec, parts, request_body, announced, notes).await.unwrap_or_else(Answer::from);
    fit.apply(with_sunset(declared(answer, spec), edge, spec)).await
}

/// The one method that has to answer a form as well (OpenID Connect Core, 5.3.1); the form says nothing that the header does not.
fn as_get(mut parts: Parts) -> Parts {
    if parts.method == Method::POST && parts.uri.path().eq_ignore_ascii_case(ConnectUserinfo::SPEC.path) {
        parts.method = Method::GET;
    }
    parts
}

/// What a path and a verb mean.
enum Routed {
    /// A method.
    Method(&'static MethodSpec),
    /// A question for the verbs of a path.
    Options(HeaderValue),
}

fn route(edge: &Edge, parts: &Parts) -> Result<Routed, ApiError> {
    let route = match potok_api::find(parts.uri.path()) {
        Lookup::Unknown => return Err(ApiError::new(ErrorCode::UnknownMethod, "Unknown method")),
        Lookup::Gone(spec) => return Err(gone(spec, "was removed from the API")),
        Lookup::Found(route) => route,
    };
    let Some(spec) = route.method(parts.method.as_str()) else {
        let allow = route.allow();
        if parts.method == Method::OPTIONS {
            return Ok(Routed::Options(HeaderValue::try_from(allow).unwrap_or(HeaderValue::from_static(""))));
        }
        let text = format!("Method {} is not allowed here: use one of {allow}", parts.method);
        return Err(ApiError { allow: Some(allow), ..ApiError::new(ErrorCode::MethodNotAllowed, text) });
    };
    if spec.is_gone() {
        return Err(gone(spec, "was removed from the API"));
    }
    if let Some(last_day) = edge.retirement.gone_since(spec, edge.clock.now()) {
        return Err(gone(spec, &format!("was switched off after {last_day}")));
    }
    Ok(Routed::Method(spec))
}

fn gone(spec: &MethodSpec, how: &str) -> ApiError {
    let instead = match potok_api::successor(spec) {
        Some(next) => format!("use {next} ({} {}) instead", next.verb, next.path),
        None => "nothing takes its place".to_owned(),
    };
    ApiError::new(ErrorCode::Gone, format!("{spec} {how}: {instead}"))
}

async fn method(
    edge: &Arc<Edge>,
    spec: &'static MethodSpec,
    parts: Parts,
    request_body: &mut Came,
    announced: &Announced,
    notes: &Arc<Notes>,
) -> Result<Answer, ApiError> {
    if edge.handlers.find(spec).is_none() {
        let text = format!("{spec} ({} {}) is not implemented by this server yet", spec.verb, spec.path);
        return Err(ApiError::new(ErrorCode::NotImplemented, text));
    }
    let box_id = named_box(spec, &parts.uri);
    let caller = counted_caller(edge, spec, &parts, box_id, notes).await?;
    format::check_content_type(spec.request, &parts.headers)?;
    let trial = preference::trial(edge, spec, &parts.headers)?;
    if let (Some(longest), Some(box_id)) = (live::asked_to_wait(spec, &parts.headers), box_id) {
        return live::poll(edge, Waits { spec, parts, box_id, longest }, caller, notes).await;
    }
    let room = edge.app.room().clone();
    let limit_bytes = spec.body_limit_bytes;
    let (body, flow, inflow) = if spec.is_streamed {
        let (flow, inflow) = Flow::new(&parts.headers)?;
        (Bytes::new(), Some(flow), Some(inflow))
    } else {
        let body = body::read(announced, request_body, limit_bytes, &room, holder(&caller, &parts));
        (body.await?, None, None)
    };
    if edge.requests.is_on() {
        let _set_once = notes.body.set(body.clone());
    }
    let asks = Asks { spec, parts, caller, box_id, body, flow, trial: trial.clone() };
    let answer = match inflow {
        None => Box::pin(answered(edge, asks, std::future::pending(), notes)).await,
        Some(inflow) => {
            let pump = body::pump(announced, request_body, limit_bytes, &room, inflow);
            Box::pin(answered(edge, asks, pump, notes)).await
        }
    };
    match trial {
        None => answer,
        Some(trial) => Ok(preference::tried(answer.unwrap_or_else(Answer::from), &trial)),
    }
}

/// A call that passed all that does not depend on its method.
pub(crate) struct Asks {
    pub(crate) spec: &'static MethodSpec,
    pub(crate) parts: Parts,
    pub(crate) caller: Option<Caller>,
    /// The box in the query.
    pub(crate) box_id: Option<BoxId>,
    pub(crate) body: Bytes,
    pub(crate) flow: Option<Flow>,
    /// Set where changes are only tried.
    pub(crate) trial: Option<Arc<Exchange>>,
}

/// The answer of the method, made now or before. Until there is one, `beside` runs as well.
///
/// # Errors
/// What the method refuses; 503 when there is no room for what was only read.
pub(crate) async fn answered(
    edge: &Arc<Edge>,
    asks: Asks,
    beside: impl Future<Output = ()>,
    notes: &Arc<Notes>,
) -> Result<Answer, ApiError> {
    let Asks { spec, parts, caller, box_id, body, flow, trial } = asks;
    let memory = &edge.app.room().memory;
    // Files on their way up hold back for everybody but each other.
    let _beside = (!spec.is_streamed).then(|| edge.app.room().passing.beside());
    let formats = Formats::of(&parts.headers);
    let asked = Asked::of(spec, formats, caller.as_ref(), box_id, &parts.uri, &body);
    if let Some(asked) = &asked
        && let Some(ready) = edge.ready.find(&edge.app, asked)
    {
        let _set_once = notes.box_id.set(asked.box_id());
        edge.counted.ready.count();
        return with_room(ready, spec, memory);
    }
    let handler = edge.handlers.find(spec).ok_or_else(ApiError::internal)?;
    let notes = Arc::clone(notes);
    let made = Taken::default();
    let edge_of_call = Arc::clone(edge);
    let incoming =
        Incoming { edge: edge_of_call, spec, parts, formats, caller, body, flow, made, trial, notes };
    let mut running = handler(incoming);
    let answer = tokio::select! {
        answer = &mut running => answer,
        () = beside => running.await,
    };
    let mut answer = answer?;
    if let Some(asked) = &asked {
        edge.ready.keep(asked, &mut answer);
    }
    with_room(answer, spec, memory)
}

/// The answer with room for its bytes until they are written. What was only read is refused when there is none; what was
/// done has to be told.
pub(crate) fn with_room(mut answer: Answer, spec: &MethodSpec, memory: &Memory) -> Result<Answer, ApiError> {
    if answer.rest.is_none() {
        match memory.take(answer.body.len() as u64) {
            Ok(room) => answer.room = room,
            Err(no_room) if spec.verb == Verb::Get => return Err(no_room.into()),
            Err(_) => {}
        }
    }
    Ok(answer)
}

/// Whose share of the memory the body is: the user's, else that of the address.
fn holder(caller: &Option<Caller>, parts: &Parts) -> Holder {
    match caller.as_ref().and_then(|caller| caller.user.as_ref()) {
        Some(user) => Holder::new(user.id),
        None => Holder::new(parts.extensions.get::<Peer>().map(|peer| peer.0.ip())),
    }
}

/// Who calls, if not too often.
pub(crate) async fn counted_caller(
    edge: &Edge,
    spec: &MethodSpec,
    parts: &Parts,
    box_id: Option<BoxId>,
    notes: &Notes,
) -> Result<Option<Caller>, ApiError> {
    let found = caller(edge, spec, parts, box_id, notes).await;
    let (Some(limits), Some(Peer(peer))) = (&edge.limits, parts.extensions.get()) else { return found };
    match &found {
        Ok(Some(caller)) => match &caller.user {
            Some(user) => limits.count_user(user.id)?,
            None => limits.count_stranger(&caller.client.id, *peer)?,
        },
        // OAuth clients are known only after their form was read.
        Ok(None) => limits.count_address(*peer)?,
        Err(refused) if refused.code == ErrorCode::Auth => match notes.client_id.get() {
            Some(client_id) => limits.count_stranger(client_id, *peer)?,
            None => limits.count_address(*peer)?,
        },
        Err(_) => {}
    }
    found
}

/// Who calls, as far as the class of the method asks.
pub(crate) async fn caller(
    edge: &Edge,
    spec: &MethodSpec,
    parts: &Parts,
    box_id: Option<BoxId>,
    notes: &Notes,
) -> Result<Option<Caller>, ApiError> {
    let (needs_user, needs_bearer) = match spec.access.caller {
        // OAuth clients name themselves in the form, which only the handler reads.
        Class::Anyone | Class::OAuthClient => return Ok(None),
        Class::KnownClient | Class::EmployeeIfNamed => (false, false),
        Class::User
        | Class::Employee
        | Class::Owner
        | Class::TaskOwner
        | Class::Partner
        | Class::Operator => (true, false),
        Class::Bearer => (true, true),
    };
    let presented = authorization::presented(&parts.headers)?;
    if needs_bearer && !matches!(presented, Presented::Bearer { .. }) {
        return Err(AccessError::NoToken.into());
    }
    let caller = edge.app.callers().identify(&presented, box_id).await.inspect_err(|error| {
        if let AccessError::ClientBlocked(id) = error {
            let _set_once = notes.client_id.set(id.clone());
        }
    })?;
    let _set_once = notes.client_id.set(caller.client.id.clone());
    if needs_user {
        caller.user()?;
        if !needs_bearer {
            caller.must_open_api()?;
        }
    } else if caller.has_bad_token() {
        tracing::warn!(
            client_id = caller.client.id,
            method = spec.label,
            "a bad token was sent to a method that needs none"
        );
    }
    Ok(Some(caller))
}

/// The box in the query, if it can be read; whether it has to be there is seen later.
pub(crate) fn named_box(spec: &MethodSpec, uri: &Uri) -> Option<BoxId> {
    let (BoxIn::Query(name) | BoxIn::OptionalQuery(name)) = spec.box_in else { return None };
    let param = spec.query.iter().find(|param| param.name == name)?;
    QueryMap::parse(uri.query()?).text(param).ok()??.parse().ok()
}

/// A status that the contract does not know of the method is a fault of the server. Builds for tests say so in place of the
/// answer, so that some test fails; clients of others get the answer.
fn declared(answer: Answer, spec: &MethodSpec) -> Answer {
    let status = answer.status.as_u16();
    if !cfg!(debug_assertions) || spec.may_answer(status) {
        return answer;
    }
    let told = String::from_utf8_lossy(&answer.body).into_owned();
    let text =
        format!("{spec} may not answer {status}: its declaration does not list it. The answer was: {told}");
    ApiError::new(ErrorCode::Internal, text).into()
}

/// Tells when the method goes, if that is known: by the administrator's setting, else by the API's announcement.
pub(crate) fn with_sunset(mut answer: Answer, edge: &Edge, spec: &MethodSpec) -> Answer {
    let last_day = edge.retirement.last_day(spec).map(potok_api::end_of_day);
    let Some(date) = last_day.or_else(|| potok_api::sunset_header(spec)) else { return answer };
    if let (Ok(date), Ok(link)) =
        (HeaderValue::try_from(date), HeaderValue::try_from(potok_api::sunset_link()))
    {
        answer.headers.push((SUNSET, date));
        answer.headers.push((LINK, link));
    }
    answer
}

/// Turns a panic into a 500. What is shared between requests holds no broken state after one: every lock is let go whole.
async fn caught(mut steps: Pin<&mut impl Future<Output = Answer>>) -> Answer {
    std::future::poll_fn(|context| {
        match std::panic::catch_unwind(AssertUnwindSafe(|| steps.as_mut().poll(context))) {
            Ok(poll) => poll,
            Err(panic) => {
                tracing::error!(
                    panic = panic_text(&*panic),
                    "a request was cut off by a fault of the server"
                );
                Poll::Ready(ApiError::internal().into())
            }
        }
    })
    .await
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("a panic without text")
}

/// A header for the log, cut to [`LOGGED_CHARS`].
pub(crate) fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?;
    match value.to_str() {
        Ok(text) if text.len() <= LOGGED_CHARS => Some(text.to_owned()),
        _ => Some(String::from_utf8_lossy(value.as_bytes()).chars().take(LOGGED_CHARS).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_answered() {
        let steps = pin!(async {
            tokio::task::yield_now().await;
            panic!("oh")
        });
        let answer = caught(steps).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!String::from_utf8_lossy(&answer.body).contains("oh"), "faults are for the log");
    }

    /// Whoever waits for an event holds it all the time, and every call that is made gets it anew.
    #[test]
    fn a_request_on_its_way_is_small() {
        fn bytes<A, B, C, F: Future>(_: impl Fn(A, B, C) -> F) -> usize {
            size_of::<F>()
        }
        let bytes = bytes(answer);
        assert!(bytes <= 6 * 1024, "{bytes} bytes: what waits seldom belongs into a box of its own");
    }
}
