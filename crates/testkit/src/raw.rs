//! Requests as a stranger's program sends them, without the SDK's help.

use std::net::SocketAddr;

use bytes::Bytes;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::World;

/// What to send.
#[derive(Clone, Debug, Default)]
pub struct RawRequest {
    /// `GET`, `POST`…
    pub verb: String,
    /// Path and query.
    pub path: String,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct RawAnswer {
    /// The status.
    pub status: u16,
    /// The headers, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
}

impl RawRequest {
    /// A `GET` of `path`.
    pub fn get(path: impl Into<String>) -> Self {
        Self { verb: "GET".to_owned(), path: path.into(), ..Self::default() }
    }

    /// A `POST` of `body` to `path`.
    pub fn post(path: impl Into<String>, body: impl Into<Bytes>) -> Self {
        Self { verb: "POST".to_owned(), path: path.into(), headers: Vec::new(), body: body.into() }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Adds `Authorization: Bearer …`.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("Authorization", format!("Bearer {token}"))
    }
}

impl RawAnswer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The header `name`, if it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Where the head ends, before its empty line.
fn head_end(answer: &[u8]) -> Option<usize> {
    answer.windows(4).position(|window| window == b"\r\n\r\n")
}

/// Whether all has come that the head announces.
fn is_whole(answer: &[u8]) -> bool {
    let Some(end) = head_end(answer) else { return false };
    let head = String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase();
    let length =
        head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    length.is_some_and(|length| answer.len() >= end + 4 + length)
}

impl World {
    /// Sends `request` over a connection of its own, with no header that it does not name but `Host`, `Content-Length`
    /// and `Connection`.
    pub async fn raw(&self, request: RawRequest) -> RawAnswer {
        request.send(self.address()).await
    }
}

impl RawRequest {
    /// Sends it to any address, in the same way.
    pub async fn send(self, address: SocketAddr) -> RawAnswer {
        let request = self;
        let mut head = format!("{} {} HTTP/1.1\r\nConnection: close\r\n", request.verb, request.path);
        if request.headers.iter().all(|(name, _)| name != "Host") {
            head += "Host: potok\r\n";
        }
        for (name, value) in &request.headers {
            head += &format!("{name}: {value}\r\n");
        }
        if request.headers.iter().all(|(name, _)| name != "Content-Length") {
            head += &format!("Content-Length: {}\r\n", request.body.len());
        }
        head += "\r\n";
        let mut socket = TcpStream::connect(address).await.expect("the server accepts");
        socket.write_all(head.as_bytes()).await.expect("the head can be sent");
        // A server that refuses a body by its length answers without reading it.
        drop(socket.write_all(&request.body).await);
        let mut answer = Vec::new();
        // Not everybody closes the connection who is asked to.
        while !is_whole(&answer) && socket.read_buf(&mut answer).await.is_ok_and(|count| count > 0) {}
        let end = head_end(&answer).expect("the answer has a head");
        let head = String::from_utf8(answer[..end].to_vec()).expect("the head is text");
        let mut lines = head.lines();
        let status =
            lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok());
        let headers = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        RawAnswer {
            status: status.expect("the answer has a status"),
            headers,
            body: Bytes::from(answer.split_off(end + 4)),
        }
    }
}
