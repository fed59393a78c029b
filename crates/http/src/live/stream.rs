//! The bytes of a stream of events, read as the client takes them.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::{BufMut as _, Bytes, BytesMut};
use http::request::Parts;
use http::{StatusCode, Uri};
use potok_api::methods::GetNewEventsV8;
use potok_api::{Endpoint as _, Format};
use potok_app::{Caller, EventsAnswer};
use potok_room::Taken;
use potok_translate::read::events;
use potok_translate::view::{EventVersion, FeedPage};
use potok_types::BoxId;
use potok_wire::{DecodeError, to_json};
use tokio::time::Instant;

use super::{Waiting, Woken};
use crate::answer::Answer;
use crate::apart::Lasting;
use crate::call::Incoming;
use crate::dispatch::caller;
use crate::format::Formats;
use crate::ready::Asked;
use crate::trace::Notes;
use crate::{ApiError, Edge};

/// A line that says nothing goes out after so long without an event, so that neither side takes the other for dead. It has no
/// empty line behind it: some clients would take that for an event.
const HEARTBEAT: Duration = Duration::from_secs(15);
const SIGN_OF_LIFE: Bytes = Bytes::from_static(b":\n");
/// Tells apart in the memory of ready answers what a stream shows from what the method answers, which has no body.
const AS_STREAM: Bytes = Bytes::from_static(b"events");
/// Milliseconds after which a client that was cut off comes again.
const RETRY: &[u8] = b"retry: 1000\n";

/// What a client listens to.
#[derive(Debug)]
pub(super) struct Subscription {
    /// As the client sent it, in a copy of its own: it says who listens.
    pub(super) parts: Parts,
    pub(super) box_id: BoxId,
    /// Parameters of `GetNewEvents`, without box and position.
    pub(super) filters: String,
    /// The position as a parameter; empty at the start of the feed.
    pub(super) after: String,
}

/// A stream on its way out.
pub(crate) struct Live {
    subscription: Subscription,
    waiting: Waiting,
    notes: Arc<Notes>,
    /// Read, but not sent yet.
    ready: Option<Bytes>,
    /// Whether there may be more without anybody ringing.
    may_have_more: bool,
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live").field("subscription", &self.subscription).finish_non_exhaustive()
    }
}

impl Live {
    /// Reads the first events: what is refused is refused now.
    ///
    /// # Errors
    /// What `GetNewEvents` refuses. When there is no room the stream begins nevertheless: clients never come again after a 503.
    pub(super) async fn begin(
        edge: &Arc<Edge>,
        subscription: Subscription,
        first: Option<Caller>,
        notes: &Arc<Notes>,
    ) -> Result<Self, ApiError> {
        // Before the first look, so that nothing happens unheard between it and the waiting.
        let waiting = Waiting::new(edge, subscription.box_id, first.as_ref())?;
        let notes = Arc::clone(notes);
        let mut live = Self { subscription, waiting, notes, ready: None, may_have_more: true };
        match live.page(first).await {
            Ok(ready) => live.ready = Some(ready.unwrap_or(SIGN_OF_LIFE)),
            Err(error) if is_passing(&error) => live.ready = Some(SIGN_OF_LIFE),
            Err(error) => return Err(error),
        }
        Ok(live)
    }

    async fn look(&mut self) -> Result<Option<Bytes>, ApiError> {
        let Subscription { parts, box_id, .. } = &self.subscription;
        let who = caller(&self.waiting.edge, GetNewEventsV8::SPEC, parts, Some(*box_id), &self.notes).await?;
        self.page(who).await
    }

