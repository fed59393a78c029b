//! The rest of contents that stand in files: the kernel sends them from there, as far as it has room, without anybody who copies.

use std::future::poll_fn;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::pin::Pin;
use std::sync::Arc;

use potok_content::{PIECE_BYTES, Part, Pieces, Place};
use potok_room::Taken;
use tokio::io::{AsyncRead, AsyncWriteExt as _};
use tokio::task::spawn_blocking;

use super::again::Again;
use crate::outgoing::tell_broken;
use crate::straight::{SendsFiles, is_refused};

/// Contents on their way, and the room for a piece of them.
pub(crate) struct Contents {
    pub(crate) pieces: Box<Pieces>,
    pub(crate) room: Taken,
}

/// Sends what is left of `contents`.
///
/// # Errors
/// The client has gone, or something is missing, which it notices: it knows the length.
pub(super) async fn send<S>(io: &mut Again<S>, contents: Contents) -> io::Result<()>
where
    S: AsyncRead + SendsFiles + Unpin,
{
    let Contents { mut pieces, room: _room } = contents;
    while let Some(part) = pieces.next_part().await.inspect_err(tell_broken).map_err(io::Error::other)? {
        match part {
            Part::InFile(place, length) => send_file(io, place, length).await?,
            Part::Read(bytes) => io.write_all(&bytes).await?,
        }
    }
    io.flush().await
}

async fn send_file<S>(io: &mut Again<S>, mut place: Place, mut length: u64) -> io::Result<()>
where
    S: AsyncRead + SendsFiles + Unpin,
{
    while length > 0 {
        let most = usize::try_from(length).unwrap_or(usize::MAX);
        let sent = poll_fn(|context| Pin::new(&mut *io).poll_send_file(context, &place, most)).await;
        let sent = match sent {
            // The file has become shorter.
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(sent) => sent as u64,
            Err(error) if is_refused(&error) => {
                let bytes = read(&place, length.min(PIECE_BYTES)).await?;
                io.write_all(&bytes).await?;
                bytes.len() as u64
            }
            Err(error) => return Err(error),
        };
        place.at += sent;
        length -= sent;
    }
    Ok(())
}

/// Bytes that stand at `place`, where the system does not send them itself.
async fn read(place: &Place, length: u64) -> io::Result<Vec<u8>> {
    let (file, at) = (Arc::clone(&place.file), place.at);
    let reading = spawn_blocking(move || {
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
        (&*file).seek(SeekFrom::Start(at))?;
        (&*file).read_exact(&mut bytes)?;
        Ok(bytes)
    });
    reading.await?
}

#[cfg(test)]
mod tests;
