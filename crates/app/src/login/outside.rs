//! People whom another provider signs in, a company's own.

use std::sync::Arc;

use potok_oidc::Challenge;
use potok_seams::{OutsideProvider, ProviderRequest};
use potok_types::UserId;

use super::browser::form_mark;
use super::{Login, LoginError};

/// One sign-in at the provider: everything follows from a secret that the browser keeps, so nothing is stored.
#[derive(Clone, Debug)]
pub struct OutsideSignIn {
    request: ProviderRequest,
    verifier: String,
}

impl OutsideSignIn {
    /// What comes back with the answer.
    pub fn state(&self) -> &str {
        &self.request.state
    }
}

impl Login {
    /// The other provider, if people sign in by one.
    pub fn provider(&self) -> Option<&dyn OutsideProvider> {
        self.provider.as_deref()
    }

    /// The sign-in of the browser that keeps `secret`.
    pub fn outside_sign_in(&self, secret: &str) -> OutsideSignIn {
        let derived = |purpose| form_mark(secret, None, purpose);
        // 43 letters each: what the standard asks of a verifier.
        let verifier = derived("provider verifier");
        let request = ProviderRequest {
            state: derived("provider state"),
            nonce: derived("provider nonce"),
            challenge: Challenge::of(&verifier).as_str().to_owned(),
            redirect_uri: format!("{}/signin/callback", self.issuer),
        };
        OutsideSignIn { request, verifier }
    }

    /// Where the browser goes to sign in.
    ///
    /// # Errors
    /// [`LoginError::Provider`].
    pub async fn outside_address(&self, sign_in: &OutsideSignIn) -> Result<String, LoginError> {
        let provider = self.provider.as_ref().ok_or(LoginError::Provider)?;
        provider.address(&sign_in.request).await.map_err(|error| {
            tracing::warn!(%error, "the other provider signs nobody in");
            LoginError::Provider
        })
    }

    /// Whoever came back with `code`: the session that the browser keeps. Users are known by the provider's name for them;
    /// somebody who is new is the user whose login is the verified e-mail, from then on by name.
    ///
    /// # Errors
    /// [`LoginError::Provider`] when the provider is not believed, or vouches for nobody who is known;
    /// [`LoginError::UserBlocked`].
    pub async fn outside_session(&self, sign_in: &OutsideSignIn, code: &str) -> Result<String, LoginError> {
        let provider = self.provider.as_ref().map(Arc::clone).ok_or(LoginError::Provider)?;
        let now = self.core.clock.now();
        let asked = provider.user(&sign_in.request, code, &sign_in.verifier, now.unix_seconds());
        let outside = asked.await.map_err(|error| {
            tracing::warn!(%error, "the other provider signs nobody in");
            LoginError::Provider
        })?;
        let issuer = provider.issuer();
        let known = self.logins.outside_user(issuer, &outside.subject).await?;
        let user = match (known, &outside.verified_email) {
            (Some(user), _) => Some(user),
            (None, Some(email)) => self.outside_by_email(issuer, &outside.subject, email).await?,
            (None, None) => None,
        };
        let Some(user) = user else {
            tracing::warn!(
                subject = outside.subject,
                has_verified_email = outside.verified_email.is_some(),
                "the other provider vouches for somebody who is no user here"
            );
            return Err(LoginError::Provider);
        };
        self.let_in(user).await?;
        let session = self.tokens.begin_outside_session(user).await?;
        // One that was blocked meanwhile comes in no more.
        self.let_in(user).await?;
        Ok(session)
    }

    async fn outside_by_email(
        &self,
        issuer: &str,
        subject: &str,
        email: &str,
    ) -> Result<Option<UserId>, LoginError> {
        let found = self.core.directory.user_by_login(email).await.map_err(crate::core::CoreError::from)?;
        // Robots have no e-mail, whatever they are called.
        let Some(user) = found.filter(|user| !user.is_service) else { return Ok(None) };
        let now = self.core.clock.now();
        self.logins.add_outside_user(issuer, subject, user.id, now).await?;
        // Another call may have been faster; its word counts.
        Ok(self.logins.outside_user(issuer, subject).await?)
    }
}
