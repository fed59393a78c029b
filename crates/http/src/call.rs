//! One call on its way from bytes to a handler and back.

use std::net::IpAddr;
use std::str::FromStr;
use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use potok_api::{
    BodyKind, BoxIn, Caller as Class, Endpoint, Format, MethodSpec, Payload, QueryMap, QueryParams as _,
};
use potok_app::{
    App, Caller, CoreError, Exchange, Held, Login, Paper, Partners, People, Permit, Place, Powers, Printing,
    Reading, RemoteSigning, Shelf, StoredContent, Subject,
};
use potok_content::{PIECE_BYTES, PIECES_AT_HAND};
use potok_room::{ANSWER_HERE_BYTES, Room, Taken, freed_aside};
use potok_types::{Attested, BoxId, InvalidId, Ticks, UserId, box_at, id_at};
use potok_wire::framing::ReadyEvent;
use potok_wire::without_trailing_commas;

use crate::answer::Answer;
use crate::body::Flow;
use crate::format::Formats;
use crate::peer::Peer;
use crate::trace::Notes;
use crate::{ApiError, Edge};

/// A request that passed everything that does not depend on its method.
pub(crate) struct Incoming {
    pub(crate) edge: Arc<Edge>,
    pub(crate) spec: &'static MethodSpec,
    pub(crate) parts: Parts,
    pub(crate) formats: Formats,
    /// `None` only for methods that ask nobody who they are.
    pub(crate) caller: Option<Caller>,
    pub(crate) body: Bytes,
    /// The body of a method that takes it as it comes; `body` is empty then.
    pub(crate) flow: Option<Flow>,
    /// Room for what was made of the body.
    pub(crate) made: Taken,
    /// The exchange on which changes are only tried, for a caller who wants that.
    pub(crate) trial: Option<Arc<Exchange>>,
    pub(crate) notes: Arc<Notes>,
}

/// The same, decoded for its method, from a caller who may call it.
pub(crate) struct Call<E: Endpoint<Access: Held>> {
    pub(crate) query: E::Query,
    pub(crate) body: E::Request,
    /// What the check of the caller found, for the use case.
    pub(crate) permit: Permit<E::Access>,
    pub(crate) incoming: Incoming,
}

/// What methods that write answer with, of the event that they made.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Part {
    /// The message that it opened.
    Message,
    /// What it added to its message.
    Patch,
}

impl Incoming {
    fn query(&self) -> &str {
        self.parts.uri.query().unwrap_or_default()
    }

    /// Decodes query and body, and checks whether the caller may call the method.
    ///
    /// A caller without access to the box that the query names is told that and nothing about the rest of the request.
    pub(crate) async fn decode<E: Endpoint<Access: Held>>(mut self) -> Result<Call<E>, ApiError> {
        let (query, body) = match self.parts_of::<E>().await {
            Ok(parts) => parts,
            Err(error) => {
                self.must_be_let_in().await?;
                return Err(error);
            }
        };
        let subject = self.subject(E::named_in(&body))?;
        let permit = self.edge.app.callers().permit(self.caller.as_ref(), subject).await?;
        Ok(Call { query, body, permit, incoming: self })
    }

    async fn parts_of<E: Endpoint>(&mut self) -> Result<(E::Query, E::Request), ApiError> {
        let query = E::Query::parse(self.query())?;
        Ok((query, self.structure().await?))
    }

    /// Reads the body, in turn when it is large, and with memory for what is made of it.
    pub(crate) async fn structure<P: Payload>(&mut self) -> Result<P, ApiError> {
        let (format, body) = (self.formats.request, self.body.clone());
        let room = self.edge.app.room().clone();
        let length = body.len();
        let is_json = format == Format::Json && matches!(P::KIND, BodyKind::Wire(_));
        if is_json {
            // Protobuf shares its bytes with the body.
            self.made = room.memory.take(length as u64)?;
        }
        let decoded =
            room.work.serve_bytes(length, move || P::from_caller(format, body, freed_aside)).await?;
        let decoded = match decoded {
            Err(error) if is_json && error.may_be_of_commas() => {
                let copied = room.memory.take(length as u64)?;
                let body = self.body.clone();
                let again = move || {
                    let read = without_trailing_commas(&body)
                        .map(|it| P::from_caller(format, it.into(), freed_aside));
                    drop(copied);
                    read.unwrap_or(Err(error))
                };
                room.work.serve_bytes(length, again).await?
            }
            decoded => decoded,
        };
        decoded.map_err(|error| match length {
            // Structures without a required field are fine with no bytes at all.
            0 => ApiError::attested(Attested::EmptyBody, Attested::EmptyBody.words(&[])),
            _ => self.with_hint(error.into()),
        })
    }

