//! What the kernel keeps of an answer that its client does not read. Left alone it takes four megabytes for each connection,
//! which no budget of ours counts, and takes them at once.

use std::io;

use potok_content::PIECE_BYTES;
use tokio::net::TcpListener;

/// Bytes of an answer that may wait in the kernel before they are sent: one piece that is sent while the next one is read.
/// What is on its way is not among them, so that a fast line is as fast as it was.
const UNSENT_BYTES: u64 = 2 * PIECE_BYTES;

/// Bounds it for all connections that `listener` will accept.
///
/// # Errors
/// The system does not know the bound.
#[cfg(target_os = "linux")]
pub(crate) fn bound(listener: &TcpListener) -> io::Result<()> {
    socket2::SockRef::from(listener).set_tcp_notsent_lowat(UNSENT_BYTES as u32)
}

/// Other systems have bounds of their own.
#[cfg(not(target_os = "linux"))]
pub(crate) fn bound(_: &TcpListener) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use tokio::net::TcpStream;

    use super::*;

    /// Bytes that the kernel takes for a client that reads nothing.
    async fn taken(is_bounded: bool) -> u64 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        if is_bounded {
            bound(&listener).unwrap();
        }
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (server, _) = listener.accept().await.unwrap();
        let piece = vec![7; PIECE_BYTES as usize];
        let mut taken = 0;
        server.writable().await.unwrap();
        while let Ok(bytes) = server.try_write(&piece) {
            taken += bytes as u64;
        }
        drop(client);
        taken
    }

    #[tokio::test]
    async fn little_is_kept_for_who_reads_nothing() {
        let (bounded, unbounded) = (taken(true).await, taken(false).await);
        // The window of the other side lets some of it be sent.
        assert!(bounded < 2 * UNSENT_BYTES, "{bounded} bytes");
        assert!(bounded < unbounded, "{bounded} bytes, and {unbounded} without the bound");
    }
}
