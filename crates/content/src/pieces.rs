//! Contents that are read as somebody takes them, so that a large one costs no more memory than a small one.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use object_store::ObjectStoreExt as _;
use potok_types::{ContentHash, ContentRef};
use sha2::{Digest as _, Sha256};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{ContentError, Contents, path};

/// Bytes that are read at once.
pub const PIECE_BYTES: u64 = 256 * 1024;

/// The bytes of some contents, one after the other, or a range of them.
///
/// What comes out is never wrong: the last piece of each content is given only when all of its bytes have its hash, also when
/// only some of them are given.
#[derive(Debug)]
pub struct Pieces {
    contents: Contents,
    left: VecDeque<ContentRef>,
    /// What was read of the first one.
    read: u64,
    hash: Sha256,
    /// Bytes before the range.
    skip: u64,
    /// Bytes of the range that are still to come.
    wanted: u64,
}

impl Contents {
    /// The bytes of `contents`, in their order.
    pub fn pieces(&self, contents: impl IntoIterator<Item = ContentRef>) -> Pieces {
        let left: VecDeque<_> = contents.into_iter().filter(|content| content.size_bytes > 0).collect();
        Pieces {
            contents: self.clone(),
            wanted: left.iter().map(|content| content.size_bytes).sum(),
            left,
            read: 0,
            hash: Sha256::new(),
            skip: 0,
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
        self.files.as_ref()?;
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
        let result = self.wanted_piece().await;
        if result.is_err() {
            self.left.clear();
            self.wanted = 0;
        }
        result
    }

    /// The next bytes of the range.
    async fn wanted_piece(&mut self) -> Result<Option<Bytes>, ContentError> {
        while self.wanted > 0
            && let Some(&content) = self.left.front()
        {
            let mut piece = self.piece_of(content).await?;
            let skipped = self.skip.min(piece.len() as u64);
            self.skip -= skipped;
            let end = (piece.len() as u64).min(skipped + self.wanted);
            if skipped == end {
                continue;
            }
            self.wanted -= end - skipped;
            if self.wanted == 0 {
                self.read_to_end(content).await?;
            }
            // No longer than a piece.
            piece = piece.slice(skipped as usize..end as usize);
            return Ok(Some(piece));
        }
        Ok(None)
    }

    /// Reads what is left of a content that has begun, so that its hash is known.
    async fn read_to_end(&mut self, content: ContentRef) -> Result<(), ContentError> {
        while self.read > 0 {
            self.piece_of(content).await?;
        }
        Ok(())
    }

    async fn piece_of(&mut self, content: ContentRef) -> Result<Bytes, ContentError> {
        let ContentRef { hash, size_bytes } = content;
        let _turn = self.contents.turn().await;
        let end = size_bytes.min(self.read + PIECE_BYTES);
        let piece = self.contents.objects.get_range(&path(hash), self.read..end).await;
        let piece = piece.map_err(|source| ContentError::Store { hash, source })?;
        if piece.len() as u64 != end - self.read {
            return Err(ContentError::Damaged { hash });
        }
        self.hash.update(&piece);
        self.read = end;
        if end == size_bytes {
            let found: [u8; 32] = std::mem::take(&mut self.hash).finalize().into();
            if ContentHash::from_bytes(found) != hash {
                return Err(ContentError::Damaged { hash });
            }
            self.left.pop_front();
            self.read = 0;
        }
        Ok(piece)
    }
}

#[cfg(test)]
mod tests {
    use potok_types::Ticks;

    use super::*;

    async fn all(mut pieces: Pieces) -> Result<Vec<u8>, ContentError> {
        let (mut whole, announced) = (Vec::new(), pieces.length());
        while let Some(piece) = pieces.next().await? {
            assert!(piece.len() as u64 <= PIECE_BYTES);
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
}
