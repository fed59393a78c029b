//! Taking away what nobody needs.
//!
//! A process alone over the objects knows what was put lately because it put it. Where other nodes put too, the times of the
//! objects say it: who finds an object that he is to keep touches it.

use std::io;
use std::path::PathBuf;
use std::time::{Duration, UNIX_EPOCH};

use futures_util::TryStreamExt as _;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore as _, ObjectStoreExt as _};
use potok_types::{ContentHash, Ticks};

use crate::bucket::Bucket;
use crate::recent::{PROTECTED_SECONDS, grow_old};
use crate::{ContentError, Contents, mark, path, upload};

impl Contents {
    /// The contents whose hash begins with the byte `folder` and that nobody has put lately, in the order of their hashes.
    ///
    /// Lately is: within an hour, or not longer ago than the last call of this for the folder.
    ///
    /// # Errors
    /// [`ContentError::Listing`].
    pub async fn idle(&self, folder: u8, now: Ticks) -> Result<Vec<ContentHash>, ContentError> {
        let prefix = Path::from(format!("{folder:02x}"));
        let objects: Vec<_> =
            self.objects.list(Some(&prefix)).try_collect().await.map_err(ContentError::Listing)?;
        let mut recent = self.recent.folder(folder).await;
        grow_old(&mut recent, now);
        let names = objects
            .iter()
            .filter(|object| !(self.recent.is_shared && is_late(object.last_modified.timestamp(), now)))
            .filter_map(|object| object.location.filename()?.parse().ok());
        let mut idle: Vec<ContentHash> = names.filter(|hash| !recent.contains_key(hash)).collect();
        idle.sort_unstable();
        Ok(idle)
    }

    /// The names of all contents whose hash begins with the byte `folder`, in order.
    ///
    /// # Errors
    /// [`ContentError::Listing`].
    pub async fn names(&self, folder: u8) -> Result<Vec<ContentHash>, ContentError> {
        let prefix = Path::from(format!("{folder:02x}"));
        let objects: Vec<_> =
            self.objects.list(Some(&prefix)).try_collect().await.map_err(ContentError::Listing)?;
        let mut names: Vec<ContentHash> =
            objects.iter().filter_map(|object| object.location.filename()?.parse().ok()).collect();
        names.sort_unstable();
        Ok(names)
    }

    /// Takes a content away, unless somebody has put it lately; whether it did.
    ///
    /// # Errors
    /// [`ContentError::Store`].
    pub async fn remove(&self, hash: ContentHash, now: Ticks) -> Result<bool, ContentError> {
        let recent = self.recent.folder(hash.as_bytes()[0]).await;
        if recent.contains_key(&hash) {
            return Ok(false);
        }
        let taken = match (self.recent.is_shared, &self.files) {
            (true, Some(files)) => self.take_file(files, &path(hash), now).await,
            (true, None) => match &self.bucket {
                Some(bucket) => match take_object(bucket, hash, now).await {
                    Ok(false) => return Ok(false),
                    taken => taken.map(drop),
                },
                None => self.objects.delete(&path(hash)).await,
            },
            (false, _) => self.objects.delete(&path(hash)).await,
        };
        match taken {
            Ok(()) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(source) => Err(ContentError::Store { hash, source }),
        }
    }

    /// Takes a file away under another name first: who touched it meanwhile finds it there or not at all, and what was touched
    /// goes back.
    ///
    /// # Errors
    /// `NotFound`: it is not there, or somebody needs it.
    async fn take_file(&self, files: &LocalFileSystem, path: &Path, now: Ticks) -> object_store::Result<()> {
        let file = files.path_to_filesystem(path)?;
        let taken = tokio::task::spawn_blocking(move || {
            if is_late(modified(&file)?, now) {
                return Err(io::ErrorKind::NotFound.into());
            }
            let mut name = file.as_os_str().to_owned();
            name.push("#swept");
            std::fs::rename(&file, &name)?;
            if is_late(modified(name.as_ref())?, now) {
                std::fs::rename(&name, &file)?;
                return Err(io::ErrorKind::NotFound.into());
            }
            std::fs::remove_file(&name)
        });
        taken.await.map_err(io::Error::other).flatten().map_err(|source: io::Error| match source.kind() {
            io::ErrorKind::NotFound => {
                object_store::Error::NotFound { path: path.to_string(), source: source.into() }
            }
            _ => object_store::Error::Generic { store: "files", source: source.into() },
        })
    }

