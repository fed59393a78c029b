//! Contents that are read as somebody takes them, so that a large one costs no more memory than a small one.

use std::collections::VecDeque;

use bytes::Bytes;
use object_store::ObjectStoreExt as _;
use potok_types::{ContentHash, ContentRef};
use sha2::{Digest as _, Sha256};

use crate::{ContentError, Contents, path};

/// Bytes that are read at once.
pub const PIECE_BYTES: u64 = 256 * 1024;

/// The bytes of some contents, one after the other.
///
/// What comes out is never wrong: the last piece of each content is given only when all of its bytes have its hash.
#[derive(Debug)]
pub struct Pieces {
    contents: Contents,
    left: VecDeque<ContentRef>,
    /// What was read of the first one.
    read: u64,
    hash: Sha256,
}

impl Contents {
    /// The bytes of `contents`, in their order.
    pub fn pieces(&self, contents: impl IntoIterator<Item = ContentRef>) -> Pieces {
        Pieces {
            contents: self.clone(),
            left: contents.into_iter().filter(|content| content.size_bytes > 0).collect(),
            read: 0,
            hash: Sha256::new(),
        }
    }
}

impl Pieces {
    /// The bytes that are still to come.
    pub fn length(&self) -> u64 {
        self.left.iter().map(|content| content.size_bytes).sum::<u64>() - self.read
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// [`ContentError::Store`] also when a content is not there; [`ContentError::Damaged`]. There is nothing more after that.
    pub async fn next(&mut self) -> Result<Option<Bytes>, ContentError> {
        let Some(&content) = self.left.front() else { return Ok(None) };
        let result = self.piece_of(content).await;
        if result.is_err() {
            self.left.clear();
            self.read = 0;
        }
        result.map(Some)
    }

    async fn piece_of(&mut self, content: ContentRef) -> Result<Bytes, ContentError> {
        let ContentRef { hash, size_bytes } = content;
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
