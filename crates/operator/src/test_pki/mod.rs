//! A small authority of the server's own, for installations without real keys: it signs for the operator and makes the
//! test signatures. It proves nothing to anybody who does not trust it on purpose.

mod files;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use potok_cms::gost::ParameterSet;
use potok_cms::pki::{Authority, Members, Organization, Role, Subject, TestPki, Validity};
use potok_cms::{
    Certificate, CertificateError, KeyKind, PrivateKeyError, RevocationList, RevocationListError,
    SigningError, Trust, UnixTime,
};
use potok_types::Entropy;
use rand::SeedableRng as _;
use rand::rngs::StdRng;

use crate::Signer;

pub use files::{Layout, PersonFile};

/// The kind of all keys made here unless somebody asks for another: GOST R 34.10-2012 with 256 bits, on the curve that
/// OpenSSL, GnuTLS and Bouncy Castle all know.
pub const DEFAULT_KIND: KeyKind = KeyKind::Gost(ParameterSet::CryptoProA);

/// Twenty years: a test installation never meets the end of its certificates.
const DAYS: u32 = 7305;
/// Certificates made on demand live a year, as real ones do.
const ISSUED_DAYS: u32 = 365;
/// Clocks of machines differ a little, and a certificate from the future is a bad one.
const EARLIER_SECONDS: i64 = 86_400;

/// Why there is no test infrastructure.
#[derive(Debug, thiserror::Error)]
pub enum TestPkiError {
    /// A file or a folder cannot be used.
    #[error("{path} cannot be used")]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is something already.
    #[error("{0} is there already: give another folder, or remove it")]
    AlreadyThere(PathBuf),
    /// A key file is no key file any more.
    #[error(
        "{path} cannot be read as a key with its certificate; remove the folder to have everything made anew"
    )]
    Key {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: PrivateKeyError,
    },
    /// A certificate cannot be read.
    #[error("{path} cannot be read as a certificate; remove the folder to have everything made anew")]
    Certificate {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: CertificateError,
    },
    /// A revocation list cannot be read.
    #[error("{path} cannot be read as a revocation list; remove the folder to have everything made anew")]
    RevocationList {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: RevocationListError,
    },
    /// A key was not made or did not sign.
    #[error("a certificate could not be issued")]
    Signing(#[from] SigningError),
}

/// Randomness for keys, from the only source of it.
pub fn random(entropy: &dyn Entropy) -> StdRng {
    let mut seed = [0; 32];
    entropy.fill(&mut seed);
    StdRng::from_seed(seed)
}

/// Makes a complete infrastructure for `operator` and the people of `organizations`, good for twenty years.
///
/// # Errors
/// [`SigningError`] when a key could not be made.
pub fn make(
    kind: KeyKind,
    operator: &Members,
    organizations: &[Members],
    now: UnixTime,
    entropy: &dyn Entropy,
) -> Result<TestPki, SigningError> {
    TestPki::new(kind, operator, organizations, validity(now, DAYS), &mut random(entropy))
}

/// The keys of the server's own authority and of the operator under it.
#[derive(Debug)]
pub struct TestKeys {
    authority: Authority,
    root: Certificate,
    operator: Arc<Signer>,
    revocation_lists: Vec<RevocationList>,
}

impl TestKeys {
    /// Opens the infrastructure in `folder`; makes it when there is none yet. The operator's certificate names `operator`:
    /// it is issued again, for the same key, when that has changed or its time is over.
    ///
    /// # Errors
    /// [`TestPkiError`] names the file.
    pub fn open(
        folder: &Path,
        operator: &potok_fns::Operator,
        now: UnixTime,
        entropy: &dyn Entropy,
    ) -> Result<Self, TestPkiError> {
        let layout = Layout::new(folder);
        let organization = named(operator);
        if !folder.exists() {
            let members = Members { organization: organization.clone(), people: Vec::new() };
            let pki = make(DEFAULT_KIND, &members, &[], now, entropy)?;
            layout.write(&pki, &[], None, &mut random(entropy))?;
        }
        let (authority, _) = layout.identity(&layout.authority(), now)?;
        let authority = Authority::new(authority);
        let (mut identity, chain) = layout.identity(&layout.operator(), now)?;
        let subject = Subject::organization(&organization);
        if !subject.is_of(&identity.certificate) || !identity.certificate.is_valid_at(now) {
            let role = Role::Signer;
            let period = within(validity(now, DAYS), authority.certificate());
            let mut random = random(entropy);
            let key = identity.key.public_key();
            identity.certificate = authority.issue(&subject, &key, role, period, &mut random)?;
            layout.replace_operator(&identity, &chain)?;
        }
        Ok(Self {
            root: layout.certificate(&layout.root_certificate())?,
            revocation_lists: layout.revocation_lists()?,
            operator: Arc::new(Signer::new(identity, chain)),
            authority,
        })
    }

    /// The operator's key.
    pub fn operator(&self) -> &Arc<Signer> {
        &self.operator
    }

