//! The official documents that the operator adds to what it delivers.

use async_trait::async_trait;
use bytes::Bytes;
use potok_domain::operator::ConfirmationKind;
use potok_fns::{Operator, Participant};
use potok_types::{EntityId, Ticks};

use crate::{NO_KEYS, NoKeys};

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
    pub author: &'a Participant,
    /// The other side.
    pub recipient: &'a Participant,
}

impl ConfirmationRequest<'_> {
    /// Whom the confirmation is for.
    pub const fn addressee(&self) -> &Participant {
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
    /// The operator, as documents name it; empty where nobody has said.
    fn operator(&self) -> Operator {
        Operator::default()
    }

    /// The signed confirmation.
    ///
    /// # Errors
    /// [`OperatorError`] when the format has no place for what the request says, or nobody signs.
    async fn confirm(&self, request: ConfirmationRequest<'_>) -> Result<OperatorDocument, OperatorError>;

    /// The operator's detached signature over a document that was made elsewhere. A caller waits for it.
    ///
    /// # Errors
    /// [`OperatorError`] when nobody signs.
    async fn sign(&self, file_name: &str, content: Bytes, at: Ticks) -> Result<Bytes, OperatorError>;
}

#[async_trait]
impl OperatorDocuments for NoKeys {
    async fn confirm(&self, request: ConfirmationRequest<'_>) -> Result<OperatorDocument, OperatorError> {
        Err(OperatorError { file_name: request.file_name.to_owned(), reason: NO_KEYS.to_owned() })
    }

    async fn sign(&self, file_name: &str, _content: Bytes, _at: Ticks) -> Result<Bytes, OperatorError> {
        Err(OperatorError { file_name: file_name.to_owned(), reason: NO_KEYS.to_owned() })
    }
}
