//! Methods of the API, called in this process: with the same checks, in the same order, by the same handlers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use http::header::{AUTHORIZATION, HeaderValue};
use http::request::Parts;
use http::{Method, Request, StatusCode, Uri};
use potok_api::{MethodSpec, Verb};
use potok_app::CoreError;
use potok_console::{Given, Office, Refused, Server, Webhooks};
use potok_types::BoxId;

use super::office::Desk;
use crate::answer::Answer;
use crate::dispatch::{Asks, answered, counted_caller, named_box};
use crate::own::webhooks;
use crate::peer::Peer;
use crate::trace::Notes;
use crate::{ApiError, Edge, ErrorCode, live};

/// Larger files are taken through the API.
const LARGEST_FILE: u64 = 64 * 1024 * 1024;

/// The methods, in the name of whoever has a token.
pub(super) struct Calls {
    edge: Arc<Edge>,
    bearer: Option<HeaderValue>,
    peer: Option<Peer>,
    is_over: AtomicBool,
}

fn bearer(token: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::try_from(format!("Bearer {token}")).ok()?;
    value.set_sensitive(true);
    Some(value)
}

impl Calls {
    pub(super) fn new(edge: &Arc<Edge>, token: &str, parts: &Parts) -> Self {
        let peer = parts.extensions.get::<Peer>().copied();
        Self { edge: Arc::clone(edge), bearer: bearer(token), peer, is_over: AtomicBool::new(false) }
    }

    /// The token opens nothing any more: somebody has to sign in again.
    pub(super) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }

    fn parts(&self, verb: Method, target: &str) -> Result<Parts, ApiError> {
        let (mut parts, ()) = Request::new(()).into_parts();
        parts.method = verb;
        parts.uri = Uri::try_from(target).map_err(|_| ApiError::internal())?;
        parts.headers.extend(self.bearer.clone().map(|value| (AUTHORIZATION, value)));
        if let Some(peer) = self.peer {
            parts.extensions.insert(peer);
        }
        Ok(parts)
    }

    /// What a page is told of a refusal.
    fn refused(&self, refused: ApiError) -> Refused {
        if refused.status() == StatusCode::UNAUTHORIZED {
            self.is_over.store(true, Ordering::Relaxed);
        }
        Refused { status: refused.status().as_u16(), text: refused.text }
    }

    async fn made(&self, spec: &'static MethodSpec, query: &str, body: Bytes) -> Result<Given, ApiError> {
        let verb = match spec.verb {
            Verb::Get => Method::GET,
            _ => Method::POST,
        };
        let parts = self.parts(verb, &format!("{}?{query}", spec.path))?;
        if self.edge.retirement.gone_since(spec, self.edge.clock.now()).is_some() {
            return Err(ApiError::new(
                ErrorCode::Gone,
                format!("{spec} was switched off by the administrator"),
            ));
        }
        let notes = Arc::new(Notes::default());
        let box_id = named_box(spec, &parts.uri);
        let caller = counted_caller(&self.edge, spec, &parts, box_id, &notes).await?;
        let asks = Asks { spec, parts, caller, box_id, body, flow: None, trial: None };
        let answer = Box::pin(answered(&self.edge, asks, std::future::pending(), &notes)).await?;
        Ok(Given { status: answer.status.as_u16(), body: whole(answer).await? })
    }
}

/// The body with what is read as it is taken.
async fn whole(mut answer: Answer) -> Result<Bytes, ApiError> {
    let Some(mut pieces) = answer.rest.take() else { return Ok(answer.body) };
    if pieces.length() > LARGEST_FILE {
        let text = "the file is too large for the console: take it with GetEntityContent";
        return Err(ApiError::new(ErrorCode::TooLarge, text));
    }
    let mut all = BytesMut::from(&answer.body[..]);
    while let Some(piece) = pieces.next().await.map_err(CoreError::from)? {
        all.extend_from_slice(&piece);
    }
    Ok(all.freeze())
}

#[async_trait]
impl Server for Calls {
    async fn call(&self, spec: &'static MethodSpec, query: String, body: Bytes) -> Result<Given, Refused> {
        self.made(spec, &query, body).await.map_err(|refused| self.refused(refused))
    }

    async fn webhooks(
        &self,
        wanted: Webhooks,
        box_id: BoxId,
        rest: &str,
        body: Bytes,
    ) -> Result<Bytes, Refused> {
        let verb = match wanted {
            Webhooks::Show => Method::GET,
            Webhooks::Change => Method::POST,
            Webhooks::Delete => Method::DELETE,
        };
        let target = format!("/potok/v1/boxes/{}/webhooks{rest}", box_id.guid());
        let called = async {
            let parts = self.parts(verb, &target)?;
            webhooks::call(&self.edge, &parts, &body, &Notes::default()).await
        };
        called.await.map(|answer| answer.body).map_err(|refused| self.refused(refused))
    }

    async fn office(&self) -> Option<Box<dyn Office>> {
        let bearer = self.bearer.as_ref()?;
        Some(Box::new(Desk::of(&self.edge, bearer).await?))
    }
}

/// The feed of a box as it grows: the stream of the API.
pub(super) async fn feed(
    edge: &Arc<Edge>,
    mut parts: Parts,
    token: &str,
    box_id: BoxId,
    notes: &Arc<Notes>,
) -> Result<Answer, ApiError> {
    let query = parts.uri.query().unwrap_or_default();
    let path = format!("/potok/v1/boxes/{}/events?{query}", box_id.guid());
    parts.uri = Uri::try_from(path).map_err(|_| ApiError::internal())?;
    parts.headers.extend(bearer(token).map(|value| (AUTHORIZATION, value)));
    live::answer(edge, parts, notes).await
}
