//! Answers as hyper writes them.

use std::cell::Cell;
use std::io::{self, Write as _};
use std::time::{Duration, UNIX_EPOCH};

use bytes::Buf as _;
use http::StatusCode;
use http::header::CONTENT_LENGTH;
use http::response::Parts;
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, SizeHint};
use potok_types::{Clock as _, SystemClock};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use crate::answer::Response;
use crate::outgoing::Outgoing;

/// Room for the head of an ordinary answer.
const HEAD_BYTES: usize = 512;
/// Of `Sun, 06 Nov 1994 08:49:37 GMT`.
const DATE_BYTES: usize = 29;

/// An answer to a `GET` or a `POST` on its way.
pub(super) struct Going {
    /// What is to be written before the next piece of the body.
    before: Vec<u8>,
    body: Outgoing,
    is_in_chunks: bool,
}

impl Going {
    pub(super) fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let (before, is_in_chunks) = head(&parts, &body.size_hint());
        Self { before, body, is_in_chunks }
    }

    /// Writes all of it, the head in one go with what follows it.
    ///
    /// # Errors
    /// The client has gone, or the body broke off.
    pub(super) async fn write(&mut self, io: &mut (impl AsyncWrite + Unpin)) -> io::Result<()> {
        let Self { before, body, is_in_chunks } = self;
        while let Some(frame) = body.frame().await {
            let Ok(piece) = frame.map_err(io::Error::other)?.into_data() else { continue };
            if *is_in_chunks {
                write!(before, "{:X}\r\n", piece.len())?;
            }
            io.write_all_buf(&mut before.as_slice().chain(piece)).await?;
            before.clear();
            if *is_in_chunks {
                before.extend(b"\r\n");
            }
        }
        if *is_in_chunks {
            before.extend(b"0\r\n\r\n");
        }
        if !before.is_empty() {
            io.write_all(before).await?;
        }
        io.flush().await
    }
}

/// The head of an answer with such a body, and whether that goes in chunks.
fn head(parts: &Parts, size: &SizeHint) -> (Vec<u8>, bool) {
    let mut head = Vec::with_capacity(HEAD_BYTES);
    let status = parts.status;
    for piece in ["HTTP/1.1 ", status.as_str(), " ", status.canonical_reason().unwrap_or("<none>"), "\r\n"] {
        head.extend(piece.as_bytes());
    }
    let mut line = |name: &str, value: &[u8]| {
        for piece in [name.as_bytes(), b": ", value, b"\r\n"] {
            head.extend(piece);
        }
    };
    for (name, value) in &parts.headers {
        line(name.as_str(), value.as_bytes());
    }
    let has_body = !matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    let is_told = !has_body || parts.headers.contains_key(CONTENT_LENGTH);
    match size.exact() {
        Some(length) if !is_told => line("content-length", length.to_string().as_bytes()),
        None if !is_told => line("transfer-encoding", b"chunked"),
        _ => {}
    }
    line("date", &date());
    head.extend(b"\r\n");
    (head, !is_told && size.exact().is_none())
}

/// Now, as answers say it.
fn date() -> [u8; DATE_BYTES] {
    thread_local! {
        static LAST: Cell<(u64, [u8; DATE_BYTES])> = const { Cell::new((u64::MAX, [0; DATE_BYTES])) };
    }
    let second = u64::try_from(SystemClock.now().unix_seconds()).unwrap_or_default();
    let (of, text) = LAST.get();
    if of == second {
        return text;
    }
    let text = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(second));
    let text = <[u8; DATE_BYTES]>::try_from(text.as_bytes()).unwrap_or([b' '; DATE_BYTES]);
    LAST.set((second, text));
    text
}
