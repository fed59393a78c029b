//! Logging in with a certificate.

use std::fmt;
use std::sync::Arc;

use potok_cms::enveloped_data;
use potok_cms::pki::Identity;
use potok_cms::{KeyStore, PrivateKeyError, UnixTime};
use potok_types::{Clock, SystemClock};

/// A certificate, and somebody who opens what was encrypted to it: a file, a token, a program.
pub trait CertificateKey: Send + Sync {
    /// The certificate in DER.
    fn certificate(&self) -> &[u8];

    /// SHA-1 of the certificate, 40 hexadecimal digits.
    fn thumbprint(&self) -> String;

    /// Opens a CMS EnvelopedData in DER. Called off the async threads, because a token may take its time.
    ///
    /// # Errors
    /// Why it was not opened, for people.
    fn open(&self, enveloped: &[u8]) -> Result<Vec<u8>, String>;
}

impl CertificateKey for Identity {
    fn certificate(&self) -> &[u8] {
        self.certificate.as_der()
    }

    fn thumbprint(&self) -> String {
        self.certificate.thumbprint().to_string()
    }

    fn open(&self, enveloped: &[u8]) -> Result<Vec<u8>, String> {
        enveloped_data::decrypt(enveloped, &self.certificate, &self.key)
            .map(|opened| opened.to_vec())
            .map_err(|error| error.to_string())
    }
}

/// A certificate with its key, ready to log in.
#[derive(Clone)]
pub struct CertificateLogin(pub(crate) Arc<dyn CertificateKey>);

impl CertificateLogin {
    /// With a key that lives elsewhere, or one that was read already.
    pub fn new(key: impl CertificateKey + 'static) -> Self {
        Self(Arc::new(key))
    }

    /// Reads the bytes of a key file: PKCS#12, or PEM with the private key and its certificate in any order.
    ///
    /// # Errors
    /// [`PrivateKeyError`] says whether the file, the password or the kind of key is the matter.
    pub fn from_file(bytes: &[u8], password: Option<&str>) -> Result<Self, PrivateKeyError> {
        // Of several certificates of one key it is the one that is valid today.
        let today = UnixTime(SystemClock.now().unix_seconds());
        let (identity, _others) = KeyStore::parse(bytes, password)?.into_identity(today)?;
        Ok(Self::new(identity))
    }
}

/// Only the thumbprint.
impl fmt::Debug for CertificateLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CertificateLogin({})", self.0.thumbprint())
    }
}
