//! What is known of contents whose bytes this process has hashed: a sum of each piece, by which whoever reads the file again
//! finds damage before a byte of the piece goes out, at a twentieth of what the hash costs.
//!
//! A sum tells damage, not forgery. So sums are believed only of the very file that was hashed, and only while nobody has
//! written to it; of any other file the hash is taken again.
//!
//! What was found sound a moment ago is in the memory of the system, and reading it once more would tell nothing of the disk: for
//! [`SOUND_SECONDS`] whoever does not need the bytes himself need not look again.

use std::fs::File;
use std::hash::Hasher as _;
use std::io;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Instant;

use potok_types::ContentHash;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use sha2::{Digest as _, Sha256};
use twox_hash::XxHash3_64;

use crate::PIECE_BYTES;

/// Memory of all sums: those of a hundred gigabytes in large files.
const BYTES: u64 = 4 << 20;
/// About what a content takes beside its sums.
const ENTRY_BYTES: u64 = 224;
const ORDINARY_BYTES: u64 = ENTRY_BYTES + 16 * Sums::BYTES_OF_PIECE;
/// For so long a piece that was found sound is taken for sound, as long as nobody writes to its file.
pub(crate) const SOUND_SECONDS: u32 = 60;

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

/// The sums of the pieces of one file, and when each piece was found sound.
#[derive(Debug)]
pub(crate) struct Sums {
    sums: Box<[u64]>,
    /// Seconds of [`now`].
    sound: Box<[AtomicU32]>,
}

/// Seconds since something was found sound for the first time, and the time in which that stays true.
fn now() -> u32 {
    static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);
    u32::try_from(BEGIN.elapsed().as_secs()).unwrap_or(u32::MAX).saturating_add(2 * SOUND_SECONDS)
}

impl Sums {
    /// What each piece takes in memory.
    const BYTES_OF_PIECE: u64 = (size_of::<u64>() + size_of::<AtomicU32>()) as u64;

    /// Of pieces that were just hashed.
    fn new(sums: Box<[u64]>) -> Self {
        let sound = sums.iter().map(|_| AtomicU32::new(now())).collect();
        Self { sums, sound }
    }

    /// Pieces that have sums.
    pub(crate) const fn count(&self) -> usize {
        self.sums.len()
    }

    /// Whether this is what that piece was; if so, it was found sound now.
    pub(crate) fn judge(&self, number: usize, piece: &[u8]) -> bool {
        let is_sound = self.sums.get(number).is_some_and(|expected| *expected == sum(piece));
        if is_sound && let Some(sound) = self.sound.get(number) {
            sound.store(now(), Ordering::Relaxed);
        }
        is_sound
    }

    /// How many pieces from that one on, and no more than `most`, were found sound so lately that they are taken for it.
    pub(crate) fn sound_from(&self, number: usize, most: usize) -> usize {
        let since = now() - SOUND_SECONDS;
        let pieces = self.sound.iter().skip(number).take(most);
        pieces.take_while(|sound| sound.load(Ordering::Relaxed) >= since).count()
    }

    #[cfg(test)]
    pub(crate) fn values(&self) -> Box<[u64]> {
        self.sums.clone()
    }

    /// As if all had been found sound long ago.
    #[cfg(test)]
    pub(crate) fn forget_when(&self) {
        self.sound.iter().for_each(|sound| sound.store(0, Ordering::Relaxed));
    }
}

/// The sums of files that were hashed lately.
#[derive(Debug)]
pub(crate) struct Known(Cache<ContentHash, (Stamp, Arc<Sums>), Weight>);

#[derive(Clone, Copy, Debug)]
struct Weight;

impl Weighter<ContentHash, (Stamp, Arc<Sums>)> for Weight {
    fn weight(&self, _: &ContentHash, (_, sums): &(Stamp, Arc<Sums>)) -> u64 {
        ENTRY_BYTES + sums.count() as u64 * Sums::BYTES_OF_PIECE
    }
}

impl Default for Known {
    fn default() -> Self {
        Self(Cache::with_weighter((BYTES / ORDINARY_BYTES) as usize, BYTES, Weight))
    }
}

impl Known {
    /// What a file has that was hashed just now.
    pub(crate) fn note(&self, hash: ContentHash, file: Stamp, sums: Box<[u64]>) {
        self.0.insert(hash, (file, Arc::new(Sums::new(sums))));
    }

    /// The sums of a content whose file is such a one now.
    pub(crate) fn find(&self, hash: ContentHash, file: Stamp) -> Option<Arc<Sums>> {
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
        assert_eq!(known.find(hash, stamp()).map(|sums| sums.count()), Some(1));
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

    #[test]
    fn what_was_found_sound_is_taken_for_it_for_a_while() {
        let sums = Sums::new([sum(b"a"), sum(b"b"), sum(b"c"), sum(b"d")].into());
        assert_eq!((sums.sound_from(0, 9), sums.sound_from(1, 2), sums.sound_from(4, 9)), (4, 2, 0));
        sums.forget_when();
        assert_eq!(sums.sound_from(0, 9), 0);
        assert!(sums.judge(1, b"b") && sums.judge(2, b"c") && !sums.judge(3, b"c") && !sums.judge(4, b"e"));
        assert_eq!([0, 1, 2, 3].map(|number| sums.sound_from(number, 9)), [0, 2, 1, 0]);
        sums.sound[1].store(now() - SOUND_SECONDS, Ordering::Relaxed);
        assert_eq!(sums.sound_from(1, 9), 2);
        sums.sound[1].store(now() - SOUND_SECONDS - 2, Ordering::Relaxed);
        assert_eq!(sums.sound_from(1, 9), 0);
    }
}
