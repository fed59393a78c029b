//! Connections that take a place and say nothing. They stayed open for ever, and with the usual limit of files nobody else got
//! in.

use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::Outcome;
use crate::Failed;
use crate::stage::Scene;

pub(super) async fn silent(scene: Scene, _: usize) -> Result<Outcome, Failed> {
    Ok(Outcome::Holds(Box::new(TcpStream::connect(scene.server).await?)))
}

pub(super) async fn slow_heads(scene: Scene, _: usize) -> Result<Outcome, Failed> {
    let mut socket = TcpStream::connect(scene.server).await?;
    socket.write_all(b"GET / HTTP/1.1\r\n").await?;
    let mut seconds = tokio::time::interval(Duration::from_millis(500));
    loop {
        seconds.tick().await;
        socket.write_all(b"X-More: x\r\n").await?;
    }
}
