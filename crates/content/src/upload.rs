//! A content that comes piece by piece to a bucket: sent in parts as it comes, so that however large it is, it costs the memory of
//! few of them.
//!
//! A content has its name by its bytes, which are not known before the last one. So the parts come together under another name, and the
//! server itself copies them to the right one. The number of the upload is noted in the bucket before its first part: what a process left
//! that was cut off is ended by the sweep of anybody, on servers too that cannot list uploads.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use object_store::multipart::{MultipartStore as _, PartId};
use object_store::path::Path;
use object_store::{MultipartId, ObjectStore as _, ObjectStoreExt as _, PutPayload};
use potok_types::{ContentHash, Ticks};
use tokio::task::JoinHandle;

use crate::bucket::Bucket;
use crate::sums::Digests;
use crate::sweep::is_late;

/// Bytes of a part: servers take none smaller than 5 MiB, but the last.
pub(crate) const PART_BYTES: usize = 8 << 20;
/// What an upload holds at most: a part on its way, one that is gathered, and the last piece of it.
pub(crate) const UPLOAD_BYTES: u64 = 3 * PART_BYTES as u64;

/// Where parts come together.
const DRAFTS: &str = "drafts";
/// Where the numbers of uploads are noted, under the same names.
const UPLOADS: &str = "uploads";

/// A part on its way: its number at the server, and what is known of all bytes up to its end.
type Sending = JoinHandle<object_store::Result<(PartId, Digests)>>;

/// Parts on their way. Dropped before [`Self::end`], the upload is given up.
#[derive(Debug)]
pub(crate) struct Upload {
    bucket: Arc<Bucket>,
    name: String,
    id: MultipartId,
    parts: Vec<PartId>,
    sending: Option<Sending>,
    is_ended: bool,
}

fn place(folder: &str, name: &str) -> Path {
    Path::from(format!("{folder}/{name}"))
}

fn broken_off(error: tokio::task::JoinError) -> object_store::Error {
    object_store::Error::Generic { store: "bucket", source: error.into() }
}

impl Upload {
    /// Begins one under a name that no other has.
    pub(crate) async fn begin(bucket: &Arc<Bucket>, name: ContentHash) -> object_store::Result<Self> {
        let name = name.to_string();
        let id = bucket.create_multipart(&place(DRAFTS, &name)).await?;
        let begun =
            Self { bucket: Arc::clone(bucket), name, id, parts: Vec::new(), sending: None, is_ended: false };
        begun.bucket.put(&place(UPLOADS, &begun.name), PutPayload::from(begun.id.clone())).await?;
        Ok(begun)
    }

    /// Sends the next part, once the one before it has come.
    pub(crate) async fn send(&mut self, pieces: Vec<Bytes>) -> object_store::Result<()> {
        let mut digests = self.sent().await?;
        let (bucket, draft, id, nth) =
            (Arc::clone(&self.bucket), place(DRAFTS, &self.name), self.id.clone(), self.parts.len());
        self.sending = Some(tokio::spawn(async move {
            let payload = PutPayload::from_iter(pieces.iter().cloned());
            let hashing = tokio::task::spawn_blocking(move || {
                pieces.iter().for_each(|piece| digests.update(piece));
                digests
            });
            let part = bucket.put_part(&draft, &id, nth, payload).await?;
            Ok((part, hashing.await.map_err(broken_off)?))
        }));
        Ok(())
    }

    /// Waits for the part on its way; what is known of all bytes so far.
    async fn sent(&mut self) -> object_store::Result<Digests> {
        let Some(sending) = self.sending.take() else { return Ok(Digests::default()) };
        let (part, digests) = sending.await.map_err(broken_off)??;
        self.parts.push(part);
        Ok(digests)
    }

    /// Puts the parts together, of so many bytes, and has them copied to the name that `named` gives them. Their hash.
    pub(crate) async fn end(
        mut self,
        size_bytes: u64,
        named: impl Fn(ContentHash) -> Path,
    ) -> object_store::Result<ContentHash> {
        let (hash, _) = self.sent().await?.end();
        let draft = place(DRAFTS, &self.name);
        let completed =
            self.bucket.complete_multipart(&draft, &self.id, std::mem::take(&mut self.parts)).await;
        // A server that was asked twice, because its first answer was lost, may say no: what is there decides.
        match (self.bucket.head(&draft).await, completed) {
            (Ok(found), _) if found.size == size_bytes => {}
            (_, Err(error)) | (Err(error), _) => return Err(error),
            (Ok(found), Ok(_)) => {
                return Err(object_store::Error::Generic {
                    store: "bucket",
                    source: format!("{} of {size_bytes} bytes came together", found.size).into(),
                });
            }
        }
        self.bucket.copy(&draft, &named(hash)).await?;
        self.is_ended = true;
        // What cannot be taken away now the sweep takes.
        for left in [draft, place(UPLOADS, &self.name)] {
            let _removed = self.bucket.delete(&left).await;
        }
        Ok(hash)
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        let Some(runtime) = tokio::runtime::Handle::try_current().ok().filter(|_| !self.is_ended) else {
            return;
        };
        if let Some(sending) = self.sending.take() {
            sending.abort();
        }
        let (bucket, name, id) = (Arc::clone(&self.bucket), self.name.clone(), self.id.clone());
        runtime.spawn(async move {
            // What this does not do the sweep does.
            let _given_up = give_up(&bucket, &name, &id).await;
        });
    }
}

/// Ends an upload of which nothing is needed, and takes away what is noted of it.
async fn give_up(bucket: &Bucket, name: &str, id: &MultipartId) -> object_store::Result<()> {
    // One that was completed, or given up, is none any more.
    match bucket.abort_multipart(&place(DRAFTS, name), id).await {
        Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
        Err(error) => return Err(error),
    }
    for left in [place(DRAFTS, name), place(UPLOADS, name)] {
        match bucket.delete(&left).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Ends uploads that began more than an hour ago: nobody sends so long. How many.
pub(crate) async fn give_up_late(bucket: &Bucket, now: Ticks) -> object_store::Result<u64> {
    give_up_some(bucket, |begun| !is_late(begun, now)).await
}

/// Ends all of them.
pub(crate) async fn give_up_all(bucket: &Bucket) -> object_store::Result<()> {
    give_up_some(bucket, |_| true).await.map(drop)
}

/// Ends those whose beginning, in seconds of Unix time, is as wanted.
async fn give_up_some(bucket: &Bucket, is_wanted: impl Fn(i64) -> bool) -> object_store::Result<u64> {
    let noted: Vec<_> = bucket.list(Some(&Path::from(UPLOADS))).try_collect().await?;
    let mut ended = 0;
    for note in noted.into_iter().filter(|note| is_wanted(note.last_modified.timestamp())) {
        let id = bucket.get(&note.location).await?.bytes().await?;
        let id = String::from_utf8_lossy(&id).into_owned();
        if let Some(name) = note.location.filename() {
            give_up(bucket, name, &id).await?;
            ended += 1;
        }
    }
    Ok(ended)
}
