//! The edge as a running server.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use potok_app::App;
use potok_types::{Clock, Entropy};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::connections::{Connection, Connections, Place, Watched};
use crate::counted::Counted;
use crate::lines::Lines;
use crate::live::Places;
use crate::options::Retirement;
use crate::rate::Limits;
use crate::ready::Ready;
use crate::registry::Registry;
use crate::requests::Requests;
use crate::{HttpOptions, OptionsError, Spans, Tls, handlers, short, unsent};

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
                running.spawn(serve((stream, peer), tls, place, edge, stop.clone()));
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
    stop: CancellationToken,
) {
    // Answers are written in one piece; waiting for more to send along would only delay them.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY could not be set");
    }
    let connection = Arc::clone(&place.connection);
    connection.begin();
    let watched = Watched { stream, connection: Arc::clone(&connection) };
    let Some(tls) = tls else { return speak(watched, peer, connection, edge, stop).await };
    let shaken = tokio::select! {
        // The bytes of a handshake are those of a head, and have no longer.
        () = connection.cut.cancelled() => return,
        () = stop.cancelled() => return,
        shaken = tls.accept(watched) => shaken,
    };
    // Who does not want what the door shows, or speaks no TLS, is gone.
    if let Ok(stream) = shaken {
        speak(stream, peer, connection, edge, stop).await;
    }
}

/// Speaks HTTP over a connection.
async fn speak(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    peer: SocketAddr,
    connection: Arc<Connection>,
    edge: Arc<Edge>,
    stop: CancellationToken,
) {
    let answer = service_fn(|request| {
        let (edge, connection) = (Arc::clone(&edge), Arc::clone(&connection));
        async move {
            connection.begin_request();
            let mut response = short::answer(edge, peer, request).await;
            match response.body_mut() {
                body if body.is_live() => body.keeps(connection.running()),
                _ => connection.end_request(),
            }
            Ok::<_, Infallible>(response)
        }
    });
    let mut serving =
        pin!(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
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
