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
mod tests {
    use potok_types::Ticks;

    use super::*;

    async fn all(mut pieces: Pieces) -> Result<Vec<u8>, ContentError> {
        let (mut whole, announced) = (Vec::new(), pieces.length());
        while let Some(piece) = pieces.next().await? {
            assert!(piece.len() as u64 <= PIECE_BYTES);
            #[cfg(unix)]
            if let Some(Place { file, at }) = pieces.place() {
                let mut there = vec![0; piece.len()];
                std::os::unix::fs::FileExt::read_exact_at(&*file, &mut there, at).unwrap();
                assert!(there == piece, "the piece is said to stand where something else does");
            }
            whole.extend_from_slice(&piece);
            assert_eq!(pieces.length(), announced - whole.len() as u64);
        }
        Ok(whole)
    }

    #[tokio::test]
    async fn contents_come_one_after_the_other() {
        let contents = Contents::in_memory();
        let (mut parts, mut expected) = (Vec::new(), Vec::new());
        for (fill, size) in [(1, 10), (2, PIECE_BYTES), (3, 0), (4, 2 * PIECE_BYTES + 1)] {
            let bytes = vec![fill; size as usize];
            expected.extend_from_slice(&bytes);
            parts.push(contents.put(bytes.into(), Ticks::UNIX_EPOCH).await.unwrap());
        }
        assert_eq!(all(contents.pieces(parts)).await.unwrap(), expected);
        assert_eq!(all(contents.pieces([])).await.unwrap(), b"");
    }

    #[tokio::test]
    async fn a_range_is_cut_out_of_all() {
        let contents = Contents::in_memory();
        let (mut parts, mut expected) = (Vec::new(), Vec::new());
        for (fill, size) in [(1, 10), (2, 2 * PIECE_BYTES + 7), (3, PIECE_BYTES)] {
            let bytes: Vec<u8> = (0..size).map(|nth| fill + (nth % 250) as u8).collect();
            expected.extend_from_slice(&bytes);
            parts.push(contents.put(bytes.into(), Ticks::UNIX_EPOCH).await.unwrap());
        }
        let length = expected.len() as u64;
        for (start, end) in [
            (0, length),
            (0, 1),
            (3, 9),
            (9, 11),
            (10, 11),
            (10 + PIECE_BYTES, 11 + PIECE_BYTES),
            (5, length - 5),
            (length - 1, length),
            (length - 3, length + 100),
            (7, 7),
            (length, length + 1),
        ] {
            let range = start as usize..end.min(length) as usize;
            assert_eq!(all(contents.pieces_of(parts.clone(), start..end)).await.unwrap(), expected[range]);
        }
    }

    /// The damage may lie outside of the range: who reads on later would notice, so nobody is told that it is sound.
    #[tokio::test]
    async fn a_range_of_damaged_bytes_is_not_given_whole() {
        let folder = tempfile::tempdir().unwrap();
        let contents = Contents::in_folder(folder.path()).unwrap();
        let bytes = vec![7; 2 * PIECE_BYTES as usize];
        let content = contents.put(bytes.clone().into(), Ticks::UNIX_EPOCH).await.unwrap();
        let mut damaged = bytes;
        *damaged.last_mut().unwrap() ^= 1;
        std::fs::write(folder.path().join(path(content.hash).to_string()), damaged).unwrap();
        let read = all(contents.pieces_of([content], 5..10)).await;
        assert!(matches!(read, Err(ContentError::Damaged { .. })));
    }

    #[tokio::test]
    async fn what_is_damaged_or_gone_is_never_given_whole() {
        let folder = tempfile::tempdir().unwrap();
        let contents = Contents::in_folder(folder.path()).unwrap();
        let bytes = vec![7; PIECE_BYTES as usize + 100];
        let content = contents.put(bytes.clone().into(), Ticks::UNIX_EPOCH).await.unwrap();
        let file = folder.path().join(path(content.hash).to_string());
        for place in [PIECE_BYTES as usize, 0] {
            let mut damaged = bytes.clone();
            damaged[place] ^= 1;
            std::fs::write(&file, damaged).unwrap();
            let mut pieces = contents.pieces([content, content]);
            assert!(pieces.next().await.is_ok(), "the first piece may come, whatever is wrong");
            assert!(matches!(pieces.next().await, Err(ContentError::Damaged { .. })), "{place}");
            assert!(matches!(pieces.next().await, Ok(None)));
        }
        std::fs::write(&file, &bytes[..50]).unwrap();
        assert!(all(contents.pieces([content])).await.is_err());
        std::fs::remove_file(&file).unwrap();
        assert!(matches!(all(contents.pieces([content])).await, Err(ContentError::Store { .. })));
    }

