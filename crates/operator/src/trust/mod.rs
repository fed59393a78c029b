//! What is trusted: certificates and revocation lists in files and folders.

mod files;
mod lists;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use potok_cms::{CertificateError, RevocationListError, RevocationPolicy, Trust, UnixTime};
use potok_types::{Ticks, with_causes};

use files::{FileMark, Found, Read};
pub use lists::{ListGap, gaps};

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
    /// Whether each certificate needs a current list.
    pub revocation: RevocationPolicy,
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
    #[error("{path} is no certificate: put certificates in PEM, DER or PKCS#7 there, or take the file away")]
    Certificate {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: CertificateError,
    },
    /// It is no revocation list, or one of a kind that is not understood.
    #[error(
        "{path} cannot be used: put complete revocation lists in DER or PEM there, or take the file away"
    )]
    RevocationList {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: RevocationListError,
    },
}

impl TrustError {
    /// The same in Russian, without the causes that are told behind it.
    pub fn text_ru(&self) -> String {
        match self {
            Self::Unreadable { path, .. } => {
                format!(
                    "{} не читается: укажите файл или папку, к которым у программы есть доступ",
                    path.display()
                )
            }
            Self::Certificate { path, .. } => format!(
                "{} – не сертификат: положите сюда сертификаты в PEM, DER или PKCS#7 или уберите файл",
                path.display()
            ),
            Self::RevocationList { path, .. } => format!(
                "{} нельзя использовать: положите сюда полные списки отозванных в DER или PEM или уберите файл",
                path.display()
            ),
        }
    }
}

/// Reads certificates and revocation lists once, from files and from folders of them: of a folder those files that are
/// named like certificates or lists. Gives what is trusted, and the files that are left out. Blocks.
///
/// # Errors
/// [`TrustError`] names a file of certificates that was named itself, or a folder, that cannot be used.
pub fn read(
    certificates: &[PathBuf],
    revocation_lists: &[PathBuf],
) -> Result<(Trust, Vec<TrustError>), TrustError> {
    let Read { trust, left_out } =
        Found::look(certificates, revocation_lists)?.read(RevocationPolicy::default())?;
    Ok((trust, left_out))
}

/// The trusted certificates and the revocation lists, as the folders have them now: changed files are read again while
/// the server runs. The server's own test authority counts for test organizations only, and never among these.
#[derive(Debug)]
pub struct TrustStore {
    options: TrustOptions,
    test_authority: Trust,
    loaded: RwLock<Loaded>,
}

#[derive(Debug)]
struct Loaded {
    trust: Arc<Trust>,
    /// The same and the test authority.
    of_tests: Arc<Trust>,
    /// The files as they were when they were read, or could not be.
    files: Vec<FileMark>,
    looked_at: Ticks,
    /// Authorities without a current list that were told of.
    gaps: BTreeSet<ListGap>,
}

impl TrustStore {
    /// Reads the folders. `test_authority` makes the server's test signatures; nothing for a server without. Blocks.
    ///
    /// # Errors
    /// [`TrustError`] names a file of certificates that was named itself, or a folder, that cannot be used.
    pub fn open(options: TrustOptions, test_authority: Trust, now: Ticks) -> Result<Self, TrustError> {
        let found = options.look()?;
        let read = found.read(options.revocation)?;
        read.tell_left_out();
        tracing::info!(
            roots = read.trust.anchors.len(),
            authorities = read.trust.intermediates.len(),
            revocation_lists = read.trust.revocation_lists.len(),
            left_out = read.left_out.len(),
            "these certificates are trusted"
        );
        let mut loaded = Loaded {
            of_tests: Arc::new(together(&read.trust, &test_authority)),
            trust: Arc::new(read.trust),
            files: found.files,
            looked_at: now,
            gaps: BTreeSet::new(),
        };
        loaded.tell_gaps(now);
        Ok(Self { options, test_authority, loaded: RwLock::new(loaded) })
    }