    /// Clients forget `Content-Type` and send JSON; the protobuf reader's complaint would not tell them.
    pub(crate) fn with_hint(&self, error: ApiError) -> ApiError {
        let looks_like_json = self.body.trim_ascii_start().first().is_some_and(|first| b"{[".contains(first));
        if self.formats.request != Format::Protobuf || !looks_like_json {
            return error;
        }
        let words = Attested::UnreadableBody.words(&[&self.spec.request.short_name()]);
        let text = format!(
            "{words}. The body looks like JSON and was read as protobuf: send the header Content-Type: \
             application/json; charset=utf-8"
        );
        ApiError::attested(Attested::UnreadableBody, text)
    }

    async fn must_be_let_in(&self) -> Result<(), ApiError> {
        if let (BoxIn::Query(name), Class::Employee) = (self.spec.box_in, self.spec.access.caller)
            && let Some(caller) = &self.caller
            && let Some(box_id) = self.named(name)
        {
            self.about(box_id);
            self.edge.app.callers().must_be_let_in(caller, box_id).await?;
        }
        Ok(())
    }

    /// What the call names, where its declaration says that it does.
    fn subject(&self, in_body: Option<&str>) -> Result<Subject, ApiError> {
        let in_body = in_body.unwrap_or_default();
        let place = match self.spec.box_in {
            BoxIn::Nowhere => None,
            BoxIn::Query(name) | BoxIn::OptionalQuery(name) => self.named(name).map(Place::Box),
            BoxIn::Organization(name) | BoxIn::OptionalOrganization(name) => {
                self.named(name).map(Place::Organization)
            }
            BoxIn::Body(field) => Some(Place::Box(box_at(self.path(field), in_body)?)),
            BoxIn::BodyOrganization(field) => Some(Place::Organization(id_at(self.path(field), in_body)?)),
        };
        if let Some(Place::Box(box_id)) = place {
            self.about(box_id);
        }
        Ok(Subject { place, person: self.person() })
    }

    /// The place of a field of the body.
    fn path(&self, field: &str) -> String {
        format!("{}.{field}", self.spec.request.short_name())
    }

    /// The person whom the call is about: the one in the query, else the caller.
    fn person(&self) -> Option<UserId> {
        let caller = self.caller.as_ref().and_then(|caller| caller.user.as_ref());
        self.named("userId").or_else(|| caller.map(|user| user.id))
    }

    /// The id in the query parameter `name`, if the method has one and it is given.
    fn named<T: FromStr<Err = InvalidId>>(&self, name: &str) -> Option<T> {
        let param = self.spec.query.iter().find(|param| param.name == name)?;
        QueryMap::parse(self.query()).text(param).ok()??.parse().ok()
    }

    /// Remembers the box for the log line.
    fn about(&self, box_id: BoxId) {
        let _first_one_stays = self.notes.box_id.set(box_id);
    }
}

impl<E: Endpoint<Access: Held>> Call<E> {
    /// The use cases.
    pub(crate) fn app(&self) -> &App {
        &self.incoming.edge.app
    }

    /// What changes the exchange, or only tries to.
    pub(crate) fn exchange(&self) -> &Exchange {
        self.incoming.trial.as_deref().unwrap_or_else(|| self.app().exchange())
    }

    /// How somebody gets a token.
    pub(crate) fn login(&self) -> &Login {
        self.app().login()
    }

    /// What the clock of the server shows.
    pub(crate) fn now(&self) -> Ticks {
        self.incoming.edge.clock.now()
    }

    /// Where the call comes from.
    pub(crate) fn address(&self) -> Option<IpAddr> {
        self.incoming.parts.extensions.get::<Peer>().map(|peer| peer.0.ip())
    }

