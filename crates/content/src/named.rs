//! Names of files, made durable: each with the names of the two folders above it, which somebody may have made just now.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use potok_types::ContentHash;
use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};

/// Which names are known to be durable, and which are just being given.
#[derive(Debug)]
pub(crate) struct Named {
    /// The upper folders, by the first byte of a hash, and those in them, by the first two: whose own names are known to be durable.
    /// Nobody takes a folder away, so that is looked after once.
    tops: Bits<4>,
    folders: Bits<1024>,
    /// Whoever gives a name has the turn of the contents whose hashes end with the same byte.
    turns: [Arc<RwLock<()>>; 256],
}

impl Default for Named {
    fn default() -> Self {
        let turns = std::array::from_fn(|_| Arc::default());
        Self { tops: Bits::default(), folders: Bits::default(), turns }
    }
}

impl Named {
    /// Makes the folder of a content, if it is not there. It is not durable by that.
    ///
    /// # Errors
    /// Those of the disk.
    pub(crate) fn make_folder(&self, file: &Path, content: ContentHash) -> io::Result<()> {
        match self.folders.has(places(content).1) {
            true => Ok(()),
            false => file.parent().map_or(Ok(()), std::fs::create_dir_all),
        }
    }

    /// The folders that have to be synced for the name of the file of a content to be durable, the nearest first.
    pub(crate) fn unsynced<'f>(
        &self,
        file: &'f Path,
        content: ContentHash,
    ) -> impl Iterator<Item = &'f Path> {
        let (top, folder) = places(content);
        let count = match (self.folders.has(folder), self.tops.has(top)) {
            (true, _) => 1,
            (false, true) => 2,
            (false, false) => 3,
        };
        file.ancestors().skip(1).take(count)
    }

    /// All folders were synced that had to be for a content.
    pub(crate) fn note(&self, content: ContentHash) {
        let (top, folder) = places(content);
        self.tops.set(top);
        self.folders.set(folder);
    }

    /// Makes the name of the file of a content durable. Waits for the disk.
    ///
    /// # Errors
    /// Those of the disk.
    pub(crate) fn sync(&self, file: &Path, content: ContentHash) -> io::Result<()> {
        self.make_folder(file, content)?;
        self.unsynced(file, content).try_for_each(sync_folder)?;
        self.note(content);
        Ok(())
    }

    /// The turn of who gives a content its name.
    pub(crate) async fn turn(&self, content: ContentHash) -> OwnedRwLockWriteGuard<()> {
        self.lock(content).write_owned().await
    }

    /// Waits until a name that stands already is that of bytes that are durable, or gone. As long as the answer is held nobody gives
    /// the content a name.
    pub(crate) async fn settled(&self, content: ContentHash) -> OwnedRwLockReadGuard<()> {
        self.lock(content).read_owned().await
    }

    fn lock(&self, content: ContentHash) -> Arc<RwLock<()>> {
        let [.., last] = *content.as_bytes();
        Arc::clone(&self.turns[usize::from(last)])
    }
}

/// The numbers of the two folders of a content.
fn places(content: ContentHash) -> (usize, usize) {
    let [first, second, ..] = *content.as_bytes();
    (usize::from(first), usize::from(u16::from_be_bytes([first, second])))
}

/// 64 of them in each word.
#[derive(Debug)]
struct Bits<const WORDS: usize>(Box<[AtomicU64]>);

impl<const WORDS: usize> Default for Bits<WORDS> {
    fn default() -> Self {
        Self((0..WORDS).map(|_| AtomicU64::new(0)).collect())
    }
}

impl<const WORDS: usize> Bits<WORDS> {
    fn has(&self, number: usize) -> bool {
        self.0[number / 64].load(Ordering::Acquire) & (1 << (number % 64)) != 0
    }

    fn set(&self, number: usize) {
        self.0[number / 64].fetch_or(1 << (number % 64), Ordering::Release);
    }
}

/// Makes the names in a folder durable. Waits for the disk.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    fn content(hash: [u8; 2]) -> ContentHash {
        let mut bytes = [7; 32];
        bytes[..2].copy_from_slice(&hash);
        ContentHash::from_bytes(bytes)
    }

    #[test]
    fn folders_are_synced_until_their_names_are_known_to_be_durable() {
        let folder = tempfile::tempdir().unwrap();
        let named = Named::default();
        let unsynced = |hash: [u8; 2]| {
            let file = folder.path().join(format!("{:02x}/{:02x}/file", hash[0], hash[1]));
            named.make_folder(&file, content(hash)).unwrap();
            assert!(file.parent().unwrap().is_dir() || named.folders.has(places(content(hash)).1));
            named.unsynced(&file, content(hash)).map(|synced| synced.to_owned()).collect::<Vec<_>>()
        };
        let [root, one] = ["", "0a"].map(|name| folder.path().join(name));
        for _ in 0..2 {
            assert_eq!(
                unsynced([10, 1]),
                [one.join("01"), one.clone(), root.clone()],
                "nobody said that they were"
            );
        }
        named.note(content([10, 1]));
        assert_eq!(unsynced([10, 1]), [one.join("01")]);
        assert_eq!(unsynced([10, 255]), [one.join("ff"), one.clone()]);
        assert_eq!(unsynced([11, 1]).len(), 3);
        let file = folder.path().join("ff/ff/file");
        named.sync(&file, content([255, 255])).unwrap();
        assert_eq!(unsynced([255, 255]).len(), 1);
    }

    #[tokio::test]
    async fn a_name_is_looked_at_when_nobody_is_giving_it() {
        let named = Named::default();
        let hash = content([10, 1]);
        let [first, second] = [named.settled(hash).await, named.settled(hash).await];
        let mut giving = Box::pin(named.turn(hash));
        assert!(giving.as_mut().now_or_never().is_none());
        drop([first, second]);
        let turn = giving.await;
        assert!(named.settled(hash).now_or_never().is_none());
        drop(turn);
        assert!(named.settled(hash).now_or_never().is_some());
    }
}
