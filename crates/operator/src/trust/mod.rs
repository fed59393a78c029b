//! What is trusted: certificates and revocation lists in files and folders.

mod files;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use potok_cms::{CertificateError, RevocationListError, Trust};
use potok_types::Ticks;

use files::{FileMark, Found};

/// The folders are not looked at more often than this.
const PAUSE_SECONDS: i64 = 1;

/// Where the certificates and lists lie. Both may be a folder or a single file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustOptions {
    /// Roots and authorities below them, in PEM or DER. Roots are those that signed themselves: they are trusted, and
    /// the others through them.
    pub certificates: Option<PathBuf>,
    /// Revocation lists, in DER or PEM.
    pub revocation_lists: Option<PathBuf>,
}

impl TrustOptions {
    fn look(&self) -> Result<Found, TrustError> {
        Found::look(self.certificates.as_slice(), self.revocation_lists.as_slice())
    }
}

/// A file of the folders cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// It cannot be read.
    #[error("{path} cannot be read: give an existing folder or file that this program may read")]
    Unreadable {
        /// Which file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is no certificate.
    #[error("{path} is no certificate: put certificates in PEM or DER there, or take the file away")]
    Certificate {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: CertificateError,
    },
    /// It is no revocation list.
    #[error("{path} is no revocation list: put lists in DER or PEM there, or take the file away")]
    RevocationList {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: RevocationListError,
    },
}

/// Reads certificates and revocation lists once, from files and from folders of them: of a folder those files that are
/// named like certificates or lists. Blocks.
///
/// # Errors
/// [`TrustError`] names the file.
pub fn read(certificates: &[PathBuf], revocation_lists: &[PathBuf]) -> Result<Trust, TrustError> {
    Found::look(certificates, revocation_lists)?.read(&Trust::default())
}

/// The trusted certificates and the revocation lists, as the folders have them now: changed files are read again while
/// the server runs.
#[derive(Debug)]
pub struct TrustStore {
    options: TrustOptions,
    own: Trust,
    loaded: RwLock<Loaded>,
}

#[derive(Debug)]
struct Loaded {
    trust: Arc<Trust>,
    /// The files as they were when they were read, or could not be.
    files: Vec<FileMark>,
    looked_at: Ticks,
}

impl TrustStore {
    /// Reads the folders. `own` is trusted beside them: the authority of the server's test signatures. Blocks.
    ///
    /// # Errors
    /// [`TrustError`] names the file.
    pub fn open(options: TrustOptions, own: Trust, now: Ticks) -> Result<Self, TrustError> {
        let found = options.look()?;
        let trust = Arc::new(found.read(&own)?);
        tracing::info!(
            roots = trust.anchors.len(),
            authorities = trust.intermediates.len(),
            revocation_lists = trust.revocation_lists.len(),
            "these certificates are trusted"
        );
        Ok(Self { options, own, loaded: RwLock::new(Loaded { trust, files: found.files, looked_at: now }) })
    }

    /// Whether there is nothing at all to trust: then no signature can be good.
    pub fn is_empty(&self) -> bool {
        let loaded = self.loaded.read().unwrap_or_else(PoisonError::into_inner);
        loaded.trust.anchors.is_empty()
    }

    /// What is trusted now. Files that changed since are read again; what cannot be read leaves everything as it was.
    /// Blocks, though seldom.
    pub fn current(&self, now: Ticks) -> Arc<Trust> {
        {
            let loaded = self.loaded.read().unwrap_or_else(PoisonError::into_inner);
            if now < loaded.looked_at.plus_seconds(PAUSE_SECONDS) {
                return Arc::clone(&loaded.trust);
            }
        }
        let mut loaded = self.loaded.write().unwrap_or_else(PoisonError::into_inner);
        if now >= loaded.looked_at.plus_seconds(PAUSE_SECONDS) {
            loaded.looked_at = now;
            self.look_again(&mut loaded);
        }
        Arc::clone(&loaded.trust)
    }

    fn look_again(&self, loaded: &mut Loaded) {
        let read = self.options.look().and_then(|found| {
            if found.files == loaded.files {
                return Ok(None);
            }
            // A file that is broken is complained about once, not at every look.
            loaded.files.clone_from(&found.files);
            found.read(&self.own).map(Some)
        });
        match read {
            Ok(None) => {}
            Ok(Some(trust)) => {
                tracing::info!(
                    roots = trust.anchors.len(),
                    authorities = trust.intermediates.len(),
                    revocation_lists = trust.revocation_lists.len(),
                    "trusted certificates were read again"
                );
                loaded.trust = Arc::new(trust);
            }
            Err(error) => tracing::error!(
                %error, source = ?std::error::Error::source(&error),
                "trusted certificates could not be read again; those read before are kept"
            ),
        }
    }
}
