//! Whoever waits for the feed of a box.

use std::fmt;
use std::net::SocketAddr;
use std::time::Instant;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc::UnboundedSender;

use crate::Failed;
use crate::stage::Seat;

/// In which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// Server-sent events.
    Stream,
    /// `Prefer: wait`, again and again.
    Page,
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stream => "stream",
            Self::Page => "page that waits",
        })
    }
}

/// Begins to wait; from then on says when events came.
pub(crate) async fn wait(
    server: SocketAddr,
    how: How,
    seat: &Seat,
    tell: UnboundedSender<Instant>,
) -> Result<(), Failed> {
    let mut socket = TcpStream::connect(server).await?;
    socket.set_nodelay(true)?;
    let seat = seat.clone();
    match how {
        How::Stream => {
            socket.write_all(&request(&seat, &format!("/potok/v1/boxes/{}/events", seat.box_id), "")).await?;
            let mut read = vec![0; 8 * 1024];
            let count = socket.read(&mut read).await?;
            good(&read[..count])?;
            tokio::spawn(stream(socket, read, tell));
        }
        How::Page => {
            tokio::spawn(pages(socket, seat, tell));
        }
    }
    Ok(())
}

fn request(seat: &Seat, path: &str, more: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: potok\r\nAuthorization: Bearer {}\r\nAccept: application/json\r\n{more}\r\n", seat.token)
        .into_bytes()
}

fn good(answer: &[u8]) -> Result<(), Failed> {
    match answer.starts_with(b"HTTP/1.1 200") {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(answer).into_owned().into()),
    }
}

/// A sign of life in its chunk is shorter, an event longer.
const SIGN_OF_LIFE: usize = 64;

/// Reads until the server ends.
async fn stream(mut socket: TcpStream, mut read: Vec<u8>, tell: UnboundedSender<Instant>) {
    while let Ok(count) = socket.read(&mut read).await {
        if count == 0 || (count > SIGN_OF_LIFE && tell.send(Instant::now()).is_err()) {
            return;
        }
    }
}

/// Asks for a page, waits for it, and asks behind it.
async fn pages(mut socket: TcpStream, seat: Seat, tell: UnboundedSender<Instant>) {
    let mut after = String::new();
    loop {
        let path = format!("/V8/GetNewEvents?boxId={}{after}", seat.box_id);
        if socket.write_all(&request(&seat, &path, "Prefer: wait=50\r\n")).await.is_err() {
            return;
        }
        let Some(page) = page(&mut socket).await else { return };
        let Some((_, last)) = page.rsplit_once("\"IndexKey\":\"") else { continue };
        let key: String = last.chars().take_while(|letter| *letter != '"').collect();
        after = format!("&afterIndexKey={key}");
        if tell.send(Instant::now()).is_err() {
            return;
        }
    }
}

/// The next answer; `None` when there is none, or no good one.
async fn page(socket: &mut TcpStream) -> Option<String> {
    let (mut bytes, mut read) = (Vec::new(), [0; 8 * 1024]);
    loop {
        let count = socket.read(&mut read).await.ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&read[..count]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        good(head.as_bytes()).ok()?;
        let length =
            head.to_ascii_lowercase().split_once("content-length: ")?.1.lines().next()?.parse().ok()?;
        if body.len() >= length {
            return Some(body.to_owned());
        }
    }
}
