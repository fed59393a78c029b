//! A content that comes piece by piece: written and hashed as it comes, to a file that nobody reads until all of it is there.
//! However large it is, it costs the same little memory; and the disk writes what has come while more is coming. The last bytes are
//! hashed while the disk makes the file durable.

use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Write as _};
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::{Bytes, BytesMut};
use potok_types::{ContentHash, ContentRef, Ticks};
use sha2::{Digest as _, Sha256};
use tokio::task::JoinHandle;

use crate::bucket::Bucket;
use crate::sums::{Digests, Stamp};
use crate::upload::{PART_BYTES, UPLOAD_BYTES, Upload};
use crate::{ContentError, Contents, mark, path, store_error};

/// Until there are more bytes, or more are announced, a draft is no file, and takes the road of every small content.
const SMALL: usize = 1 << 20;
/// Bytes of a file that are gathered before they are written: the disk has to begin soon.
const WRITTEN_AT_ONCE: usize = 512 << 10;
/// Bytes that are hashed at once after they were written. Of less than twice as many nothing that comes waits for its hash.
const HASHED_AT_ONCE: usize = 2 << 20;
/// What a draft holds at most: what is being hashed, what is to be, what is gathered, and the last piece of it.
const DRAFT_BYTES: u64 = 6 << 20;
/// Bytes that the disk is told to write before all has come: told only at the end, it would begin then.
const SYNCED_AT_ONCE: u64 = 8 << 20;

/// A content on its way. Dropped before [`Self::keep`], nothing of it stays.
#[derive(Debug)]
pub struct Draft {
    contents: Contents,
    now: Ticks,
    size_bytes: u64,
    /// What has come and is not written yet.
    gathered: Vec<Bytes>,
    gathered_bytes: usize,
    /// Whether it is written as it comes.
    is_file: bool,
    /// What was handed on to be written, and is not hashed yet.
    unhashed: Vec<Bytes>,
    unhashed_bytes: usize,
    /// What is hashed now, which gives back what is known of all bytes before.
    hashing: Option<JoinHandle<Box<Digests>>>,
    /// What is written now, which gives back the file.
    writing: Option<JoinHandle<io::Result<Unkept>>>,
    /// What the disk writes now, and up to where it was told to.
    syncing: Option<JoinHandle<io::Result<()>>>,
    synced_bytes: u64,
    /// What the draft is called until its name is known.
    called: Option<ContentHash>,
    /// Its parts on their way to a bucket.
    upload: Option<Upload>,
}

/// The file of a draft, which is taken away with it.
#[derive(Debug)]
pub(crate) struct Unkept {
    pub(crate) file: Arc<std::fs::File>,
    pub(crate) place: PathBuf,
}

impl Drop for Unkept {
    fn drop(&mut self) {
        // One that became a content has another name, or another name too; what cannot be taken away now the sweep takes.
        let _removed = std::fs::remove_file(&self.place);
    }
}

impl Contents {
    /// Memory that a draft of so many bytes holds at most.
    pub fn draft_memory(&self, bytes: u64) -> u64 {
        match (&self.files, &self.bucket) {
            (Some(_), _) => bytes.min(DRAFT_BYTES),
            (None, Some(_)) => bytes.min(UPLOAD_BYTES),
            (None, None) => bytes,
        }
    }

    /// Begins a content of which nothing has come yet. `now` is as for [`Self::put`].
    pub fn draft(&self, now: Ticks) -> Draft {
        Draft {
            contents: self.clone(),
            now,
            size_bytes: 0,
            gathered: Vec::new(),
            gathered_bytes: 0,
            is_file: false,
            unhashed: Vec::new(),
            unhashed_bytes: 0,
            hashing: None,
            writing: None,
            syncing: None,
            synced_bytes: 0,
            called: None,
            upload: None,
        }
    }
}

impl Draft {
    /// Bytes that have come.
    pub const fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// So many bytes are said to come: of many the first are written at once.
    pub const fn expect(&mut self, bytes: u64) {
        self.is_file = bytes > SMALL as u64;
    }