    /// Takes away what a process left that was cut off while it wrote: drafts of contents that nobody has put lately, and uploads to
    /// a bucket that were not ended, with the first folder. How many.
    ///
    /// # Errors
    /// [`ContentError::Listing`].
    pub async fn remove_drafts(&self, folder: u8, now: Ticks) -> Result<u64, ContentError> {
        let Some(files) = &self.files else {
            return match &self.bucket {
                Some(bucket) if folder == 0 => {
                    upload::give_up_late(bucket, now).await.map_err(ContentError::Listing)
                }
                _ => Ok(0),
            };
        };
        let failed = |source: io::Error| {
            ContentError::Listing(object_store::Error::Generic { store: "files", source: source.into() })
        };
        let top = Path::from(format!("{folder:02x}"));
        let top = files.path_to_filesystem(&top).map_err(ContentError::Listing)?;
        let recent = self.recent.folder(folder).await;
        let drafts = tokio::task::spawn_blocking(move || drafts(&top));
        let mut removed = 0;
        for (hash, draft) in drafts.await.map_err(io::Error::other).flatten().map_err(failed)? {
            let is_late = self.recent.is_shared && modified(&draft).is_ok_and(|at| is_late(at, now));
            if !recent.contains_key(&hash) && !is_late {
                tokio::fs::remove_file(draft).await.map_err(failed)?;
                removed += 1;
            }
        }
        Ok(removed)
    }
}

/// Takes an object away that nobody has put lately: marked first, and looked at again, see [`mark`]. Whether it did.
async fn take_object(bucket: &Bucket, hash: ContentHash, now: Ticks) -> object_store::Result<bool> {
    let before = bucket.head(&path(hash)).await?.last_modified;
    if is_late(before.timestamp(), now) {
        return Ok(false);
    }
    mark::set(bucket, hash).await?;
    let taken = match bucket.head(&path(hash)).await {
        // Put since: before it was an hour old at least, so its time is another one.
        Ok(found) if found.last_modified != before => Ok(false),
        Ok(_) => bucket.delete(&path(hash)).await.map(|()| true),
        Err(error) => Err(error),
    };
    mark::lift(bucket, hash).await?;
    taken
}

/// Whether a time, in seconds of Unix time, is so late that somebody may be about to name what was put then.
pub(crate) fn is_late(at: i64, now: Ticks) -> bool {
    at > now.unix_seconds() - PROTECTED_SECONDS
}

/// When a file was put or touched, in seconds of Unix time.
fn modified(file: &std::path::Path) -> io::Result<i64> {
    let at = std::fs::metadata(file)?.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(i64::try_from(at.as_secs()).unwrap_or(i64::MAX))
}

/// Says that somebody needs the file now. A time that is later already stays.
pub(crate) fn touch(file: &std::fs::File, now: Ticks) -> io::Result<()> {
    let now = UNIX_EPOCH + Duration::from_secs(now.unix_seconds().try_into().unwrap_or_default());
    file.set_modified(now.max(file.metadata()?.modified()?))
}

