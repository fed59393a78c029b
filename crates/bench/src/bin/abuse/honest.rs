//! The client that only reads, on a thread of its own, with sockets that wait: what it measures is the server.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::stage::{Cast, Scene};
use crate::wire;

/// Between two reads.
const PAUSE: Duration = Duration::from_millis(5);
/// A read that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// What it found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    /// 99 of 100 reads came faster.
    pub(crate) p99: Duration,
    /// Reads that were not answered by 200.
    pub(crate) refused: usize,
}

/// It, while it reads.
pub(crate) struct Honest {
    stop: Arc<AtomicBool>,
    reading: JoinHandle<Found>,
}

impl Honest {
    /// Reads until it is stopped.
    pub(crate) fn start(scene: &Scene) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (scene, told) = (Arc::clone(scene), Arc::clone(&stop));
        let reading = std::thread::spawn(move || read(&scene, &|_| told.load(Ordering::Relaxed)));
        Self { stop, reading }
    }

    /// What it found meanwhile.
    pub(crate) fn stop(self) -> Found {
        self.stop.store(true, Ordering::Relaxed);
        self.reading.join().unwrap_or(Found { p99: PATIENCE, refused: usize::MAX })
    }

    /// Reads for this long.
    pub(crate) fn read_for(scene: &Cast, time: Duration) -> Found {
        read(scene, &|begun| begun.elapsed() >= time)
    }
}

fn read(scene: &Cast, is_over: &dyn Fn(Instant) -> bool) -> Found {
    let path = format!("/V6/GetMessage?boxId={}&messageId={}", scene.honest.box_id, scene.message);
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: potok\r\nAuthorization: Bearer {}\r\nContent-Length: 0\r\n\r\n",
        scene.honest.token
    );
    let begun = Instant::now();
    let (mut times, mut refused, mut connection) = (Vec::new(), 0, None);
    while !is_over(begun) {
        let asked = Instant::now();
        match once(scene, &mut connection, request.as_bytes()) {
            Ok(true) => {}
            Ok(false) => refused += 1,
            Err(_) => {
                refused += 1;
                connection = None;
            }
        }
        times.push(asked.elapsed());
        std::thread::park_timeout(PAUSE);
    }
    times.sort_unstable();
    let p99 = times.get(times.len() * 99 / 100).copied().unwrap_or(PATIENCE);
    Found { p99, refused }
}

/// One read over the kept connection; whether it was answered by 200.
fn once(scene: &Cast, kept: &mut Option<TcpStream>, request: &[u8]) -> std::io::Result<bool> {
    let socket = match kept {
        Some(socket) => socket,
        None => {
            let socket = TcpStream::connect_timeout(&scene.server, PATIENCE)?;
            socket.set_read_timeout(Some(PATIENCE))?;
            socket.set_nodelay(true)?;
            kept.insert(socket)
        }
    };
    socket.write_all(request)?;
    let mut bytes = Vec::new();
    let mut piece = [0; 16 * 1024];
    loop {
        let count = socket.read(&mut piece)?;
        if count == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        bytes.extend_from_slice(&piece[..count]);
        if wire::parsed(&bytes).is_some_and(|(head, length)| bytes.len() >= head + length) {
            return Ok(bytes.starts_with(b"HTTP/1.1 200"));
        }
    }
}
