//! Spans of requests for a collector: OTLP over HTTP, in protobuf. Only to a collector on plain HTTP: one stands on the same machine.

mod encoded;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use potok_http::{Span, Spans};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use url::Url;

/// Spans that wait; beyond them spans are left out, and counted.
const WAITING: usize = 4096;
/// Spans of one message.
const BATCH: usize = 512;
/// How long spans gather.
const BREATH: Duration = Duration::from_secs(1);
/// How long the collector may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// The way to the collector.
pub(crate) struct Traces {
    sender: mpsc::Sender<Span>,
    left_out: Arc<AtomicU64>,
}

impl Spans for Traces {
    fn take(&self, span: Span) {
        if self.sender.try_send(span).is_err() {
            self.left_out.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Traces {
    /// Begins to bring spans to the collector at `url`. The task ends, with everything sent, when the way is dropped.
    pub(crate) fn start(url: Url) -> (Self, JoinHandle<()>) {
        let (sender, receiver) = mpsc::channel(WAITING);
        let left_out = Arc::new(AtomicU64::new(0));
        let task = tokio::spawn(bring(url, receiver, Arc::clone(&left_out)));
        (Self { sender, left_out }, task)
    }
}

async fn bring(url: Url, mut spans: mpsc::Receiver<Span>, left_out: Arc<AtomicU64>) {
    let mut batch = Vec::new();
    let mut is_failing = false;
    while spans.recv_many(&mut batch, BATCH).await > 0 {
        // A moment for others to come, so that not each of them is a message.
        let until = tokio::time::Instant::now() + BREATH;
        while batch.len() < BATCH {
            match tokio::time::timeout_at(until, spans.recv()).await {
                Ok(Some(span)) => batch.push(span),
                Ok(None) | Err(_) => break,
            }
        }
        let body = encoded::request(&batch);
        let sent = tokio::time::timeout(PATIENCE, send(&url, &body)).await;
        let failure = match sent {
            Ok(Ok(200..300)) => None,
            Ok(Ok(status)) => Some(format!("it answered {status}")),
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some("it does not answer".to_owned()),
        };
        if let (Some(reason), false) = (&failure, is_failing) {
            tracing::warn!(reason, spans = batch.len(), "the collector of traces takes nothing");
        }
        is_failing = failure.is_some();
        let left_out = left_out.swap(0, Ordering::Relaxed);
        if left_out > 0 {
            tracing::warn!(spans = left_out, "spans were left out");
        }
        batch.clear();
    }
}

/// Sends one message: the status of the answer.
async fn send(url: &Url, body: &[u8]) -> std::io::Result<u16> {
    let host = url.host_str().unwrap_or("127.0.0.1").trim_matches(['[', ']']);
    let port = url.port_or_known_default().unwrap_or(80);
    let mut stream = TcpStream::connect((host, port)).await?;
    let head = format!(
        "POST {} HTTP/1.0\r\nHost: {host}:{port}\r\nContent-Type: application/x-protobuf\r\nContent-Length: {}\r\n\r\n",
        url.path(),
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body).await?;
    let mut answer = Vec::new();
    // Nothing but the status is looked at.
    stream.take(64).read_to_end(&mut answer).await?;
    let status =
        answer.split(|byte| *byte == b' ').nth(1).and_then(|status| std::str::from_utf8(status).ok());
    status
        .and_then(|status| status.get(..3)?.parse().ok())
        .ok_or_else(|| std::io::Error::other("its answer is no HTTP"))
}
