use std::io;
use std::sync::atomic::AtomicUsize;
use std::task::{Context, ready};

use async_trait::async_trait;
use potok_room::Taken;
use tokio::io::{AsyncReadExt as _, AsyncWrite, DuplexStream, ReadBuf, duplex};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, yield_now};

use super::*;
use crate::connections::{ConnectionLimits, Connections};
use crate::outgoing::Outgoing;

/// A connection, which counts the bytes for which there is a buffer while nothing comes.
struct Counting(DuplexStream, Arc<AtomicUsize>);

impl AsyncRead for Counting {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.1.store(buffer.remaining(), Ordering::Relaxed);
        ready!(Pin::new(&mut self.0).poll_read(context, buffer))?;
        self.1.store(0, Ordering::Relaxed);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Counting {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}

impl SendsFiles for Counting {
    fn poll_send_file(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        place: &potok_content::Place,
        length: usize,
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_send_file(context, place, length)
    }
}

/// What a request waits for; the end of it is `None`.
struct Pieces(mpsc::UnboundedReceiver<Bytes>);

#[async_trait]
impl Lasting for Pieces {
    async fn next(&mut self) -> Option<Bytes> {
        self.0.recv().await
    }
}

/// A server of one connection whose requests wait for what the test says, and its client.
struct Side {
    client: DuplexStream,
    /// Of the buffer that waits for bytes of the client.
    buffer: Arc<AtomicUsize>,
    says: Option<mpsc::UnboundedSender<Bytes>>,
    /// What was asked.
    asked: Arc<Mutex<Vec<String>>>,
    stop: CancellationToken,
    connection: Arc<Connection>,
    served: JoinHandle<()>,
}

impl Side {
    /// `/stream` goes on with each thing that is said, `/page` waits for the first one, and the rest is answered at once by as many bytes as the
    /// path says.
    fn start(room: usize) -> Self {
        let (client, server) = duplex(room);
        let (says, heard) = mpsc::unbounded_channel();
        let heard = Arc::new(Mutex::new(Some(Pieces(heard))));
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let buffer = Arc::<AtomicUsize>::default();
        let connections = Arc::new(Connections::new(ConnectionLimits::default()));
        let place = connections.place().unwrap();
        let connection = Arc::clone(&place.connection);
        connection.begin();
        let stop = CancellationToken::new();
        let (noted, seen, stopped) = (Arc::clone(&asked), Arc::clone(&buffer), stop.clone());
        let served = tokio::spawn(async move {
            let apart = Arc::<Apart>::default();
            let answer = |request: Request<Incoming>| {
                let mut request = request.map(Came::from);
                let path = request.uri().path().to_owned();
                let made = apart.made();
                if made.is_none() {
                    noted.lock().unwrap().push(path.clone());
                }
                let pieces = path.contains("wait").then(|| heard.lock().unwrap().take()).flatten();
                let (apart, connection) = (Arc::clone(&apart), Arc::clone(&place.connection));
                async move {
                    if let Some((_, response)) = made {
                        return Ok(response);
                    }
                    let mut served = Served::new(connection.begin_request(), Some(apart));
                    let leave = served.may_leave_as(&mut request);
                    let Some(mut pieces) = pieces else {
                        let body = vec![b'.'; path.trim_start_matches('/').parse().unwrap()];
                        return Ok(Response::new(Outgoing::new(body.into(), None, None, Taken::default())));
                    };
                    let Some(asks) = leave.clone() else {
                        let body =
                            Outgoing::new(Bytes::new(), None, Some(Box::new(pieces)), Taken::default());
                        let mut response = Response::new(body);
                        response.body_mut().keeps(served);
                        return Ok(response);
                    };
                    let making = Box::pin(async move {
                        asks.ask();
                        let body = pieces.next().await.unwrap();
                        Response::new(Outgoing::new(body, None, None, Taken::default()))
                    });
                    Ok(served.until(making, leave).await.1)
                }
            };
            let stream = Counting(server, seen);
            serve(stream, Arc::clone(&apart), answer, |_| None, &place.connection, &stopped).await;
        });
        Self { client, buffer, says: Some(says), asked, stop, connection, served }
    }

    async fn ask(&mut self, head: &str) {
        self.client.write_all(format!("GET {head}\r\n\r\n").as_bytes()).await.unwrap();
    }

    fn say(&self, text: &str) {
        self.says.as_ref().unwrap().send(Bytes::copy_from_slice(text.as_bytes())).unwrap();
    }

    /// Reads until the answer ends so.
    async fn reads(&mut self, end: &str) -> String {
        let mut read = String::new();
        while !read.ends_with(end) {
            read.push(char::from(self.client.read_u8().await.unwrap()));
        }
        read
    }

    /// Whether hyper is there, which has a buffer for what the client says next.
    fn has_hyper(&self) -> bool {
        self.buffer.load(Ordering::Relaxed) > 1
    }

    /// Waits until there is only room for one byte of it.
    async fn leaves_hyper(&self) {
        while self.buffer.load(Ordering::Relaxed) != 1 {
            yield_now().await;
        }
    }