    /// Takes the next bytes. What was written before may still be on its way to the disk.
    ///
    /// # Errors
    /// [`ContentError::Store`]: the disk takes nothing.
    pub async fn write(&mut self, bytes: Bytes) -> Result<(), ContentError> {
        self.size_bytes += bytes.len() as u64;
        self.gathered_bytes += bytes.len();
        self.gathered.push(bytes);
        self.is_file |= self.gathered_bytes > SMALL;
        if self.is_file && self.gathered_bytes >= WRITTEN_AT_ONCE && self.contents.files.is_some() {
            self.flush().await?;
        }
        if self.gathered_bytes >= PART_BYTES
            && let Some(bucket) = self.contents.bucket.clone()
        {
            self.send(&bucket).await.map_err(|source| self.refused(source))?;
        }
        Ok(())
    }

    /// Sends what is gathered to a bucket, as a part.
    async fn send(&mut self, bucket: &Arc<Bucket>) -> object_store::Result<()> {
        self.gathered_bytes = 0;
        let pieces = std::mem::take(&mut self.gathered);
        let mut upload = match self.upload.take() {
            Some(upload) => upload,
            None if self.called.is_some() => {
                let source = "what came before was not sent".into();
                return Err(object_store::Error::Generic { store: "bucket", source });
            }
            None => {
                let name = unheard_of();
                self.called = Some(name);
                Upload::begin(bucket, name).await?
            }
        };
        // One that fails is given up here.
        upload.send(pieces).await?;
        self.upload = Some(upload);
        Ok(())
    }

    /// Ends the parts that were sent: the content is there whole under its name, read once more, or it is not kept.
    async fn keep_sent(&mut self, bucket: &Arc<Bucket>) -> Result<ContentRef, ContentError> {
        if self.gathered_bytes > 0 {
            self.send(bucket).await.map_err(|source| self.refused(source))?;
        }
        let Some(upload) = self.upload.take() else {
            return Err(self.failed(io::Error::other("what came before was not sent")));
        };
        let ended = upload.end(self.size_bytes, path).await;
        let hash = ended.map_err(|source| self.refused(source))?;
        let content = ContentRef { hash, size_bytes: self.size_bytes };
        let failed = |source| ContentError::Store { hash, source };
        self.contents.recent.note(hash, self.now).await;
        if mark::wait(bucket, hash, self.now).await.map_err(failed)? || !self.contents.is_sound(content).await
        {
            let source = "what came together is not what was sent: send it again".into();
            return Err(failed(object_store::Error::Generic { store: "bucket", source }));
        }
        self.contents.is_writable.store(true, Ordering::Relaxed);
        Ok(content)
    }

    fn refused(&self, source: object_store::Error) -> ContentError {
        self.contents.is_writable.store(false, Ordering::Relaxed);
        ContentError::Store { hash: self.called.unwrap_or_else(|| ContentHash::from_bytes([0; 32])), source }
    }

