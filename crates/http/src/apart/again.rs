//! A connection whose bytes can be read again, and which notices that the client has gone without a buffer for what it says.

use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::mem::{self, MaybeUninit};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use potok_content::Place;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::Apart;
use crate::straight::SendsFiles;

/// Bytes that are looked at in one go.
const AT_ONCE: usize = 16 * 1024;

/// A stream, and what is read before it.
pub(crate) struct Again<S> {
    stream: S,
    first: Bytes,
    apart: Arc<Apart>,
}

impl<S> Again<S> {
    pub(crate) const fn new(stream: S, apart: Arc<Apart>) -> Self {
        Self { stream, first: Bytes::new(), apart }
    }

    /// Lets `bytes` be read before everything else. They are copied: they may be a small part of a large buffer.
    pub(super) fn first(&mut self, bytes: Bytes) {
        if !bytes.is_empty() {
            self.first = [&bytes[..], &self.first].concat().into();
        }
    }

    /// Lets `bytes`, which were all that was at hand, be read again.
    pub(crate) fn give_back(&mut self, bytes: Bytes) {
        self.first = bytes;
    }
}

impl<S: AsyncRead + Unpin> Again<S> {
    /// What is at hand next; nothing at the end. There is no buffer as long as nothing comes.
    pub(crate) fn poll_some(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Bytes>> {
        if !self.first.is_empty() {
            return Poll::Ready(Ok(mem::take(&mut self.first)));
        }
        let mut room = [MaybeUninit::uninit(); AT_ONCE];
        let mut buffer = ReadBuf::uninit(&mut room);
        ready!(Pin::new(&mut self.stream).poll_read(context, &mut buffer))?;
        Poll::Ready(Ok(Bytes::copy_from_slice(buffer.filled())))
    }

    /// What comes of `work`, unless the client goes before. Of a client that asks more meanwhile it is not noticed: it waits
    /// for its answer, and one more byte would have to be kept.
    pub(super) async fn unless_gone<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        poll_fn(|context| match self.poll_gone(context) {
            Poll::Ready(()) => Poll::Ready(None),
            Poll::Pending => work.as_mut().poll(context).map(Some),
        })
        .await
    }

    fn poll_gone(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if !self.first.is_empty() {
            return Poll::Pending;
        }
        let mut byte = [0];
        let mut buffer = ReadBuf::new(&mut byte);
        let read = ready!(Pin::new(&mut self.stream).poll_read(context, &mut buffer));
        if read.is_err() || buffer.filled().is_empty() {
            return Poll::Ready(());
        }
        self.first = Bytes::copy_from_slice(buffer.filled());
        Poll::Pending
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Again<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.first.is_empty() {
            return Pin::new(&mut self.stream).poll_read(context, buffer);
        }
        let length = self.first.len().min(buffer.remaining());
        buffer.put_slice(&self.first.split_to(length));
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Again<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.apart.is_unsent.store(true, Ordering::Relaxed);
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // Whoever writes asks for this when it has nothing more to write.
        let flushed = ready!(Pin::new(&mut self.stream).poll_flush(context));
        self.apart.is_unsent.store(false, Ordering::Relaxed);
        Poll::Ready(flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.apart.is_unsent.store(true, Ordering::Relaxed);
        Pin::new(&mut self.stream).poll_write_vectored(context, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

impl<S: SendsFiles + Unpin> SendsFiles for Again<S> {
    fn poll_send_file(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        place: &Place,
        length: usize,
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_send_file(context, place, length)
    }
}
