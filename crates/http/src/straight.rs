//! Large answers that are asked for again and again, and contents that are files, go out without being copied: the kernel has
//! them as well, as the pages of a file, and sends those.
//!
//! hyper knows of nothing but slices of memory. A body that is about to give away such a slice tells the connection which file
//! has the same bytes; when the slice comes to be written, its place in memory shows that it is the one. What is not
//! found is copied like anything else, so that this decides about the cost of an answer and never about its bytes. Pages that
//! are on their way must not be written to: files of answers have no name and are written once, and contents are named by their
//! bytes and never change.
//!
//! Pages of a file in a folder cost less to send than those of one in memory (Linux 6.18: 28 and 41 µs of a page of 125 KB, 91 and 110 of 415 KB):
//! the file system has many of them in one piece. What is asked for often lies there, therefore; it is on the disk
//! before it is used, since the system may take away a page that it has written, and reads it again.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, IoSlice};
use std::path::Path;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use potok_content::Place;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

/// Shorter answers cost less to copy than one more call of the system takes.
pub(crate) const LEAST_STRAIGHT: usize = 16 * 1024;

/// Files of this kind that are open.
static OPEN: AtomicUsize = AtomicUsize::new(0);
/// How many there may be: most of what the process may have open is for connections and contents.
static MOST: LazyLock<usize> = LazyLock::new(|| kernel::most_files() / 8);

/// Bytes that the kernel has.
#[derive(Debug)]
pub(crate) struct InKernel(File);

impl InKernel {
    /// Gives `bytes` to the kernel; `None` where it takes no more, or never does.
    pub(crate) fn new(bytes: &[u8]) -> Option<Self> {
        Self::made(|| kernel::file(bytes))
    }

    /// The same by way of a file without a name in `folder`, and of memory where the file system has none such. Waits for the disk.
    pub(crate) fn laid(folder: &Path, bytes: &[u8]) -> Option<Self> {
        Self::made(|| kernel::laid(folder, bytes).or_else(|_| kernel::file(bytes)))
    }

    fn made(make: impl FnOnce() -> io::Result<File>) -> Option<Self> {
        if OPEN.fetch_add(1, Ordering::Relaxed) < *MOST
            && let Ok(file) = make()
        {
            return Some(Self(file));
        }
        OPEN.fetch_sub(1, Ordering::Relaxed);
        None
    }
}

