//! Two nodes behind one address.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// Gives each request to the next node, whatever connection it comes on.
pub(crate) struct Turns {
    address: SocketAddr,
    running: JoinHandle<()>,
}

impl Turns {
    /// A place to come to; who comes before [`Self::open`] waits.
    pub(crate) async fn bind() -> (TcpListener, SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        (listener, address)
    }

    /// From here on the nodes take turns.
    pub(crate) fn open(listener: TcpListener, nodes: Vec<SocketAddr>) -> Self {
        let address = listener.local_addr().expect("it is bound");
        Self { address, running: tokio::spawn(accept(listener, nodes.into())) }
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Turns {
    fn drop(&mut self) {
        self.running.abort();
    }
}

async fn accept(listener: TcpListener, nodes: Arc<[SocketAddr]>) {
    let turn = Arc::new(AtomicUsize::new(0));
    while let Ok((stream, _)) = listener.accept().await {
        let (nodes, turn) = (Arc::clone(&nodes), Arc::clone(&turn));
        let service = service_fn(move |request| {
            let node = nodes[turn.fetch_add(1, Ordering::Relaxed) % nodes.len()];
            forward(request, node)
        });
        let mut server = hyper::server::conn::http1::Builder::new();
        server.preserve_header_case(true);
        // A client that goes away ends its connection; that is its affair.
        tokio::spawn(server.serve_connection(TokioIo::new(stream), service));
    }
}

async fn forward(request: Request<Incoming>, node: SocketAddr) -> Result<Response<Incoming>, Failed> {
    let stream = TcpStream::connect(node).await?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender.send_request(request).await?)
}