    /// A store that trusts this, without files.
    #[cfg(test)]
    pub(crate) fn of(trust: Trust, now: Ticks) -> Self {
        let trust = Arc::new(trust);
        let loaded = Loaded {
            of_tests: Arc::clone(&trust),
            trust,
            files: Vec::new(),
            looked_at: now,
            gaps: BTreeSet::new(),
        };
        Self {
            options: TrustOptions::default(),
            test_authority: Trust::default(),
            loaded: RwLock::new(loaded),
        }
    }

    /// Whether nothing is trusted: then no signature of an organization that is no test can be good.
    pub fn is_empty(&self) -> bool {
        let loaded = self.loaded.read().unwrap_or_else(PoisonError::into_inner);
        loaded.trust.anchors.is_empty()
    }

    /// What is trusted now. Files that changed since are read again; what cannot be read leaves everything as it was. Lists that
    /// ran out meanwhile are told of in the log. Blocks, though seldom.
    pub fn current(&self, now: Ticks) -> Arc<Trust> {
        self.look(now, |loaded| Arc::clone(&loaded.trust))
    }

    /// What is trusted now where an organization is a test: the test authority too. Blocks, though seldom.
    pub fn current_of_tests(&self, now: Ticks) -> Arc<Trust> {
        self.look(now, |loaded| Arc::clone(&loaded.of_tests))
    }

    fn look<T>(&self, now: Ticks, take: impl Fn(&Loaded) -> T) -> T {
        {
            let loaded = self.loaded.read().unwrap_or_else(PoisonError::into_inner);
            if now < loaded.looked_at.plus_seconds(PAUSE_SECONDS) {
                return take(&loaded);
            }
        }
        let mut loaded = self.loaded.write().unwrap_or_else(PoisonError::into_inner);
        if now >= loaded.looked_at.plus_seconds(PAUSE_SECONDS) {
            loaded.looked_at = now;
            self.look_again(&mut loaded);
            loaded.tell_gaps(now);
        }
        take(&loaded)
    }

    /// Authorities without a current revocation list, as of the last look.
    pub fn gaps(&self) -> BTreeSet<ListGap> {
        self.loaded.read().unwrap_or_else(PoisonError::into_inner).gaps.clone()
    }

    fn look_again(&self, loaded: &mut Loaded) {
        let read = self.options.look().and_then(|found| {
            if found.files == loaded.files {
                return Ok(None);
            }
            // A file that is broken is complained about once, not at every look.
            loaded.files.clone_from(&found.files);
            found.read(self.options.revocation).map(Some)
        });
        match read {
            Ok(None) => {}
            Ok(Some(read)) => {
                read.tell_left_out();
                tracing::info!(
                    roots = read.trust.anchors.len(),
                    authorities = read.trust.intermediates.len(),
                    revocation_lists = read.trust.revocation_lists.len(),
                    left_out = read.left_out.len(),
                    "trusted certificates were read again"
                );
                loaded.of_tests = Arc::new(together(&read.trust, &self.test_authority));
                loaded.trust = Arc::new(read.trust);
            }
            Err(error) => tracing::error!(
                error = with_causes(&error),
                "trusted certificates could not be read again; those read before are kept"
            ),
        }
    }
}

fn together(trust: &Trust, test_authority: &Trust) -> Trust {
    let mut both = trust.clone();
    both.anchors.extend_from_slice(&test_authority.anchors);
    both.intermediates.extend_from_slice(&test_authority.intermediates);
    both.revocation_lists.extend_from_slice(&test_authority.revocation_lists);
    both
}

impl Loaded {
    /// Complains about each authority without a current list, once.
    fn tell_gaps(&mut self, now: Ticks) {
        let gaps = gaps(&self.trust, UnixTime(now.unix_seconds()));
        let revocation = self.trust.revocation;
        for gap in gaps.difference(&self.gaps) {
            tracing::warn!(%gap, ?revocation, "an authority has no current revocation list");
        }
        self.gaps = gaps;
    }
}

impl Read {
    fn tell_left_out(&self) {
        for error in &self.left_out {
            tracing::error!(error = with_causes(error), "a file is left out of what is trusted");
        }
    }
}
