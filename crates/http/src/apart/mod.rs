//! Whoever waits for an event is served apart from hyper, which holds 16 KB of buffers for each of its connections, and holds
//! them as long as the connection lives.
//!
//! As soon as a request does nothing but wait, and all that hyper had to write is written, hyper's connection is taken apart.
//! A page that waits is made here, and then given to a new connection of hyper, which takes it for the answer to its first request. A stream
//! is sent from here to its end ([`stream`]), and so are contents that stand in files, which hyper would have read ([`contents`]). Then hyper serves what the client asks next. This is for HTTP/1.1 without bodies of
//! requests; over HTTP/2, which shares one connection, and HTTP/1.0 hyper stays.
//!
//! Whoever asks for what is at hand is served before hyper ([`front`]): hyper comes with the first request that is not, and leaves with the
//! first one after it that is.

mod again;
mod contents;
mod stream;

use std::convert::Infallible;
use std::future::poll_fn;
use std::mem;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use bytes::Bytes;
use http::header::CONNECTION;
use http::{HeaderMap, Method, Request, Version};
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWriteExt as _};
use tokio_util::sync::CancellationToken;

use crate::answer::Response;
use crate::came::Came;
use crate::connections::{Connection, Running};
use crate::front::{self, Ended};
use crate::preference::PREFER;
use crate::straight::SendsFiles;

pub(crate) use again::Again;
pub(crate) use contents::Contents;
pub(crate) use stream::Lasting;

/// In the place of a request whose answer is made: it says only what hyper has to know of it.
const ASKED: Bytes = Bytes::from_static(b"GET / HTTP/1.1\r\n\r\n");
/// The same, and no more is asked over its connection.
const ASKED_LAST: Bytes = Bytes::from_static(b"GET / HTTP/1.1\r\nconnection: close\r\n\r\n");

type Making = Pin<Box<dyn Future<Output = Response> + Send>>;

/// What a connection and its requests tell each other.
#[derive(Default)]
pub(crate) struct Apart {
    slot: Mutex<Slot>,
    /// Whether hyper has written what is not flushed yet. Nothing of that may be taken from it.
    is_unsent: AtomicBool,
}

#[derive(Default)]
enum Slot {
    #[default]
    Empty,
    /// For the connection: what waits.
    Left(Left),
    /// For the next request: its answer.
    Made(Box<(Served, Response)>),
}

/// A request that waits.
struct Left {
    running: Running,
    /// Whether nothing is asked after it.
    is_last: bool,
    what: What,
}

/// What it waits for.
pub(crate) enum What {
    /// An answer of which nothing is sent.
    Page(Making),
    /// The rest of an answer.
    Stream(Box<dyn Lasting>),
    /// The rest of an answer of files.
    Contents(Box<Contents>),
    /// Nothing: its answer was at hand, and that of the next one may be.
    Nothing,
}

