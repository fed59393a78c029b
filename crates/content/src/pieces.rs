//! Contents that are read as somebody takes them, so that a large one costs no more memory than a small one.

use std::collections::VecDeque;
use std::fs::File;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use object_store::ObjectStoreExt as _;
use object_store::local::LocalFileSystem;
use potok_types::{ContentHash, ContentRef};
use sha2::{Digest as _, Sha256};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::{JoinHandle, spawn_blocking};

use crate::reader::{Next, Reader};
use crate::{ContentError, Contents, path, store_error};

/// Bytes that are read at once.
pub const PIECE_BYTES: u64 = 256 * 1024;
/// Pieces that are in memory at a time: one here, one that is read ahead of it, and one on its way to whoever takes them.
pub const PIECES_AT_HAND: u64 = 3;

/// The bytes of some contents, one after the other, or a range of them.
///
/// What comes out is never wrong: the last piece of each content is given only when all of its bytes have its hash, also when
/// only some of them are given. Of a file that this process has hashed, and that nobody has written to since, each piece is given
/// only when it has the sum that it had then (`sums`), and only the pieces of the range are read.
#[derive(Debug)]
pub struct Pieces {
    contents: Contents,
    left: VecDeque<ContentRef>,
    /// How the first one is read.
    first: First,
    /// Bytes before the range.
    skip: u64,
    /// Bytes of the range that are still to come.
    wanted: u64,
    /// Where the piece that was read last stands.
    place: Option<Place>,
}

/// Where bytes stand in a file that nobody writes to.
#[derive(Clone, Debug)]
pub struct Place {
    /// The file.
    pub file: Arc<File>,
    /// Bytes before them.
    pub at: u64,
}

/// What goes out next of some contents.
#[derive(Debug)]
pub enum Part {
    /// So many bytes of a file, which are sound.
    InFile(Place, u64),
    /// Bytes that are in no file.
    Read(Bytes),
}

#[derive(Debug, Default)]
enum First {
    #[default]
    Unread,
    File(Box<Reader>),
    /// The same, while its next piece is read by another thread.
    Ahead(JoinHandle<Read>),
    /// No file, but bytes of an object store; those that were read, and their hash.
    Object(u64, Sha256),
}

/// A reader, and the piece that it has read.
type Read = (Box<Reader>, Result<Bytes, ContentError>);

impl Contents {
    /// The bytes of `contents`, in their order.
    pub fn pieces(&self, contents: impl IntoIterator<Item = ContentRef>) -> Pieces {
        let left: VecDeque<_> = contents.into_iter().filter(|content| content.size_bytes > 0).collect();
        Pieces {
            contents: self.clone(),
            wanted: left.iter().map(|content| content.size_bytes).sum(),
            left,
            first: First::Unread,
            skip: 0,
            place: None,
        }
    }

    /// The bytes of `range` of `contents` in their order, as far as there are such. Contents that lie outside of it are not
    /// read.
    pub fn pieces_of(&self, contents: impl IntoIterator<Item = ContentRef>, range: Range<u64>) -> Pieces {
        let mut pieces = self.pieces(contents);
        let end = range.end.min(pieces.wanted);
        pieces.skip = range.start.min(end);
        pieces.wanted = end - pieces.skip;
        while let Some(first) = pieces.left.front()
            && pieces.skip >= first.size_bytes
        {
            pieces.skip -= first.size_bytes;
            pieces.left.pop_front();
        }
        pieces
    }
}

/// Pieces of files that are read and hashed at a time: enough to keep every processor at it. However many downloads begin at
/// once, no more of them than this stand before a short call on the threads that answer.
pub(crate) fn turns() -> Arc<Semaphore> {
    let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    Arc::new(Semaphore::new(2 * processors))
}

impl Contents {
    /// A turn to read a piece of a file, in the order of asking; whoever reads over a network is held up by that alone.
    async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.reading).acquire_owned().await.ok()
    }
}

