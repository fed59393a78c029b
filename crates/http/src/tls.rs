//! TLS at the door, with certificates that are read again while the server runs.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{InconsistentKeys, ServerConfig};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// What both sides say who want HTTP/2 (RFC 9113, 3.2).
pub(crate) const H2: &[u8] = b"h2";

/// Where certificate and key lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// PEM: the server's certificate first, then those above it.
    pub certificate: PathBuf,
    /// PEM: the key of the first one.
    pub key: PathBuf,
}

/// Certificate and key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("the file {path} cannot be read: {reason}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// It holds something else.
    #[error("the file {path} holds no {what} in PEM")]
    Missing {
        /// Which file.
        path: PathBuf,
        /// What was looked for.
        what: &'static str,
    },
    /// They do not belong together, or the key is of a kind that TLS does not know.
    #[error("the key {key} cannot be used with the certificate {certificate}: {reason}")]
    Unusable {
        /// The file of the key.
        key: PathBuf,
        /// That of the certificate.
        certificate: PathBuf,
        /// Why.
        reason: String,
    },
    /// TLS cannot be set up at all.
    #[error("TLS cannot be set up: {0}")]
    Setup(String),
}

/// What is shown to clients now.
#[derive(Debug)]
struct Shown(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

/// The door.
pub struct Tls {
    files: TlsFiles,
    provider: Arc<CryptoProvider>,
    shown: Arc<Shown>,
    /// Of the files as they were when they were read last.
    digest: Mutex<[u8; 32]>,
    acceptor: TlsAcceptor,
}

impl Tls {
    /// Reads the files.
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn open(files: TlsFiles) -> Result<Self, TlsError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let (certificate, key) = read(&files)?;
        let pair = pair(&provider, &files, &certificate, &key)?;
        let shown = Arc::new(Shown(RwLock::new(Arc::new(pair))));
        let mut config = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| TlsError::Setup(error.to_string()))?
            .with_no_client_auth()
            .with_cert_resolver(Arc::<Shown>::clone(&shown));
        config.alpn_protocols = vec![H2.to_vec(), b"http/1.1".to_vec()];
        let digest = Mutex::new(digest(&certificate, &key));
        Ok(Self { files, provider, shown, digest, acceptor: TlsAcceptor::from(Arc::new(config)) })
    }

    /// Reads the files again, and shows what is in them from the next connection on: whether anything is new. What cannot be
    /// used is not shown: the certificate before it stays.
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn refresh(&self) -> Result<bool, TlsError> {
        let (certificate, key) = read(&self.files)?;
        let digest = digest(&certificate, &key);
        let mut seen = self.digest.lock().unwrap_or_else(PoisonError::into_inner);
        if *seen == digest {
            return Ok(false);
        }
        let pair = pair(&self.provider, &self.files, &certificate, &key)?;
        *self.shown.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(pair);
        *seen = digest;
        Ok(true)
    }

    /// The handshake.
    pub(crate) async fn accept<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: S,
    ) -> std::io::Result<TlsStream<S>> {
        self.acceptor.accept(stream).await
    }
}

fn read(files: &TlsFiles) -> Result<(Vec<u8>, Vec<u8>), TlsError> {
    let read = |path: &Path| {
        std::fs::read(path)
            .map_err(|error| TlsError::Unreadable { path: path.to_owned(), reason: error.to_string() })
    };
    Ok((read(&files.certificate)?, read(&files.key)?))
}

fn digest(certificate: &[u8], key: &[u8]) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(certificate.len().to_le_bytes());
    digest.update(certificate);
    digest.update(key);
    digest.finalize().into()
}

fn pair(
    provider: &CryptoProvider,
    files: &TlsFiles,
    certificate: &[u8],
    key: &[u8],
) -> Result<CertifiedKey, TlsError> {
    let missing = |path: &Path, what| TlsError::Missing { path: path.to_owned(), what };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(certificate)
        .collect::<Result<_, _>>()
        .map_err(|_| missing(&files.certificate, "certificate"))?;
    if chain.is_empty() {
        return Err(missing(&files.certificate, "certificate"));
    }
    let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| missing(&files.key, "key"))?;
    let unusable = |error: rustls::Error| TlsError::Unusable {
        key: files.key.clone(),
        certificate: files.certificate.clone(),
        reason: error.to_string(),
    };
    let key = provider.key_provider.load_private_key(key).map_err(unusable)?;
    let pair = CertifiedKey::new(chain, key);
    match pair.keys_match() {
        // Of some keys it cannot be said; the first handshake tells.
        Ok(()) | Err(rustls::Error::InconsistentKeys(InconsistentKeys::Unknown)) => Ok(pair),
        Err(error) => Err(unusable(error)),
    }
}