    /// Keeps what has come, durably, as [`Contents::put`] does.
    ///
    /// # Errors
    /// [`ContentError::Store`]: nothing was kept.
    pub async fn keep(mut self) -> Result<ContentRef, ContentError> {
        if self.called.is_none() {
            let whole = joined(std::mem::take(&mut self.gathered));
            return self.contents.put(whole, self.now).await;
        }
        if let Some(bucket) = self.contents.bucket.clone() {
            return self.keep_sent(&bucket).await;
        }
        let unkept = self.written().await?;
        self.synced().await?;
        let Some((files, unkept)) = self.contents.files.clone().zip(unkept) else {
            return Err(self.failed(io::Error::other("the draft has no file")));
        };
        let gathered: Arc<[Bytes]> = std::mem::take(&mut self.gathered).into();
        let (rest, at) = (Arc::clone(&gathered), self.size_bytes - self.gathered_bytes as u64);
        let whole = tokio::task::spawn_blocking(move || {
            rest.iter().try_for_each(|piece| (&*unkept.file).write_all(piece))?;
            set_about(&unkept.file, at);
            Ok(unkept)
        });
        // The disk needs longer than what is left to do here.
        let mut digests = self.hashed().await?;
        let unhashed = std::mem::take(&mut self.unhashed);
        let place = tokio::task::spawn_blocking(move || {
            unhashed.iter().chain(&*gathered).for_each(|piece| digests.update(piece));
            let (hash, sums) = digests.end();
            let place = files.path_to_filesystem(&path(hash)).map_err(io::Error::other)?;
            Ok((hash, sums, place))
        });
        let (hash, sums, place) = self.done(place).await?;
        let unkept = self.done(whole).await?;
        self.contents.recent.note(hash, self.now).await;
        let published = self.contents.publish(unkept, place, hash).await;
        let file = published.map_err(|source| self.unwritten(source))?;
        // Its sums are those of the bytes that came, not of what the disk made of them.
        if let Ok(stamp) = Stamp::of(&file) {
            self.contents.known.note(hash, stamp, sums);
        }
        self.contents.is_writable.store(true, Ordering::Relaxed);
        Ok(ContentRef { hash, size_bytes: self.size_bytes })
    }

    /// What a thread that may wait for the disk did.
    async fn done<T>(&self, doing: JoinHandle<io::Result<T>>) -> Result<T, ContentError> {
        doing.await.map_err(io::Error::other).flatten().map_err(|source| self.unwritten(source))
    }

    /// The disk did not do what it was told.
    fn unwritten(&self, source: io::Error) -> ContentError {
        self.contents.is_writable.store(false, Ordering::Relaxed);
        self.failed(source)
    }

    /// Waits until what was handed on is hashed; what is known of it.
    async fn hashed(&mut self) -> Result<Box<Digests>, ContentError> {
        let Some(hashing) = self.hashing.take() else { return Ok(Box::default()) };
        hashing.await.map_err(|source| self.failed(io::Error::other(source)))
    }

    /// Hands on what is gathered to be written, once what was handed on before is, and to be hashed when there is enough of it.
    async fn flush(&mut self) -> Result<(), ContentError> {
        let at = self.size_bytes - self.gathered_bytes as u64;
        let gathered: Arc<[Bytes]> = std::mem::take(&mut self.gathered).into();
        self.gathered_bytes = 0;
        let unkept = self.written().await?;
        let place = match &unkept {
            Some(unkept) => {
                self.sync(&unkept.file).await?;
                None
            }
            None if self.called.is_some() => {
                return Err(self.failed(io::Error::other("what came before was not written")));
            }
            None => Some(self.place().await?),
        };
        self.unhashed.extend(gathered.iter().cloned());
        self.unhashed_bytes += (self.size_bytes - at) as usize;
        self.writing = Some(tokio::task::spawn_blocking(move || {
            let unkept = unkept.map_or_else(|| begin(&place.unwrap_or_default()), Ok)?;
            gathered.iter().try_for_each(|piece| (&*unkept.file).write_all(piece))?;
            if at < SYNCED_AT_ONCE {
                set_about(&unkept.file, at);
            }
            Ok(unkept)
        }));
        if self.unhashed_bytes >= HASHED_AT_ONCE {
            let mut digests = self.hashed().await?;
            let unhashed = std::mem::take(&mut self.unhashed);
            self.unhashed_bytes = 0;
            self.hashing = Some(tokio::task::spawn_blocking(move || {
                unhashed.iter().for_each(|piece| digests.update(piece));
                digests
            }));
        }
        Ok(())
    }

