//! The bytes of an answer on their way out: what is ready, and what is read piece by piece as the client takes it.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use potok_content::{ContentError, Pieces};
use potok_room::Taken;
use potok_types::with_causes;

type Reading = Pin<Box<dyn Future<Output = (Pieces, Result<Option<Bytes>, ContentError>)> + Send>>;

/// The bytes of an answer.
#[derive(Default)]
pub(crate) struct Outgoing {
    ready: Bytes,
    rest: Rest,
    _room: Taken,
}

#[derive(Default)]
enum Rest {
    #[default]
    None,
    Waiting(Pieces),
    Reading(Reading),
}

impl Outgoing {
    pub(crate) fn new(ready: Bytes, rest: Option<Pieces>, room: Taken) -> Self {
        Self { ready, rest: rest.map_or(Rest::None, Rest::Waiting), _room: room }
    }
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
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut self.ready)))));
        }
        let mut reading: Reading = match std::mem::take(&mut self.rest) {
            Rest::None => return Poll::Ready(None),
            Rest::Waiting(mut pieces) => Box::pin(async move {
                let piece = pieces.next().await;
                (pieces, piece)
            }),
            Rest::Reading(reading) => reading,
        };
        let Poll::Ready((pieces, piece)) = reading.as_mut().poll(context) else {
            self.rest = Rest::Reading(reading);
            return Poll::Pending;
        };
        Poll::Ready(match piece {
            Ok(Some(piece)) => {
                self.rest = Rest::Waiting(pieces);
                Some(Ok(Frame::data(piece)))
            }
            Ok(None) => None,
            Err(error) => {
                tracing::error!(error = with_causes(&error), "an answer was broken off");
                Some(Err(error))
            }
        })
    }

    fn is_end_stream(&self) -> bool {
        self.ready.is_empty() && matches!(self.rest, Rest::None)
    }

    fn size_hint(&self) -> SizeHint {
        match &self.rest {
            Rest::None => SizeHint::with_exact(self.ready.len() as u64),
            Rest::Waiting(pieces) => SizeHint::with_exact(self.ready.len() as u64 + pieces.length()),
            Rest::Reading(_) => SizeHint::new(),
        }
    }
}
