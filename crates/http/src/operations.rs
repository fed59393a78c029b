//! A listener for those who run the server: metrics and signs of life, beside the API and never through its door.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use potok_metrics::Exposition;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::answer::TEXT;
use crate::requests::Wanted;
use crate::{Edge, pages};

/// Connections at once: a collector asks every few seconds.
const CONNECTIONS: usize = 16;
/// How long one is kept: whoever asks again soon may connect again.
const PATIENCE: Duration = Duration::from_secs(30);

/// What others than the edge tell of themselves.
pub trait Figures: Send + Sync {
    /// Writes it.
    fn write<'a>(&'a self, out: &'a mut Exposition) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>>;
}

/// The listener, while it runs.
pub struct Operations {
    address: SocketAddr,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Operations {
    /// Starts to answer on `listener`.
    ///
    /// # Errors
    /// The listener has no address.
    pub fn start(listener: TcpListener, edge: Arc<Edge>, figures: Arc<dyn Figures>) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let stop = CancellationToken::new();
        let accepting = accept(listener, edge, figures);
        let stopped = stop.clone();
        let task = tokio::spawn(async move {
            let _stopped = stopped.run_until_cancelled(accepting).await;
        });
        Ok(Self { address, stop, task })
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers nobody any more.
    pub async fn stop(self) {
        self.stop.cancel();
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the listener of metrics had died");
        }
    }
}

async fn accept(listener: TcpListener, edge: Arc<Edge>, figures: Arc<dyn Figures>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => {
                let (edge, figures) = (Arc::clone(&edge), Arc::clone(&figures));
                tokio::spawn(async move {
                    let _over = tokio::time::timeout(PATIENCE, serve(stream, edge, figures)).await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::debug!(%error, "a connection for metrics was not accepted");
                tokio::task::yield_now().await;
            }
        }
    }
}

async fn serve(stream: TcpStream, edge: Arc<Edge>, figures: Arc<dyn Figures>) {
    let answer = service_fn(|request: Request<Incoming>| {
        let (edge, figures) = (Arc::clone(&edge), Arc::clone(&figures));
        async move { Ok::<_, Infallible>(answer(&edge, &*figures, request).await) }
    });
    // How it ended is the business of whoever asked.
    let _ended =
        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
}

async fn answer(edge: &Edge, figures: &dyn Figures, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let is_head = request.method() == Method::HEAD;
    if request.method() != Method::GET && !is_head {
        let mut refused = response(StatusCode::METHOD_NOT_ALLOWED, TEXT, "use GET", false);
        refused.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return refused;
    }
    let (parts, _) = request.into_parts();
    if parts.uri.path() == "/metrics" {
        let mut out = Exposition::default();
        edge.write_metrics(&mut out);
        figures.write(&mut out).await;
        return response(StatusCode::OK, Exposition::CONTENT_TYPE, out.finish(), is_head);
    }
    if parts.uri.path() == "/requests" {
        if !edge.requests.is_on() {
            let text = "no requests are kept: start the server with --request-journal N";
            return response(StatusCode::NOT_FOUND, TEXT, text, is_head);
        }
        let shown = edge.requests.shown(&Wanted::of(parts.uri.query().unwrap_or_default()));
        return response(StatusCode::OK, "application/json; charset=utf-8", shown, is_head);
    }
    match pages::find(edge, &parts).await {
        Some(page) => response(page.status, TEXT, page.body, is_head),
        None => response(StatusCode::NOT_FOUND, TEXT, "there are /metrics, /livez and /readyz", is_head),
    }
}

fn response(
    status: StatusCode,
    content_type: &'static str,
    body: impl Into<Bytes>,
    is_head: bool,
) -> Response<Full<Bytes>> {
    let body = body.into();
    let length = HeaderValue::from(body.len());
    let mut response = Response::new(Full::new(if is_head { Bytes::new() } else { body }));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response.headers_mut().insert(CONTENT_LENGTH, length);
    response
}
