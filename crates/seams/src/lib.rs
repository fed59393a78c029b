//! What the use cases leave to others: traits, with the words that cross them. `potok-app` calls them; `potok-operator`
//! and the edge implement them, and neither knows the other.

mod login;
mod operator;
mod provider;
mod rendering;
mod stamping;
mod test_signatures;
mod user_keys;
mod verifier;
mod webhooks;

pub use login::{AnyIssuer, CertificateJudge};
pub use operator::{ConfirmationRequest, OperatorDocument, OperatorDocuments, OperatorError};
pub use provider::{OutsideProvider, OutsideUser, ProviderError, ProviderRequest};
pub use rendering::{Rendering, Sight};
pub use stamping::{NotStamped, TimeStamping};
pub use test_signatures::{NotSigned, TestSignature, TestSignatures};
pub use user_keys::{FoundKey, UnusableUserKey, UserKeys};
pub use verifier::{
    Judgement, LoadError, NotAccepted, SignatureEvidence, SignatureToCheck, SignatureVerifier, SignedBytes,
    UnusableSignature, VerifyError,
};
pub use webhooks::{WebhookMessage, WebhookSender};

/// Stands where nothing is delivered and nobody signs: in the commands of an administrator.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoKeys;

/// What [`NoKeys`] answers.
const NO_KEYS: &str = "there are no keys here: only a running server delivers and signs";
