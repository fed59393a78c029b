//! What is known of contents whose bytes this process has hashed: a sum of each piece, by which whoever reads the file again
//! finds damage before a byte of the piece goes out, at a twentieth of what the hash costs.
//!
//! A sum tells damage, not forgery. So sums are believed only of the very file that was hashed, and only while nobody has
//! written to it; of any other file the hash is taken again.

use std::fs::File;
use std::hash::Hasher as _;
use std::io;
use std::sync::Arc;

use potok_types::ContentHash;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use sha2::{Digest as _, Sha256};
use twox_hash::XxHash3_64;

use crate::PIECE_BYTES;

/// Memory of all sums: those of a hundred gigabytes in large files.
const BYTES: u64 = 4 << 20;
/// About what a content takes beside its sums.
const ENTRY_BYTES: u64 = 192;
const ORDINARY_BYTES: u64 = ENTRY_BYTES + 16 * size_of::<u64>() as u64;

/// The hash of bytes that come one after the other, and the sum of each piece of them.
#[derive(Clone, Default)]
pub(crate) struct Digests {
    hash: Sha256,
    sums: Vec<u64>,
    /// The sum of the piece that has begun, and the bytes that it has.
    begun: XxHash3_64,
    begun_bytes: usize,
}

impl Digests {
    pub(crate) fn update(&mut self, mut bytes: &[u8]) {
        self.hash.update(bytes);
        while !bytes.is_empty() {
            let (of_piece, rest) = bytes.split_at(bytes.len().min(PIECE_BYTES as usize - self.begun_bytes));
            self.begun.write(of_piece);
            self.begun_bytes += of_piece.len();
            if self.begun_bytes == PIECE_BYTES as usize {
                self.end_piece();
            }
            bytes = rest;
        }
    }

    fn end_piece(&mut self) {
        self.sums.push(std::mem::take(&mut self.begun).finish());
        self.begun_bytes = 0;
    }

    /// Of all bytes that came.
    pub(crate) fn end(mut self) -> (ContentHash, Box<[u64]>) {
        if self.begun_bytes > 0 {
            self.end_piece();
        }
        (ContentHash::from_bytes(self.hash.finalize().into()), self.sums.into_boxed_slice())
    }
}

impl std::fmt::Debug for Digests {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Digests").field("sums", &self.sums.len()).finish_non_exhaustive()
    }
}

/// The sum of a whole piece.
pub(crate) fn sum(piece: &[u8]) -> u64 {
    XxHash3_64::oneshot(piece)
}

/// A file as it was when it was hashed: writing to it, or putting another one in its place, changes that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    place: (u64, u64),
    bytes: u64,
    changed: (i64, i64),
}

impl Stamp {
    #[cfg(unix)]
    pub(crate) fn of(file: &File) -> io::Result<Self> {
        use std::os::unix::fs::MetadataExt as _;
        let found = file.metadata()?;
        Ok(Self {
            place: (found.dev(), found.ino()),
            bytes: found.len(),
            changed: (found.ctime(), found.ctime_nsec()),
        })
    }

    /// Nothing tells there whether a file was written to, so the hash is taken each time.
    #[cfg(not(unix))]
    pub(crate) fn of(_: &File) -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// The sums of files that were hashed lately.
#[derive(Debug)]
pub(crate) struct Known(Cache<ContentHash, (Stamp, Arc<[u64]>), Weight>);

#[derive(Clone, Copy, Debug)]
struct Weight;

impl Weighter<ContentHash, (Stamp, Arc<[u64]>)> for Weight {
    fn weight(&self, _: &ContentHash, (_, sums): &(Stamp, Arc<[u64]>)) -> u64 {
        ENTRY_BYTES + size_of_val(&sums[..]) as u64
    }
}

impl Default for Known {
    fn default() -> Self {
        Self(Cache::with_weighter((BYTES / ORDINARY_BYTES) as usize, BYTES, Weight))
    }
}

impl Known {
    pub(crate) fn note(&self, hash: ContentHash, file: Stamp, sums: Box<[u64]>) {
        self.0.insert(hash, (file, sums.into()));
    }

    /// The sums of a content whose file is such a one now.
    pub(crate) fn find(&self, hash: ContentHash, file: Stamp) -> Option<Arc<[u64]>> {
        self.0.get(&hash).and_then(|(known, sums)| (known == file).then_some(sums))
    }

    /// Has the hash taken again.
    pub(crate) fn forget(&self, hash: ContentHash) {
        self.0.remove(&hash);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_the_whole_however_it_comes() {
        let piece = PIECE_BYTES as usize;
        for length in [0, 1, piece - 1, piece, piece + 1, 3 * piece, 3 * piece + 5] {
            let bytes: Vec<u8> = (0..length).map(|nth| (nth % 251) as u8).collect();
            let expected: Vec<u64> = bytes.chunks(piece).map(sum).collect();
            for step in [7_001, piece, 2 * piece + 1] {
                let mut digests = Digests::default();
                bytes.chunks(step).for_each(|some| digests.update(some));
                let (hash, sums) = digests.end();
                assert_eq!((hash, &sums[..]), (ContentHash::of(&bytes), &expected[..]), "{length} by {step}");
            }
        }
    }

    #[test]
    fn sums_are_believed_of_the_file_that_was_hashed_and_not_of_one_that_was_written_since() {
        let folder = tempfile::tempdir().unwrap();
        let (path, other) = (folder.path().join("file"), folder.path().join("other"));
        std::fs::write(&path, b"bytes").unwrap();
        let known = Known::default();
        let hash = ContentHash::of(b"bytes");
        let stamp = || Stamp::of(&File::open(&path).unwrap()).unwrap();
        assert!(known.find(hash, stamp()).is_none());
        known.note(hash, stamp(), [1].into());
        assert_eq!(known.find(hash, stamp()).as_deref(), Some(&[1][..]));
        std::fs::write(&path, b"longer bytes").unwrap();
        assert!(known.find(hash, stamp()).is_none(), "written to");
        known.note(hash, stamp(), [2].into());
        std::fs::write(&other, b"longer bytes").unwrap();
        std::fs::rename(&other, &path).unwrap();
        assert!(known.find(hash, stamp()).is_none(), "another in its place");
        known.note(hash, stamp(), [3].into());
        known.forget(hash);
        assert!(known.find(hash, stamp()).is_none(), "forgotten");
    }
}