    /// Tells the disk to write what it has of the file, unless it is at it.
    async fn sync(&mut self, file: &Arc<std::fs::File>) -> Result<(), ContentError> {
        let is_busy = self.syncing.as_ref().is_some_and(|syncing| !syncing.is_finished());
        if is_busy || self.size_bytes < self.synced_bytes + SYNCED_AT_ONCE {
            return Ok(());
        }
        self.synced().await?;
        self.synced_bytes = self.size_bytes;
        let file = Arc::clone(file);
        self.syncing = Some(tokio::task::spawn_blocking(move || file.sync_data()));
        Ok(())
    }

    /// Waits until the disk has written what it was told to. An error is told once, and not again to who asks at the end.
    async fn synced(&mut self) -> Result<(), ContentError> {
        let Some(syncing) = self.syncing.take() else { return Ok(()) };
        self.done(syncing).await
    }

    /// Waits until what was handed on is written; its file.
    async fn written(&mut self) -> Result<Option<Unkept>, ContentError> {
        let Some(writing) = self.writing.take() else { return Ok(None) };
        self.done(writing).await.map(Some)
    }

    /// Where the file of the draft is to be: under a name as drafts have it that were cut off, so that the sweep knows it for one,
    /// and under one that is noted as put now, so that it does not take it away.
    async fn place(&mut self) -> Result<PathBuf, ContentError> {
        let name = unheard_of();
        self.called = Some(name);
        self.contents.recent.note(name, self.now).await;
        let files = self.contents.files.clone();
        let place = files.map(|files| files.path_to_filesystem(&path(name))).transpose();
        let place = place.map_err(|source| ContentError::Store { hash: name, source })?.unwrap_or_default();
        let mut place = place.into_os_string();
        place.push("#0");
        Ok(place.into())
    }

    fn failed(&self, source: io::Error) -> ContentError {
        store_error(self.called.unwrap_or_else(|| ContentHash::from_bytes([0; 32])), source)
    }
}

/// One piece out of all.
fn joined(mut pieces: Vec<Bytes>) -> Bytes {
    if pieces.len() == 1 {
        return pieces.remove(0);
    }
    let mut whole = BytesMut::with_capacity(pieces.iter().map(Bytes::len).sum());
    pieces.iter().for_each(|piece| whole.extend_from_slice(piece));
    whole.freeze()
}

/// A name that no content has and no other draft, in the one folder in which drafts are. Nobody sees it, and it lives as long as
/// the call.
fn unheard_of() -> ContentHash {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let chance = RandomState::new().hash_one((std::process::id(), count));
    let mut name: [u8; 32] = Sha256::digest(chance.to_le_bytes()).into();
    name[..2].fill(0);
    ContentHash::from_bytes(name)
}

fn begin(place: &FilePath) -> io::Result<Unkept> {
    if let Some(folder) = place.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let file = std::fs::OpenOptions::new().write(true).create_new(true).open(place)?;
    Ok(Unkept { file: Arc::new(file), place: place.to_owned() })
}

/// Tells the system to begin to write what stands in the file from `at` on: told only at the end, the disk would be idle until
/// then. Nothing is made durable by it.
#[cfg(target_os = "linux")]
fn set_about(file: &std::fs::File, at: u64) {
    // Of pages that are to be written this begins the writing; they stay in memory, for whoever reads them next.
    let _begun = rustix::fs::fadvise(file, at, None, rustix::fs::Advice::DontNeed);
}

