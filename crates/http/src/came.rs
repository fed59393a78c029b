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
    /// `None`: there is none.
    rest: Option<Incoming>,
}

impl From<Incoming> for Came {
    fn from(rest: Incoming) -> Self {
        Self { first: None, rest: Some(rest) }
    }
}

impl From<Bytes> for Came {
    /// A body that has come whole.
    fn from(whole: Bytes) -> Self {
        Self { first: (!whole.is_empty()).then_some(Ok(whole)), rest: None }
    }
}

impl Came {
    /// Waits a little for the first piece, which still comes to whoever takes the body.
    pub(crate) async fn first(&mut self) {
        if self.first.is_none()
            && let Some(rest) = &mut self.rest
            && let Ok(Some(frame)) = tokio::time::timeout(SOON, rest.frame()).await
        {
            // What is no data comes last, and nobody asks for it.
            self.first = frame.map(|frame| frame.into_data().ok()).transpose();
        }
    }

    fn first_bytes(&self) -> u64 {
        self.first.as_ref().and_then(|first| first.as_ref().ok()).map_or(0, Bytes::len) as u64
    }

    fn is_rest_over(&self) -> bool {
        self.rest.as_ref().is_none_or(Body::is_end_stream)
    }

    /// All of it, if it was empty or came at once.
    pub(crate) fn whole(&self) -> Option<Bytes> {
        match &self.first {
            _ if !self.is_rest_over() => None,
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
            None => match &mut self.rest {
                Some(rest) => Pin::new(rest).poll_frame(context),
                None => Poll::Ready(None),
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        self.first.is_none() && self.is_rest_over()
    }

    fn size_hint(&self) -> SizeHint {
        let rest = self.rest.as_ref().map_or(SizeHint::with_exact(0), Body::size_hint);
        let first = self.first_bytes();
        let mut hint = SizeHint::new();
        hint.set_lower(rest.lower() + first);
        if let Some(upper) = rest.upper() {
            hint.set_upper(upper + first);
        }
        hint
    }
}
