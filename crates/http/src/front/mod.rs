//! What is at hand is answered before hyper sees it: all that hyper does for a request costs more than such an answer.
//!
//! A request that has come in one piece and in the plainest form is read here ([`asked`]), and an answer that is at hand is written byte for
//! byte as hyper would write it ([`told`]). Everything else is hyper's: what is not there whole yet, other versions, whatever concerns the
//! connection, and every error. It gets all bytes that were not answered, so that nothing is judged by two. Nothing is held
//! between requests: who says nothing costs no buffer.

mod asked;
mod told;

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use bytes::Bytes;
use http::Request;
use tokio::io::{AsyncRead, AsyncWrite};

use crate::answer::Response;
use crate::apart::Again;
use crate::came::Came;

use told::Going;

/// Why no more is answered here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// What can be read next is for hyper.
    ForHyper,
    /// The client has gone, or the server stops.
    Over,
}

/// Answers what is `at_hand`, until something else comes, the client goes, or the server has `stopped`.
pub(crate) async fn answer<S: AsyncRead + AsyncWrite + Unpin>(
    io: &mut Again<S>,
    at_hand: &impl Fn(&Request<Came>) -> Option<Response>,
    mut stopped: Pin<&mut impl Future<Output = ()>>,
) -> Ended {
    loop {
        let came = poll_fn(|context| match stopped.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(None),
            Poll::Pending => io.poll_some(context).map(Result::ok),
        });
        let Some(bytes) = came.await.filter(|bytes| !bytes.is_empty()) else { return Ended::Over };
        let Some((mut going, length)) = met(&bytes, at_hand) else {
            io.give_back(bytes);
            return Ended::ForHyper;
        };
        io.give_back(bytes.slice(length..));
        if going.write(io).await.is_err() {
            return Ended::Over;
        }
    }
}

/// The answer to what `bytes` begin with, if it is at hand, and where that ends.
fn met(bytes: &Bytes, at_hand: &impl Fn(&Request<Came>) -> Option<Response>) -> Option<(Box<Going>, usize)> {
    let (request, length) = asked::read(bytes)?;
    // Who says nothing does not hold the room for it.
    Some((Box::new(Going::of(at_hand(&request)?)), length))
}

#[cfg(test)]
mod tests;
