//! The rest of an answer without a length, in chunks (RFC 9112, 7.1).

use std::io;

use async_trait::async_trait;
use bytes::{Buf as _, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};

use super::again::Again;

/// What goes on for as long as the client listens.
#[async_trait]
pub(crate) trait Lasting: Send {
    /// The next bytes; `None` at the end.
    async fn next(&mut self) -> Option<Bytes>;
}

/// Sends `pieces`, and their end.
///
/// # Errors
/// The client has gone.
pub(super) async fn send<S: AsyncRead + AsyncWrite + Unpin>(
    io: &mut Again<S>,
    mut pieces: Box<dyn Lasting>,
) -> io::Result<()> {
    while let Some(piece) = io.unless_gone(pieces.next()).await.ok_or(io::ErrorKind::ConnectionAborted)? {
        if piece.is_empty() {
            // This would be the end.
            continue;
        }
        let size = format!("{:X}\r\n", piece.len());
        let mut chunk = size.as_bytes().chain(piece).chain(&b"\r\n"[..]);
        io.write_all_buf(&mut chunk).await?;
        io.flush().await?;
    }
    io.write_all(b"0\r\n\r\n").await?;
    io.flush().await
}
