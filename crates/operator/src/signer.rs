//! Whoever signs: a certificate, and the key behind it.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use potok_cms::pki::Identity;
use potok_cms::{Certificate, Content, Fresh, Freshly, SignError, SigningKey, UnixTime, sign};

use crate::{CutOff, Offload};

/// A certificate with its key, wherever the key lives.
#[derive(Clone)]
pub struct Signer {
    /// The certificate.
    pub certificate: Certificate,
    /// Certificates above it, which signatures carry too.
    pub chain: Vec<Certificate>,
    /// The key.
    pub key: Arc<dyn SigningKey>,
}

impl fmt::Debug for Signer {
    /// Shows whose key it is, and nothing of the key.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Signer").field(&self.certificate.thumbprint()).finish()
    }
}

/// Why there is no signature.
#[derive(Debug, thiserror::Error)]
pub enum SigningFault {
    /// The key did not sign, or signed wrongly.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The work was cut off.
    #[error(transparent)]
    CutOff(#[from] CutOff),
}

impl Signer {
    /// A key in memory.
    pub fn new(identity: Identity, chain: Vec<Certificate>) -> Self {
        let Identity { certificate, key } = identity;
        Self { certificate, chain, key: Arc::new(key) }
    }

    /// That the certificate is not valid at a time, in words; `None` when it is.
    pub fn out_of_date(&self, at: UnixTime) -> Option<String> {
        let (from, to) = (self.certificate.not_before(), self.certificate.not_after());
        let number = self.certificate.serial_hex();
        if at > to {
            return Some(format!("the certificate {number} of the key is out of date since {to}"));
        }
        (at < from).then(|| format!("the certificate {number} of the key is not valid before {from}"))
    }

    /// The detached signature over `content` in DER. Takes the processor, or waits for the key: see [`Signer::sign_away`].
    ///
    /// # Errors
    /// [`SignError`].
    pub fn sign(&self, content: &[u8], at: UnixTime) -> Result<Bytes, SignError> {
        sign(Content::Bytes(content), &self.certificate, &self.chain, &*self.key, at).map(Bytes::from)
    }

    /// The same, unlike any other signature over the content, as far as the algorithm of the key allows it.
    ///
    /// # Errors
    /// [`SignError`].
    pub fn sign_freshly(&self, content: &[u8], at: UnixTime, fresh: Fresh) -> Result<Bytes, SignError> {
        let key = Freshly { key: &*self.key, fresh };
        sign(Content::Bytes(content), &self.certificate, &self.chain, &key, at).map(Bytes::from)
    }

    /// [`Signer::sign`], away from the async threads.
    ///
    /// # Errors
    /// [`SigningFault`].
    pub async fn sign_away(
        self: &Arc<Self>,
        offload: &Offload,
        content: Bytes,
        at: UnixTime,
    ) -> Result<Bytes, SigningFault> {
        let signer = Arc::clone(self);
        Ok(offload.run(move || signer.sign(&content, at)).await??)
    }
}
