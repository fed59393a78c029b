//! One call on its way from bytes to a handler and back.

use std::marker::PhantomData;
use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use potok_api::{
    BoxIn, Caller as Class, Endpoint, Format, MethodSpec, Payload as _, QueryError, QueryMap,
    QueryParams as _,
};
use potok_app::{Actor, App, Caller, Login, People, Shelf};
use potok_domain::directory::User;
use potok_types::BoxId;

use crate::answer::Answer;
use crate::format::Formats;
use crate::trace::Notes;
use crate::{ApiError, Edge, ErrorCode};

/// Bodies from this size on are decoded and hashed on a thread of their own, so that other calls are not held up.
const LARGE_BYTES: usize = 256 * 1024;

/// A request that passed everything that does not depend on its method.
pub(crate) struct Incoming {
    pub(crate) edge: Arc<Edge>,
    pub(crate) spec: &'static MethodSpec,
    pub(crate) parts: Parts,
    pub(crate) formats: Formats,
    /// `None` only for methods that ask nobody who they are.
    pub(crate) caller: Option<Caller>,
    pub(crate) body: Bytes,
    pub(crate) notes: Arc<Notes>,
}

/// The same, decoded for its method.
pub(crate) struct Call<E: Endpoint> {
    pub(crate) query: E::Query,
    pub(crate) body: E::Request,
    pub(crate) incoming: Incoming,
    method: PhantomData<E>,
}

impl Incoming {
    fn query(&self) -> &str {
        self.parts.uri.query().unwrap_or_default()
    }

    /// Decodes query and body.
    ///
    /// A caller without access to the box that the query names is told that and nothing about the rest of the request.
    pub(crate) async fn decode<E: Endpoint>(self) -> Result<Call<E>, ApiError> {
        match self.parts_of::<E>().await {
            Ok((query, body)) => Ok(Call { query, body, incoming: self, method: PhantomData }),
            Err(error) => {
                self.must_have_access_to_named_box().await?;
                Err(error)
            }
        }
    }

    async fn parts_of<E: Endpoint>(&self) -> Result<(E::Query, E::Request), ApiError> {
        let query = E::Query::parse(self.query()).map_err(explained)?;
        let (format, body) = (self.formats.request, self.body.clone());
        let decoded = off_thread_if_large(body.len(), move || E::Request::from_body(format, body)).await?;
        let body = decoded.map_err(|error| self.with_hint(error.into()))?;
        Ok((query, body))
    }

    /// Clients forget `Content-Type` and send JSON; the protobuf reader's complaint would not tell them.
    pub(crate) fn with_hint(&self, mut error: ApiError) -> ApiError {
        let looks_like_json = self.body.trim_ascii_start().first().is_some_and(|first| b"{[".contains(first));
        if self.formats.request == Format::Protobuf && looks_like_json {
            error.text.push_str(
                ". The body looks like JSON and was read as protobuf: send the header \
                 Content-Type: application/json; charset=utf-8",
            );
        }
        error
    }

    async fn must_have_access_to_named_box(&self) -> Result<(), ApiError> {
        let (BoxIn::Query(name), Class::Employee) = (self.spec.box_in, self.spec.access.caller) else {
            return Ok(());
        };
        let param = self.spec.query.iter().find(|param| param.name == name);
        let text = param.and_then(|param| QueryMap::parse(self.query()).text(param).ok().flatten());
        match text.and_then(|text| text.parse().ok()) {
            Some(box_id) => self.actor(box_id).await.map(drop),
            None => Ok(()),
        }
    }

    /// Who calls.
    ///
    /// # Errors
    /// 401; it cannot happen in a method for users, because such calls do not get here without one.
    pub(crate) fn caller(&self) -> Result<&Caller, ApiError> {
        self.caller.as_ref().ok_or_else(|| potok_app::AccessError::NoHeader.into())
    }

    /// The caller in `box_id`.
    ///
    /// # Errors
    /// 403 when the caller is not an employee there, whether or not there is such a box; 402 for a suspended one.
    pub(crate) async fn actor(&self, box_id: BoxId) -> Result<Actor, ApiError> {
        self.about(box_id);
        Ok(self.edge.app.callers().actor(self.caller()?, box_id).await?)
    }

    /// Remembers the box for the log line.
    pub(crate) fn about(&self, box_id: BoxId) {
        let _first_one_stays = self.notes.box_id.set(box_id);
    }
}

impl<E: Endpoint> Call<E> {
    /// The use cases.
    pub(crate) fn app(&self) -> &App {
        &self.incoming.edge.app
    }

    /// How somebody gets a token.
    pub(crate) fn login(&self) -> &Login {
        self.app().login()
    }

    /// Who takes part.
    pub(crate) fn people(&self) -> &People {
        self.app().people()
    }

    /// Large contents before a message names them.
    pub(crate) fn shelf(&self) -> &Shelf {
        self.app().shelf()
    }

    /// See [`Incoming::caller`].
    pub(crate) fn caller(&self) -> Result<&Caller, ApiError> {
        self.incoming.caller()
    }

    /// The user for whom the caller calls.
    ///
    /// # Errors
    /// 401 without one.
    pub(crate) fn user(&self) -> Result<&User, ApiError> {
        Ok(self.caller()?.user()?)
    }

    /// See [`Incoming::actor`].
    pub(crate) async fn actor(&self, box_id: BoxId) -> Result<Actor, ApiError> {
        self.incoming.actor(box_id).await
    }

    /// Whether the answer has to be JSON.
    pub(crate) fn answers_json(&self) -> bool {
        self.incoming.formats.response == Format::Json
    }

    /// 200 with `response`, in the form that the caller accepts.
    pub(crate) fn answer(&self, response: &E::Response) -> Answer {
        self.ready(response.to_body(self.incoming.formats.response))
    }

    /// 200 with a body that is ready in the form that the caller accepts.
    pub(crate) fn ready(&self, body: impl Into<Bytes>) -> Answer {
        Answer::ok(potok_api::content_type(E::SPEC.response, self.incoming.formats.response), body)
    }
}

/// Does `work` here, or on a thread of its own when `size` says that it takes long.
pub(crate) async fn off_thread_if_large<T: Send + 'static>(
    size: usize,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ApiError> {
    if size < LARGE_BYTES {
        return Ok(work());
    }
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        tracing::error!(%error, "a large body could not be handled");
        ApiError::internal()
    })
}

/// Clients know the complaint about a bad bookmark by its first words.
fn explained(error: QueryError) -> ApiError {
    let is_cursor = matches!(&error, QueryError::Invalid { name: "afterIndexKey", .. });
    let text = if is_cursor { format!("cursor must have valid value: {error}") } else { error.to_string() };
    ApiError::new(ErrorCode::BadRequest, text)
}
