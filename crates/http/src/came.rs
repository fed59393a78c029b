//! A request's body of which the first piece may have been looked at before anybody took it.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::{Body, Frame, Incoming, SizeHint};

/// A first piece that is not there by then is waited for by whoever takes the body, who says how long.
const SOON: Duration = Duration::from_secs(1);

/// A body on its way.
pub(crate) struct Came {
    /// What was looked at, or how that failed; it is taken first.
    first: Option<Result<Bytes, hyper::Error>>,
    rest: Incoming,
}

impl From<Incoming> for Came {
    fn from(rest: Incoming) -> Self {
        Self { first: None, rest }
    }
}

impl Came {
    /// Waits a little for the first piece, which still comes to whoever takes the body.
    pub(crate) async fn first(&mut self) {
        if self.first.is_none()
            && let Ok(Some(frame)) = tokio::time::timeout(SOON, self.rest.frame()).await
        {
            // What is no data comes last, and nobody asks for it.
            self.first = frame.map(|frame| frame.into_data().ok()).transpose();
        }
    }

    fn first_bytes(&self) -> u64 {
        self.first.as_ref().and_then(|first| first.as_ref().ok()).map_or(0, Bytes::len) as u64
    }

    /// All of it, if it was empty or came at once.
    pub(crate) fn whole(&self) -> Option<Bytes> {
        match &self.first {
            _ if !self.rest.is_end_stream() => None,
            None => Some(Bytes::new()),
            Some(first) => first.as_ref().ok().cloned(),
        }
    }
}

impl Body for Came {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        match self.first.take() {
            Some(first) => Poll::Ready(Some(first.map(Frame::data))),
            None => Pin::new(&mut self.rest).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.first.is_none() && self.rest.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (first, rest) = (self.first_bytes(), self.rest.size_hint());
        let mut hint = SizeHint::new();
        hint.set_lower(rest.lower() + first);
        if let Some(upper) = rest.upper() {
            hint.set_upper(upper + first);
        }
        hint
    }
}
