//! Another provider, by which people sign in.

use async_trait::async_trait;

/// One sign-in at another provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderRequest {
    /// Comes back with the answer.
    pub state: String,
    /// Comes back in the id token.
    pub nonce: String,
    /// SHA-256 of the verifier, in base64url.
    pub challenge: String,
    /// Where the answer goes.
    pub redirect_uri: String,
}

/// Somebody whom another provider has signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsideUser {
    /// How the provider calls the user; never another one.
    pub subject: String,
    /// An address that the provider knows to be the user's.
    pub verified_email: Option<String>,
}

/// Why nobody is signed in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// It does not answer, or not as it should.
    #[error("the provider does not answer as it should: {0}")]
    Unreachable(String),
    /// What it says does not hold.
    #[error("the provider is not believed: {0}")]
    NotBelieved(String),
}

/// Another provider.
#[async_trait]
pub trait OutsideProvider: Send + Sync + std::fmt::Debug {
    /// What people know it by.
    fn name(&self) -> &str;

    /// What it calls itself.
    fn issuer(&self) -> &str;

    /// Where to send a browser.
    ///
    /// # Errors
    /// [`ProviderError`].
    async fn address(&self, request: &ProviderRequest) -> Result<String, ProviderError>;

    /// Who came back from there with `code`.
    ///
    /// # Errors
    /// [`ProviderError`].
    async fn user(
        &self,
        request: &ProviderRequest,
        code: &str,
        verifier: &str,
        now_seconds: i64,
    ) -> Result<OutsideUser, ProviderError>;
}
