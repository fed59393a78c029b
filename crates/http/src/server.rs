//! The edge as a running server.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use http::Request;
use hyper::body::Incoming;
use hyper::rt::Executor;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use potok_app::App;
use potok_types::{Clock, Entropy};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::answer::Response;
use crate::apart::{self, Apart, Served};
use crate::came::Came;
use crate::connections::{Connection, Connections, Place, Watched};
use crate::counted::Counted;
use crate::lines::Lines;
use crate::live::Places;
use crate::options::Retirement;
use crate::rate::Limits;
use crate::ready::Ready;
use crate::registry::Registry;
use crate::requests::Requests;
use crate::straight::{SendsFiles, Straight, Way};
use crate::tls::H2;
use crate::{HttpOptions, OptionsError, Spans, Tls, dispatch, handlers, short, unpaced, unsent};

/// Everything that requests share.
pub struct Edge {
    pub(crate) app: Arc<App>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) limits: Option<Limits>,
    pub(crate) retirement: Retirement,
    pub(crate) handlers: Registry,
    pub(crate) ready: Ready,
    /// Whether answers are packed for clients that take that.
    pub(crate) packs: bool,
    pub(crate) counted: Counted,
    pub(crate) requests: Requests,
    /// Where spans go, if anybody looks at them.
    pub(crate) spans: Option<Arc<dyn Spans>>,
    pub(crate) lines: Lines,
    pub(crate) is_stopping: AtomicBool,
    /// Whoever waits for something to happen need not wait any longer.
    pub(crate) stop: CancellationToken,
    pub(crate) places: Arc<Places>,
    pub(crate) trusted_proxies: Vec<IpAddr>,
    /// Logins of those who keep the server.
    pub(crate) keepers: Vec<String>,
    stop_seconds: u64,
    connections: Arc<Connections>,
}

impl Edge {
    /// Puts the edge of `app` together.
    ///
    /// # Errors
    /// [`OptionsError`] names the setting that cannot be used.
    pub fn new(
        app: Arc<App>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        options: &HttpOptions,
    ) -> Result<Self, OptionsError> {
        Ok(Self {
            limits: Limits::new(options, Arc::clone(&clock)),
            retirement: Retirement::new(&options.retire)?,
            handlers: handlers::all(),
            ready: Ready::new(options.ready_bytes, options.compress),
            packs: options.compress,
            counted: Counted::new(),
            requests: Requests::new(options.request_journal),
            spans: None,
            lines: Lines::start(options.log_every),
            is_stopping: AtomicBool::new(false),
            stop: CancellationToken::new(),
            places: Places::of(options.connections.most),
            trusted_proxies: options.trusted_proxies.clone(),
            keepers: options.keepers.clone(),
            stop_seconds: options.stop_seconds,
            connections: Arc::new(Connections::new(options.connections)),
            app,
            clock,
            entropy,
        })
    }
}

impl Edge {
    /// The same, telling `spans` of each request.
    #[must_use]
    pub fn with_spans(mut self, spans: Arc<dyn Spans>) -> Self {
        self.spans = Some(spans);
        self
    }

    /// The same, which may lay answers that are asked for often into files without names in `folder`: at most as many bytes as are kept
    /// ready, which the disk has to write.
    #[must_use]
    pub fn with_folder(mut self, folder: &Path) -> Self {
        self.ready.lie_in(folder);
        self
    }

    pub(crate) const fn connections(&self) -> &Arc<Connections> {
        &self.connections
    }
}

/// A server that accepts requests until it is stopped.
pub struct HttpServer {
    address: SocketAddr,
    edge: Arc<Edge>,
    task: JoinHandle<()>,
}