    /// Who takes part.
    pub(crate) fn people(&self) -> &People {
        self.app().people()
    }

    /// What shows the exchange.
    pub(crate) fn reading(&self) -> &Reading {
        self.app().reading()
    }

    /// Official files: made and read.
    pub(crate) fn paper(&self) -> &Paper {
        self.app().paper()
    }

    /// Counteragents: what organizations are to each other.
    pub(crate) fn partners(&self) -> &Partners {
        self.app().partners()
    }

    /// Powers of attorney: who may act for whom.
    pub(crate) fn powers(&self) -> &Powers {
        self.app().powers()
    }

    /// Signing with keys that the server holds.
    pub(crate) fn signing(&self) -> &RemoteSigning {
        self.app().signing()
    }

    /// Documents for people.
    pub(crate) fn printing(&self) -> &Printing {
        self.app().printing()
    }

    /// Whether the server has another method.
    pub(crate) fn serves<M: Endpoint>(&self) -> bool {
        self.incoming.edge.handlers.find(M::SPEC).is_some()
    }

    /// Large contents before a message names them.
    pub(crate) fn shelf(&self) -> &Shelf {
        self.app().shelf()
    }

    /// Whether the answer has to be JSON.
    pub(crate) fn answers_json(&self) -> bool {
        self.incoming.formats.response == Format::Json
    }

    /// 200 with `response`, in the form that the caller accepts.
    pub(crate) fn answer(&self, response: &E::Response) -> Answer {
        self.ready(response.to_body(self.incoming.formats.response))
    }

    /// The same for an answer that may be long.
    ///
    /// # Errors
    /// 503 when there is no turn for it.
    pub(crate) async fn answer_long(&self, response: E::Response) -> Result<Answer, ApiError> {
        let format = self.incoming.formats.response;
        let body = self.write(response.length(), move || response.to_body(format)).await?;
        Ok(self.ready(body))
    }

    /// Writes an answer of about so many bytes: a long one where it holds up nobody.
    ///
    /// # Errors
    /// 503 when there is no turn for it.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        bytes: usize,
        write: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ApiError> {
        if bytes <= ANSWER_HERE_BYTES { Ok(write()) } else { Ok(self.room().work.serve(write).await?) }
    }

    /// 200 with a part of a ready event. Only who wants JSON makes it be decoded.
    ///
    /// # Errors
    /// [`ApiError::internal`] when there is no such part, or it cannot be read.
    pub(crate) fn answer_part(&self, event: &Bytes, part: Part) -> Result<Answer, ApiError> {
        let unreadable = |error: &dyn std::fmt::Display| {
            tracing::error!(%error, "a ready event cannot be shown");
            ApiError::internal()
        };
        let ready = ReadyEvent { body: event, index_key: "" };
        let found = match part {
            Part::Message => ready.message(),
            Part::Patch => ready.patch(),
        };
        let body = event.slice_ref(found.ok_or_else(|| unreadable(&format_args!("it has no {part:?}")))?);
        if !self.answers_json() {
            return Ok(self.ready(body));
        }
        let decoded = E::Response::from_body(Format::Protobuf, body);
        Ok(self.answer(&decoded.map_err(|error| unreadable(&error))?))
    }

    /// What there is room for at once.
    pub(crate) fn room(&self) -> &Room {
        self.app().room()
    }

    /// 200 with a content, which is read as the client takes it. Its first piece is read now: what is not there at all can
    /// still be told.
    pub(crate) async fn content(&self, content: StoredContent) -> Result<Answer, ApiError> {
        let mut pieces = match content {
            StoredContent::AtHand(bytes) => return Ok(self.ready(bytes)),
            StoredContent::InPieces(pieces) => pieces,
        };
        let room = self.room().memory.take(pieces.length().min(PIECES_AT_HAND * PIECE_BYTES))?;
        let first = pieces.next().await.map_err(CoreError::from)?.unwrap_or_default();
        Ok(Answer { rest: Some(pieces), room, ..self.ready(first) })
    }

    /// 200 with a body that is ready in the form that the caller accepts.
    pub(crate) fn ready(&self, body: impl Into<Bytes>) -> Answer {
        Answer::ok(potok_api::content_type(E::SPEC.response, self.incoming.formats.response), body)
    }
}
