//! Keys behind one seam ([`SigningKey`]): in a file, behind a command, on a token.

mod command;
mod file;
mod token;
mod uri;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use potok_cms::key::SignatureAlgorithm;
use potok_cms::{
    Certificate, CertificateError, DigestAlgorithm, PrivateKeyError, PublicKey, SignError, SigningKey,
    UnixTime, UnusableKey,
};
use zeroize::Zeroizing;

use crate::Signer;

pub use command::CommandKey;
pub use token::{TokenError, TokenKey};
pub use uri::{TokenUri, TokenUriError};

/// Bytes of salt in signatures by RSASSA-PSS: as long as the digest.
const PSS_SALT_BYTES: usize = 32;

/// Where a key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// PEM with a key and its certificates, or PKCS#12.
    File(PathBuf),
    /// A program and its arguments: it reads a digest from its input and writes the signature.
    Command(Vec<String>),
    /// A key on a token.
    Token(TokenUri),
}

impl FromStr for KeySource {
    type Err = TokenUriError;

    /// `command:PROGRAM ARGUMENT…` (split at blanks), a PKCS#11 URI (`pkcs11:…`), or the name of a file.
    fn from_str(text: &str) -> Result<Self, TokenUriError> {
        if let Some(line) = text.strip_prefix("command:") {
            return Ok(Self::Command(line.split_whitespace().map(str::to_owned).collect()));
        }
        match text.strip_prefix("pkcs11:") {
            Some(uri) => TokenUri::parse(uri).map(Self::Token),
            None => Ok(Self::File(text.into())),
        }
    }
}

/// A password or PIN; it is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes `text` as it is.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password(…)")
    }
}

/// Where a password or PIN comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PasswordSource {
    /// It was given.
    Given(Password),
    /// The first line of a file, read when the key is opened.
    File(PathBuf),
}

impl PasswordSource {
    /// Takes `text` as it is.
    pub fn given(text: String) -> Self {
        Self::Given(Password::new(text))
    }

    /// The password.
    ///
    /// # Errors
    /// [`KeyError::File`].
    pub fn read(&self) -> Result<Password, KeyError> {
        match self {
            Self::Given(password) => Ok(password.clone()),
            Self::File(path) => {
                let text = std::fs::read_to_string(path).map(Zeroizing::new).map_err(unreadable(path))?;
                Ok(Password::new(text.lines().next().unwrap_or_default().to_owned()))
            }
        }
    }
}

/// A key to use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyOptions {
    /// Where it is.
    pub source: KeySource,
    /// A file with the certificate of the key and those above it, when they are not beside the key.
    pub certificate: Option<PathBuf>,
    /// What opens the key.
    pub password: Option<PasswordSource>,
}

/// Why a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A file cannot be read.
    #[error("{path} could not be read")]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is no key file, or the password is wrong.
    #[error("the key file {path} cannot be used")]
    Key {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: PrivateKeyError,
    },
    /// The file has no certificate.
    #[error("the certificate file {path} cannot be used")]
    Certificate {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: CertificateError,
    },
    /// Nobody said which certificate belongs to the key.
    #[error("the certificate of the key is missing: name its file")]
    NoCertificate,
    /// The certificate is of a key that signs nothing here.
    #[error("the key of the certificate cannot sign here: {0}")]
    Unusable(UnusableKey),
    /// The key did not sign a trial, or is not the key of the certificate.
    #[error("the key {key} failed its trial")]
    Trial {
        /// Which one.
        key: String,
        /// Why.
        source: SignError,
    },
    /// The token does not give its key.
    #[error("the key {key} cannot be used")]
    Token {
        /// Which one.
        key: String,
        /// Why.
        source: TokenError,
    },
    /// A command without a program.
    #[error("the command of the key is empty: write command:PROGRAM ARGUMENT…")]
    NoCommand,
}

