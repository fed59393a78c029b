use bytes::Buf as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio::net::TcpListener;

use super::*;

/// Over this the system sends no files.
impl SendsFiles for DuplexStream {
    fn poll_send_file(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        _: &Place,
        _: usize,
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Err(io::ErrorKind::InvalidInput.into()))
    }
}

/// A connection, and its other side, which has room for little.
async fn connected() -> (Straight, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (server, _) = listener.accept().await.unwrap();
    socket2::SockRef::from(&server).set_send_buffer_size(8 * 1024).unwrap();
    (Straight::new(server), client)
}

fn body(length: usize) -> Bytes {
    (0..length).map(|index| (index * 7 + index / 251) as u8).collect()
}

fn is_open(way: &Way) -> bool {
    !way.open().is_empty()
}

/// Writes `head` and `body`, while the other side reads until the end.
async fn sent(mut server: Straight, mut client: TcpStream, head: &[u8], body: Bytes) -> Vec<u8> {
    let mut answer = Bytes::copy_from_slice(head).chain(body);
    let writing = async {
        server.write_all_buf(&mut answer).await.unwrap();
        server.shutdown().await.unwrap();
    };
    let mut read = Vec::new();
    let (_, whole) = tokio::join!(writing, client.read_to_end(&mut read));
    whole.unwrap();
    read
}

#[tokio::test]
async fn what_the_kernel_has_arrives_behind_its_head() {
    let whole = body(300_000);
    let folder = tempfile::tempdir().unwrap();
    let [in_memory, laid] =
        [InKernel::new(&whole), InKernel::laid(folder.path(), &whole)].map(|it| Arc::new(it.unwrap()));
    for (held, head, range) in [
        (&in_memory, &b"head"[..], 0..300_000),
        (&in_memory, b"", 0..300_000),
        (&laid, b"head", 0..300_000),
        (&laid, b"head", 4096..299_999),
        (&laid, b"head", 7..8),
    ] {
        let (server, client) = connected().await;
        let way = Arc::clone(server.way());
        way.opens(whole.clone(), Held::Answer(Arc::clone(held)));
        let read = sent(server, client, head, whole.slice(range.clone())).await;
        assert!(read == [head, &whole[range.clone()]].concat(), "{range:?}");
        // The last byte closes it: what was not asked for leaves it open.
        assert_eq!(is_open(&way), range.end < whole.len(), "{range:?}");
    }
}

#[tokio::test]
async fn equal_bytes_in_another_place_are_copied() {
    let whole = body(100_000);
    let (server, client) = connected().await;
    let way = Arc::clone(server.way());
    way.opens(whole.clone(), Held::Answer(Arc::new(InKernel::new(&whole).unwrap())));
    let read = sent(server, client, b"head", Bytes::copy_from_slice(&whole)).await;
    assert!(read == [b"head", &whole[..]].concat() && is_open(&way));
}

#[tokio::test]
async fn what_is_on_its_way_outlives_what_was_kept() {
    let whole = body(40_000);
    let (mut server, mut client) = connected().await;
    server.way().opens(whole.clone(), Held::Answer(Arc::new(InKernel::new(&whole).unwrap())));
    let mut left = whole.clone();
    let first = server.write_buf(&mut left).await.unwrap();
    // What takes the place of a thrown out answer must not be seen by who was promised the old one.
    server.way().closes();
    let _next = InKernel::new(&vec![0xEE; whole.len()]).unwrap();
    drop(server);
    let mut read = Vec::new();
    client.read_to_end(&mut read).await.unwrap();
    assert!(first > 0 && read == whole[..first]);
}

#[tokio::test]
async fn pieces_of_a_file_arrive_in_their_order() {
    use std::io::Write as _;
    let whole = body(600_000);
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&whole).unwrap();
    let file = Arc::new(file);
    let (mut server, mut client) = connected().await;
    let way = Arc::clone(server.way());
    let writing = async {
        for start in (0..600_000).step_by(100_000) {
            // Two pieces wait at a time, in memory that is not that of the whole.
            let pieces = [start..start + 70_000, start + 70_000..start + 100_000];
            let [first, second] = pieces.map(|range| {
                let bytes = Bytes::copy_from_slice(&whole[range.clone()]);
                let place = Place { file: Arc::clone(&file), at: range.start as u64 };
                way.opens(bytes.clone(), Held::Content(place));
                bytes
            });
            server.write_all_buf(&mut first.chain(second)).await.unwrap();
        }
        server.shutdown().await.unwrap();
    };
    let mut read = Vec::new();
    let (_, all) = tokio::join!(writing, client.read_to_end(&mut read));
    all.unwrap();
    assert!(read == whole && !is_open(&way));
}

#[test]
fn what_the_kernel_has_cannot_be_changed() {
    use std::io::Write as _;
    let held = InKernel::new(&body(20_000)).unwrap();
    let mut file = held.0.try_clone().unwrap();
    assert!(file.write_all(b"other").is_err() && file.set_len(1).is_err());
}

#[test]
fn a_folder_that_cannot_have_it_is_done_without() {
    let folder = tempfile::tempdir().unwrap();
    assert!(InKernel::laid(&folder.path().join("none"), &body(20_000)).is_some());
    let _held = InKernel::laid(folder.path(), &body(20_000)).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nobody sees it");
}