    /// Bytes of `length`, no two pieces of which are the same, kept piece by piece in `folder`.
    async fn drafted(contents: &Contents, length: u64) -> (Bytes, ContentRef) {
        let bytes: Bytes = (0..length).map(|nth| (nth % 251) as u8).collect::<Vec<_>>().into();
        let mut draft = contents.draft(Ticks::UNIX_EPOCH);
        for start in (0..length as usize).step_by(300_000) {
            draft.write(bytes.slice(start..bytes.len().min(start + 300_000))).await.unwrap();
        }
        let kept = draft.keep().await.unwrap();
        (bytes, kept)
    }

    /// The file of a content is as it was when it was hashed, for all that its times say, and yet a byte has changed: so a disk
    /// that fails looks.
    fn damage_unseen(contents: &Contents, folder: &std::path::Path, content: ContentRef, at: u64) {
        use std::io::{Seek as _, SeekFrom, Write as _};
        let path = folder.join(path(content.hash).to_string());
        let sums = {
            let file = std::fs::File::open(&path).unwrap();
            let stamp = crate::sums::Stamp::of(&file).unwrap();
            contents.known.find(content.hash, stamp).expect("hashed").values()
        };
        let mut file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
        file.seek(SeekFrom::Start(at)).unwrap();
        file.write_all(&[255]).unwrap();
        contents.known.note(content.hash, crate::sums::Stamp::of(&file).unwrap(), sums);
    }

    #[tokio::test]
    async fn each_piece_of_a_file_that_was_hashed_here_is_given_only_when_it_is_sound() {
        let folder = tempfile::tempdir().unwrap();
        let contents = Contents::in_folder(folder.path()).unwrap();
        let (bytes, content) = drafted(&contents, 8 * PIECE_BYTES + 9).await;
        assert_eq!(all(contents.pieces([content])).await.unwrap(), bytes);
        damage_unseen(&contents, folder.path(), content, 3 * PIECE_BYTES + 5);
        let mut pieces = contents.pieces([content]);
        for number in 0..3 {
            assert!(pieces.next().await.is_ok_and(|piece| piece.is_some()), "piece {number}");
        }
        assert!(matches!(pieces.next().await, Err(ContentError::Damaged { .. })));
        // From now on it is asked for its hash, which it does not have.
        assert!(matches!(all(contents.pieces([content])).await, Err(ContentError::Damaged { .. })));
    }