/// Other systems begin when they please.
#[cfg(not(target_os = "linux"))]
fn set_about(_: &std::fs::File, _: u64) {}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Ticks = Ticks::UNIX_EPOCH;

    fn files(folder: &FilePath) -> usize {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries.map(|entry| if entry.is_dir() { files(&entry) } else { 1 }).sum()
    }

    fn bytes(length: usize) -> Bytes {
        (0..length as u64)
            .map(|nth| (nth.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8)
            .collect::<Vec<_>>()
            .into()
    }

    async fn drafted(contents: &Contents, bytes: &Bytes, piece: usize) -> Draft {
        let mut draft = contents.draft(NOW);
        take(&mut draft, bytes, piece).await;
        draft
    }

    async fn take(draft: &mut Draft, bytes: &Bytes, piece: usize) {
        for start in (0..bytes.len()).step_by(piece) {
            draft.write(bytes.slice(start..bytes.len().min(start + piece))).await.unwrap();
        }
        assert_eq!(draft.size_bytes(), bytes.len() as u64);
    }

    #[tokio::test]
    async fn what_comes_piece_by_piece_is_kept_as_if_it_had_come_at_once() {
        let folder = tempfile::tempdir().unwrap();
        for contents in [Contents::in_folder(folder.path()).unwrap(), Contents::in_memory()] {
            for (length, piece) in [(0, 1), (5, 2), (SMALL, 70_000), (SMALL + 1, 300_000), (5 << 20, 2 << 20)]
            {
                let bytes = bytes(length);
                for announced in [0, length] {
                    let mut draft = contents.draft(NOW);
                    draft.expect(announced as u64);
                    take(&mut draft, &bytes, piece).await;
                    let kept = draft.keep().await.unwrap();
                    assert_eq!(kept, ContentRef::of(&bytes), "{length}");
                    assert_eq!(contents.get(kept.hash).await.unwrap().as_ref(), Some(&bytes), "{length}");
                }
                assert_eq!(contents.put(bytes.clone(), NOW).await.unwrap(), ContentRef::of(&bytes));
            }
        }
        assert_eq!(files(folder.path()), 5, "no draft is left");
    }

    #[tokio::test]
    async fn damage_is_healed_by_a_draft() {
        let folder = tempfile::tempdir().unwrap();
        let contents = Contents::in_folder(folder.path()).unwrap();
        let bytes = bytes(3 << 20);
        let kept = contents.put(bytes.clone(), NOW).await.unwrap();
        std::fs::write(folder.path().join(path(kept.hash).to_string()), b"damaged").unwrap();
        assert!(contents.get(kept.hash).await.is_err());
        drafted(&contents, &bytes, 100_000).await.keep().await.unwrap();
        assert_eq!(contents.get(kept.hash).await.unwrap(), Some(bytes));
    }

    /// On its way the sweep lets it be. Given up, it goes at once; and what a process left that was cut off, with the next sweep.
    #[tokio::test]
    async fn nothing_is_left_of_a_draft_that_is_given_up() {
        let folder = tempfile::tempdir().unwrap();
        let contents = Contents::in_folder(folder.path()).unwrap();
        let mut draft = drafted(&contents, &bytes(3 << 20), 100_000).await;
        let unkept = draft.written().await.unwrap().unwrap();
        assert_eq!((files(folder.path()), contents.remove_drafts(0, NOW).await.unwrap()), (1, 0));
        let left = unkept.place.with_extension("1");
        std::fs::write(&left, b"begun").unwrap();
        drop(unkept);
        drop(draft);
        assert_eq!(files(folder.path()), 1, "what another process left");
        let restarted = Contents::in_folder(folder.path()).unwrap();
        std::fs::rename(&left, left.with_file_name(format!("{}#0", unheard_of()))).unwrap();
        assert_eq!(restarted.remove_drafts(0, NOW).await.unwrap(), 1);
        assert_eq!(files(folder.path()), 0);
    }

    /// A file in the place of the folder: nobody may write there, not even somebody who may do everything.
    #[tokio::test]
    async fn a_folder_that_takes_no_draft_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("contents");
        let contents = Contents::in_folder(&place).unwrap();
        std::fs::remove_dir(&place).unwrap();
        std::fs::write(&place, b"").unwrap();
        let mut draft = contents.draft(NOW);
        draft.write(bytes(2 << 20)).await.expect("nobody knows yet");
        for _ in 0..2 {
            let told = draft.write(bytes(2 << 20)).await;
            assert!(matches!(told, Err(ContentError::Store { .. })), "{told:?}");
        }
        assert!(draft.keep().await.is_err());
        assert!(contents.check_writable().await.is_err());
    }
}
