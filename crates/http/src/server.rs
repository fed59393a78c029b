//! The edge as a running server.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt as _;
use http::Request;
use potok_app::App;
use potok_types::{Clock, Entropy};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::options::Retirement;
use crate::rate::Limits;
use crate::registry::Registry;
use crate::{HttpOptions, OptionsError, dispatch, handlers};

/// Everything that requests share.
pub struct Edge {
    pub(crate) app: Arc<App>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) limits: Option<Limits>,
    pub(crate) retirement: Retirement,
    pub(crate) handlers: Registry,
    pub(crate) is_stopping: AtomicBool,
    stop_seconds: u64,
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
            is_stopping: AtomicBool::new(false),
            stop_seconds: options.stop_seconds,
            app,
            clock,
            entropy,
        })
    }

    /// The labels of the methods that this server answers, sorted.
    pub fn served(&self) -> Vec<&'static str> {
        let mut labels: Vec<_> = self.handlers.labels().collect();
        labels.sort_unstable();
        labels
    }
}

/// A server that accepts requests until it is stopped.
pub struct HttpServer {
    address: SocketAddr,
    edge: Arc<Edge>,
    stop: CancellationToken,
    task: JoinHandle<io::Result<()>>,
}

impl HttpServer {
    /// Starts to accept requests on `listener`.
    ///
    /// # Errors
    /// The listener has no address.
    pub fn start(listener: TcpListener, edge: Edge) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let edge = Arc::new(edge);
        let router = {
            let edge = Arc::clone(&edge);
            Router::new().fallback(move |request: Request<axum::body::Body>| dispatch::answer(edge, request))
        };
        // Answers are written in one piece; waiting for more to send along would only delay them.
        let listener = listener.tap_io(|stream| {
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "TCP_NODELAY could not be set");
            }
        });
        let stop = CancellationToken::new();
        let serving = axum::serve(listener, router).with_graceful_shutdown(stop.clone().cancelled_owned());
        let task = tokio::spawn(serving.into_future());
        Ok(Self { address, edge, stop, task })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Accepts no more, finishes the requests that run, and returns. Requests that take longer than the set time are cut
    /// off; nothing that was acknowledged is lost by that.
    ///
    /// # Errors
    /// The server had died before.
    pub async fn stop(mut self) -> io::Result<()> {
        self.edge.is_stopping.store(true, Ordering::Release);
        self.stop.cancel();
        let patience = Duration::from_secs(self.edge.stop_seconds);
        match tokio::time::timeout(patience, &mut self.task).await {
            Ok(Ok(served)) => served,
            Ok(Err(panicked)) => Err(io::Error::other(panicked)),
            Err(_) => {
                tracing::warn!(seconds = self.edge.stop_seconds, "requests that still run are cut off");
                self.task.abort();
                Ok(())
            }
        }
    }
}
