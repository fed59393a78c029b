//! The client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use potok_api::{Empty, Endpoint, Format, Maybe, MethodSpec, Payload, QueryParams};
use potok_types::{Clock, SystemClock};
use potok_wire::WireMessage;
use reqwest::Url;
use reqwest::header::HeaderValue;

use crate::auth::{Auth, Identity};
use crate::error::Error;
use crate::retry::{Pause, RetryPolicy, TokioPause};
use crate::transport::{Answer, Request, Transport, http_client};

/// How long a call may take: what the official client libraries give it.
const TIMEOUT: Duration = Duration::from_secs(100);
/// The longest pause between two questions after a task, and the pause when the server names none.
const POLL: Duration = Duration::from_secs(15);
/// How long a task is waited for in all.
const POLL_LIMIT: Duration = Duration::from_secs(5 * 60);

/// A client of one server, speaking as one user. Cheap to clone; clones share the token.
#[derive(Clone, Debug)]
pub struct Client(Arc<Inner>);

struct Inner {
    transport: Transport,
    identity: Identity,
    retry: RetryPolicy,
    pause: Arc<dyn Pause>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base", &self.transport.base.as_str())
            .field("format", &self.transport.format)
            .field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}

/// Settings of a [`Client`].
#[must_use]
pub struct ClientBuilder {
    base_url: String,
    client_id: String,
    auth: Auth,
    format: Format,
    solution_info: Option<String>,
    timeout: Duration,
    retry: RetryPolicy,
    pause: Arc<dyn Pause>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("base_url", &self.base_url)
            .field("client_id", &self.client_id)
            .field("auth", &self.auth)
            .finish_non_exhaustive()
    }
}

impl ClientBuilder {
    /// Who to speak as; by default only as the API client.
    pub fn auth(mut self, auth: Auth) -> Self {
        self.auth = auth;
        self
    }

    /// How structures are written, both ways; protobuf by default.
    pub fn format(mut self, format: Format) -> Self {
        self.format = format;
        self
    }

    /// The mark of a technology partner, sent as `X-Solution-Info`.
    pub fn solution_info(mut self, info: impl Into<String>) -> Self {
        self.solution_info = Some(info.into());
        self
    }

    /// How long one exchange may take; 100 s by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How often calls are repeated.
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// How pauses between attempts pass.
    pub fn pause(mut self, pause: impl Pause + 'static) -> Self {
        self.pause = Arc::new(pause);
        self
    }

    /// The clock that tells when a token is about to run out.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The client. No connection is made yet.
    ///
    /// # Errors
    /// [`Error::Setup`] when the address or a setting cannot be used.
    pub fn build(self) -> Result<Client, Error> {
        let setup = |what: String| Error::Setup { what };
        let base = Url::parse(&self.base_url)
            .map_err(|error| setup(format!("base url {:?} is no address: {error}", self.base_url)))?;
        if !matches!(base.scheme(), "http" | "https") || base.host_str().is_none() {
            return Err(setup(format!(
                "base url {:?}: http:// or https:// and a host are expected",
                self.base_url
            )));
        }
        let solution_info = self
            .solution_info
            .map(|info| {
                HeaderValue::from_str(&info).map_err(|_| {
                    setup(format!("solution info {info:?} cannot stand in a header: use ASCII letters"))
                })
            })
            .transpose()?;
        let http = http_client(&base, self.timeout)?;
        Ok(Client(Arc::new(Inner {
            transport: Transport { http, base, format: self.format, solution_info },
            identity: Identity::new(self.client_id, self.auth),
            retry: self.retry,
            pause: self.pause,
            clock: self.clock,
        })))
    }
}

impl Client {
    /// A client of the server at `base_url`, known there as the API client `client_id`.
    pub fn builder(base_url: impl Into<String>, client_id: impl Into<String>) -> ClientBuilder {
        ClientBuilder {
            base_url: base_url.into(),
            client_id: client_id.into(),
            auth: Auth::default(),
            format: Format::default(),
            solution_info: None,
            timeout: TIMEOUT,
            retry: RetryPolicy::default(),
            pause: Arc::new(TokioPause),
            clock: Arc::new(SystemClock),
        }
    }