    /// The events after the position, which moves behind them.
    async fn page(&mut self, who: Option<Caller>) -> Result<Option<Bytes>, ApiError> {
        let Subscription { parts, box_id, filters, after } = &self.subscription;
        let edge = &self.waiting.edge;
        let query = [&format!("boxId={box_id}")[..], filters, after].join("&");
        let mut parts = parts.clone();
        let uri = Uri::try_from(format!("{}?{query}", GetNewEventsV8::SPEC.path));
        parts.uri = uri.map_err(|_| ApiError::internal())?;
        let formats = Formats { request: Format::Json, response: Format::Json };
        let spec = GetNewEventsV8::SPEC;
        let asked = Asked::of(spec, formats, who.as_ref(), Some(*box_id), &parts.uri, &AS_STREAM);
        let known = asked.as_ref().and_then(|asked| edge.ready.find(&edge.app, asked));
        let events = match known {
            Some(known) => {
                let _set_once = self.notes.box_id.set(*box_id);
                known.body
            }
            None => {
                let incoming = Incoming {
                    edge: Arc::clone(edge),
                    spec,
                    parts,
                    formats,
                    caller: who,
                    body: AS_STREAM.slice(..0),
                    flow: None,
                    made: Taken::default(),
                    trial: None,
                    notes: Arc::clone(&self.notes),
                };
                let events = read(incoming).await?;
                if let Some(asked) = &asked {
                    edge.ready.keep(asked, &mut Answer::ok(None, events.clone()).of_box());
                }
                events
            }
        };
        let Some(last) = last_id(&events) else {
            self.may_have_more = false;
            return Ok(None);
        };
        // First the room: what cannot be sent now must be read again.
        let room = edge.app.room().memory.take(events.len() as u64)?;
        self.subscription.after = format!("afterIndexKey={last}");
        self.may_have_more = true;
        Ok(Some(room.with(events)))
    }
}

#[async_trait]
impl Lasting for Live {
    /// The next bytes: whole events, or a sign of life. `None` when the stream ends: the server stops, or the caller may not
    /// listen any more, which it is told when it comes again.
    async fn next(&mut self) -> Option<Bytes> {
        if let Some(ready) = self.ready.take() {
            return Some(ready);
        }
        let end = Instant::now() + HEARTBEAT;
        loop {
            if !self.may_have_more {
                match self.waiting.woken(end).await {
                    Woken::Stop => return None,
                    Woken::TimeOver => return Some(SIGN_OF_LIFE),
                    Woken::Look => {}
                }
            }
            // Kept apart, because it is large and the waiting is long.
            match Box::pin(self.look()).await {
                Ok(Some(events)) => return Some(events),
                Ok(None) => {}
                Err(error) if is_passing(&error) => self.may_have_more = false,
                Err(_) => return None,
            }
        }
    }
}

/// Whether the same may succeed later.
fn is_passing(error: &ApiError) -> bool {
    error.status() == StatusCode::SERVICE_UNAVAILABLE
}

async fn read(incoming: Incoming) -> Result<Bytes, ApiError> {
    let call = incoming.decode::<GetNewEventsV8>().await?;
    let found = call.reading().get_new_events(&call.permit, events::v7(call.query.clone())?).await?;
    let length = found.page.events.iter().map(|event| event.box_event.len()).sum();
    let framed = call.write(length, move || framed(&found)).await?;
    framed.map_err(|error| crate::refusals::unreadable(&error))
}

/// The position stands last in each event, so that what was kept tells it as well.
fn framed(found: &EventsAnswer) -> Result<Bytes, DecodeError> {
    let events = found.page.events.iter().map(|event| (&event.box_event[..], event.key));
    let page = FeedPage::new(EventVersion::Current, events, found.page.total, found.page.is_exact);
    let list = match &found.cut {
        Some(cut) => page.cut_to(&cut.scope, &cut.hidden, |at| cut.state_of(found.page.events.get(at)?))?,
        None => page.list()?,
    };
    let mut out = BytesMut::new();
    for (number, event) in list.events.iter().enumerate() {
        if number == 0 {
            out.put_slice(RETRY);
        }
        out.put_slice(b"data: ");
        out.put_slice(&to_json(event));
        out.put_slice(b"\nid: ");
        out.put_slice(event.index_key().as_bytes());
        out.put_slice(b"\n\n");
    }
    Ok(out.freeze())
}

/// The id of the last event.
fn last_id(events: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(events).ok()?.trim_end_matches('\n');
    Some(text.rsplit_once("\nid: ")?.1)
}
