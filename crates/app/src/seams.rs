//! What the use cases leave to others.

use async_trait::async_trait;
use bytes::Bytes;
use potok_domain::directory::{Organization, User};
use potok_domain::operator::ConfirmationKind;
use potok_domain::{Event, MessageState};
use potok_types::{EntityId, Ticks};

use crate::Judgement;

/// How events look to readers. `app` knows no protobuf; the edge does.
pub trait Rendering: Send + Sync {
    /// The ready `BoxEvent` of `event`, without contents and without `IndexKey`. `state` is the state right after it.
    fn box_event(&self, state: &MessageState, event: &Event) -> Bytes;

    /// The content of a `SignatureVerificationReport`: what the check of a signature found.
    fn verification_report(&self, judgement: &Judgement) -> Bytes;
}

/// What a confirmation has to say.
#[derive(Clone, Copy, Debug)]
pub struct ConfirmationRequest<'a> {
    /// Which of the two.
    pub kind: ConfirmationKind,
    /// The id of the confirmation in the message; part of its file name.
    pub entity: EntityId,
    /// The confirmed moment.
    pub at: Ticks,
    /// Name of the confirmed file.
    pub file_name: &'a str,
    /// The signatures of its author, as they are stored, oldest first.
    pub signatures: &'a [Bytes],
    /// Who posted the confirmed file.
    pub author: &'a Organization,
    /// The other side.
    pub recipient: &'a Organization,
}

impl ConfirmationRequest<'_> {
    /// Whom the confirmation is for.
    pub const fn addressee(&self) -> &Organization {
        match self.kind {
            ConfirmationKind::Received => self.author,
            ConfirmationKind::PassedOn => self.recipient,
        }
    }
}

/// A document of the operator.
#[derive(Clone, Debug)]
pub struct OperatorDocument {
    /// Its file name.
    pub file_name: String,
    /// Its bytes.
    pub content: Bytes,
    /// The operator's detached signature over them.
    pub signature: Bytes,
}

/// The operator could not make a document. Nothing is delivered without it; it is tried again.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the operator's document {file_name} cannot be made: {reason}")]
pub struct OperatorError {
    /// Which document.
    pub file_name: String,
    /// Why.
    pub reason: String,
}

/// Makes and signs the operator's documents.
#[async_trait]
pub trait OperatorDocuments: Send + Sync {
    /// The signed confirmation.
    ///
    /// # Errors
    /// [`OperatorError`] when the format has no place for what the request says, or nobody signs.
    async fn confirm(&self, request: ConfirmationRequest<'_>) -> Result<OperatorDocument, OperatorError>;
}

/// Says whether a certificate may open the account that it was added to.
pub trait CertificateJudge: Send + Sync {
    /// Its period of validity is known to be right; chain and revocation are for the judge. Called off the async
    /// threads.
    ///
    /// # Errors
    /// Why not, for people.
    fn judge(&self, certificate: &potok_cms::Certificate, at: Ticks) -> Result<(), String>;
}

/// Believes every certificate that an administrator added, whoever issued it.
#[derive(Clone, Copy, Debug, Default)]
pub struct AnyIssuer;

impl CertificateJudge for AnyIssuer {
    fn judge(&self, _certificate: &potok_cms::Certificate, _at: Ticks) -> Result<(), String> {
        Ok(())
    }
}

/// A signature that a caller leaves to the server (`SignWithTestSignature`).
#[derive(Clone, Debug)]
pub struct TestSignature<'a> {
    /// For whom it is.
    pub organization: &'a Organization,
    /// Who asks for it.
    pub user: &'a User,
    /// The position of the user there; may be empty.
    pub position: &'a str,
    /// What to sign.
    pub content: Bytes,
    /// When.
    pub at: Ticks,
}

/// There is no test signature.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the server could not make the test signature: {reason}")]
pub struct NotSigned {
    /// Why.
    pub reason: String,
}

/// Makes signatures without legal force.
#[async_trait]
pub trait TestSignatures: Send + Sync {
    /// The detached signature in the name of the caller.
    ///
    /// # Errors
    /// [`NotSigned`].
    async fn sign(&self, request: TestSignature<'_>) -> Result<Bytes, NotSigned>;
}

/// Stands where nothing is delivered and nobody signs: in the commands of an administrator.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nobody;

/// What [`Nobody`] says.
const NOBODY: &str = "there are no keys here: only a running server delivers and signs";

#[async_trait]
impl OperatorDocuments for Nobody {
    async fn confirm(&self, request: ConfirmationRequest<'_>) -> Result<OperatorDocument, OperatorError> {
        Err(OperatorError { file_name: request.file_name.to_owned(), reason: NOBODY.to_owned() })
    }
}

#[async_trait]
impl TestSignatures for Nobody {
    async fn sign(&self, _request: TestSignature<'_>) -> Result<Bytes, NotSigned> {
        Err(NotSigned { reason: NOBODY.to_owned() })
    }
}

/// A signature has no time stamp.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature was not stamped: {reason}")]
pub struct NotStamped {
    /// Why.
    pub reason: String,
}

/// Puts time stamps on signatures.
#[async_trait]
pub trait TimeStamping: Send + Sync {
    /// The same signature with a time stamp; nothing that is signed changes.
    ///
    /// # Errors
    /// [`NotStamped`].
    async fn strengthen(&self, signature: Bytes) -> Result<Bytes, NotStamped>;
}