/// Files that are called by a hash and something behind `#`: what is on its way to that name.
fn drafts(top: &std::path::Path) -> io::Result<Vec<(ContentHash, PathBuf)>> {
    let mut found = Vec::new();
    if !top.exists() {
        return Ok(found);
    }
    for folder in std::fs::read_dir(top)? {
        for file in std::fs::read_dir(folder?.path())? {
            let file = file?;
            let name = file.file_name();
            let hash = name.to_str().and_then(|name| name.split_once('#')?.0.parse().ok());
            found.extend(hash.map(|hash| (hash, file.path())));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    const HOUR: i64 = 3600;

    struct Desk {
        folder: tempfile::TempDir,
        contents: Contents,
    }

    impl Desk {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let contents = Self::open(&folder);
            Self { folder, contents }
        }

        fn open(folder: &tempfile::TempDir) -> Contents {
            Contents::in_folder(folder.path().join("contents")).unwrap()
        }

        async fn put(&self, now: Ticks) -> ContentHash {
            self.contents.put(Bytes::from_static(b"contract"), now).await.unwrap().hash
        }

        /// Whether it is idle, and whether it was taken away.
        async fn sweep(&self, hash: ContentHash, now: Ticks) -> (bool, bool) {
            let idle = self.contents.idle(hash.as_bytes()[0], now).await.unwrap();
            (idle == [hash], self.contents.remove(hash, now).await.unwrap())
        }
    }

    #[tokio::test]
    async fn only_what_nobody_put_lately_is_taken_away() {
        let desk = Desk::new();
        let start = Ticks::UNIX_EPOCH;
        let hash = desk.put(start).await;
        for seconds in [0, HOUR - 1, HOUR - 1] {
            assert_eq!(desk.sweep(hash, start.plus_seconds(seconds)).await, (false, false));
        }
        // The clock may have been set forward: the next time it counts.
        let late = start.plus_seconds(HOUR);
        assert_eq!(desk.sweep(hash, late).await, (false, false));
        assert_eq!(desk.contents.idle(hash.as_bytes()[0].wrapping_add(1), late).await.unwrap(), []);
        assert_eq!(desk.contents.idle(hash.as_bytes()[0], late).await.unwrap(), [hash]);
        // Somebody posts the same again between the look and the broom.
        desk.put(late).await;
        assert!(!desk.contents.remove(hash, late).await.unwrap());
        assert!(desk.contents.get(hash).await.unwrap().is_some());
        let later = late.plus_seconds(HOUR);
        assert_eq!(desk.sweep(hash, later).await, (false, false));
        assert_eq!(desk.sweep(hash, later).await, (true, true));
        assert_eq!(desk.sweep(hash, later).await, (false, false));
        assert_eq!(desk.contents.get(hash).await.unwrap(), None);
        // After a restart nobody is about to name anything that is there.
        let hash = desk.put(later).await;
        let restarted = Desk::open(&desk.folder);
        assert_eq!(restarted.idle(hash.as_bytes()[0], later).await.unwrap(), [hash]);
    }

    #[tokio::test]
    async fn drafts_of_a_process_that_was_cut_off_are_taken_away() {
        let desk = Desk::new();
        let hash = desk.put(Ticks::UNIX_EPOCH).await;
        let name = hash.to_string();
        let place = desk.folder.path().join("contents").join(&name[..2]).join(&name[2..4]);
        let draft = place.join(format!("{name}#1"));
        std::fs::write(&draft, b"contr").unwrap();
        let top = hash.as_bytes()[0];
        assert_eq!(
            desk.contents.remove_drafts(top, Ticks::UNIX_EPOCH).await.unwrap(),
            0,
            "it may be on its way"
        );
        assert!(draft.exists());
        let restarted = Desk::open(&desk.folder);
        assert_eq!(restarted.remove_drafts(top, Ticks::UNIX_EPOCH).await.unwrap(), 1);
        assert!(!draft.exists() && place.join(name).exists());
    }

    /// Two nodes over one folder, each of which knows only what it put itself.
    #[tokio::test]
    async fn what_another_node_put_lately_is_not_taken_away() {
        let desk = Desk::new();
        let [one, other] = [(); 2].map(|()| Desk::open(&desk.folder).shared());
        let bytes = Bytes::from_static(b"contract");
        let put = |now| one.put(bytes.clone(), now);
        // The file has a time of the machine's own clock.
        let content = put(Ticks::UNIX_EPOCH).await.unwrap();
        let (hash, top) = (content.hash, content.hash.as_bytes()[0]);
        let name = hash.to_string();
        let file = desk.folder.path().join("contents").join(&name[..2]).join(&name[2..4]).join(&name);
        let made = Ticks::from_unix_seconds(modified(&file).unwrap());
        for (seconds, idle) in [(0, vec![]), (HOUR - 1, vec![]), (HOUR, vec![hash])] {
            assert_eq!(other.idle(top, made.plus_seconds(seconds)).await.unwrap(), idle, "{seconds}");
        }
        // Between the look and the broom somebody posts the same: that touches it.
        let late = made.plus_seconds(HOUR);
        put(late).await.unwrap();
        assert!(!other.remove(hash, late).await.unwrap());
        assert_eq!(other.get(hash).await.unwrap(), Some(bytes.clone()));
        let draft = file.with_file_name(format!("{name}#1"));
        std::fs::write(&draft, b"contr").unwrap();
        assert_eq!(other.remove_drafts(top, made).await.unwrap(), 0, "it may be on its way to the other");
        let later = late.plus_seconds(HOUR);
        assert!(other.remove(hash, later).await.unwrap());
        assert!(!file.exists());
        assert_eq!(other.remove_drafts(top, later).await.unwrap(), 1);
        assert_eq!(std::fs::read_dir(file.parent().unwrap()).unwrap().count(), 0);
        // Gone by then, and put again.
        put(later).await.unwrap();
        assert_eq!(one.get(hash).await.unwrap(), Some(bytes.clone()));
    }
}
