//! A test infrastructure as a folder of files.

use std::fs::{DirBuilder, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use potok_cms::pki::{Identity, TestPki};
use potok_cms::{Certificate, KeyStore, PrivateKey, RevocationList, UnixTime};
use rand::CryptoRng;
use zeroize::Zeroizing;

use super::TestPkiError;

/// Where everything lies:
///
/// * `trust/`: the certificates of root and authority, to be trusted;
/// * `revocation/`: their revocation lists;
/// * `root.pem`, `authority.pem`, `operator.pem`, `time-stamping.pem`: each a key with its certificate and what is above;
/// * `people/1.pem`…: the same for people, with the bare certificate beside it in `people/1.crt`.
#[derive(Clone, Debug)]
pub struct Layout(PathBuf);

/// A person's files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonFile {
    /// Key and certificates.
    pub key: PathBuf,
    /// The bare certificate.
    pub certificate: PathBuf,
}

impl Layout {
    /// The layout of `folder`.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }

    /// Key and certificate of the root.
    pub fn root(&self) -> PathBuf {
        self.0.join("root.pem")
    }

    /// Key and certificate of the authority.
    pub fn authority(&self) -> PathBuf {
        self.0.join("authority.pem")
    }

    /// Key and certificates of the operator.
    pub fn operator(&self) -> PathBuf {
        self.0.join("operator.pem")
    }

    /// Key and certificates of the time stamp authority.
    pub fn time_stamping(&self) -> PathBuf {
        self.0.join("time-stamping.pem")
    }

    /// The folder of trusted certificates.
    pub fn trust(&self) -> PathBuf {
        self.0.join("trust")
    }

    /// The folder of revocation lists.
    pub fn revocation(&self) -> PathBuf {
        self.0.join("revocation")
    }

    pub(super) fn root_certificate(&self) -> PathBuf {
        self.trust().join("root.pem")
    }

    /// The files of the person number `number`, from 1.
    pub fn person(&self, number: usize) -> PersonFile {
        let file = |extension: &str| self.0.join("people").join(format!("{number}.{extension}"));
        PersonFile { key: file("pem"), certificate: file("crt") }
    }

