//! How the file of a draft becomes a content: it gets its name, and both are made durable.
//!
//! The disk takes its time for each thing that it is told to make durable, however little it is. So the name is given first, and
//! the bytes and the name are made durable at once. Power that is lost in between leaves a name without its bytes. Nobody is the worse
//! for it:
//!
//! * Nothing names the content then: who keeps it is told when both are durable, and writes down that he has it after that.
//! * What is durable stays: only a name that nobody has is given before the bytes are durable. One that somebody has, of whom others
//!   may have written down that he has it, goes to bytes that are durable already, in one step.
//! * What is found is not believed: whoever puts what is there already reads it ([`Contents::put`]), or puts his own in its
//!   place, as here. What nobody asks for again the sweep takes away: it asks who names it, not what it is.
//! * What the disk fails to make durable loses its name again. That the system tells once, to whoever asks then, and it goes on to have the bytes in memory
//!   as if they were on the disk: so until then nobody else may look at what stands there ([`crate::named::Named::settled`]).
//!
//! Where other processes keep contents in the same folder too, they would not know of the last, and bytes are durable before
//! they have their name.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use potok_types::ContentHash;
use tokio::sync::OwnedRwLockWriteGuard;
use tokio::task::spawn_blocking;

use crate::Contents;
use crate::draft::Unkept;
use crate::named::sync_folder;

/// A name that was given to bytes that may not be durable. It is taken away again if nobody says that they are, not before all
/// who wait for the disk have their answers: they hold this too.
struct Unsure {
    place: PathBuf,
    is_durable: AtomicBool,
    /// Until the name is sure or gone.
    _turn: OwnedRwLockWriteGuard<()>,
}

impl Unsure {
    /// Gives the file of a draft the name `place` beside its own. The draft and the turn come back where that cannot be done, mostly because
    /// somebody has it.
    fn given(
        unkept: &Unkept,
        place: &Path,
        turn: OwnedRwLockWriteGuard<()>,
    ) -> Result<Arc<Self>, OwnedRwLockWriteGuard<()>> {
        match std::fs::hard_link(&unkept.place, place) {
            Ok(()) => Ok(Arc::new(Self {
                place: place.to_owned(),
                is_durable: AtomicBool::new(false),
                _turn: turn,
            })),
            Err(_) => Err(turn),
        }
    }
}

impl Drop for Unsure {
    fn drop(&mut self) {
        if !self.is_durable.load(Ordering::Acquire) {
            // What cannot be taken away is found by whoever reads it.
            let _removed = std::fs::remove_file(&self.place);
        }
    }
}

impl Contents {
    /// Gives the file of a draft, to which everything is written, the name of its content; both are durable then. Given up before, the
    /// content is not there.
    ///
    /// # Errors
    /// Those of the disk: nothing was kept.
    pub(crate) async fn publish(
        &self,
        unkept: Unkept,
        place: PathBuf,
        hash: ContentHash,
    ) -> io::Result<Arc<File>> {
        let turn = self.named.turn(hash).await;
        let (named, is_shared) = (Arc::clone(&self.named), self.recent.is_shared);
        let given = spawn_blocking(move || {
            named.make_folder(&place, hash)?;
            let file = Arc::clone(&unkept.file);
            let given = if is_shared { Err(turn) } else { Unsure::given(&unkept, &place, turn) };
            let unsure = match given {
                Ok(unsure) => unsure,
                Err(_turn) => {
                    file.sync_all()?;
                    // Bytes that have the name already are the same, or damaged.
                    std::fs::rename(&unkept.place, &place)?;
                    named.sync(&place, hash)?;
                    return Ok((file, None));
                }
            };
            // The name as a draft goes with the same turn of the disk.
            drop(unkept);
            let folders: Vec<_> = named
                .unsynced(&place, hash)
                .map(|folder| {
                    let (folder, unsure) = (folder.to_owned(), Arc::clone(&unsure));
                    spawn_blocking(move || {
                        let synced = sync_folder(&folder);
                        drop(unsure);
                        synced
                    })
                })
                .collect();
            file.sync_all()?;
            Ok((file, Some((unsure, folders))))
        });
        let (file, unsure) = given.await.map_err(io::Error::other).flatten()?;
        if let Some((unsure, folders)) = unsure {
            for folder in folders {
                folder.await.map_err(io::Error::other).flatten()?;
            }
            unsure.is_durable.store(true, Ordering::Release);
            self.named.note(hash);
        }
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use futures_util::future::{Either, select};
    use potok_types::{ContentRef, Ticks};

    use super::*;
    use crate::path;

    const NOW: Ticks = Ticks::UNIX_EPOCH;

    struct Desk {
        folder: tempfile::TempDir,
        contents: Contents,
        bytes: Bytes,
        hash: ContentHash,
    }

    impl Desk {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let contents = Contents::in_folder(folder.path()).unwrap();
            let bytes = Bytes::from(vec![7; 3 << 20]);
            Self { hash: ContentHash::of(&bytes), folder, contents, bytes }
        }

        fn place(&self) -> PathBuf {
            self.folder.path().join(path(self.hash).to_string())
        }

        /// A draft to which everything is written.
        fn unkept(&self) -> Unkept {
            let place = self.folder.path().join("draft#0");
            std::fs::write(&place, &self.bytes).unwrap();
            let file = File::options().write(true).open(&place).unwrap();
            Unkept { file: Arc::new(file), place }
        }

        /// The name was given, and the disk is at it.
        async fn given(&self) -> Arc<Unsure> {
            let turn = self.contents.named.turn(self.hash).await;
            std::fs::create_dir_all(self.place().parent().unwrap()).unwrap();
            Unsure::given(&self.unkept(), &self.place(), turn).ok().unwrap()
        }

        async fn put(&self) -> ContentRef {
            self.contents.put(self.bytes.clone(), NOW).await.unwrap()
        }

        fn files(&self) -> usize {
            let folder = self.place();
            std::fs::read_dir(folder.parent().unwrap()).unwrap().count()
        }
    }

