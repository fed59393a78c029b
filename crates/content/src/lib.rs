//! Document bytes by hash over an object store: a local folder, or a bucket of S3 behind the same seam.
//!
//! Bytes are named by their SHA-256, so writing the same bytes twice is one object, and an object never changes.

mod bucket;
mod copied;
mod draft;
mod mark;
mod named;
mod pieces;
mod published;
mod reader;
mod recent;
mod sums;
mod sweep;
mod upload;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _, PutMode, PutOptions, PutPayload};
use potok_types::{ContentHash, ContentRef, Ticks};
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use bucket::Bucket;
use named::Named;
use recent::Recent;
use sums::Known;

pub use bucket::BucketOptions;
pub use draft::Draft;
pub use pieces::{PIECE_BYTES, PIECES_AT_HAND, Part, Pieces, Place};

/// Bytes that are hashed before others have their turn: a tenth of a millisecond.
const HASHED_AT_ONCE: usize = 128 * 1024;
/// The name of an object that nobody reads.
const PROBE: &str = "probe";

/// Where large contents are kept.
#[derive(Clone, Debug)]
pub struct Contents {
    objects: Arc<dyn ObjectStore>,
    /// The same where objects are files: what the seam has no words for is done to them directly.
    files: Option<Arc<LocalFileSystem>>,
    /// The same where they are in a bucket.
    bucket: Option<Arc<Bucket>>,
    recent: Arc<Recent>,
    /// Whoever reads a piece of a file has one of these.
    reading: Arc<Semaphore>,
    /// What is known of files that were hashed here.
    known: Arc<Known>,
    named: Arc<Named>,
    /// The last write succeeded. Nobody knows before the first one.
    is_writable: Arc<AtomicBool>,
}

