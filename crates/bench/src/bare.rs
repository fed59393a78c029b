//! A server that does nothing: what the HTTP stack alone costs.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::Path;
use axum::routing::any;
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;

/// Answers any call of `/n` with `n` bytes.
pub struct Bare {
    /// Where it listens.
    pub address: SocketAddr,
}

impl Bare {
    /// Starts it; it runs as long as the process.
    ///
    /// # Errors
    /// No port is free.
    pub async fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let listener = listener.tap_io(|socket| {
            // As the real server does; without it answers to small requests wait for each other.
            drop(socket.set_nodelay(true));
        });
        // The body is read, as the real server has to, and thrown away.
        let answer = |Path(size): Path<usize>, _body: axum::body::Bytes| async move { vec![0_u8; size] };
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/{size}", any(answer))).await });
        Ok(Self { address })
    }
}
