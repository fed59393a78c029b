//! The file of one content, read piece by piece: what is in the memory of the system at once, and the rest on a thread that may
//! wait for the disk. No piece comes out that is known to be damaged.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path as FilePath;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use potok_types::{ContentHash, ContentRef};

use crate::sums::{Digests, Known, Stamp, Sums};
use crate::{ContentError, PIECE_BYTES, Place, store_error};

/// Pieces that are passed over at a time: two MiB go into a socket at once, and others have their turn.
const SOUND_PIECES: usize = 8;

/// Where the next piece comes from.
#[derive(Debug)]
pub(crate) struct Reader {
    file: Arc<File>,
    content: ContentRef,
    /// Where the next piece begins.
    at: u64,
    check: Check,
    known: Arc<Known>,
    /// The pieces that were given last, of which a connection has two on their way: into the memory of one that nobody has any more
    /// the next one is read.
    given: [Bytes; 2],
}

/// By what pieces are judged.
#[derive(Debug)]
enum Check {
    /// The sums of all of them, as long as the file is that one.
    Sums(Arc<Sums>, Stamp),
    /// The hash, when all have come; and the file of which they are then the sums.
    Hash(Box<Digests>, Option<Stamp>),
}

/// A piece on its way.
pub(crate) enum Next {
    Here(Bytes),
    /// It has so many bytes already, and [`Reader::finish`] reads the rest.
    Begun(BytesMut, usize),
}

impl Reader {
    /// Opens the file of a content, to be read from the piece that holds byte `from`, or from its beginning when only the hash of
    /// all of it can tell whether it is sound. Waits for the disk.
    ///
    /// # Errors
    /// [`ContentError::Store`] when there is none.
    pub(crate) fn open(
        path: &FilePath,
        content: ContentRef,
        from: u64,
        known: Arc<Known>,
    ) -> Result<Self, ContentError> {
        let file = File::open(path).map_err(|source| store_error(content.hash, source))?;
        let stamp = Stamp::of(&file).ok();
        let sums = stamp.and_then(|stamp| Some((known.find(content.hash, stamp)?, stamp)));
        let pieces = content.size_bytes.div_ceil(PIECE_BYTES);
        let check = match sums.filter(|(sums, _)| sums.count() as u64 == pieces) {
            Some((sums, stamp)) => Check::Sums(sums, stamp),
            None => Check::Hash(Box::default(), stamp),
        };
        let at = if matches!(check, Check::Sums(..)) { from - from % PIECE_BYTES } else { 0 };
        let file = Arc::new(file);
        Ok(Self { file, content, at, check, known, given: Default::default() })
    }

    /// Where the next piece begins.
    pub(crate) const fn at(&self) -> u64 {
        self.at
    }

    /// Where the piece that was given last stands.
    pub(crate) fn place_of(&self, piece: &Bytes) -> Place {
        self.place_at(self.at - piece.len() as u64)
    }

    /// Whether all of it was read.
    pub(crate) const fn is_at_end(&self) -> bool {
        self.at == self.content.size_bytes
    }

    /// Whether a piece that was given is known to be sound, also when others of the content are not.
    pub(crate) const fn knows_pieces(&self) -> bool {
        matches!(self.check, Check::Sums(..))
    }

    /// Passes over the next pieces, as far as they are known to be sound, the system has them in its memory, and one of them
    /// begins within `wanted` bytes. How many bytes.
    pub(crate) fn pass_sound(&mut self, wanted: u64) -> u64 {
        let Check::Sums(sums, stamp) = &self.check else { return 0 };
        let number = (self.at / PIECE_BYTES) as usize;
        let count = sums.sound_from(number, (wanted.div_ceil(PIECE_BYTES) as usize).min(SOUND_PIECES));
        let bytes = (count as u64 * PIECE_BYTES).min(self.content.size_bytes - self.at);
        if bytes == 0
            || Stamp::of(&self.file).map_or(true, |now| now != *stamp)
            || !self.is_at_hand(self.at, bytes)
        {
            return 0;
        }
        self.at += bytes;
        bytes
    }

