//! Whether signatures are good.

use std::error::Error;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use potok_domain::directory::Organization;
use potok_domain::{SignatureDescription, Verdict};
use potok_room::NotDone;
use potok_types::{ContentRef, EntityId, Ticks};

/// A signature to judge.
#[derive(Clone, Debug)]
pub struct SignatureToCheck {
    /// Its entity; zero as long as it has none.
    pub signature: EntityId,
    /// Whose it claims to be.
    pub signer: Arc<Organization>,
    /// Its bytes.
    pub bytes: Bytes,
    /// What it signs.
    pub signed: ContentRef,
    /// When it came in: its certificate counts as of then, whenever the check happens.
    pub given_at: Ticks,
}

/// What came of the check of one signature.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// What is recorded.
    pub verdict: Verdict,
    /// The certificates that the verdict names (DER), in the order of its chain.
    pub certificates: Vec<Bytes>,
    /// What is wrong, why, and what to do about it: sentences in Russian for who signed. Empty for a good signature.
    pub words: Vec<String>,
}

impl Judgement {
    /// A verdict of somebody who did not look into the signature.
    pub const fn unread(verdict: Verdict) -> Self {
        Self { verdict, certificates: Vec::new(), words: Vec::new() }
    }
}

/// What others need to judge a signature.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignatureEvidence {
    /// Certificates (DER) of who signed and of the authorities above, as far as they are known: the signer's first.
    pub certificates: Vec<Bytes>,
    /// Revocation lists (DER) of these authorities that are at hand.
    pub revocation_lists: Vec<Bytes>,
}

/// The signed bytes cannot be read now; why, is for whoever gave the [`SignedBytes`].
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct LoadError(#[from] pub Box<dyn Error + Send + Sync>);

/// Gives the bytes that were signed, when they are needed: documents are large, and only so many fit into memory.
#[async_trait]
pub trait SignedBytes: Send + Sync {
    /// The bytes named `content`.
    ///
    /// # Errors
    /// [`LoadError`] when they cannot be read now.
    async fn load(&self, content: ContentRef) -> Result<Bytes, LoadError>;
}

/// The bytes of a request are no signature that could be checked; the text says what they are instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UnusableSignature(pub String);

/// A signature was not taken in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAccepted {
    /// It is none.
    #[error(transparent)]
    Unusable(#[from] UnusableSignature),
    /// Nobody looked at it, or not to the end.
    #[error(transparent)]
    NotDone(#[from] NotDone),
}

/// Nothing is known about the signatures, and the check has to be repeated.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// What was signed cannot be read now.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The check died half-way.
    #[error("the check of a signature was cut off by a fault of the server")]
    CutOff,
}

/// Says whether signatures are good.
#[async_trait]
pub trait SignatureVerifier: Send + Sync {
    /// Looks at the form of a signature when it comes in, and gives the bytes to keep: those that came, out of their PEM or base64.
    /// A caller waits for it.
    ///
    /// # Errors
    /// [`NotAccepted`].
    async fn accept(&self, given: Bytes) -> Result<Bytes, NotAccepted>;

    /// One judgement for each signature, in order, however long it takes.
    ///
    /// # Errors
    /// [`VerifyError`].
    async fn verify(
        &self,
        signatures: &[SignatureToCheck],
        signed: &dyn SignedBytes,
    ) -> Result<Vec<Judgement>, VerifyError>;

    /// What a signature says about itself; `None` when it cannot be read or carries no certificate. Nothing is checked. A
    /// caller waits for it.
    ///
    /// # Errors
    /// [`NotDone`].
    async fn describe(&self, signature: Bytes) -> Result<Option<SignatureDescription>, NotDone>;

    /// What others need to judge a signature, as far as it is at hand. Nothing is checked. A caller waits for it.
    ///
    /// # Errors
    /// [`NotDone`].
    async fn evidence(&self, _signature: Bytes) -> Result<SignatureEvidence, NotDone> {
        Ok(SignatureEvidence::default())
    }
}
