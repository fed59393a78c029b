//! A load of one kind of request, and what it measured.
//!
//! The client is as thin as it can be (a socket, one buffer, no parsing beyond the length of the answer), because it
//! shares the machine with the server that it measures.

use std::net::SocketAddr;
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

/// What to measure.
pub struct Load {
    /// First column of the table.
    pub name: String,
    /// Connections that each wait for an answer before the next request.
    pub callers: usize,
    /// How long.
    pub time: Duration,
    /// The whole request of a caller's n-th call, head and body.
    pub request: Box<dyn Fn(usize, usize) -> Vec<u8> + Send + Sync>,
}

/// What was measured.
#[derive(Clone, Debug)]
pub struct Measured {
    /// First column of the table.
    pub name: String,
    /// Connections.
    pub callers: usize,
    /// Answers, those of the warm-up too.
    pub calls: usize,
    /// Answers per second.
    pub per_second: f64,
    /// Half of the answers came faster.
    pub median: Duration,
    /// 99 of 100 answers came faster.
    pub p99: Duration,
    /// Bytes of a body, on average.
    pub body_bytes: usize,
}

/// Loads `server` and measures. The first tenth of the time warms up and is not counted.
///
/// # Errors
/// The connection failed, or an answer was not 200.
pub async fn run(server: SocketAddr, load: Load) -> std::io::Result<Measured> {
    let Load { name, callers, time, request } = load;
    let request: Arc<dyn Fn(usize, usize) -> Vec<u8> + Send + Sync> = request.into();
    let stop = Arc::new(AtomicBool::new(false));
    let warm_until = Instant::now() + time / 10;
    let mut tasks = tokio::task::JoinSet::new();
    for caller in 0..callers {
        let (request, stop) = (Arc::clone(&request), Arc::clone(&stop));
        tasks.spawn(async move {
            let mut connection = Connection::open(server).await?;
            let mut times: Vec<Duration> = Vec::with_capacity(1 << 16);
            let mut bytes = 0;
            let mut n = 0;
            while !stop.load(Ordering::Relaxed) {
                let request = request(caller, n);
                n += 1;
                let start = Instant::now();
                let length = connection.call(&request).await?;
                if start >= warm_until {
                    times.push(start.elapsed());
                    bytes += length;
                }
            }
            Ok::<_, std::io::Error>((times, bytes, n))
        });
    }
    tokio::time::timeout(time + time / 10, std::future::pending::<()>()).await.unwrap_or_default();
    stop.store(true, Ordering::Relaxed);
    let measured_for = warm_until.elapsed();
    let mut times = Vec::new();
    let (mut bytes, mut calls) = (0, 0);
    while let Some(done) = tasks.join_next().await {
        let (some, some_bytes, some_calls) = done.map_err(std::io::Error::other)??;
        times.extend(some);
        bytes += some_bytes;
        calls += some_calls;
    }
    times.sort_unstable();
    let at = |share: f64| times.get((times.len() as f64 * share) as usize).copied().unwrap_or_default();
    Ok(Measured {
        name,
        callers,
        calls,
        per_second: times.len() as f64 / measured_for.as_secs_f64(),
        median: at(0.5),
        p99: at(0.99),
        body_bytes: bytes / times.len().max(1),
    })
}

/// The body of the answer to one request.
///
/// # Errors
/// The connection failed, or the answer was not 200.
pub async fn answer(server: SocketAddr, request: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut connection = Connection::open(server).await?;
    connection.buffer.resize(16 << 20, 0);
    connection.socket.write_all(request).await?;
    let mut filled = 0;
    loop {
        let read = connection.socket.read(&mut connection.buffer[filled..]).await?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        filled += read;
        if let Some(head) = Head::of(&connection.buffer[..filled])?
            && filled >= head.bytes + head.body_bytes
        {
            let body = connection.buffer[head.bytes..head.bytes + head.body_bytes].to_vec();
            return if head.status == 200 { Ok(body) } else { Err(head.refused(&connection.buffer)) };
        }
    }
}

/// Lets a socket, or those that a listener accepts, send as fast as they are read, as the server lets those of its own machine: where
/// the system spreads packets over time, nothing else is measured.
///
/// # Errors
/// The system does not know how.
pub fn unpaced<S: AsFd>(socket: &S) -> std::io::Result<()> {
    socket2::SockRef::from(socket).set_tcp_congestion(b"reno")
}

/// One kept-alive connection.
pub struct Connection {
    socket: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    /// Opens one.
    ///
    /// # Errors
    /// Nobody answers there.
    pub async fn open(server: SocketAddr) -> std::io::Result<Self> {
        let socket = if server.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        unpaced(&socket)?;
        let socket = socket.connect(server).await?;
        socket.set_nodelay(true)?;
        Ok(Self { socket, buffer: vec![0; 256 * 1024] })
    }

    /// Sends a request and reads its answer; how long its body is.
    ///
    /// # Errors
    /// The connection failed, or the answer was not 200.
    pub async fn call(&mut self, request: &[u8]) -> std::io::Result<usize> {
        let head = self.exchange(request).await?;
        if head.status == 200 { Ok(head.body_bytes) } else { Err(head.refused(&self.buffer)) }
    }

    /// Sends a request and reads its answer, whatever it is; its status.
    pub(crate) async fn status_of(&mut self, request: &[u8]) -> std::io::Result<u16> {
        Ok(self.exchange(request).await?.status)
    }

    async fn exchange(&mut self, request: &[u8]) -> std::io::Result<Head> {
        self.socket.write_all(request).await?;
        let mut filled = 0;
        let head = loop {
            if filled == self.buffer.len() {
                return Err(std::io::Error::other("the head of an answer is too long"));
            }
            let read = self.socket.read(&mut self.buffer[filled..]).await?;
            if read == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            filled += read;
            if let Some(found) = Head::of(&self.buffer[..filled])? {
                break found;
            }
        };
        let mut missing = (head.bytes + head.body_bytes).saturating_sub(filled);
        while missing > 0 {
            let room = missing.min(self.buffer.len());
            let read = self.socket.read(&mut self.buffer[..room]).await?;
            if read == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            missing -= read;
        }
        Ok(head)
    }
}

/// What the head of an answer says.
#[derive(Clone, Copy, Debug)]
struct Head {
    status: u16,
    /// With the empty line at its end.
    bytes: usize,
    body_bytes: usize,
}

impl Head {
    /// `None` while the head is not whole.
    fn of(bytes: &[u8]) -> std::io::Result<Option<Self>> {
        let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { return Ok(None) };
        let head = String::from_utf8_lossy(&bytes[..end]);
        let status = head.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)?.parse().ok());
        let status = status.ok_or_else(|| std::io::Error::other(format!("no answer: {head}")))?;
        let body_bytes = head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .and_then(|(_, value)| value.trim().parse().ok())
            .ok_or_else(|| std::io::Error::other("an answer without Content-Length"))?;
        Ok(Some(Self { status, bytes: end + 4, body_bytes }))
    }

    /// That the answer, which begins in `buffer`, is not a good one.
    fn refused(&self, buffer: &[u8]) -> std::io::Error {
        let text = String::from_utf8_lossy(&buffer[..buffer.len().min(self.bytes + 500)]);
        std::io::Error::other(format!("not 200: {}", text.trim_end_matches('\0')))
    }
}
