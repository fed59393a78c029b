//! Requests as bytes, and answers as far as anybody looks at them.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::Failed;

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// The head of a request with a body of `length` bytes.
pub(crate) fn head(verb: &str, path: &str, token: Option<&str>, length: usize) -> Vec<u8> {
    let authorization = token.map(|token| format!("Authorization: {token}\r\n")).unwrap_or_default();
    let close = "Connection: close\r\n";
    format!("{verb} {path} HTTP/1.1\r\nHost: potok\r\n{authorization}{close}Content-Length: {length}\r\n\r\n")
        .into_bytes()
}

/// Sends `body` to `path`, as [`call`].
pub(crate) async fn post(
    server: SocketAddr,
    path: &str,
    token: Option<&str>,
    body: &[u8],
) -> Result<Answer, Failed> {
    call(server, &head("POST", path, token, body.len()), body).await
}

/// Bytes that are given to the system at once. A network takes a packet at a time; within one machine the system would copy
/// megabytes in one go, and let nobody else on that processor meanwhile.
pub(crate) const AT_ONCE: usize = 64 * 1024;

/// Sends a request over a connection of its own. A server that answers before it has read everything may cut the rest off.
/// `body` is not copied: it may be large, and this shares the processors with the server.
pub(crate) async fn call(server: SocketAddr, head: &[u8], body: &[u8]) -> Result<Answer, Failed> {
    let socket = TcpStream::connect(server).await?;
    let (mut from, mut to) = socket.into_split();
    let sending = async {
        to.write_all(head).await?;
        for piece in body.chunks(AT_ONCE) {
            to.write_all(piece).await?;
        }
        Ok(())
    };
    let (sent, answer): (std::io::Result<()>, _) = tokio::join!(sending, read(&mut from));
    answer.map_err(|error| sent.err().map_or(error, Into::into))
}

async fn read(from: &mut (impl tokio::io::AsyncRead + Unpin)) -> Result<Answer, Failed> {
    let mut bytes = Vec::new();
    let mut piece = vec![0; 16 * 1024];
    loop {
        let count = from.read(&mut piece).await?;
        bytes.extend_from_slice(&piece[..count]);
        if let Some((head, length)) = parsed(&bytes)
            && (count == 0 || bytes.len() >= head + length)
        {
            let status = std::str::from_utf8(bytes.get(9..12).unwrap_or_default())?.parse()?;
            return Ok(Answer { status, body: bytes.split_off(head) });
        }
        if count == 0 {
            return Err("the connection ended before the answer".into());
        }
    }
}

/// Where the head ends, and how long the body is.
pub(crate) fn parsed(bytes: &[u8]) -> Option<(usize, usize)> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&bytes[..end]).ok()?.to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    Some((end, length.and_then(|length| length.trim().parse().ok()).unwrap_or(0)))
}
