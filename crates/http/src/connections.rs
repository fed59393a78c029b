//! How many connections there are, and how long each of them may keep the server waiting.
//!
//! One sweep a second looks at all of them, so that a connection costs no timer of its own. When there are as many as there
//! may be, the one that has said nothing for the longest time makes room for a new one: whoever opens connections and is
//! silent shuts nobody else out.

use std::collections::HashMap;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use potok_content::Place as InFile;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_util::sync::CancellationToken;

use crate::straight::SendsFiles;

/// Bounds of the connections of one server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionLimits {
    /// Connections at once; more have to wait until one of these ends or is silent.
    pub most: usize,
    /// Seconds from the first byte of a request to the end of its head.
    pub head_seconds: u64,
    /// Seconds that a connection may be kept open between two requests, or before the first.
    pub idle_seconds: u64,
    /// Seconds that a client may take none of an answer that waits for it.
    pub write_seconds: u64,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self { most: 4096, head_seconds: 20, idle_seconds: 90, write_seconds: 30 }
    }
}

/// What a connection does, in the two low bits of its state; above them stand milliseconds since the server's start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    /// Nothing: between requests.
    Idle = 0,
    /// A head has begun to come.
    Head = 1,
    /// A request runs.
    Request = 2,
    /// It is a place for a client that has not come yet.
    Awaited = 3,
}

/// Milliseconds since the server's start.
type Stopwatch = Arc<dyn Fn() -> u64 + Send + Sync>;

fn stopwatch() -> Stopwatch {
    let started = Instant::now();
    Arc::new(move || u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX >> 2))
}

/// One connection, as the sweep and the connection's own task see it.
pub(crate) struct Connection {
    state: AtomicU64,
    /// Milliseconds since when the client takes nothing of what is written to it, plus one; 0 while it does.
    blocked: AtomicU64,
    /// Requests that run: over HTTP/2 there may be several.
    running: AtomicUsize,
    /// Whether it speaks HTTP/2.
    is_shared: AtomicBool,
    stopwatch: Stopwatch,
    /// Cut off at once.
    pub(crate) cut: CancellationToken,
}

impl Connection {
    fn new(stopwatch: Stopwatch) -> Self {
        let connection = Self {
            state: AtomicU64::new(0),
            blocked: AtomicU64::new(0),
            running: AtomicUsize::new(0),
            is_shared: AtomicBool::new(false),
            stopwatch,
            cut: CancellationToken::new(),
        };
        connection.enter(Doing::Awaited);
        connection
    }

    fn milliseconds(&self) -> u64 {
        (self.stopwatch)()
    }

    fn enter(&self, doing: Doing) {
        self.state.store(self.milliseconds() << 2 | doing as u64, Ordering::Release);
    }

    fn state(&self) -> (Doing, u64) {
        let state = self.state.load(Ordering::Acquire);
        let doing = match state & 3 {
            0 => Doing::Idle,
            1 => Doing::Head,
            2 => Doing::Request,
            _ => Doing::Awaited,
        };
        (doing, state >> 2)
    }

    /// What it does; whoever answers is not idle, whatever was noted last.
    fn doing(&self) -> (Doing, u64) {
        match self.state() {
            (_, since) if self.running.load(Ordering::Acquire) > 0 => (Doing::Request, since),
            state => state,
        }
    }

    /// The client has come: its time begins.
    pub(crate) fn begin(&self) {
        self.enter(Doing::Idle);
    }

    /// The handshake is over. Over HTTP/2 bytes come between requests too, and say nothing of a head.
    pub(crate) fn shook(&self, is_shared: bool) {
        self.is_shared.store(is_shared, Ordering::Release);
        self.enter(Doing::Idle);
    }

    /// A request has come whole as far as its head goes; it ends when the guard is dropped.
    pub(crate) fn begin_request(self: &Arc<Self>) -> Running {
        self.running.fetch_add(1, Ordering::AcqRel);
        self.enter(Doing::Request);
        Running(Arc::clone(self))
    }