    #[tokio::test]
    async fn a_draft_becomes_a_content_whoever_has_the_name() {
        let desk = Desk::new();
        for shared in [false, true] {
            let contents = if shared { desk.contents.clone().shared() } else { desk.contents.clone() };
            for damage in [None, Some(&b"damaged"[..])] {
                if let Some(damage) = damage {
                    std::fs::write(desk.place(), damage).unwrap();
                }
                let unkept = desk.unkept();
                let draft = unkept.place.clone();
                contents.publish(unkept, desk.place(), desk.hash).await.unwrap();
                assert_eq!(contents.get(desk.hash).await.unwrap().as_ref(), Some(&desk.bytes));
                assert!(!draft.exists() && desk.files() == 1);
            }
            std::fs::remove_file(desk.place()).unwrap();
        }
    }

    /// What is there is durable perhaps, and somebody may have written down that he has it.
    #[tokio::test]
    async fn a_name_that_somebody_has_is_not_given_before_the_bytes_are_durable() {
        let desk = Desk::new();
        desk.put().await;
        let turn = desk.contents.named.turn(desk.hash).await;
        assert!(Unsure::given(&desk.unkept(), &desk.place(), turn).is_err());
        assert_eq!(std::fs::read(desk.place()).unwrap(), desk.bytes);
    }

    /// The system has the bytes in memory then, and says nothing more of the disk.
    #[tokio::test]
    async fn what_the_disk_may_not_have_is_not_taken_for_kept() {
        let desk = Desk::new();
        for is_durable in [false, true] {
            let unsure = desk.given().await;
            // The disk has not answered, and may take as long as it likes; others are served meanwhile.
            let others = async {
                for nth in 0..5 {
                    desk.contents.put(vec![nth; 3 << 20].into(), NOW).await.unwrap();
                }
            };
            let Either::Right(((), put)) = select(Box::pin(desk.put()), Box::pin(others)).await else {
                panic!("what stands there was believed");
            };
            let waits = Arc::clone(&unsure);
            unsure.is_durable.store(is_durable, Ordering::Release);
            drop(unsure);
            assert!(desk.place().exists(), "another thread waits for the disk");
            // As long as it is open no other file gets its number.
            let before = File::open(desk.place()).unwrap();
            drop(waits);
            assert_eq!(desk.place().exists(), is_durable);
            assert_eq!(put.await.hash, desk.hash);
            let after = std::fs::metadata(desk.place()).unwrap();
            assert_eq!(
                inode(&after) == inode(&before.metadata().unwrap()),
                is_durable,
                "the bytes of the put, or those of the draft"
            );
            assert_eq!(desk.contents.get(desk.hash).await.unwrap().as_ref(), Some(&desk.bytes));
            std::fs::remove_file(desk.place()).unwrap();
        }
    }

    #[cfg(unix)]
    fn inode(found: &std::fs::Metadata) -> u64 {
        std::os::unix::fs::MetadataExt::ino(found)
    }

    /// As it is found after the power was lost between the name and the bytes.
    #[tokio::test]
    async fn a_name_without_its_bytes_is_no_content() {
        let desk = Desk::new();
        for left in [&b""[..], &[0; 3 << 20], &desk.bytes[..1 << 20]] {
            std::fs::create_dir_all(desk.place().parent().unwrap()).unwrap();
            std::fs::write(desk.place(), left).unwrap();
            let restarted = Contents::in_folder(desk.folder.path()).unwrap();
            assert!(restarted.get(desk.hash).await.is_err());
            restarted.put(desk.bytes.clone(), NOW).await.unwrap();
            assert_eq!(restarted.get(desk.hash).await.unwrap().as_ref(), Some(&desk.bytes));

            std::fs::write(desk.place(), left).unwrap();
            let mut draft = restarted.draft(NOW);
            draft.expect(desk.bytes.len() as u64);
            draft.write(desk.bytes.clone()).await.unwrap();
            assert_eq!(draft.keep().await.unwrap().hash, desk.hash);
            assert_eq!(restarted.get(desk.hash).await.unwrap().as_ref(), Some(&desk.bytes));

            std::fs::write(desk.place(), left).unwrap();
            let swept = Contents::in_folder(desk.folder.path()).unwrap();
            assert_eq!(swept.idle(desk.hash.as_bytes()[0], NOW).await.unwrap(), [desk.hash]);
            assert!(swept.remove(desk.hash, NOW).await.unwrap() && desk.files() == 0);
        }
    }
}