impl HttpServer {
    /// Starts to accept requests on `listener`, over `tls` if it is given.
    ///
    /// # Errors
    /// The listener has no address.
    pub fn start(listener: TcpListener, edge: Edge, tls: Option<Arc<Tls>>) -> io::Result<Self> {
        let address = listener.local_addr()?;
        if let Err(error) = unsent::bound(&listener) {
            tracing::warn!(%error, "what clients do not read is not bounded in the kernel");
        }
        // It is as fast as the system has it, otherwise.
        let _unpaced = unpaced::local(&listener);
        let edge = Arc::new(edge);
        let stop = edge.stop.clone();
        let task = tokio::spawn(accept(listener, tls, Arc::clone(&edge), stop));
        Ok(Self { address, edge, task })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What requests share.
    pub const fn edge(&self) -> &Arc<Edge> {
        &self.edge
    }

    /// Accepts no more, finishes the requests that run, and returns. Requests that take longer than the set time are cut
    /// off; nothing that was acknowledged is lost by that.
    ///
    /// # Errors
    /// The server had died before.
    pub async fn stop(self) -> io::Result<()> {
        let edge = Arc::clone(&self.edge);
        let ended = self.end().await;
        // The lines of those who were answered last are part of the end.
        let written = tokio::task::spawn_blocking(move || edge.lines.finish()).await;
        ended.and(written.map_err(io::Error::other))
    }

    async fn end(mut self) -> io::Result<()> {
        self.edge.is_stopping.store(true, Ordering::Release);
        self.edge.stop.cancel();
        let patience = Duration::from_secs(self.edge.stop_seconds);
        match tokio::time::timeout(patience, &mut self.task).await {
            Ok(ended) => ended.map_err(io::Error::other),
            Err(_) => {
                tracing::warn!(seconds = self.edge.stop_seconds, "requests that still run are cut off");
                self.edge.connections.cut_all();
                self.task.await.map_err(io::Error::other)
            }
        }
    }
}

/// How long nothing is accepted when the system has no room for one more.
const BREATH: Duration = Duration::from_millis(100);

/// Requests of one connection that run at once, over HTTP/2.
const REQUESTS_AT_ONCE: u32 = 100;
/// Of an answer over HTTP/2 that waits for its client, beyond what it was made of.
const UNSENT_BYTES: usize = 64 * 1024;

/// Accepts until `stop`, then waits for what runs.
async fn accept(listener: TcpListener, tls: Option<Arc<Tls>>, edge: Arc<Edge>, stop: CancellationToken) {
    let connections = Arc::clone(&edge.connections);
    let running = TaskTracker::new();
    running.spawn(Arc::clone(&connections).keep(stop.clone()));
    while let Some(place) = place(&connections, &stop).await {
        let Some(accepted) = stop.run_until_cancelled(listener.accept()).await else { break };
        match accepted {
            Ok((stream, peer)) => {
                let (tls, edge) = (tls.clone(), Arc::clone(&edge));
                running.spawn(serve((stream, peer), tls, place, edge, (stop.clone(), running.clone())));
            }
            // The client has gone before it was let in.
            Err(error) if is_of_one_client(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted: raise the limit of open files");
                let _stopped = tokio::time::timeout(BREATH, stop.cancelled()).await;
            }
        }
    }
    // Nobody may connect while the rest is finished.
    drop(listener);
    running.close();
    running.wait().await;
}

fn is_of_one_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// A place for the next connection; `None` when the server stops.
async fn place(connections: &Arc<Connections>, stop: &CancellationToken) -> Option<Place> {
    loop {
        if stop.is_cancelled() {
            return None;
        }
        if let Some(place) = connections.place() {
            return Some(place);
        }
        let _stopped = tokio::time::timeout(BREATH, stop.cancelled()).await;
    }
}

/// Serves one connection to its end.
async fn serve(
    (stream, peer): (TcpStream, SocketAddr),
    tls: Option<Arc<Tls>>,
    place: Place,
    edge: Arc<Edge>,
    (stop, running): (CancellationToken, TaskTracker),
) {
    // Answers are written in one piece; waiting for more to send along would only delay them.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY could not be set");
    }
    let connection = Arc::clone(&place.connection);
    connection.begin();
    let Some(tls) = tls else {
        let stream = Straight::new(stream);
        let way = Some(Arc::clone(stream.way()));
        let watched = Watched { stream, connection: Arc::clone(&connection) };
        return one_by_one((watched, way), peer, connection, edge, stop).await;
    };
    let watched = Watched { stream, connection: Arc::clone(&connection) };
    // Kept apart: it is large, and a connection without TLS would hold the room for it.
    Box::pin(behind_tls((watched, peer), tls, connection, edge, (stop, running))).await;
}

/// Serves one connection to its end, once hands were shaken.
async fn behind_tls(
    (watched, peer): (Watched<TcpStream>, SocketAddr),
    tls: Arc<Tls>,
    connection: Arc<Connection>,
    edge: Arc<Edge>,
    (stop, running): (CancellationToken, TaskTracker),
) {
    let shaken = tokio::select! {
        // The bytes of a handshake are those of a head, and have no longer.
        () = connection.cut.cancelled() => return,
        () = stop.cancelled() => return,
        shaken = tls.accept(watched) => shaken,
    };
    // Who does not want what the door shows, or speaks no TLS, is gone.
    let Ok(stream) = shaken else { return };
    let is_shared = stream.get_ref().1.alpn_protocol() == Some(H2);
    connection.shook(is_shared);
    match is_shared {
        true => many_at_once(stream, peer, connection, edge, (stop, running)).await,
        // It is large, and has its room on both sides when it is handed over by value.
        false => one_by_one((Box::new(stream), None), peer, connection, edge, stop).await,
    }
}