    /// The answer is made; what is left is to write it.
    fn end_request(&self) {
        if self.running.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.enter(Doing::Idle);
        }
    }

    /// Whether nothing would be lost if it were cut off.
    pub(crate) fn is_silent(&self) -> bool {
        matches!(self.doing().0, Doing::Idle | Doing::Head) && self.blocked.load(Ordering::Acquire) == 0
    }

    fn bytes_came(&self) {
        if self.state().0 == Doing::Idle && !self.is_shared.load(Ordering::Acquire) {
            self.enter(Doing::Head);
        }
    }

    /// A write that went on, or did not.
    fn wrote(&self, is_blocked: bool) {
        if is_blocked {
            let now = self.milliseconds().saturating_add(1);
            let _already = self.blocked.compare_exchange(0, now, Ordering::AcqRel, Ordering::Acquire);
            return;
        }
        if self.blocked.load(Ordering::Acquire) != 0 {
            self.blocked.store(0, Ordering::Release);
        }
        if self.doing().0 == Doing::Idle {
            // The rest of an answer: the pause before the next request begins at its end.
            self.enter(Doing::Idle);
        }
    }

    /// Whether it has used up its time.
    fn is_overdue(&self, limits: &ConnectionLimits) -> bool {
        let now = self.milliseconds();
        let over = |since: u64, seconds: u64| now.saturating_sub(since) > seconds.saturating_mul(1000);
        let blocked = self.blocked.load(Ordering::Acquire);
        if blocked != 0 {
            return over(blocked - 1, limits.write_seconds);
        }
        match self.doing() {
            (Doing::Idle, since) => over(since, limits.idle_seconds),
            (Doing::Head, since) => over(since, limits.head_seconds),
            // Bodies have bounds of their own, and the work on a request is the server's. A quiet server waits long for
            // its next client, who must not be cut off for that.
            (Doing::Request | Doing::Awaited, _) => false,
        }
    }
}

/// A request that ends when this is dropped.
pub(crate) struct Running(Arc<Connection>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.end_request();
    }
}

/// All connections of a server.
pub(crate) struct Connections {
    limits: ConnectionLimits,
    stopwatch: Stopwatch,
    open: Mutex<HashMap<u64, Arc<Connection>>>,
    next: AtomicU64,
}

/// A place among the connections, given back when it is dropped.
pub(crate) struct Place {
    connections: Arc<Connections>,
    number: u64,
    pub(crate) connection: Arc<Connection>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.connections.open().remove(&self.number);
    }
}

impl Connections {
    pub(crate) fn new(limits: ConnectionLimits) -> Self {
        Self::timed_by(stopwatch(), limits)
    }

    fn timed_by(stopwatch: Stopwatch, limits: ConnectionLimits) -> Self {
        Self { limits, stopwatch, open: Mutex::default(), next: AtomicU64::new(0) }
    }

    fn open(&self) -> std::sync::MutexGuard<'_, HashMap<u64, Arc<Connection>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.open().len()
    }

    /// How many there may be.
    pub(crate) const fn most(&self) -> usize {
        self.limits.most
    }

    /// A place for one more; `None` when all are taken. Then the one that was silent for the longest time is cut off, so
    /// that there is a place a moment later.
    pub(crate) fn place(self: &Arc<Self>) -> Option<Place> {
        let mut open = self.open();
        if open.len() >= self.limits.most {
            let silent =
                open.values().filter(|connection| connection.is_silent() && !connection.cut.is_cancelled());
            if let Some(oldest) = silent.min_by_key(|connection| connection.state().1) {
                oldest.cut.cancel();
            }
            return None;
        }
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let connection = Arc::new(Connection::new(Arc::clone(&self.stopwatch)));
        open.insert(number, Arc::clone(&connection));
        Some(Place { connections: Arc::clone(self), number, connection })
    }

    /// Cuts off all whose time is over.
    fn sweep(&self) {
        for connection in self.open().values() {
            if connection.is_overdue(&self.limits) {
                connection.cut.cancel();
            }
        }
    }

    /// Cuts off all that are left.
    pub(crate) fn cut_all(&self) {
        for connection in self.open().values() {
            connection.cut.cancel();
        }
    }

    /// Sweeps every second until `stop`.
    pub(crate) async fn keep(self: Arc<Self>, stop: CancellationToken) {
        let mut seconds = tokio::time::interval(Duration::from_secs(1));
        while stop.run_until_cancelled(seconds.tick()).await.is_some() {
            self.sweep();
        }
    }
}