    /// Waits until hyper waits.
    async fn meets_hyper(&self) {
        while !self.has_hyper() {
            yield_now().await;
        }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    fn is_silent(&self) -> bool {
        self.connection.is_silent()
    }
}

const PAGE: &str = "/wait HTTP/1.1\r\nPrefer: wait=9";

#[tokio::test]
async fn a_stream_goes_on_without_hyper_and_hyper_goes_on_after_it() {
    let mut side = Side::start(1 << 16);
    side.ask("/wait HTTP/1.1").await;
    side.say("first\n");
    let head = side.reads("first\n\r\n").await.to_ascii_lowercase();
    assert!(head.starts_with("http/1.1 200") && head.contains("transfer-encoding: chunked\r\n"), "{head}");
    side.leaves_hyper().await;
    side.say("a second one\n");
    assert_eq!(side.reads("\n\r\n").await, "D\r\na second one\n\r\n");
    // A client that does not wait for the end keeps its place.
    side.ask("/3 HTTP/1.1").await;
    side.say("third\n");
    assert_eq!(side.reads("\n\r\n").await, "6\r\nthird\n\r\n");
    assert_eq!((side.asked().len(), side.is_silent()), (1, false), "a request that runs is not silent");
    side.says = None;
    assert_eq!(side.reads("\r\n\r\n").await, "0\r\n\r\n");
    assert!(side.reads("...").await.contains("content-length: 3\r\n"));
    side.meets_hyper().await;
    side.ask("/2 HTTP/1.1").await;
    side.reads("\r\n\r\n..").await;
    assert_eq!(side.asked(), ["/wait", "/3", "/2"]);
}

#[tokio::test]
async fn a_page_is_waited_for_without_hyper_and_asked_for_once() {
    let mut side = Side::start(1 << 16);
    side.ask(PAGE).await;
    side.leaves_hyper().await;
    side.ask("/1 HTTP/1.1").await;
    side.say("page");
    let answer = side.reads("\r\n\r\npage").await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("content-length: 4\r\n"), "{answer}");
    assert!(!answer.contains("connection: close"), "{answer}");
    assert!(side.reads("\r\n\r\n.").await.starts_with("HTTP/1.1 200"));
    assert_eq!(side.asked(), ["/wait", "/1"]);
    side.meets_hyper().await;
    assert!(side.is_silent());
}

#[tokio::test]
async fn who_wants_an_end_gets_it() {
    for (head, last) in [(PAGE, "page"), ("/wait HTTP/1.1", "4\r\npage\r\n0\r\n\r\n")] {
        let mut side = Side::start(1 << 16);
        side.ask(&format!("{head}\r\nConnection: TE, Close")).await;
        side.say("page");
        if last != "page" {
            side.leaves_hyper().await;
            side.says = None;
        }
        let mut answer = String::new();
        side.client.read_to_string(&mut answer).await.unwrap();
        assert!(answer.contains("connection: close\r\n") && answer.ends_with(last), "{answer}");
        side.served.await.unwrap();
    }
}

#[tokio::test]
async fn who_goes_is_waited_for_no_longer() {
    for head in [PAGE, "/wait HTTP/1.1"] {
        let mut side = Side::start(1 << 16);
        side.ask(head).await;
        if head != PAGE {
            side.say("first\n");
        }
        side.leaves_hyper().await;
        drop(side.client);
        side.served.await.unwrap();
        assert!(side.says.unwrap().is_closed(), "nobody listens");
    }
}

#[tokio::test]
async fn a_stop_lets_what_runs_end_and_no_more() {
    for head in [PAGE, "/wait HTTP/1.1"] {
        let mut side = Side::start(1 << 16);
        side.ask(head).await;
        if head != PAGE {
            side.say("page");
        }
        side.leaves_hyper().await;
        side.stop.cancel();
        yield_now().await;
        assert!(!side.served.is_finished());
        if head == PAGE {
            side.say("page");
        }
        side.says = None;
        let mut answer = String::new();
        side.client.read_to_string(&mut answer).await.unwrap();
        assert!(answer.ends_with(if head == PAGE { "\r\npage" } else { "0\r\n\r\n" }), "{answer}");
        side.served.await.unwrap();
    }
}

/// Nothing of what hyper still has to write may be lost.
#[tokio::test]
async fn hyper_stays_until_all_is_sent() {
    let mut side = Side::start(256);
    side.ask("/wait HTTP/1.1").await;
    let first = "f".repeat(20_000);
    side.say(&first);
    side.meets_hyper().await;
    side.say("second");
    for _ in 0..100 {
        yield_now().await;
    }
    assert!(side.has_hyper());
    let answer = side.reads("6\r\nsecond\r\n").await;
    assert!(answer.ends_with(&format!("\r\n4E20\r\n{first}\r\n6\r\nsecond\r\n")), "{answer}");
    side.leaves_hyper().await;
}

#[tokio::test]
async fn who_speaks_an_older_language_stays_with_hyper() {
    let mut side = Side::start(1 << 16);
    side.ask("/wait HTTP/1.0").await;
    side.say("first\n");
    let head = side.reads("first\n").await;
    assert!(!head.contains("chunked"), "{head}");
    assert!(side.has_hyper());
    side.says = None;
    side.served.await.unwrap();
}