    /// Calls the method `E`.
    ///
    /// # Errors
    /// See [`Error`]; refusals of the server are [`Error::Refused`].
    pub async fn call<E: Endpoint>(
        &self,
        query: &E::Query,
        request: E::Request,
    ) -> Result<E::Response, Error> {
        let method = E::SPEC.label;
        let answer = self.exchange::<E>(query, &request).await?;
        match (answer.status, answer.retry_after) {
            (204, _) => E::Response::no_content().ok_or_else(|| answer.refusal(method)),
            (200, _) => E::Response::from_body(answer.format, answer.body)
                .map_err(|source| Error::Answer { method, source }),
            _ => Err(answer.refusal(method)),
        }
    }

    /// Calls a method that is known by its data alone, with a query and a body as they go over the line (JSON, where it is a
    /// structure and the client's format says so): the body of the answer, empty for a 204.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub async fn call_as_written(
        &self,
        spec: &'static MethodSpec,
        query: String,
        body: Bytes,
    ) -> Result<Bytes, Error> {
        let answer = self.authorized(&Request { spec, query, body }).await?;
        match answer.status {
            200..300 => Ok(answer.body),
            _ => Err(answer.refusal(spec.label)),
        }
    }

    /// Asks a task method again and again until its answer is there, as often as the server says; at most 5 minutes.
    ///
    /// # Errors
    /// [`Error::NotReady`] when the time is up; else as [`Client::call`].
    pub async fn wait_for<E, M>(&self, query: &E::Query) -> Result<M, Error>
    where
        E: Endpoint<Request = Empty, Response = Maybe<M>>,
        M: WireMessage + 'static,
    {
        let method = E::SPEC.label;
        let mut waited = Duration::ZERO;
        loop {
            let answer = self.exchange::<E>(query, &Empty).await?;
            let pause = match answer.status {
                200 => {
                    return M::from_body(answer.format, answer.body)
                        .map_err(|source| Error::Answer { method, source });
                }
                204 => answer.retry_after.unwrap_or(POLL).min(POLL),
                _ => return Err(answer.refusal(method)),
            };
            if waited + pause > POLL_LIMIT {
                return Err(Error::NotReady { method, retry_after: pause });
            }
            waited += pause;
            self.0.pause.pause(pause).await;
        }
    }

    /// Sends a request, again after pauses while the server asks for that.
    async fn exchange<E: Endpoint>(&self, query: &E::Query, request: &E::Request) -> Result<Answer, Error> {
        let request = Request {
            spec: E::SPEC,
            query: query.to_query_string(),
            body: request.to_body(self.0.transport.format),
        };
        // For such methods 204 is an answer; for all others it says that the first call still runs.
        let no_content_is_an_answer = E::Response::no_content().is_some();
        let policy = self.0.retry;
        let mut attempt = 1;
        loop {
            let answer = self.authorized(&request).await?;
            let pause = match (answer.status, answer.retry_after) {
                (200, None) => return Ok(answer),
                (200, Some(pause)) => pause,
                (204, _) if no_content_is_an_answer => return Ok(answer),
                (204 | 409, Some(pause)) => pause,
                (429 | 503, pause) => pause.unwrap_or(policy.default_pause),
                _ => return Ok(answer),
            };
            if attempt >= policy.attempts || pause > policy.longest_pause {
                return match answer.status {
                    200 | 204 => Err(Error::NotReady { method: E::SPEC.label, retry_after: pause }),
                    _ => Ok(answer),
                };
            }
            attempt += 1;
            self.0.pause.pause(pause).await;
        }
    }

    /// Sends a request with authorization, and once more with a new token when the server no longer takes the old one.
    async fn authorized(&self, request: &Request) -> Result<Answer, Error> {
        let Inner { transport, identity, clock, .. } = &*self.0;
        let proof = identity.prove(transport, request.spec, clock.now()).await?;
        let answer = transport.send(request, proof.header.clone()).await?;
        if answer.status != 401 || !proof.is_renewable() {
            return Ok(answer);
        }
        identity.refused(&proof).await;
        let proof = identity.prove(transport, request.spec, clock.now()).await?;
        transport.send(request, proof.header).await
    }
}
