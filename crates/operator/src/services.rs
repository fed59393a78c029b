//! The operator of one server, put together.

use std::path::Path;
use std::sync::Arc;

use potok_cms::UnixTime;
use potok_seams::{NoKeys, OperatorDocuments, TestSignatures, TimeStamping};
use potok_types::{Clock, Entropy};

use crate::keys::{KeyError, KeyOptions};
use crate::test_pki::{TestKeys, TestPkiError};
use crate::{CutOff, Offload, SignedDocuments, TestSigner, TimeStampError, TimeStamps, test_operator};

/// Settings of the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorOptions {
    /// How the operator's documents name it.
    pub operator: potok_fns::Operator,
    /// The key of the operator; `None` for one of the server's own test infrastructure.
    pub key: Option<KeyOptions>,
    /// Address of a time stamp authority; `None` for signatures as they are posted.
    pub tsa: Option<String>,
}

impl Default for OperatorOptions {
    fn default() -> Self {
        Self { operator: test_operator(), key: None, tsa: None }
    }
}

/// Why the operator cannot work.
#[derive(Debug, thiserror::Error)]
pub enum OperatorServicesError {
    /// The key of the settings.
    #[error("the operator's key cannot be used")]
    Key(#[from] KeyError),
    /// The keys of the server's own.
    #[error("the test keys cannot be used")]
    TestPki(#[from] TestPkiError),
    /// The time stamp authority of the settings.
    #[error(transparent)]
    TimeStamps(#[from] TimeStampError),
    /// A fault of the server.
    #[error(transparent)]
    CutOff(#[from] CutOff),
}

/// Whoever signs for a server.
#[derive(Clone)]
pub struct OperatorServices {
    /// Makes and signs the operator's documents.
    pub documents: Arc<dyn OperatorDocuments>,
    /// Makes test signatures.
    pub test_signatures: Arc<dyn TestSignatures>,
    /// Stamps what is delivered, if an authority is named.
    pub time_stamping: Option<Arc<dyn TimeStamping>>,
    /// The server's own authority, if anything here needs it.
    pub test_keys: Option<Arc<TestKeys>>,
    /// Where signing and checking is done.
    pub offload: Offload,
}

impl OperatorServices {
    /// Services without keys: nothing is signed there.
    pub fn closed() -> Self {
        Self {
            documents: Arc::new(NoKeys),
            test_signatures: Arc::new(NoKeys),
            time_stamping: None,
            test_keys: None,
            offload: Offload::default(),
        }
    }

    /// Opens the keys of `options`, and the server's own authority in `folder` when the operator has no other key or
    /// `with_test_signatures` asks for it.
    ///
    /// # Errors
    /// [`OperatorServicesError`] names the file.
    pub async fn open(
        options: OperatorOptions,
        folder: &Path,
        with_test_signatures: bool,
        clock: &dyn Clock,
        entropy: &Arc<dyn Entropy>,
    ) -> Result<Self, OperatorServicesError> {
        let OperatorOptions { operator, key, tsa } = options;
        let time_stamping: Option<Arc<dyn TimeStamping>> = match tsa {
            Some(url) => Some(Arc::new(TimeStamps::new(&url, Arc::clone(entropy))?)),
            None => None,
        };
        let offload = Offload::default();
        let now = UnixTime(clock.now().unix_seconds());
        let test_keys = if with_test_signatures || key.is_none() {
            let (folder, operator) = (folder.to_owned(), operator.clone());
            let entropy = Arc::clone(entropy);
            let open = move || TestKeys::open(&folder, &operator, now, &*entropy);
            Some(Arc::new(offload.run(open).await??))
        } else {
            None
        };
        let signer = match (&test_keys, key) {
            (_, Some(key)) => Arc::new(offload.run(move || key.open(now)).await??),
            (Some(keys), None) => Arc::clone(keys.operator()),
            (None, None) => return Ok(Self::closed()),
        };
        tracing::info!(
            certificate = %signer.certificate.thumbprint(),
            subject = signer.certificate.subject().common_name().unwrap_or_default(),
            "the operator signs"
        );
        if let Some(words) = signer.out_of_date(now) {
            tracing::warn!(%words, "the operator's certificate is out of date");
        }
        let test_signatures: Arc<dyn TestSignatures> = match &test_keys {
            Some(keys) if with_test_signatures => {
                Arc::new(TestSigner::new(Arc::clone(keys), Arc::clone(entropy), offload.clone()))
            }
            _ => Arc::new(NoKeys),
        };
        let documents = Arc::new(SignedDocuments::new(operator, signer, offload.clone()));
        Ok(Self { documents, test_signatures, time_stamping, test_keys, offload })
    }
}