impl Drop for InKernel {
    fn drop(&mut self) {
        OPEN.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What has the bytes of an answer.
#[derive(Clone, Debug)]
pub(crate) enum Held {
    Answer(Arc<InKernel>),
    Content(Place),
}

impl Held {
    fn file(&self) -> &File {
        match self {
            Self::Answer(answer) => &answer.0,
            Self::Content(place) => &place.file,
        }
    }

    const fn before(&self) -> u64 {
        match self {
            Self::Answer(_) => 0,
            Self::Content(place) => place.at,
        }
    }
}

/// Pieces that may wait to be written: hyper takes no more than two of the size of contents.
const MOST_OPEN: usize = 4;

/// What one connection is about to send, and what has the same bytes.
#[derive(Default)]
pub(crate) struct Way(Mutex<VecDeque<(Bytes, Held)>>);

impl Way {
    fn open(&self) -> MutexGuard<'_, VecDeque<(Bytes, Held)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `bytes` come next. They stay in memory until they are sent, so that nothing else can come to stand in their place.
    pub(crate) fn opens(&self, bytes: Bytes, held: Held) {
        let mut open = self.open();
        if open.len() == MOST_OPEN {
            open.pop_front();
        }
        open.push_back((bytes, held));
    }

    /// Nothing more goes by it.
    fn closes(&self) {
        self.open().clear();
    }

    /// All up to the end of `part` has gone.
    fn passed(&self, part: &Part) {
        let mut open = self.open();
        if let Some(last) = open.iter().position(|(bytes, _)| bytes.as_ptr_range().end.addr() == part.end) {
            open.drain(..=last);
        }
    }

    /// Which of `pieces` is the first that the kernel has, and what it is.
    fn first_of(&self, pieces: &[IoSlice<'_>]) -> Option<(usize, Part)> {
        let open = self.open();
        if open.is_empty() {
            return None;
        }
        pieces.iter().enumerate().find_map(|(index, piece)| Some((index, Part::of(&open, piece)?)))
    }
}

/// A part of what the kernel has.
struct Part {
    held: Held,
    /// Bytes before it in the file.
    at: u64,
    length: usize,
    /// Where it ends in memory.
    end: usize,
}

impl Part {
    fn of(open: &VecDeque<(Bytes, Held)>, piece: &[u8]) -> Option<Self> {
        let place = piece.as_ptr_range();
        let is_inside = |bytes: &Bytes| {
            let all = bytes.as_ptr_range();
            !piece.is_empty() && all.start <= place.start && place.end <= all.end
        };
        let (bytes, held) = open.iter().find(|(bytes, _)| is_inside(bytes))?;
        let at = held.before() + place.start.addr().saturating_sub(bytes.as_ptr().addr()) as u64;
        Some(Self { held: held.clone(), at, length: piece.len(), end: place.end.addr() })
    }
}

/// A connection over which what stands in a file may go without being read.
pub(crate) trait SendsFiles: AsyncWrite {
    /// Sends as much as there is room for of `length` bytes that stand at `place`.
    ///
    /// # Errors
    /// The client has gone, or it can't be done over this connection: see [`is_refused`].
    fn poll_send_file(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        place: &Place,
        length: usize,
    ) -> Poll<io::Result<usize>>;
}

/// What goes through TLS has to be read.
impl<S> SendsFiles for Box<TlsStream<S>>
where
    TlsStream<S>: AsyncWrite + Unpin,
{
    fn poll_send_file(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        _: &Place,
        _: usize,
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Err(io::ErrorKind::Unsupported.into()))
    }
}

/// A connection without TLS that sends what the kernel has from there.
pub(crate) struct Straight {
    stream: TcpStream,
    way: Arc<Way>,
}

impl Straight {
    pub(crate) fn new(stream: TcpStream) -> Self {
        Self { stream, way: Arc::default() }
    }

    pub(crate) const fn way(&self) -> &Arc<Way> {
        &self.way
    }

    /// Does `call` as soon as something can be written.
    fn poll_send(
        &self,
        context: &mut Context<'_>,
        mut call: impl FnMut() -> io::Result<usize>,
    ) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.stream.poll_write_ready(context))?;
            match self.stream.try_io(Interest::WRITABLE, &mut call) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                sent => return Poll::Ready(sent),
            }
        }
    }

    /// Sends `head`, which the kernel keeps for the bytes that follow, and `part`.
    fn poll_straight(
        &self,
        context: &mut Context<'_>,
        head: &[IoSlice<'_>],
        part: &Part,
    ) -> Poll<io::Result<usize>> {
        let length: usize = head.iter().map(|piece| piece.len()).sum();
        if length > 0 {
            let sent = ready!(self.poll_send(context, || kernel::send_head(&self.stream, head)))?;
            if sent < length {
                return Poll::Ready(Ok(sent));
            }
        }
        let sent =
            self.poll_send(context, || kernel::send(&self.stream, part.held.file(), part.at, part.length));
        if let Poll::Ready(Ok(bytes)) = sent
            && bytes == part.length
        {
            self.way.passed(part);
        }
        match sent {
            Poll::Ready(Ok(bytes)) => Poll::Ready(Ok(length + bytes)),
            // The head has gone. What became of the rest is seen at the next call.
            _ if length > 0 => Poll::Ready(Ok(length)),
            failed => failed,
        }
    }
}

impl SendsFiles for Straight {
    fn poll_send_file(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        place: &Place,
        length: usize,
    ) -> Poll<io::Result<usize>> {
        self.poll_send(context, || kernel::send(&self.stream, &place.file, place.at, length))
    }
}