impl Pieces {
    /// The bytes that are still to come.
    pub const fn length(&self) -> u64 {
        self.wanted
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// [`ContentError::Store`] also when a content is not there; [`ContentError::Damaged`]. There is nothing more after that.
    pub async fn next(&mut self) -> Result<Option<Bytes>, ContentError> {
        self.wanted_piece().await.inspect_err(|_| self.give_up())
    }

    /// There is nothing more.
    fn give_up(&mut self) {
        self.left.clear();
        self.wanted = 0;
    }

    /// The next bytes for whoever can send them from the file: what was found sound within the last minute is not read again.
    /// Asked instead of [`Self::next`] or after it, and never together with it for one piece.
    ///
    /// # Errors
    /// As of [`Self::next`].
    pub async fn next_part(&mut self) -> Result<Option<Part>, ContentError> {
        match self.sound_part().await {
            Ok(None) => {}
            part => return part.inspect_err(|_| self.give_up()),
        }
        let piece = self.next().await?;
        // The memory of a piece that stands in a file is given back here, and is that of the next one.
        Ok(piece.map(|piece| match self.place() {
            Some(place) => Part::InFile(place, piece.len() as u64),
            None => Part::Read(piece),
        }))
    }

    /// The next bytes of the range that are known to be sound without reading them.
    async fn sound_part(&mut self) -> Result<Option<Part>, ContentError> {
        let Some((files, &content)) = self.contents.files.clone().zip(self.left.front()) else {
            return Ok(None);
        };
        if self.wanted == 0 {
            return Ok(None);
        }
        if matches!(self.first, First::Unread) {
            self.first = First::File(self.open(&files, content).await?);
        }
        let First::File(reader) = &mut self.first else { return Ok(None) };
        let place = reader.place_at(reader.at() + self.skip);
        let passed = reader.pass_sound(self.skip + self.wanted);
        // The range begins in the first piece.
        let Some(passed) = passed.checked_sub(self.skip).filter(|passed| *passed > 0) else {
            return Ok(None);
        };
        let length = passed.min(self.wanted);
        self.skip = 0;
        self.wanted -= length;
        if reader.is_at_end() {
            self.left.pop_front();
            self.first = First::Unread;
        }
        Ok(Some(Part::InFile(place, length)))
    }

    /// Whether the bytes stand in files.
    pub const fn is_in_files(&self) -> bool {
        self.contents.files.is_some()
    }

    /// Where the piece that was given last stands, if it is in a file.
    pub fn place(&self) -> Option<Place> {
        self.place.clone()
    }

    /// The next bytes of the range.
    async fn wanted_piece(&mut self) -> Result<Option<Bytes>, ContentError> {
        while self.wanted > 0
            && let Some(&content) = self.left.front()
        {
            let piece = self.piece_of(content).await?;
            let skipped = self.skip.min(piece.len() as u64);
            self.skip -= skipped;
            let end = (piece.len() as u64).min(skipped + self.wanted);
            if skipped == end {
                continue;
            }
            self.wanted -= end - skipped;
            let place = self.place.take().map(|place| Place { at: place.at + skipped, ..place });
            if self.wanted == 0 {
                self.read_to_end(content).await?;
            }
            self.place = place;
            // No longer than a piece.
            return Ok(Some(piece.slice(skipped as usize..end as usize)));
        }
        Ok(None)
    }

    /// Reads what is left of a content that has begun, so that its hash is known, unless each of its pieces is known.
    async fn read_to_end(&mut self, content: ContentRef) -> Result<(), ContentError> {
        while match &self.first {
            First::Unread => false,
            First::File(reader) => !reader.knows_pieces(),
            First::Ahead(_) | First::Object(..) => true,
        } {
            self.piece_of(content).await?;
        }
        Ok(())
    }

    async fn piece_of(&mut self, content: ContentRef) -> Result<Bytes, ContentError> {
        match self.contents.files.clone() {
            Some(files) => self.piece_of_file(&files, content).await,
            None => self.piece_of_object(content).await,
        }
    }

    async fn piece_of_file(
        &mut self,
        files: &LocalFileSystem,
        content: ContentRef,
    ) -> Result<Bytes, ContentError> {
        let (reader, piece, has_waited) = match std::mem::take(&mut self.first) {
            First::Ahead(ahead) => {
                let (reader, piece) = joined(ahead, content.hash).await?;
                (reader, piece, true)
            }
            First::File(reader) => {
                // What is at hand is read here: others have their turn after each piece.
                tokio::task::yield_now().await;
                self.read(reader, content.hash).await?
            }
            _ => {
                let reader = self.open(files, content).await?;
                self.read(reader, content.hash).await?
            }
        };
        let piece = piece?;
        self.place = Some(reader.place_of(&piece));
        let is_wanted = !reader.knows_pieces() || self.skip + self.wanted > piece.len() as u64;
        self.first = if reader.is_at_end() {
            self.left.pop_front();
            First::Unread
        } else if has_waited
            && is_wanted
            && let Ok(turn) = Arc::clone(&self.contents.reading).try_acquire_owned()
        {
            First::Ahead(spawn_blocking(move || read_aside(reader, turn)))
        } else {
            First::File(reader)
        };
        Ok(piece)
    }

    /// Opens the file of a content at the first piece that is wanted.
    async fn open(
        &mut self,
        files: &LocalFileSystem,
        content: ContentRef,
    ) -> Result<Box<Reader>, ContentError> {
        let hash = content.hash;
        let place = files.path_to_filesystem(&path(hash));
        let place = place.map_err(|source| ContentError::Store { hash, source })?;
        let (known, from) = (Arc::clone(&self.contents.known), self.skip);
        let reader = spawn_blocking(move || Reader::open(&place, content, from, known).map(Box::new));
        let reader = joined(reader, hash).await??;
        self.skip -= reader.at();
        Ok(reader)
    }

    /// The next piece, and whether another thread had to wait for it.
    async fn read(
        &self,
        mut reader: Box<Reader>,
        hash: ContentHash,
    ) -> Result<(Box<Reader>, Result<Bytes, ContentError>, bool), ContentError> {
        let turn = self.contents.turn().await;
        match reader.next()? {
            Next::Here(piece) => Ok((reader, Ok(piece), false)),
            Next::Begun(piece, begun) => {
                let reading = spawn_blocking(move || {
                    let read = reader.finish(piece, begun);
                    drop(turn);
                    (reader, read)
                });
                let (reader, piece) = joined(reading, hash).await?;
                Ok((reader, piece, true))
            }
        }
    }

    async fn piece_of_object(&mut self, content: ContentRef) -> Result<Bytes, ContentError> {
        let ContentRef { hash, size_bytes } = content;
        let (read, mut digest) = match std::mem::take(&mut self.first) {
            First::Object(read, digest) => (read, digest),
            _ => (0, Sha256::new()),
        };
        let end = size_bytes.min(read + PIECE_BYTES);
        let piece = self.contents.objects.get_range(&path(hash), read..end).await;
        let piece = piece.map_err(|source| ContentError::Store { hash, source })?;
        if piece.len() as u64 != end - read {
            return Err(ContentError::Damaged { hash });
        }
        digest.update(&piece);
        if end < size_bytes {
            self.first = First::Object(end, digest);
            return Ok(piece);
        }
        if ContentHash::from_bytes(digest.finalize().into()) != hash {
            return Err(ContentError::Damaged { hash });
        }
        self.left.pop_front();
        Ok(piece)
    }
}

fn read_aside(mut reader: Box<Reader>, turn: OwnedSemaphorePermit) -> Read {
    let read = match reader.next() {
        Ok(Next::Here(piece)) => Ok(piece),
        Ok(Next::Begun(piece, begun)) => reader.finish(piece, begun),
        Err(error) => Err(error),
    };
    drop(turn);
    (reader, read)
}

/// What another thread has made.
async fn joined<T>(thread: JoinHandle<T>, hash: ContentHash) -> Result<T, ContentError> {
    thread.await.map_err(|error| store_error(hash, error.into()))
}

#[cfg(test)]
mod tests;