/// The bytes could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    /// The folder cannot be used.
    #[error("the content folder {} cannot be made or opened", folder.display())]
    Folder {
        /// The folder of the settings.
        folder: PathBuf,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The bucket cannot be used.
    #[error("the bucket of contents cannot be used: look at its address")]
    Bucket(#[source] object_store::Error),
    /// The object store failed; worth repeating.
    #[error("the object store failed at content {hash}")]
    Store {
        /// Which content.
        hash: ContentHash,
        /// Why.
        #[source]
        source: object_store::Error,
    },
    /// The object store could not say what it holds; worth repeating.
    #[error("the object store could not list its contents")]
    Listing(#[source] object_store::Error),
    /// The object store takes nothing.
    #[error("the object store takes no contents")]
    Unwritable(#[source] object_store::Error),
    /// What was read is not what was written.
    #[error("content {hash} is damaged: its bytes have another hash")]
    Damaged {
        /// Which content.
        hash: ContentHash,
    },
}

impl ContentError {
    /// The disk is full, or takes nothing for another reason that passes: the same is worth doing again later.
    pub fn is_unwritable(&self) -> bool {
        use io::ErrorKind::{FileTooLarge, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(self);
        while let Some(error) = cause {
            let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
            if matches!(kind, Some(FileTooLarge | QuotaExceeded | ReadOnlyFilesystem | StorageFull)) {
                return true;
            }
            cause = error.source();
        }
        false
    }
}

impl Contents {
    /// Keeps objects as files in `folder`, made if it is missing. A write is durable when it returns: the file and its
    /// directory are synced.
    ///
    /// # Errors
    /// [`ContentError::Folder`] when the folder cannot be made or opened.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Result<Self, ContentError> {
        let folder = folder.into();
        let failed = |source: Box<dyn std::error::Error + Send + Sync>| ContentError::Folder {
            folder: folder.clone(),
            source,
        };
        std::fs::create_dir_all(&folder).map_err(|error| failed(error.into()))?;
        let objects = LocalFileSystem::new_with_prefix(&folder).map_err(|error| failed(error.into()))?;
        let files = Arc::new(objects.with_fsync(true));
        Ok(Self {
            objects: Arc::<LocalFileSystem>::clone(&files),
            files: Some(files),
            bucket: None,
            recent: Arc::default(),
            reading: pieces::turns(),
            known: Arc::default(),
            named: Arc::default(),
            is_writable: Arc::default(),
        })
    }

    /// Keeps objects in a bucket of S3, or of whatever speaks like it, beside whoever else keeps contents there. Nothing is asked
    /// of it yet.
    ///
    /// # Errors
    /// [`ContentError::Bucket`] when the address is none.
    pub fn in_bucket(options: &BucketOptions) -> Result<Self, ContentError> {
        let bucket = Arc::new(bucket::open(options).map_err(ContentError::Bucket)?);
        let contents = Self {
            objects: Arc::<Bucket>::clone(&bucket),
            files: None,
            bucket: Some(bucket),
            recent: Arc::default(),
            reading: pieces::turns(),
            known: Arc::default(),
            named: Arc::default(),
            is_writable: Arc::default(),
        };
        Ok(contents.shared())
    }

    /// The same where other nodes keep theirs too: nothing is taken away that anybody has put within an hour, by the times of
    /// the files. The clocks of the nodes and of the folder may differ by minutes, not by an hour.
    #[must_use]
    pub fn shared(self) -> Self {
        Self { recent: Arc::new(Recent { is_shared: true, ..Recent::default() }), ..self }
    }

    /// In memory, for tests: everything is gone with the last handle.
    pub fn in_memory() -> Self {
        Self {
            objects: Arc::new(InMemory::new()),
            files: None,
            bucket: None,
            recent: Arc::default(),
            reading: pieces::turns(),
            known: Arc::default(),
            named: Arc::default(),
            is_writable: Arc::default(),
        }
    }

    /// Keeps `bytes`. Those already there are not written again, unless they are damaged: then these take their place. No sweep
    /// takes them away within the hour after `now`, in which whoever keeps them has to write down that they are needed.
    ///
    /// # Errors
    /// [`ContentError::Store`]: nothing was kept.
    pub async fn put(&self, bytes: Bytes, now: Ticks) -> Result<ContentRef, ContentError> {
        let content = ContentRef { hash: hash_of(&bytes).await, size_bytes: bytes.len() as u64 };
        let path = path(content.hash);
        self.recent.note(content.hash, now).await;
        if let Some(bucket) = &self.bucket {
            let put = self.put_in_bucket(bucket, content.hash, bytes, now).await;
            return put
                .map(|()| content)
                .map_err(|source| ContentError::Store { hash: content.hash, source });
        }
        match self.write(&path, bytes.clone(), PutMode::Create).await {
            Ok(()) => Ok(content),
            Err(object_store::Error::AlreadyExists { .. }) => self.keep_found(content, bytes, now).await,
            Err(source) => Err(ContentError::Store { hash: content.hash, source }),
        }
    }

    /// What a bucket says to a condition is not to be relied on, and to look first would be one more question: it is overwritten. Until
    /// nobody is about to take it away.
    async fn put_in_bucket(
        &self,
        bucket: &Bucket,
        hash: ContentHash,
        bytes: Bytes,
        now: Ticks,
    ) -> object_store::Result<()> {
        loop {
            self.write(&path(hash), bytes.clone(), PutMode::Overwrite).await?;
            if !mark::wait(bucket, hash, now).await? {
                return Ok(());
            }
        }
    }

    async fn write(&self, path: &Path, bytes: Bytes, mode: PutMode) -> object_store::Result<()> {
        let options = PutOptions { mode, ..PutOptions::default() };
        let written = self.objects.put_opts(path, PutPayload::from_bytes(bytes), options).await.map(drop);
        // What is there already says nothing about the disk.
        if !matches!(written, Err(object_store::Error::AlreadyExists { .. })) {
            self.is_writable.store(written.is_ok(), Ordering::Relaxed);
        }
        written
    }

    /// Whether contents are taken. After a write that failed, and before the first one, this tries another, of an object that is
    /// no content, until one succeeds.
    ///
    /// # Errors
    /// [`ContentError::Unwritable`] says why not.
    pub async fn check_writable(&self) -> Result<(), ContentError> {
        if self.is_writable.load(Ordering::Relaxed) {
            return Ok(());
        }
        let probe = Path::from(PROBE);
        self.write(&probe, Bytes::from_static(b"probe"), PutMode::Overwrite)
            .await
            .map_err(ContentError::Unwritable)?;
        match self.objects.delete(&probe).await {
            // Another question may have taken it away.
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(source) => Err(ContentError::Unwritable(source)),
        }
    }

    /// Makes sure of bytes that are there already: whoever wrote them may have been cut off before they were durable, and a
    /// disk may have damaged them since.
    async fn keep_found(
        &self,
        content: ContentRef,
        bytes: Bytes,
        now: Ticks,
    ) -> Result<ContentRef, ContentError> {
        let hash = content.hash;
        let failed = |source| ContentError::Store { hash, source };
        let _settled = self.named.settled(hash).await;
        let is_kept = self.is_sound(content).await
            && match self.sync(hash, now).await {
                // Another node takes away what nobody has touched for an hour: it was faster.
                Err(object_store::Error::NotFound { .. }) if self.recent.is_shared => false,
                synced => synced.map(|()| true).map_err(failed)?,
            };
        if !is_kept {
            self.write(&path(hash), bytes, PutMode::Overwrite).await.map_err(failed)?;
        }
        Ok(content)
    }

    /// How many bytes of a content are there; `None` when there is none.
    ///
    /// # Errors
    /// [`ContentError::Store`].
    pub async fn size_of(&self, hash: ContentHash) -> Result<Option<u64>, ContentError> {
        match self.objects.head(&path(hash)).await {
            Ok(found) => Ok(Some(found.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(source) => Err(ContentError::Store { hash, source }),
        }
    }

    /// Whether the bytes are there and are the right ones; read piece by piece.
    async fn is_sound(&self, content: ContentRef) -> bool {
        let has_length = self.objects.head(&path(content.hash)).await;
        if !has_length.is_ok_and(|found| found.size == content.size_bytes) {
            return false;
        }
        let mut pieces = self.pieces([content]);
        loop {
            match pieces.next().await {
                Ok(Some(_)) => {}
                Ok(None) => return true,
                Err(_) => return false,
            }
        }
    }

    /// Makes a file and its name durable; where others are that take files away, it was touched now.
    async fn sync(&self, hash: ContentHash, now: Ticks) -> object_store::Result<()> {
        let Some(files) = &self.files else { return Ok(()) };
        let name = files.path_to_filesystem(&path(hash))?;
        let touched = self.recent.is_shared.then_some(now);
        let (file, named) = (name.clone(), Arc::clone(&self.named));
        let synced = tokio::task::spawn_blocking(move || {
            let opened = std::fs::File::open(&file)?;
            touched.map_or(Ok(()), |now| sweep::touch(&opened, now))?;
            opened.sync_all()?;
            named.sync(&file, hash)?;
            match touched.is_none() || file.exists() {
                true => Ok(()),
                false => Err(io::ErrorKind::NotFound.into()),
            }
        });
        synced.await.map_err(io::Error::other).flatten().map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => {
                object_store::Error::NotFound { path: name.display().to_string(), source: source.into() }
            }
            _ => object_store::Error::Generic { store: "files", source: source.into() },
        })
    }

    /// The bytes named `hash`; `None` when they were never kept.
    ///
    /// # Errors
    /// [`ContentError::Store`] when they cannot be read, [`ContentError::Damaged`] when they are not what was written.
    pub async fn get(&self, hash: ContentHash) -> Result<Option<Bytes>, ContentError> {
        let found = match self.objects.get(&path(hash)).await {
            Ok(found) => found,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(source) => return Err(ContentError::Store { hash, source }),
        };
        let bytes = found.bytes().await.map_err(|source| ContentError::Store { hash, source })?;
        if hash_of(&bytes).await != hash {
            return Err(ContentError::Damaged { hash });
        }
        Ok(Some(bytes))
    }
}

fn store_error(hash: ContentHash, source: io::Error) -> ContentError {
    let store = "files";
    ContentError::Store {
        hash,
        source: match source.kind() {
            io::ErrorKind::NotFound => {
                object_store::Error::NotFound { path: path(hash).to_string(), source: source.into() }
            }
            _ => object_store::Error::Generic { store, source: source.into() },
        },
    }
}

/// The name of `bytes`. Others have their turn on this thread after each piece: whole, the largest would hold it for tens of
/// milliseconds.
async fn hash_of(bytes: &[u8]) -> ContentHash {
    let mut hash = Sha256::new();
    let mut pieces = bytes.chunks(HASHED_AT_ONCE).peekable();
    while let Some(piece) = pieces.next() {
        hash.update(piece);
        if pieces.peek().is_some() {
            tokio::task::yield_now().await;
        }
    }
    ContentHash::from_bytes(hash.finalize().into())
}

/// Two levels of folders, so that none grows to millions of entries.
fn path(hash: ContentHash) -> Path {
    let name = hash.to_string();
    Path::from(format!("{}/{}/{name}", &name[..2], &name[2..4]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Ticks = Ticks::UNIX_EPOCH;

    fn contents() -> (tempfile::TempDir, Contents) {
        let folder = tempfile::tempdir().unwrap();
        let contents = Contents::in_folder(folder.path().join("contents")).unwrap();
        (folder, contents)
    }

    #[tokio::test]
    async fn hashing_lets_others_have_their_turn_after_each_piece() {
        for (length, turns) in
            [(0, 0), (1, 0), (HASHED_AT_ONCE, 0), (HASHED_AT_ONCE + 1, 1), (5 * HASHED_AT_ONCE, 4)]
        {
            let bytes = vec![7; length];
            let mut hashing = std::pin::pin!(hash_of(&bytes));
            let mut waited = 0;
            let hash = std::future::poll_fn(|context| {
                let polled = hashing.as_mut().poll(context);
                waited += usize::from(polled.is_pending());
                polled
            });
            assert_eq!((hash.await, waited), (ContentHash::of(&bytes), turns), "{length}");
        }
    }

    #[tokio::test]
    async fn what_was_put_is_read_back_also_by_another_handle() {
        let (folder, contents) = contents();
        for bytes in [Bytes::new(), Bytes::from_static(b"a"), Bytes::from(vec![7; 300_000])] {
            let content = contents.put(bytes.clone(), NOW).await.unwrap();
            assert_eq!(content, ContentRef::of(&bytes));
            assert_eq!(
                contents.put(bytes.clone(), NOW).await.unwrap(),
                content,
                "a repeat is the same object"
            );
            let other = Contents::in_folder(folder.path().join("contents")).unwrap();
            assert_eq!(other.get(content.hash).await.unwrap(), Some(bytes));
        }
        assert_eq!(contents.get(ContentHash::of(b"never put")).await.unwrap(), None);
    }

    /// A file in the place of the folder: nobody may write there, not even somebody who may do everything.
    #[tokio::test]
    async fn a_folder_that_takes_nothing_is_told_until_it_does() {
        let (folder, contents) = contents();
        let place = folder.path().join("contents");
        contents.check_writable().await.unwrap();
        assert_eq!(std::fs::read_dir(&place).unwrap().count(), 0, "nothing is left of the question");
        std::fs::remove_dir(&place).unwrap();
        std::fs::write(&place, b"").unwrap();
        contents.check_writable().await.expect("nobody has met the fault yet");
        assert!(contents.put(Bytes::from_static(b"a"), NOW).await.is_err());
        for _ in 0..2 {
            assert!(matches!(contents.check_writable().await, Err(ContentError::Unwritable(_))));
        }
        std::fs::remove_file(&place).unwrap();
        contents.check_writable().await.unwrap();
        contents.put(Bytes::from_static(b"a"), NOW).await.unwrap();
    }

    #[tokio::test]
    async fn damage_is_told_from_absence() {
        let (folder, contents) = contents();
        let content = contents.put(Bytes::from_static(b"contract"), NOW).await.unwrap();
        std::fs::write(file_of(&folder, content.hash), b"Contract").unwrap();
        assert!(matches!(contents.get(content.hash).await, Err(ContentError::Damaged { .. })));
    }

    fn file_of(folder: &tempfile::TempDir, hash: ContentHash) -> PathBuf {
        let name = hash.to_string();
        folder.path().join("contents").join(&name[..2]).join(&name[2..4]).join(&name)
    }

    #[tokio::test]
    async fn damage_is_healed_by_the_same_bytes() {
        let (folder, contents) = contents();
        let bytes = Bytes::from(vec![7; 300_000]);
        let content = contents.put(bytes.clone(), NOW).await.unwrap();
        let file = file_of(&folder, content.hash);
        let same_length = vec![8; bytes.len()];
        for damaged in [&b""[..], b"short", &same_length] {
            std::fs::write(&file, damaged).unwrap();
            assert!(contents.get(content.hash).await.is_err());
            assert_eq!(contents.put(bytes.clone(), NOW).await.unwrap(), content);
            assert_eq!(contents.get(content.hash).await.unwrap(), Some(bytes.clone()));
        }
    }
}