impl Apart {
    fn slot(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What waits, when nothing before it is left to be sent.
    fn left(&self) -> Option<Left> {
        let mut slot = self.slot();
        match mem::take(&mut *slot) {
            Slot::Left(left) if !self.is_unsent.load(Ordering::Relaxed) => Some(left),
            other => {
                *slot = other;
                None
            }
        }
    }

    /// A request has come to hyper, which stays for it.
    pub(crate) fn begins(&self) {
        let mut slot = self.slot();
        if matches!(&*slot, Slot::Left(Left { what: What::Nothing, .. })) {
            *slot = Slot::Empty;
        }
    }

    /// Whether hyper is to give the answer to a request that it has not seen.
    fn is_made(&self) -> bool {
        matches!(*self.slot(), Slot::Made(_))
    }

    /// The answer to the request that has come, if it was made while there was no connection of hyper.
    pub(crate) fn made(&self) -> Option<(Served, Response)> {
        let mut slot = self.slot();
        match mem::take(&mut *slot) {
            Slot::Made(made) => Some(*made),
            other => {
                *slot = other;
                None
            }
        }
    }
}

/// A request that is served.
pub(crate) struct Served {
    running: Running,
    /// Where it can be left to.
    apart: Option<Arc<Apart>>,
    is_last: bool,
}

/// By which a request says that it does nothing but wait. Noted with the request.
#[derive(Clone, Default)]
pub(crate) struct Leave(Arc<AtomicBool>);

impl Leave {
    /// From now on it waits, and then it is answered.
    pub(crate) fn ask(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Served {
    pub(crate) const fn new(running: Running, apart: Option<Arc<Apart>>) -> Self {
        Self { running, apart, is_last: false }
    }

    /// Looks whether hyper's connection can do without the request, and lets one that may wait say when it does.
    pub(crate) fn may_leave_as(&mut self, request: &mut Request<Came>) -> Option<Leave> {
        self.is_last = is_last(request.headers());
        let is_simple = request.version() == Version::HTTP_11
            && request.method() == Method::GET
            && request.body().is_end_stream();
        self.apart = self.apart.take().filter(|_| is_simple);
        if !self.may_leave() || !request.headers().contains_key(PREFER) {
            return None;
        }
        let leave = Leave::default();
        request.extensions_mut().insert(leave.clone());
        Some(leave)
    }

    /// Whether it need not stay with hyper.
    pub(crate) const fn may_leave(&self) -> bool {
        self.apart.is_some()
    }

    /// Its answer was at hand: hyper may leave when that is written, unless it ends the connection.
    pub(crate) fn was_at_hand(self, request: &Request<Came>) {
        if request.version() == Version::HTTP_11 && !is_last(request.headers()) {
            self.leaves(What::Nothing);
        }
    }

    /// Leaves it to its connection.
    pub(crate) fn leaves(self, what: What) {
        let Self { running, apart, is_last } = self;
        if let Some(apart) = apart {
            *apart.slot() = Slot::Left(Left { running, is_last, what });
        }
    }

    /// The answer, which hyper waits for, until it leaves.
    pub(crate) async fn until(self, making: Making, leave: Option<Leave>) -> (Self, Response) {
        let Some(leave) = leave else {
            let response = making.await;
            return (self, response);
        };
        let mut both = Some((self, making));
        poll_fn(move |context| {
            if let Some((_, making)) = &mut both
                && let Poll::Ready(response) = making.as_mut().poll(context)
            {
                return both.take().map_or(Poll::Pending, |(served, _)| Poll::Ready((served, response)));
            }
            if leave.is_asked()
                && let Some((served, making)) = both.take()
            {
                served.leaves(What::Page(making));
            }
            Poll::Pending
        })
        .await
    }
}

/// Whether the client wants the connection to end with the answer.
fn is_last(headers: &HeaderMap) -> bool {
    let values = headers.get_all(CONNECTION).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|word| word.trim().eq_ignore_ascii_case("close"))
}

/// Serves one connection over HTTP/1, by hyper but for those who wait and those whose answer is `at_hand`, until the client goes, or until
/// what runs is done when the server stops. What the requests leave comes by `apart`.
pub(crate) async fn serve<S, F>(
    stream: S,
    apart: Arc<Apart>,
    answer: impl Fn(Request<Incoming>) -> F,
    at_hand: impl Fn(&Request<Came>) -> Option<Response>,
    connection: &Connection,
    stop: &CancellationToken,
) where
    S: AsyncRead + SendsFiles + Unpin,
    F: Future<Output = Result<Response, Infallible>>,
{
    let mut service = service_fn(answer);
    let mut io = Again::new(stream, Arc::clone(&apart));
    let mut stopped = pin!(stop.cancelled());
    loop {
        if !apart.is_made() && front::answer(&mut io, &at_hand, stopped.as_mut()).await == Ended::Over {
            let _the_client_has_all = io.shutdown().await;
            return;
        }
        let Left { running, is_last, what } = {
            let serving = http1::Builder::new().serve_connection(TokioIo::new(io), service);
            // Those who wait do not hold the room for it.
            let mut serving = Box::new(serving);
            let mut is_ending = false;
            let left = poll_fn(|context| {
                loop {
                    // How it ended is the client's business.
                    if Pin::new(&mut *serving).poll(context).is_ready() {
                        return Poll::Ready(None);
                    }
                    if let Some(left) = apart.left() {
                        return Poll::Ready(Some(left));
                    }
                    if is_ending || stopped.as_mut().poll(context).is_pending() {
                        return Poll::Pending;
                    }
                    if connection.is_silent() {
                        return Poll::Ready(None);
                    }
                    is_ending = true;
                    Pin::new(&mut *serving).graceful_shutdown();
                }
            })
            .await;
            let Some(left) = left else { return };
            let parts = serving.into_parts();
            service = parts.service;
            io = parts.io.into_inner();
            io.first(parts.read_buf);
            left
        };
        match what {
            What::Nothing => drop(running),
            What::Page(making) => {
                let Some(response) = io.unless_gone(making).await else { return };
                *apart.slot() = Slot::Made(Box::new((Served::new(running, None), response)));
                // Who is told that the server stops asks nothing more here.
                io.first(if is_last || stop.is_cancelled() { ASKED_LAST } else { ASKED });
            }
            What::Stream(_) | What::Contents(_) => {
                if !send(&mut io, what).await {
                    return;
                }
                drop(running);
                if is_last || stop.is_cancelled() {
                    let _the_client_has_all = io.shutdown().await;
                    return;
                }
            }
        }
    }
}

/// Sends the rest of an answer; whether the client has all of it.
async fn send<S: AsyncRead + SendsFiles + Unpin>(io: &mut Again<S>, what: What) -> bool {
    match what {
        What::Stream(pieces) => stream::send(io, pieces).await.is_ok(),
        // It is large; a connection that sends no files does not hold the room for it.
        What::Contents(contents) => Box::pin(contents::send(io, *contents)).await.is_ok(),
        What::Page(_) | What::Nothing => true,
    }
}

#[cfg(test)]
mod tests;