    /// What is damaged beside it neither hinders a range nor is read.
    #[tokio::test]
    async fn of_a_file_that_was_hashed_here_only_the_pieces_of_the_range_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let contents = Contents::in_folder(folder.path()).unwrap();
        let (bytes, content) = drafted(&contents, 8 * PIECE_BYTES + 9).await;
        let (_, before) = drafted(&contents, 10).await;
        for damaged in [0, 7 * PIECE_BYTES] {
            damage_unseen(&contents, folder.path(), content, damaged);
        }
        for (start, end) in [
            (PIECE_BYTES, PIECE_BYTES + 1),
            (PIECE_BYTES + 7, 3 * PIECE_BYTES),
            (2 * PIECE_BYTES - 1, 7 * PIECE_BYTES),
            (8 * PIECE_BYTES, content.size_bytes),
        ] {
            let range = start as usize..end as usize;
            let found = all(contents.pieces_of([content], start..end)).await.unwrap();
            assert_eq!(found, bytes[range], "{start} to {end}");
            let found = all(contents.pieces_of([before, content], 10 + start..10 + end)).await.unwrap();
            assert_eq!(found, bytes[start as usize..end as usize], "{start} to {end}, behind another");
        }
    }

    /// Whoever was restarted knows no sums: the first reading takes the hash, and the next one has them.
    #[tokio::test]
    async fn a_file_that_was_not_hashed_here_is_hashed_once() {
        let folder = tempfile::tempdir().unwrap();
        let (bytes, content) =
            drafted(&Contents::in_folder(folder.path()).unwrap(), 5 * PIECE_BYTES + 1).await;
        let restarted = Contents::in_folder(folder.path()).unwrap();
        let file = std::fs::File::open(folder.path().join(path(content.hash).to_string())).unwrap();
        let stamp = crate::sums::Stamp::of(&file).unwrap();
        for is_known in [false, true, true] {
            assert_eq!(restarted.known.find(content.hash, stamp).is_some(), is_known);
            assert_eq!(
                all(restarted.pieces([content, content])).await.unwrap(),
                [&bytes[..], &bytes[..]].concat()
            );
        }
    }

    /// What goes out part by part, and how many parts that is.
    async fn parts(mut pieces: Pieces) -> Result<(Vec<u8>, usize), ContentError> {
        let (mut whole, mut count, announced) = (Vec::new(), 0, pieces.length());
        while let Some(part) = pieces.next_part().await? {
            match part {
                Part::Read(bytes) => whole.extend_from_slice(&bytes),
                Part::InFile(Place { file, at }, length) => {
                    let mut there = vec![0; length as usize];
                    std::os::unix::fs::FileExt::read_exact_at(&*file, &mut there, at).unwrap();
                    whole.extend_from_slice(&there);
                }
            }
            count += 1;
            assert_eq!(pieces.length(), announced - whole.len() as u64);
        }
        Ok((whole, count))
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn what_was_found_sound_is_passed_over_and_looked_at_again_after_a_while() {
        let folder = tempfile::tempdir().unwrap();
        let contents = Contents::in_folder(folder.path()).unwrap();
        let (bytes, content) = drafted(&contents, 11 * PIECE_BYTES + 9).await;
        let (_, before) = drafted(&contents, 10).await;
        let sums = || {
            let file = std::fs::File::open(folder.path().join(path(content.hash).to_string())).unwrap();
            contents.known.find(content.hash, crate::sums::Stamp::of(&file).unwrap()).unwrap()
        };
        for (lately, expected) in [(true, 2), (false, 12), (true, 2)] {
            if !lately {
                sums().forget_when();
            }
            assert_eq!(parts(contents.pieces([content])).await.unwrap(), (bytes.to_vec(), expected));
        }
        for (start, end) in [
            (0, 1),
            (5, PIECE_BYTES + 7),
            (PIECE_BYTES, 10 * PIECE_BYTES),
            (11 * PIECE_BYTES + 3, 11 * PIECE_BYTES + 9),
        ] {
            for forgets in [false, true] {
                if forgets {
                    sums().forget_when();
                }
                let range = 10 + start..10 + end;
                let (found, _) = parts(contents.pieces_of([before, content, before], range)).await.unwrap();
                assert_eq!(found, bytes[start as usize..end as usize], "{start} to {end}");
            }
        }
        damage_unseen(&contents, folder.path(), content, 3 * PIECE_BYTES + 5);
        assert_eq!(parts(contents.pieces([content])).await.unwrap().1, 2, "a minute is the promise");
        sums().forget_when();
        assert!(matches!(parts(contents.pieces([content])).await, Err(ContentError::Damaged { .. })));
    }

    /// Whoever writes to a file has it looked at again, also while it is on its way.
    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_file_that_was_written_to_is_not_passed_over() {
        use std::os::unix::fs::FileExt as _;
        let folder = tempfile::tempdir().unwrap();
        let contents = Contents::in_folder(folder.path()).unwrap();
        let (_, content) = drafted(&contents, 20 * PIECE_BYTES).await;
        let mut pieces = contents.pieces([content]);
        assert!(pieces.next_part().await.is_ok_and(|part| part.is_some()));
        let file =
            std::fs::OpenOptions::new().write(true).open(folder.path().join(path(content.hash).to_string()));
        file.unwrap().write_all_at(&[255], 19 * PIECE_BYTES).unwrap();
        let rest = parts(pieces).await;
        assert!(matches!(rest, Err(ContentError::Damaged { .. })));
        assert!(matches!(parts(contents.pieces([content])).await, Err(ContentError::Damaged { .. })));
        std::fs::remove_file(folder.path().join(path(content.hash).to_string())).unwrap();
        let mut gone = contents.pieces([content]);
        assert!(matches!(gone.next_part().await, Err(ContentError::Store { .. })));
        assert!(matches!(gone.next_part().await, Ok(None)));
    }
}
