//! Contents of a bucket that somebody is about to take away: a bucket has no lock under which to look and to delete.
//!
//! Whoever takes a content away marks it first, looks again whether somebody has put it meanwhile, and only then deletes it. Whoever
//! puts it looks for a mark afterwards: where there is none, the other one either has not looked again yet, and finds that it was put,
//! or is done already before these bytes came. Where there is one, it is waited for and the bytes are put again.

use object_store::path::Path;
use object_store::{ObjectStoreExt as _, PutPayload};
use potok_types::{ContentHash, Ticks};

use crate::bucket::Bucket;

/// Where marks are.
const SWEPT: &str = "swept";
/// Nobody takes so long from the mark to its end: who was cut off in between left the mark behind.
const STALE_SECONDS: i64 = 900;
/// Questions whether a mark is gone, each as long as the way to the bucket and back.
const TRIES: usize = 200;

fn place(hash: ContentHash) -> Path {
    Path::from(format!("{SWEPT}/{hash}"))
}

/// Says that a content is about to be taken away.
pub(crate) async fn set(bucket: &Bucket, hash: ContentHash) -> object_store::Result<()> {
    bucket.put(&place(hash), PutPayload::from_static(b"swept")).await.map(drop)
}

/// Says that it no longer is.
pub(crate) async fn lift(bucket: &Bucket, hash: ContentHash) -> object_store::Result<()> {
    match bucket.delete(&place(hash)).await {
        Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Waits until nobody is about to take a content away; whether somebody was. Then it may be gone.
///
/// # Errors
/// The bucket fails, or somebody takes longer than anybody waits: worth repeating.
pub(crate) async fn wait(bucket: &Bucket, hash: ContentHash, now: Ticks) -> object_store::Result<bool> {
    for attempt in 0..TRIES {
        match bucket.head(&place(hash)).await {
            Err(object_store::Error::NotFound { .. }) => return Ok(attempt > 0),
            Err(error) => return Err(error),
            Ok(mark) if mark.last_modified.timestamp() < now.unix_seconds() - STALE_SECONDS => {
                lift(bucket, hash).await?;
                return Ok(true);
            }
            Ok(_) => {}
        }
    }
    let source = "it is being taken away at this moment: do the same again".into();
    Err(object_store::Error::Generic { store: "bucket", source })
}