/// Speaks HTTP/1 over a connection, and by its way past memory if it has one.
async fn one_by_one(
    (stream, way): (impl AsyncRead + SendsFiles + Unpin, Option<Arc<Way>>),
    peer: SocketAddr,
    connection: Arc<Connection>,
    edge: Arc<Edge>,
    stop: CancellationToken,
) {
    let apart = Arc::<Apart>::default();
    let answer = |request| {
        apart.begins();
        let of_connection = (Arc::clone(&connection), way.clone(), Some(Arc::clone(&apart)));
        answered(Arc::clone(&edge), peer, of_connection, request)
    };
    let at_hand = |request: &Request<Came>| {
        let mut response = short::on_the_spot(&edge, request, Instant::now())?;
        // It has begun, and what is left of it is to be written.
        drop(connection.begin_request());
        response.body_mut().goes(way.clone());
        Some(response)
    };
    let serving = apart::serve(stream, Arc::clone(&apart), answer, at_hand, &connection, &stop);
    let _cut_off = connection.cut.run_until_cancelled(serving).await;
}

/// Speaks HTTP/2 over a connection.
async fn many_at_once(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    peer: SocketAddr,
    connection: Arc<Connection>,
    edge: Arc<Edge>,
    (stop, running): (CancellationToken, TaskTracker),
) {
    let spawned = Spawned { running, cut: connection.cut.clone() };
    let of_requests = Arc::clone(&connection);
    let answer = service_fn(move |request| {
        answered(Arc::clone(&edge), peer, (Arc::clone(&of_requests), None, None), request)
    });
    let serving = hyper::server::conn::http2::Builder::new(spawned)
        .max_concurrent_streams(REQUESTS_AT_ONCE)
        .max_send_buf_size(UNSENT_BYTES)
        .serve_connection(TokioIo::new(stream), answer);
    let mut serving = pin!(serving);
    tokio::select! {
        biased;
        () = connection.cut.cancelled() => return,
        // How it ended is the client's business.
        _ended = serving.as_mut() => return,
        () = stop.cancelled() => {}
    }
    if connection.is_silent() {
        return;
    }
    serving.as_mut().graceful_shutdown();
    tokio::select! {
        () = connection.cut.cancelled() => {}
        _ended = serving => {}
    }
}

/// What HTTP/2 runs beside a connection: it is waited for when the server stops, and ends when the connection is cut off.
#[derive(Clone)]
struct Spawned {
    running: TaskTracker,
    cut: CancellationToken,
}

impl<F: Future<Output = ()> + Send + 'static> Executor<F> for Spawned {
    fn execute(&self, request: F) {
        let cut = self.cut.clone();
        self.running.spawn(async move {
            let _cut_off = cut.run_until_cancelled(request).await;
        });
    }
}

/// Answers a request; the connection knows that it runs.
async fn answered(
    edge: Arc<Edge>,
    peer: SocketAddr,
    (connection, way, apart): (Arc<Connection>, Option<Arc<Way>>, Option<Arc<Apart>>),
    request: Request<Incoming>,
) -> Result<Response, Infallible> {
    let (served, mut response) = match apart.as_ref().and_then(|apart| apart.made()) {
        Some(made) => made,
        None => {
            let started = Instant::now();
            let mut served = Served::new(connection.begin_request(), apart);
            let mut request = request.map(Came::from);
            short::wait_for_question(&edge, &mut request).await;
            match short::on_the_spot(&edge, &request, started) {
                Some(mut response) => {
                    served.was_at_hand(&request);
                    response.body_mut().goes(way);
                    return Ok(response);
                }
                None => {
                    let leave = served.may_leave_as(&mut request);
                    // What waits is large; it does not have to be moved for those who do not.
                    served.until(Box::pin(dispatch::answer(edge, peer, request)), leave).await
                }
            }
        }
    };
    let body = response.body_mut();
    body.goes(way);
    if body.goes_on() {
        body.keeps(served);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each connection holds it as long as it lives.
    #[test]
    fn a_connection_is_small() {
        fn bytes<A, F: Future>(_: impl Fn(A) -> F) -> usize {
            size_of::<F>()
        }
        type Given = (Watched<Straight>, SocketAddr, Arc<Connection>, Arc<Edge>, CancellationToken);
        let bytes = bytes(|(stream, peer, connection, edge, stop): Given| {
            one_by_one((stream, None), peer, connection, edge, stop)
        });
        assert!(bytes <= 2 * 1024, "{bytes} bytes: what only some need belongs into a box of its own");
    }
}
