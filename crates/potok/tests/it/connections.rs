//! Connections that keep the server waiting: they end, and nobody else is shut out by them.

use std::process::Command;

use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::installation::{Installation, http};
use crate::process::Served;

const SIGN_OF_LIFE: &[u8] = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n";

/// The status line of the next answer.
async fn status(stream: &mut TcpStream) -> String {
    let mut start = [0; 12];
    stream.read_exact(&mut start).await.unwrap();
    String::from_utf8(start.to_vec()).unwrap()
}

/// Waits until the server has closed it.
async fn closed(mut stream: TcpStream) {
    let mut rest = Vec::new();
    let _reset = stream.read_to_end(&mut rest).await;
    assert_eq!(String::from_utf8_lossy(&rest), "");
}

#[tokio::test]
async fn who_says_nothing_makes_room_for_who_does() {
    let installation = Installation::start_with(|settings| settings.http.connections.most = 3).await;
    let address = installation.running.address();
    let first = TcpStream::connect(address).await.unwrap();
    let mut half = TcpStream::connect(address).await.unwrap();
    half.write_all(&SIGN_OF_LIFE[..10]).await.unwrap();
    // A request that runs: its body is awaited.
    let mut busy = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /ShelfUpload?nameOnShelf=__userId__/a&isLastPart=1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\
         Content-Length: 4\r\nExpect: 100-continue\r\n\r\n",
        installation.user_token
    );
    busy.write_all(head.as_bytes()).await.unwrap();
    let mut asked = [0; b"HTTP/1.1 100 Continue\r\n\r\n".len()];
    busy.read_exact(&mut asked).await.unwrap();

    for _ in 0..4 {
        let mut next = TcpStream::connect(address).await.unwrap();
        next.write_all(SIGN_OF_LIFE).await.unwrap();
        assert_eq!(status(&mut next).await, "HTTP/1.1 200");
    }
    closed(first).await;
    closed(half).await;
    busy.write_all(b"done").await.unwrap();
    assert_eq!(status(&mut busy).await, "HTTP/1.1 200");
}

#[tokio::test]
async fn a_head_that_does_not_come_ends_its_connection_only() {
    let installation = Installation::start_with(|settings| settings.http.connections.head_seconds = 0).await;
    let address = installation.running.address();
    let mut idle = TcpStream::connect(address).await.unwrap();
    let mut half = TcpStream::connect(address).await.unwrap();
    half.write_all(&SIGN_OF_LIFE[..10]).await.unwrap();
    closed(half).await;
    idle.write_all(SIGN_OF_LIFE).await.unwrap();
    assert_eq!(status(&mut idle).await, "HTTP/1.1 200");
}

#[tokio::test]
async fn a_refusal_does_not_wait_for_the_body() {
    let installation = Installation::start().await;
    let mut stream = TcpStream::connect(installation.running.address()).await.unwrap();
    let head = "POST /V3/PostMessage HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    assert_eq!(status(&mut stream).await, "HTTP/1.1 401");
}

#[tokio::test]
async fn a_second_signal_ends_a_stop_that_waits() {
    let folder = TempDir::new().unwrap();
    let served = Served::start(folder.path(), &["--stop-seconds", "600"]);
    let address = served.address();
    let mut stream = TcpStream::connect(address.strip_prefix("http://").unwrap()).await.unwrap();
    // The form has no caller to ask for first, so that its body is awaited.
    let head = "POST /connect/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n\
                Content-Length: 4\r\nExpect: 100-continue\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    assert_eq!(status(&mut stream).await, "HTTP/1.1 100");
    let terminate =
        || assert!(Command::new("kill").args(["-TERM", &served.id()]).status().unwrap().success());
    terminate();
    // Until the first signal has arrived; the door closes then.
    while http().get(format!("{address}/livez")).send().await.is_ok() {
        tokio::task::yield_now().await;
    }
    let (ended, log) = served.end();
    assert!(!ended.success());
    assert!(log.last().unwrap()["message"].as_str().unwrap().contains("a second signal"), "{log:?}");
}