impl KeyOptions {
    /// Opens the key and tries it. Of several certificates of the key it takes the named one, else the one that is valid at
    /// `at`. Waits for files and programs.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn open(&self, at: UnixTime) -> Result<Signer, KeyError> {
        let password = self.password.as_ref().map(PasswordSource::read).transpose()?;
        let signer = match &self.source {
            KeySource::File(path) => {
                return file::open(path, self.certificate.as_deref(), password.as_ref(), at);
            }
            KeySource::Command(line) => {
                let (certificate, chain) = self.certificates(at)?;
                let key = CommandKey::new(line, algorithm(&certificate)?)?;
                Signer { certificate, chain, key: Arc::new(key) }
            }
            KeySource::Token(uri) => {
                let from_file = self.certificate.as_ref().map(|_| self.certificates(at)).transpose()?;
                let (certificate, chain) = from_file.unzip();
                let pin = match (password, &uri.pin_file) {
                    (None, Some(path)) => Some(PasswordSource::File(path.clone()).read()?),
                    (password, _) => password,
                };
                let (key, certificate) = TokenKey::open(uri, pin, certificate, at)?;
                Signer { certificate, chain: chain.unwrap_or_default(), key: Arc::new(key) }
            }
        };
        let trial = signer.sign(b"trial", signer.certificate.not_before());
        trial.map_err(|source| KeyError::Trial { key: self.source.to_string(), source })?;
        Ok(signer)
    }

    /// The certificate of the key, and those above it. It is the first in its file, or another one of the same key that is
    /// valid at `at`.
    fn certificates(&self, at: UnixTime) -> Result<(Certificate, Vec<Certificate>), KeyError> {
        let path = self.certificate.as_deref().ok_or(KeyError::NoCertificate)?;
        let mut all = read_certificates(path)?;
        let first = all.first().ok_or(KeyError::NoCertificate)?;
        let of_key = all.iter().filter(|certificate| certificate.key() == first.key());
        let chosen = best(of_key, at).ok_or(KeyError::NoCertificate)?.clone();
        all.retain(|certificate| *certificate != chosen);
        Ok((chosen, all))
    }
}

/// Of certificates of one key the one that is valid at `at`, of several such the newest, of equals the first.
fn best<'a>(certificates: impl Iterator<Item = &'a Certificate>, at: UnixTime) -> Option<&'a Certificate> {
    let rank = |certificate: &Certificate| (certificate.is_valid_at(at), certificate.not_before());
    certificates.reduce(|best, other| if rank(other) > rank(best) { other } else { best })
}

impl fmt::Display for KeySource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(formatter),
            Self::Token(uri) => uri.fmt(formatter),
            Self::Command(line) => write!(formatter, "command:{}", line.join(" ")),
        }
    }
}

/// How a key that cannot be asked signs: the certificate tells.
fn algorithm(certificate: &Certificate) -> Result<SignatureAlgorithm, KeyError> {
    match certificate.key() {
        PublicKey::Gost(key) => Ok(SignatureAlgorithm::Gost(key.digest())),
        PublicKey::Rsa(_) => Ok(SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256)),
        PublicKey::RsaPss(_) => {
            Ok(SignatureAlgorithm::RsaPss { digest: DigestAlgorithm::Sha256, salt_len: PSS_SALT_BYTES })
        }
        PublicKey::P256(_) => Ok(SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256)),
        PublicKey::P384(_) => Ok(SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha384)),
        PublicKey::Unusable(reason) => Err(KeyError::Unusable(*reason)),
    }
}

fn read_certificates(path: &Path) -> Result<Vec<Certificate>, KeyError> {
    let bytes = std::fs::read(path).map_err(unreadable(path))?;
    Certificate::parse_bundle(&bytes)
        .map_err(|source| KeyError::Certificate { path: path.to_owned(), source })
}

fn unreadable(path: &Path) -> impl Fn(io::Error) -> KeyError {
    move |source| KeyError::File { path: path.to_owned(), source }
}

/// The algorithm of a key, for programs: `streebog256`, `sha256`.
fn digest_name(key: &dyn SigningKey) -> String {
    key.algorithm().digest().name().to_lowercase().replace(['-', ' '], "")
}