    /// Writes `pki` and the keys of `people`, the keys behind `password` if there is one. Either everything is there in the
    /// end or nothing.
    ///
    /// # Errors
    /// [`TestPkiError::AlreadyThere`] when the folder is; [`TestPkiError::File`].
    pub fn write(
        &self,
        pki: &TestPki,
        people: &[&Identity],
        password: Option<&str>,
        random: &mut impl CryptoRng,
    ) -> Result<(), TestPkiError> {
        if self.0.exists() {
            return Err(TestPkiError::AlreadyThere(self.0.clone()));
        }
        let mut name = self.0.file_name().unwrap_or_default().to_owned();
        name.push(".new");
        let draft = Self(self.0.with_file_name(name));
        // What an earlier attempt left behind.
        match std::fs::remove_dir_all(&draft.0) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(unusable(&draft.0)(error)),
            _ => {}
        }
        draft.write_all(pki, people, password, random)?;
        std::fs::rename(&draft.0, &self.0).map_err(unusable(&self.0))
    }

    fn write_all(
        &self,
        pki: &TestPki,
        people: &[&Identity],
        password: Option<&str>,
        random: &mut impl CryptoRng,
    ) -> Result<(), TestPkiError> {
        let folders = [self.0.clone(), self.trust(), self.revocation(), self.0.join("people")];
        for folder in folders {
            make_folder(&folder)?;
        }
        let (root, authority) = (pki.root.identity(), pki.authority.identity());
        let above = std::slice::from_ref(&authority.certificate);
        let mut keep = |path: &Path, identity: &Identity, above: &[Certificate]| {
            write_file(path, bundle(identity, above, password, random).as_bytes())
        };
        keep(&self.root(), root, &[])?;
        keep(&self.authority(), authority, &[])?;
        keep(&self.operator(), &pki.operator, above)?;
        keep(&self.time_stamping(), &pki.time_stamping, above)?;
        for (index, person) in people.iter().enumerate() {
            let files = self.person(index + 1);
            keep(&files.key, person, above)?;
            write_file(&files.certificate, person.certificate.to_pem().as_bytes())?;
        }
        write_file(&self.root_certificate(), root.certificate.to_pem().as_bytes())?;
        write_file(&self.trust().join("authority.pem"), authority.certificate.to_pem().as_bytes())?;
        for (path, list) in self.lists().iter().zip(&pki.revocation_lists) {
            write_file(path, list)?;
        }
        Ok(())
    }

    fn lists(&self) -> [PathBuf; 2] {
        ["root.crl", "authority.crl"].map(|name| self.revocation().join(name))
    }

    /// A key with its certificate, and the certificates above.
    pub(super) fn identity(
        &self,
        path: &Path,
        at: UnixTime,
    ) -> Result<(Identity, Vec<Certificate>), TestPkiError> {
        let bytes = Zeroizing::new(read(path)?);
        let found = KeyStore::parse(&bytes, None).and_then(|store| store.into_identity(at));
        found.map_err(|source| TestPkiError::Key { path: path.to_owned(), source })
    }

    pub(super) fn certificate(&self, path: &Path) -> Result<Certificate, TestPkiError> {
        let found = Certificate::parse(&read(path)?);
        found.map_err(|source| TestPkiError::Certificate { path: path.to_owned(), source })
    }

    pub(super) fn revocation_lists(&self) -> Result<Vec<RevocationList>, TestPkiError> {
        let read_list = |path: &PathBuf| {
            let found = RevocationList::parse(&read(path)?);
            found.map_err(|source| TestPkiError::RevocationList { path: path.clone(), source })
        };
        self.lists().iter().map(read_list).collect()
    }

    /// Writes another certificate of the operator.
    pub(super) fn replace_operator(
        &self,
        identity: &Identity,
        above: &[Certificate],
    ) -> Result<(), TestPkiError> {
        let path = self.operator();
        let draft = path.with_extension("pem.new");
        // Without a password no randomness is needed.
        let text = plain_bundle(identity, above);
        match std::fs::remove_file(&draft) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(unusable(&draft)(error)),
            _ => {}
        }
        write_file(&draft, text.as_bytes())?;
        std::fs::rename(&draft, &path).map_err(unusable(&path))
    }
}

/// Key, certificate and what is above it, as one PEM file.
fn bundle(
    identity: &Identity,
    above: &[Certificate],
    password: Option<&str>,
    random: &mut impl CryptoRng,
) -> Zeroizing<String> {
    match password {
        Some(password) => with_certificates(identity.key.to_encrypted_pem(password, random), identity, above),
        None => plain_bundle(identity, above),
    }
}

fn plain_bundle(identity: &Identity, above: &[Certificate]) -> Zeroizing<String> {
    with_certificates(PrivateKey::to_pem(&identity.key), identity, above)
}

fn with_certificates(
    key: Zeroizing<String>,
    identity: &Identity,
    above: &[Certificate],
) -> Zeroizing<String> {
    let mut text = key;
    for certificate in std::iter::once(&identity.certificate).chain(above) {
        text.push_str(&certificate.to_pem());
    }
    text
}

fn unusable(path: &Path) -> impl Fn(io::Error) -> TestPkiError {
    move |source| TestPkiError::File { path: path.to_owned(), source }
}

fn read(path: &Path) -> Result<Vec<u8>, TestPkiError> {
    std::fs::read(path).map_err(unusable(path))
}

fn make_folder(path: &Path) -> Result<(), TestPkiError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(unusable(path))
}

/// A new file that only its owner reads.
fn write_file(path: &Path, bytes: &[u8]) -> Result<(), TestPkiError> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let write = || -> io::Result<()> {
        let mut file = options.open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(unusable(path))
}