/// The bytes of a connection; tells it of each that comes and goes.
pub(crate) struct Watched<S> {
    pub(crate) stream: S,
    pub(crate) connection: Arc<Connection>,
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        if buffer.filled().len() > before {
            self.connection.bytes_came();
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.connection.wrote(written.is_pending());
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
        self.connection.wrote(written.is_pending());
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

impl<S: SendsFiles + Unpin> SendsFiles for Watched<S> {
    fn poll_send_file(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        place: &InFile,
        length: usize,
    ) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_send_file(context, place, length);
        self.connection.wrote(sent.is_pending());
        sent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: ConnectionLimits =
        ConnectionLimits { most: 2, head_seconds: 10, idle_seconds: 60, write_seconds: 30 };

    /// Connections, and the milliseconds that their stopwatch shows.
    fn timed() -> (Arc<Connections>, Arc<AtomicU64>) {
        let time = Arc::new(AtomicU64::new(0));
        let shown = Arc::clone(&time);
        let stopwatch: Stopwatch = Arc::new(move || shown.load(Ordering::Relaxed));
        (Arc::new(Connections::timed_by(stopwatch, LIMITS)), time)
    }

    type Step = fn(&Arc<Connection>);

    /// After which of `steps` (each followed by so many seconds) a sweep cuts the connection off.
    fn cut_after(steps: &[(Step, u64)]) -> Option<usize> {
        let (connections, time) = timed();
        let place = connections.place().unwrap();
        place.connection.begin();
        for (index, (step, seconds)) in steps.iter().enumerate() {
            step(&place.connection);
            time.fetch_add(seconds * 1000, Ordering::Relaxed);
            connections.sweep();
            if place.connection.cut.is_cancelled() {
                return Some(index);
            }
        }
        None
    }

    #[test]
    fn each_kind_of_silence_has_its_own_time() {
        let nothing: Step = |_| {};
        let bytes: Step = |connection| connection.bytes_came();
        let begin: Step = |connection| std::mem::forget(connection.begin_request());
        let end: Step = |connection| connection.end_request();
        let shared: Step = |connection| connection.shook(true);
        let blocked: Step = |connection| connection.wrote(true);
        let taken: Step = |connection| connection.wrote(false);
        for (steps, expected) in [
            (&[(nothing, 59), (nothing, 2)][..], Some(1)),
            // A head that drips: its time is not prolonged by more bytes.
            (&[(bytes, 6), (bytes, 6)], Some(1)),
            (&[(bytes, 6), (begin, 1000)], None),
            (&[(bytes, 1), (begin, 1000), (end, 59), (nothing, 2)], Some(3)),
            // An answer of which nothing is taken, and one that is taken slowly.
            (&[(begin, 1), (end, 1), (blocked, 20), (blocked, 20)], Some(3)),
            (&[(begin, 1), (end, 1), (blocked, 29), (taken, 29), (blocked, 29), (taken, 59)], None),
            (&[(begin, 1), (blocked, 31)], Some(1)),
            // Over HTTP/2 bytes come between requests, and one that ends is not the last.
            (&[(bytes, 1), (shared, 1), (bytes, 50), (bytes, 11)], Some(3)),
            (&[(shared, 1), (begin, 1), (begin, 1), (end, 1000), (end, 59), (nothing, 2)], Some(5)),
        ] {
            assert_eq!(cut_after(steps), expected, "{}", steps.len());
        }
    }

    #[test]
    fn the_next_client_may_come_late() {
        let (connections, time) = timed();
        let taken = connections.place().unwrap();
        taken.connection.begin();
        let awaited = connections.place().unwrap();
        time.store(100_000, Ordering::Relaxed);
        connections.sweep();
        assert!(taken.connection.cut.is_cancelled() && !awaited.connection.cut.is_cancelled());
        assert!(connections.place().is_none());
        assert!(!awaited.connection.cut.is_cancelled(), "nobody is silent who has not come");
        awaited.connection.begin();
        time.store(150_000, Ordering::Relaxed);
        connections.sweep();
        assert!(!awaited.connection.cut.is_cancelled(), "the time begins when the client comes");
        time.store(161_000, Ordering::Relaxed);
        connections.sweep();
        assert!(awaited.connection.cut.is_cancelled());
    }

    #[test]
    fn who_is_silent_longest_makes_room() {
        let (connections, time) = timed();
        let busy = connections.place().unwrap();
        let _running = busy.connection.begin_request();
        let silent = connections.place().unwrap();
        silent.connection.begin();
        time.store(1000, Ordering::Relaxed);
        assert!(connections.place().is_none());
        assert!(silent.connection.cut.is_cancelled() && !busy.connection.cut.is_cancelled());
        drop(silent);
        let next = connections.place().unwrap();
        let _also = next.connection.begin_request();
        assert!(connections.place().is_none(), "nobody who is served is cut off");
        assert!(!next.connection.cut.is_cancelled() && !busy.connection.cut.is_cancelled());
        drop((busy, next));
        assert!(connections.open().is_empty());
    }
}
