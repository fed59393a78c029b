//! A bucket of S3, or of whatever speaks like it, by the library that keeps the folder.
//!
//! A name says which bytes are behind it, so an object is overwritten rather than made once: servers differ in what they make of a
//! condition, and some keep what they refused. The digest goes with the bytes for the server to check, and is checked again when they
//! are read.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use object_store::aws::{AmazonS3, AmazonS3Builder, Checksum};
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{BackoffConfig, ClientOptions, ObjectStoreExt as _, PutPayload, RetryConfig};
use zeroize::Zeroizing;

use crate::{ContentError, Contents};

/// A bucket, or the part of one whose names begin alike.
pub(crate) type Bucket = PrefixStore<AmazonS3>;

/// How long a connection may take, and an answer from its beginning to its end: the largest object is a part of a file.
const CONNECTING: Duration = Duration::from_secs(10);
const ANSWERING: Duration = Duration::from_secs(120);
/// Requests are sent again until then, with growing pauses: all of them may be repeated.
const PATIENCE: Duration = Duration::from_secs(20);
const TRIES: usize = 5;

/// A bucket, and who may use it.
#[derive(Clone)]
pub struct BucketOptions {
    /// The server: `https://s3.example`. The bucket is named in paths.
    pub endpoint: String,
    /// The bucket.
    pub bucket: String,
    /// The region that signatures name.
    pub region: String,
    /// The name of the key.
    pub access_key: String,
    /// The key.
    pub secret_key: Zeroizing<String>,
    /// With what every name in the bucket begins, without a slash at its ends; empty: nothing.
    pub prefix: String,
}

/// Without the key.
impl fmt::Debug for BucketOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BucketOptions")
            .field("endpoint", &self.endpoint)
            .field("bucket", &self.bucket)
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

pub(crate) fn open(options: &BucketOptions) -> object_store::Result<Bucket> {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Somebody else may be faster, and then theirs is used: either is fine.
        let _other_was_first = rustls::crypto::ring::default_provider().install_default();
    }
    let client = ClientOptions::new()
        .with_allow_http(options.endpoint.starts_with("http://"))
        .with_connect_timeout(CONNECTING)
        .with_timeout(ANSWERING);
    let backoff = BackoffConfig { init_backoff: Duration::from_millis(200), ..BackoffConfig::default() };
    let opened = AmazonS3Builder::new()
        .with_endpoint(options.endpoint.trim_end_matches('/'))
        .with_bucket_name(&options.bucket)
        .with_region(&options.region)
        .with_access_key_id(&options.access_key)
        .with_secret_access_key(options.secret_key.as_str())
        .with_checksum_algorithm(Checksum::SHA256)
        // Not every server knows of tags, nor of many deletions in one request.
        .with_disable_tagging(true)
        .with_disable_bulk_delete(true)
        .with_client_options(client)
        .with_retry(RetryConfig { backoff, max_retries: TRIES, retry_timeout: PATIENCE })
        .build()?;
    Ok(PrefixStore::new(opened, Path::from(options.prefix.as_str())))
}

impl Contents {
    /// Writes a small file under a name of its own beside the contents, in the place of one that is there.
    ///
    /// # Errors
    /// [`ContentError::Unwritable`]: it may be there or not.
    pub async fn put_note(&self, name: &str, bytes: Bytes) -> Result<(), ContentError> {
        let put = self.objects.put(&Path::from(name), PutPayload::from_bytes(bytes)).await;
        put.map(drop).map_err(ContentError::Unwritable)
    }

    /// The file that [`Self::put_note`] wrote last under this name, if there is one.
    ///
    /// # Errors
    /// [`ContentError::Listing`].
    pub async fn note(&self, name: &str) -> Result<Option<Bytes>, ContentError> {
        let found = match self.objects.get(&Path::from(name)).await {
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            found => found.map_err(ContentError::Listing)?,
        };
        found.bytes().await.map(Some).map_err(ContentError::Listing)
    }
}
