//! A server that speaks just enough HTTP/1.1, and answers what a test tells it.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use potok_sdk::{Client, ClientBuilder, Pause};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A request as it came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) verb: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(seen, _)| seen.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

pub(crate) fn reply(status: u16, body: impl Into<Vec<u8>>) -> Reply {
    Reply { status, headers: Vec::new(), body: body.into() }
}

impl Reply {
    pub(crate) fn header(mut self, name: &'static str, value: impl ToString) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }
}

type Script = dyn FnMut(&Seen) -> Option<Reply> + Send;

/// The server; it lives as long as the runtime of the test.
pub(crate) struct Server {
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    pauses: Arc<Mutex<Vec<Duration>>>,
}

/// Pauses take no time; what was asked for is kept.
struct Recorder(Arc<Mutex<Vec<Duration>>>);

impl Pause for Recorder {
    fn pause(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.0.lock().unwrap().push(duration);
        Box::pin(std::future::ready(()))
    }
}

impl Server {
    /// Answers every request with what `script` says; `None` leaves it without an answer.
    pub(crate) async fn scripted(script: impl FnMut(&Seen) -> Option<Reply> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let script: Arc<Mutex<Script>> = Arc::new(Mutex::new(script));
        let log = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, Arc::clone(&script), Arc::clone(&log)));
            }
        });
        Self { url, seen, pauses: Arc::default() }
    }

    /// Answers with `replies`, one after the other, and the last one for ever.
    pub(crate) async fn replying(replies: impl IntoIterator<Item = Reply>) -> Self {
        let mut replies: Vec<Reply> = replies.into_iter().collect();
        replies.reverse();
        Self::scripted(move |_| if replies.len() > 1 { replies.pop() } else { replies.first().cloned() })
            .await
    }

    pub(crate) fn client(&self) -> ClientBuilder {
        Client::builder(&self.url, "client-1").pause(Recorder(Arc::clone(&self.pauses)))
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn paths(&self) -> Vec<String> {
        self.seen().iter().map(|seen| seen.path().to_owned()).collect()
    }

    /// The pauses of all clients, in seconds.
    pub(crate) fn pauses(&self) -> Vec<u64> {
        self.pauses.lock().unwrap().iter().map(Duration::as_secs).collect()
    }
}

async fn talk(stream: TcpStream, script: Arc<Mutex<Script>>, log: Arc<Mutex<Vec<Seen>>>) {
    let mut stream = BufReader::new(stream);
    while let Some(seen) = read(&mut stream).await {
        log.lock().unwrap().push(seen.clone());
        let reply = (script.lock().unwrap())(&seen);
        let Some(Reply { status, headers, body }) = reply else {
            return std::future::pending().await;
        };
        let mut head = format!("HTTP/1.1 {status} Whatever\r\n");
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        if status != 204 {
            head += &format!("Content-Length: {}\r\n", body.len());
        }
        head += "\r\n";
        if stream.write_all(&[head.into_bytes(), body].concat()).await.is_err() {
            return;
        }
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<Seen> {
    let mut line = String::new();
    stream.read_line(&mut line).await.ok().filter(|&read| read > 0)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let mut seen = Seen { verb: words.next()?, target: words.next()?, ..Seen::default() };
    loop {
        line.clear();
        stream.read_line(&mut line).await.ok().filter(|&read| read > 0)?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) => seen.headers.push((name.to_owned(), value.to_owned())),
            None => break,
        }
    }
    let length = seen.header("content-length").map_or(0, |length| length.parse().unwrap());
    seen.body.resize(length, 0);
    stream.read_exact(&mut seen.body).await.ok()?;
    Some(seen)
}