    /// Whether the system seems to have so many bytes in its memory: it reads ahead and takes away more than a page at once, so
    /// the last byte of each piece stands for all of it.
    fn is_at_hand(&self, at: u64, bytes: u64) -> bool {
        let mut ends = (at..at + bytes)
            .step_by(PIECE_BYTES as usize)
            .map(|piece| (piece + PIECE_BYTES).min(at + bytes) - 1);
        ends.all(|end| read_at_hand(&self.file, &mut [0], end) == 1)
    }

    /// Where such a byte stands.
    pub(crate) fn place_at(&self, at: u64) -> Place {
        Place { file: Arc::clone(&self.file), at }
    }

    /// The next piece, if it is there without waiting for the disk or hashing it.
    ///
    /// # Errors
    /// [`ContentError::Damaged`].
    pub(crate) fn next(&mut self) -> Result<Next, ContentError> {
        let mut piece = self.free();
        // No longer than a piece.
        piece.resize((self.content.size_bytes - self.at).min(PIECE_BYTES) as usize, 0);
        let begun = if self.knows_pieces() { read_at_hand(&self.file, &mut piece, self.at) } else { 0 };
        if begun < piece.len() { Ok(Next::Begun(piece, begun)) } else { self.checked(piece).map(Next::Here) }
    }

    /// The memory of a piece that was given and that nobody has any more, or new memory.
    fn free(&mut self) -> BytesMut {
        for given in &mut self.given {
            match std::mem::take(given).try_into_mut() {
                Ok(free) => return free,
                Err(taken) => *given = taken,
            }
        }
        BytesMut::new()
    }

    /// Reads the rest of a piece that [`Self::next`] has begun. Waits for the disk.
    ///
    /// # Errors
    /// [`ContentError::Store`], [`ContentError::Damaged`].
    pub(crate) fn finish(&mut self, mut piece: BytesMut, begun: usize) -> Result<Bytes, ContentError> {
        let mut file = &*self.file;
        let read = file
            .seek(SeekFrom::Start(self.at + begun as u64))
            .and_then(|_| file.read_exact(&mut piece[begun..]));
        read.map_err(|source| match source.kind() {
            io::ErrorKind::UnexpectedEof => self.damaged(),
            _ => store_error(self.content.hash, source),
        })?;
        self.checked(piece)
    }

    /// A piece that was read, unless it is known now that it, or one before it, is not what was put.
    fn checked(&mut self, piece: BytesMut) -> Result<Bytes, ContentError> {
        let number = (self.at / PIECE_BYTES) as usize;
        self.at += piece.len() as u64;
        match &mut self.check {
            Check::Sums(sums, _) if !sums.judge(number, &piece) => return Err(self.damaged()),
            Check::Sums(..) => {}
            Check::Hash(digests, _) => digests.update(&piece),
        }
        if self.is_at_end() {
            self.judge()?;
        }
        let piece = piece.freeze();
        self.given.rotate_left(1);
        let place = self.given.iter().position(Bytes::is_empty).unwrap_or(1);
        self.given[place] = piece.clone();
        Ok(piece)
    }

    /// Judges all that was read by its hash, if that is what it is judged by.
    fn judge(&mut self) -> Result<(), ContentError> {
        let Check::Hash(digests, stamp) = &mut self.check else { return Ok(()) };
        let (hash, sums) = std::mem::take(digests).end();
        if hash != self.content.hash {
            return Err(self.damaged());
        }
        // Whoever wrote to it meanwhile has it read as it was before or as it is now, and its sums believed of neither.
        if let Some(stamp) = *stamp
            && Stamp::of(&self.file).is_ok_and(|now| now == stamp)
        {
            self.known.note(hash, stamp, sums);
        }
        Ok(())
    }

    fn damaged(&self) -> ContentError {
        let hash: ContentHash = self.content.hash;
        self.known.forget(hash);
        ContentError::Damaged { hash }
    }
}

/// Reads what the system has in its memory; how many bytes.
#[cfg(target_os = "linux")]
fn read_at_hand(file: &File, piece: &mut [u8], at: u64) -> usize {
    use rustix::io::{ReadWriteFlags, preadv2};
    // A file system that cannot say what it has leaves all of it to who may wait.
    preadv2(file, &mut [io::IoSliceMut::new(piece)], at, ReadWriteFlags::NOWAIT).unwrap_or(0)
}

/// Other systems do not say what they have.
#[cfg(not(target_os = "linux"))]
fn read_at_hand(_: &File, _: &mut [u8], _: u64) -> usize {
    0
}
