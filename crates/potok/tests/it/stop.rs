//! A stop loses nothing and waits for nobody who has nothing to say.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::world::World;

/// Well under what a stop waits for requests that run.
const SOON: Duration = Duration::from_secs(10);

#[tokio::test]
async fn silent_connections_do_not_hold_a_stop_up() {
    let world = World::start().await;
    let address = world.running.address();
    let _silent = TcpStream::connect(address).await.unwrap();
    let mut idle = TcpStream::connect(address).await.unwrap();
    idle.write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut start = [0; 12];
    idle.read_exact(&mut start).await.unwrap();
    assert_eq!(&start, b"HTTP/1.1 200");
    let began = Instant::now();
    world.running.stop().await;
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_request_that_runs_is_answered() {
    let world = World::start().await;
    let address = world.running.address();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /ShelfUpload?nameOnShelf=__userId__/a&isLastPart=1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\
         Content-Length: 4\r\nExpect: 100-continue\r\n\r\n",
        world.user_token
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // The server reads the body now, so the request has got past the door.
    let mut answer = vec![0; "HTTP/1.1 100 Continue\r\n\r\n".len()];
    stream.read_exact(&mut answer).await.unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 100"));

    let stop = tokio::spawn(world.running.stop());
    // The door closes first.
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    stream.write_all(b"done").await.unwrap();
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.unwrap();
    let rest = String::from_utf8(rest).unwrap();
    assert!(rest.starts_with("HTTP/1.1 200") && rest.ends_with("[]"), "{rest}");
    stop.await.unwrap();
}
