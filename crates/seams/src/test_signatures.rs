//! Signatures without legal force, made in the name of the caller.

use async_trait::async_trait;
use bytes::Bytes;
use potok_domain::directory::{Organization, User};
use potok_room::NotDone;
use potok_types::Ticks;

use crate::{NO_KEYS, NoKeys};

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
    /// The time that the signature names as its own.
    pub at: Ticks,
}

/// There is no test signature.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSigned {
    /// Its turn did not come, or it was cut off.
    #[error(transparent)]
    NotDone(#[from] NotDone),
    /// It cannot be made.
    #[error("the server could not make the test signature: {reason}")]
    Failed {
        /// Why.
        reason: String,
    },
}

/// Makes signatures without legal force.
#[async_trait]
pub trait TestSignatures: Send + Sync {
    /// The detached signature in the name of the caller, who waits for it.
    ///
    /// # Errors
    /// [`NotSigned`].
    async fn sign(&self, request: TestSignature<'_>) -> Result<Bytes, NotSigned>;
}

#[async_trait]
impl TestSignatures for NoKeys {
    async fn sign(&self, _request: TestSignature<'_>) -> Result<Bytes, NotSigned> {
        Err(NotSigned::Failed { reason: NO_KEYS.to_owned() })
    }
}