impl AsyncRead for Straight {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Straight {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if let Some((index, part)) = self.way.first_of(pieces) {
            match self.poll_straight(context, &pieces[..index], &part) {
                // A system that is not allowed to do it.
                Poll::Ready(Err(error)) if is_refused(&error) => self.way.closes(),
                sent => return sent,
            }
        }
        Pin::new(&mut self.stream).poll_write_vectored(context, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

/// Whether the system does not send that file over that connection, or none at all.
pub(crate) fn is_refused(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidInput, PermissionDenied, Unsupported};
    matches!(error.kind(), InvalidInput | PermissionDenied | Unsupported)
}

#[cfg(target_os = "linux")]
mod kernel {
    use std::fs::File;
    use std::io::{self, IoSlice, Write as _};
    use std::path::Path;

    use rustix::fs::{MemfdFlags, Mode, OFlags, SealFlags, fcntl_add_seals, memfd_create, open, sendfile};
    use rustix::process::{Resource, getrlimit};
    use socket2::SockRef;
    use tokio::net::TcpStream;

    /// `MSG_MORE` of `send(2)`, the same on every processor.
    const MORE_FOLLOWS: i32 = 0x8000;

    /// Files that the process may have open.
    pub(super) fn most_files() -> usize {
        getrlimit(Resource::Nofile).current.map_or(usize::MAX, |most| most as usize)
    }

    /// A file of these bytes that nobody can change.
    pub(super) fn file(bytes: &[u8]) -> io::Result<File> {
        let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
        let mut file = File::from(memfd_create("potok-answer", flags)?);
        file.write_all(bytes)?;
        fcntl_add_seals(&file, SealFlags::SHRINK | SealFlags::GROW | SealFlags::WRITE | SealFlags::SEAL)?;
        Ok(file)
    }

    /// A file of these bytes on the disk of `folder` that nobody else can open.
    pub(super) fn laid(folder: &Path, bytes: &[u8]) -> io::Result<File> {
        let flags = OFlags::TMPFILE | OFlags::EXCL | OFlags::RDWR | OFlags::CLOEXEC;
        let mut file = File::from(open(folder, flags, Mode::RUSR | Mode::WUSR)?);
        file.write_all(bytes)?;
        file.sync_data()?;
        Ok(file)
    }

    /// Gives `head` to the kernel, to be sent with what follows it.
    pub(super) fn send_head(stream: &TcpStream, head: &[IoSlice<'_>]) -> io::Result<usize> {
        SockRef::from(stream).send_vectored_with_flags(head, MORE_FOLLOWS)
    }

    /// Sends as much as there is room for of `length` bytes that stand in `file` at `at`.
    pub(super) fn send(stream: &TcpStream, file: &File, mut at: u64, length: usize) -> io::Result<usize> {
        Ok(sendfile(stream, file, Some(&mut at), length)?)
    }
}

/// Other systems copy.
#[cfg(not(target_os = "linux"))]
mod kernel {
    use std::fs::File;
    use std::io::{self, ErrorKind, IoSlice};
    use std::path::Path;

    use tokio::net::TcpStream;

    pub(super) const fn most_files() -> usize {
        0
    }

    pub(super) fn file(_: &[u8]) -> io::Result<File> {
        Err(ErrorKind::Unsupported.into())
    }

    pub(super) fn laid(_: &Path, _: &[u8]) -> io::Result<File> {
        Err(ErrorKind::Unsupported.into())
    }

    pub(super) fn send_head(_: &TcpStream, _: &[IoSlice<'_>]) -> io::Result<usize> {
        Err(ErrorKind::Unsupported.into())
    }

    pub(super) fn send(_: &TcpStream, _: &File, _: u64, _: usize) -> io::Result<usize> {
        Err(ErrorKind::Unsupported.into())
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests;
