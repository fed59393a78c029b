use std::ops::Range;

use bytes::Bytes;
use http::Request;
use hyper::body::Incoming;
use potok_content::Contents as Stored;
use potok_types::{ContentRef, Ticks};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, duplex};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::answer::Response;
use crate::apart::{Apart, Served, serve};
use crate::came::Came;
use crate::connections::{ConnectionLimits, Connections, Watched};
use crate::outgoing::Outgoing;
use crate::straight::Straight;

/// A length that no piece ends with.
const LENGTH: usize = 5 * 1024 * 1024 + 3;

/// Two contents in a folder, and their bytes one after the other.
struct Shelf {
    folder: TempDir,
    stored: Stored,
    contents: [ContentRef; 2],
    bytes: Bytes,
}

impl Shelf {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let stored = Stored::in_folder(folder.path()).unwrap();
        let bytes: Bytes = (0..LENGTH).map(|index| (index * 7 + index / 251) as u8).collect();
        let mut contents = Vec::new();
        for range in [0..LENGTH - 1_000_000, LENGTH - 1_000_000..LENGTH] {
            let mut draft = stored.draft(Ticks::UNIX_EPOCH);
            draft.write(bytes.slice(range)).await.unwrap();
            contents.push(draft.keep().await.unwrap());
        }
        Self { folder, stored, contents: contents.try_into().unwrap(), bytes }
    }

    /// As a process that was just started, which has hashed nothing.
    fn restarted(&mut self) {
        self.stored = Stored::in_folder(self.folder.path()).unwrap();
    }

    fn pieces(&self, range: Range<usize>) -> Box<Pieces> {
        Box::new(self.stored.pieces_of(self.contents, range.start as u64..range.end as u64))
    }
}

/// The bytes that a path like `/3-700000` names.
fn asked(path: &str) -> Range<usize> {
    let (from, to) = path.trim_start_matches('/').split_once('-').unwrap();
    from.parse().unwrap()..to.parse().unwrap()
}

/// The client of a server that answers what is asked with a range of the shelf.
async fn client(shelf: &Shelf) -> TcpStream {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (stream, _) = listener.accept().await.unwrap();
    let (stored, contents) = (shelf.stored.clone(), shelf.contents);
    tokio::spawn(async move {
        let connections = Arc::new(Connections::new(ConnectionLimits::default()));
        let place = connections.place().unwrap();
        place.connection.begin();
        let stream = Straight::new(stream);
        let (way, apart) = (Arc::clone(stream.way()), Arc::<Apart>::default());
        let answer = |request: Request<Incoming>| {
            let mut request = request.map(Came::from);
            let mut served = Served::new(place.connection.begin_request(), Some(Arc::clone(&apart)));
            let _leave = served.may_leave_as(&mut request);
            let Range { start, end } = asked(request.uri().path());
            let pieces = Box::new(stored.pieces_of(contents, start as u64..end as u64));
            let mut body = Outgoing::new(Bytes::new(), Some(pieces), None, Taken::default());
            body.goes(Some(Arc::clone(&way)));
            body.keeps(served);
            async { Ok(Response::new(body)) }
        };
        let watched = Watched { stream, connection: Arc::clone(&place.connection) };
        let stop = CancellationToken::new();
        serve(watched, Arc::clone(&apart), answer, |_| None, &place.connection, &stop).await;
    });
    client
}

async fn ask(client: &mut TcpStream, path: &str, more: &str) {
    client.write_all(format!("GET {path} HTTP/1.1\r\n{more}\r\n").as_bytes()).await.unwrap();
}

/// The length that the next answer promises.
async fn head(client: &mut TcpStream) -> usize {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        head.push(char::from(client.read_u8().await.unwrap()));
    }
    let length = head.split_once("content-length: ").and_then(|(_, rest)| rest.split_once("\r\n"));
    length.unwrap_or_else(|| panic!("{head}")).0.parse().unwrap()
}

async fn read(client: &mut TcpStream) -> Vec<u8> {
    let mut body = vec![0; head(client).await];
    client.read_exact(&mut body).await.unwrap();
    body
}

const PATHS: [&str; 5] = ["/0-5242883", "/3-5242882", "/262144-2000000", "/4242882-5242883", "/0-10"];

#[tokio::test]
async fn contents_arrive_whole_one_answer_after_the_other() {
    let mut shelf = Shelf::new().await;
    for is_restarted in [false, true] {
        if is_restarted {
            shelf.restarted();
        }
        let mut client = client(&shelf).await;
        for path in PATHS {
            ask(&mut client, path, "").await;
            assert!(read(&mut client).await == shelf.bytes[asked(path)], "{path}");
        }
        // Who does not wait for an answer before it asks again keeps the order.
        for path in PATHS {
            ask(&mut client, path, "").await;
        }
        for path in PATHS {
            assert!(read(&mut client).await == shelf.bytes[asked(path)], "{path}");
        }
        ask(&mut client, PATHS[0], "Connection: close\r\n").await;
        assert!(read(&mut client).await == shelf.bytes);
        assert_eq!(client.read(&mut [0]).await.unwrap(), 0, "this was the last one");
    }
}

#[tokio::test]
async fn what_cannot_be_sent_whole_ends_before_its_length() {
    let shelf = Shelf::new().await;
    let mut client = client(&shelf).await;
    let name = |content: ContentRef| {
        let mut files = walk(shelf.folder.path());
        files.find(|file| file.metadata().unwrap().len() == content.size_bytes).unwrap()
    };
    let path = name(shelf.contents[1]);
    let mut damaged = std::fs::read(&path).unwrap();
    *damaged.last_mut().unwrap() ^= 1;
    std::fs::write(&path, damaged).unwrap();
    ask(&mut client, PATHS[0], "").await;
    let length = head(&mut client).await;
    let mut body = Vec::new();
    client.read_to_end(&mut body).await.unwrap();
    assert!(length == LENGTH && body.len() < LENGTH && body == shelf.bytes[..body.len()]);
}

/// All files below a folder.
fn walk(folder: &std::path::Path) -> Box<dyn Iterator<Item = std::path::PathBuf>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    Box::new(entries.flat_map(|path| match path.is_dir() {
        true => walk(&path),
        false => Box::new(std::iter::once(path)),
    }))
}

#[tokio::test]
async fn what_the_system_does_not_send_is_read_and_written() {
    let shelf = Shelf::new().await;
    for path in PATHS {
        let (mut client, server) = duplex(100_000);
        let pieces = shelf.pieces(asked(path));
        let sending = async {
            let mut io = Again::new(server, Arc::default());
            send(&mut io, Contents { pieces, room: Taken::default() }).await
        };
        let mut read = Vec::new();
        let (sent, all) = tokio::join!(sending, client.read_to_end(&mut read));
        sent.unwrap();
        all.unwrap();
        assert!(read == shelf.bytes[asked(path)], "{path}");
    }
}
