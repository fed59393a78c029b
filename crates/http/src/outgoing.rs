//! The bytes of an answer on their way out: what is ready, what is read piece by piece as the client takes it, and what
//! happens while it listens.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use potok_content::{ContentError, PIECE_BYTES, Pieces, Place};
use potok_room::Taken;
use potok_types::with_causes;

use crate::apart::{Contents, Lasting, Served, What};
use crate::ready::Kept;
use crate::straight::{Held, LEAST_STRAIGHT, Way};

/// Bytes of files for which it is worth to take hyper's connection apart.
const LEAST_APART: u64 = 2 * PIECE_BYTES;

type Reading = Pin<Box<dyn Future<Output = (Source, Result<Option<Bytes>, ContentError>)> + Send>>;

/// The bytes of an answer.
#[derive(Default)]
pub(crate) struct Outgoing {
    ready: Bytes,
    rest: Rest,
    request: Option<Served>,
    hides_length: bool,
    /// Where the ready bytes are kept, and the way by which they can go from there.
    kept: Option<Arc<Kept>>,
    way: Option<Arc<Way>>,
    room: Taken,
}

#[derive(Default)]
enum Rest {
    #[default]
    None,
    Waiting(Source),
    Reading(Reading),
    /// It is sent apart from here.
    Elsewhere,
}

/// Where the rest comes from.
enum Source {
    Pieces(Box<Pieces>),
    Live(Box<dyn Lasting>),
}

impl Source {
    async fn next(&mut self) -> Result<Option<Bytes>, ContentError> {
        match self {
            Self::Pieces(pieces) => pieces.next().await,
            Self::Live(live) => Ok(live.next().await),
        }
    }

    /// Where the bytes that were given last stand in a file.
    fn place(&self) -> Option<Place> {
        match self {
            Self::Pieces(pieces) => pieces.place(),
            Self::Live(_) => None,
        }
    }
}

impl Outgoing {
    pub(crate) fn new(
        ready: Bytes,
        rest: Option<Box<Pieces>>,
        live: Option<Box<dyn Lasting>>,
        room: Taken,
    ) -> Self {
        let live = live.map(Source::Live);
        let source = rest.map(Source::Pieces).or(live);
        Self { ready, rest: source.map_or(Rest::None, Rest::Waiting), room, ..Self::default() }
    }

    /// Bytes whose number is not told before.
    pub(crate) fn in_chunks(ready: Bytes, room: Taken) -> Self {
        Self { ready, hides_length: true, room, ..Self::default() }
    }

    /// The same, whose ready bytes are kept there.
    pub(crate) fn of(self, kept: Option<Arc<Kept>>) -> Self {
        Self { kept, ..self }
    }

    /// It may go by `way`.
    pub(crate) fn goes(&mut self, way: Option<Arc<Way>>) {
        self.way = way;
    }

    /// The ready bytes, whose way is open when they can go straight.
    fn take_ready(&mut self) -> Bytes {
        let ready = std::mem::take(&mut self.ready);
        if let Some((kept, way)) = self.kept.take().zip(self.way.as_ref())
            && let Some(held) = kept.in_kernel(&ready)
        {
            way.opens(ready.clone(), Held::Answer(held));
        }
        ready
    }

    /// Whether it goes on after what is ready.
    pub(crate) const fn goes_on(&self) -> bool {
        matches!(self.rest, Rest::Waiting(_))
    }

    /// The request runs until the last byte is sent.
    pub(crate) fn keeps(&mut self, request: Served) {
        self.request = Some(request);
    }

    /// The rest after one piece. A stream that has begun goes on apart from hyper where it can, and so do files of which much is
    /// left.
    fn rest_of(&mut self, source: Source) -> Rest {
        let is_apart = match &source {
            Source::Live(_) => true,
            Source::Pieces(pieces) => {
                self.way.is_some() && pieces.is_in_files() && pieces.length() >= LEAST_APART
            }
        };
        let Some(request) = self.request.take_if(|request| is_apart && request.may_leave()) else {
            return Rest::Waiting(source);
        };
        request.leaves(match source {
            Source::Live(live) => What::Stream(live),
            Source::Pieces(pieces) => {
                What::Contents(Box::new(Contents { pieces, room: std::mem::take(&mut self.room) }))
            }
        });
        Rest::Elsewhere
    }
}

/// Contents cannot be sent to their end. The client notices: it knows the length.
pub(crate) fn tell_broken(error: &ContentError) {
    tracing::error!(error = with_causes(error), "an answer was broken off");
}

impl Body for Outgoing {
    type Data = Bytes;
    /// The length was told before, so the client notices that something is missing.
    type Error = ContentError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, ContentError>>> {
        if !self.ready.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(self.take_ready()))));
        }
        let mut reading: Reading = match std::mem::take(&mut self.rest) {
            Rest::None => return Poll::Ready(None),
            Rest::Waiting(mut source) => Box::pin(async move {
                let piece = source.next().await;
                (source, piece)
            }),
            Rest::Reading(reading) => reading,
            Rest::Elsewhere => {
                // The connection that takes it wakes itself.
                self.rest = Rest::Elsewhere;
                return Poll::Pending;
            }
        };
        let Poll::Ready((source, piece)) = reading.as_mut().poll(context) else {
            self.rest = Rest::Reading(reading);
            return Poll::Pending;
        };
        Poll::Ready(match piece {
            Ok(Some(piece)) => {
                if let Some((way, place)) = self.way.as_ref().zip(source.place())
                    && piece.len() >= LEAST_STRAIGHT
                {
                    way.opens(piece.clone(), Held::Content(place));
                }
                let rest = self.rest_of(source);
                self.rest = rest;
                Some(Ok(Frame::data(piece)))
            }
            Ok(None) => {
                self.request = None;
                None
            }
            Err(error) => {
                tell_broken(&error);
                Some(Err(error))
            }
        })
    }

    fn is_end_stream(&self) -> bool {
        self.ready.is_empty() && matches!(self.rest, Rest::None)
    }

    fn size_hint(&self) -> SizeHint {
        match &self.rest {
            Rest::None if self.hides_length && !self.ready.is_empty() => SizeHint::new(),
            Rest::None => SizeHint::with_exact(self.ready.len() as u64),
            Rest::Waiting(Source::Pieces(pieces)) => {
                SizeHint::with_exact(self.ready.len() as u64 + pieces.length())
            }
            Rest::Waiting(Source::Live(_)) | Rest::Reading(_) | Rest::Elsewhere => SizeHint::new(),
        }
    }
}
