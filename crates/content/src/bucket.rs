//! A bucket of S3, or of whatever speaks like it, by the library that keeps the folder.
//!
//! A name says which bytes are behind it, so an object is overwritten rather than made once: servers differ in what they make of a
//! condition, and some keep what they refused. The digest goes with the bytes for the server to check, and is checked again when they
//! are read.

use std::fmt;
use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder, Checksum};
use object_store::{BackoffConfig, ClientOptions, RetryConfig};
use zeroize::Zeroizing;

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
}

/// Without the key.
impl fmt::Debug for BucketOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BucketOptions")
            .field("endpoint", &self.endpoint)
            .field("bucket", &self.bucket)
            .finish_non_exhaustive()
    }
}

pub(crate) fn open(options: &BucketOptions) -> object_store::Result<AmazonS3> {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Somebody else may be faster, and then theirs is used: either is fine.
        let _other_was_first = rustls::crypto::ring::default_provider().install_default();
    }
    let client = ClientOptions::new()
        .with_allow_http(options.endpoint.starts_with("http://"))
        .with_connect_timeout(CONNECTING)
        .with_timeout(ANSWERING);
    let backoff = BackoffConfig { init_backoff: Duration::from_millis(200), ..BackoffConfig::default() };
    AmazonS3Builder::new()
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
        .build()
}