    /// What has to be trusted for test signatures to be good.
    pub fn trust(&self) -> Trust {
        Trust {
            anchors: vec![self.root.clone()],
            intermediates: vec![self.authority.certificate().clone()],
            revocation_lists: self.revocation_lists.clone(),
            ..Trust::default()
        }
    }

    /// Makes a key and a certificate for `subject`, good for a year.
    ///
    /// # Errors
    /// [`SigningError`] when no key could be made.
    pub fn issue(
        &self,
        subject: &Subject,
        now: UnixTime,
        entropy: &dyn Entropy,
    ) -> Result<Signer, SigningError> {
        let period = within(validity(now, ISSUED_DAYS), self.authority.certificate());
        let mut random = random(entropy);
        let identity =
            self.authority.issue_identity(subject, DEFAULT_KIND, Role::Signer, period, &mut random)?;
        Ok(Signer::new(identity, vec![self.authority.certificate().clone()]))
    }
}

/// An organization of which only name and INN are known.
fn named(operator: &potok_fns::Operator) -> Organization {
    let potok_fns::Operator { name, inn, code: _ } = operator;
    Organization { name: name.clone(), inn: inn.clone(), ogrn: String::new(), city: String::new() }
}

/// So many days, from a little earlier on.
fn validity(now: UnixTime, days: u32) -> Validity {
    Validity { from: UnixTime(now.0 - EARLIER_SECONDS), ..Validity::days(now, days) }
}

/// No certificate outlives the one above it.
fn within(validity: Validity, authority: &Certificate) -> Validity {
    Validity { from: validity.from.max(authority.not_before()), to: validity.to.min(authority.not_after()) }
}

#[cfg(test)]
mod tests {
    use potok_cms::{Content, verify};
    use potok_types::SeededEntropy;

    use super::*;

    const NOW: UnixTime = UnixTime(1_795_255_200);

    fn operator(name: &str) -> potok_fns::Operator {
        potok_fns::Operator { name: name.to_owned(), inn: "9900000000".to_owned(), code: "2BM".to_owned() }
    }

    #[test]
    fn the_infrastructure_is_made_once_and_signs_what_verifies() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("test-pki");
        let entropy = SeededEntropy::new(1);
        let made = TestKeys::open(&folder, &operator("ООО «Поток»"), NOW, &entropy).unwrap();
        let again = TestKeys::open(&folder, &operator("ООО «Поток»"), NOW, &entropy).unwrap();
        assert_eq!(made.operator().certificate, again.operator().certificate);
        let signature = made.operator().sign(b"document", NOW).unwrap();
        let check = |content, at| verify(&signature, Content::Bytes(content), at, &again.trust()).unwrap();
        assert!(check(b"document", NOW).is_valid());
        assert!(!check(b"another", NOW).is_valid());

        let person = Subject::common_name("Кто-то");
        let issued = again.issue(&person, NOW, &entropy).unwrap();
        let signature = issued.sign(b"document", NOW).unwrap();
        let check = |at| verify(&signature, Content::Bytes(b"document"), at, &made.trust()).unwrap();
        assert!(check(NOW).is_valid());
        assert_ne!(again.issue(&person, NOW, &entropy).unwrap().certificate, issued.certificate);
    }

    #[test]
    fn the_operators_certificate_follows_its_name_and_the_time() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("test-pki");
        let entropy = SeededEntropy::new(1);
        let first = TestKeys::open(&folder, &operator("Первый"), NOW, &entropy).unwrap();
        let second = TestKeys::open(&folder, &operator("Второй"), NOW, &entropy).unwrap();
        let (old, new) = (&first.operator().certificate, &second.operator().certificate);
        assert_eq!(new.subject().organization(), Some("Второй"));
        assert_eq!((old.key(), old.issuer()), (new.key(), new.issuer()));
        let third = TestKeys::open(&folder, &operator("Второй"), NOW, &entropy).unwrap();
        assert_eq!(third.operator().certificate, *new);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_reads_the_keys() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("test-pki");
        TestKeys::open(&folder, &operator("Поток"), NOW, &SeededEntropy::new(1)).unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let layout = Layout::new(&folder);
        assert_eq!(mode(&folder), 0o700);
        for file in [layout.root(), layout.authority(), layout.operator(), layout.time_stamping()] {
            assert_eq!(mode(&file), 0o600, "{}", file.display());
        }
    }

    #[test]
    fn a_broken_folder_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let error =
            TestKeys::open(folder.path(), &operator("Поток"), NOW, &SeededEntropy::new(1)).unwrap_err();
        assert!(
            matches!(&error, TestPkiError::File { path, .. } if path.starts_with(folder.path())),
            "{error}"
        );
        std::fs::write(Layout::new(folder.path()).authority(), "no key").unwrap();
        let error =
            TestKeys::open(folder.path(), &operator("Поток"), NOW, &SeededEntropy::new(1)).unwrap_err();
        assert!(matches!(error, TestPkiError::Key { .. }), "{error}");
    }
}
