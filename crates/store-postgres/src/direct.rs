//! Whether anybody stands between this program and the process of the server that answers it. The server says at the start of a
//! connection which process that is, for whoever wants to have a call broken off; a pooler says a number of its own there.

use std::future::{Ready, ready};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::Client;
use tokio_postgres::tls::{ChannelBinding, TlsConnect, TlsStream};

/// What a server answers who takes encryption.
const YES: u8 = b'S';
/// With which a request to break a call off begins: its length and its code.
const REQUEST: [u8; 8] = [0, 0, 0, 16, 4, 210, 22, 46];

/// Whether the process that answers is the one of which the start of the connection told. Not so through a pooler, whatever stands between
/// below that: also where addresses are translated, and through sockets of the machine.
///
/// # Errors
/// The connection is lost.
pub(crate) async fn is_direct(client: &Client) -> Result<bool, tokio_postgres::Error> {
    let row = client.query_typed_one("SELECT pg_backend_pid()", &[]).await?;
    let answers: i32 = row.try_get(0)?;
    Ok(told(client).await == Some(answers))
}

/// The number of the process of which the start of the connection told: as it is sent to break a call off.
async fn told(client: &Client) -> Option<i32> {
    let mut request = Vec::new();
    client.cancel_token().cancel_query_raw(Paper(&mut request), Sealed).await.ok()?;
    let (_, rest) = request.split_at_checked(request.windows(REQUEST.len()).position(|it| it == REQUEST)?)?;
    let number = rest.get(REQUEST.len()..)?.first_chunk()?;
    Some(i32::from_be_bytes(*number))
}

/// A server that takes encryption, and notes what it is sent.
struct Paper<'a>(&'a mut Vec<u8>);

impl AsyncRead for Paper<'_> {
    fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        into.put_slice(&[YES]);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Paper<'_> {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.0.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

impl TlsStream for Paper<'_> {
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

/// Its encryption, which is none.
struct Sealed;

impl<'a> TlsConnect<Paper<'a>> for Sealed {
    type Stream = Paper<'a>;
    type Error = io::Error;
    type Future = Ready<io::Result<Paper<'a>>>;

    fn connect(self, paper: Paper<'a>) -> Self::Future {
        ready(Ok(paper))
    }
}
