//! Browsers in which somebody has signed in.

use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use potok_domain::directory::User;
use potok_store::{TokenHash, TokenKind, TokensOf};
use potok_types::Ticks;
use potok_types::access::KnownClient;
use sha2::{Digest as _, Sha256};

use super::{Login, LoginError};
use crate::Permit;
use crate::access::hash_of;
use crate::core::CoreError;

/// Somebody who has signed in, in one browser.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The person.
    pub user: User,
    /// When that was.
    pub since: Ticks,
    pub(super) session: TokenHash,
}

/// Shows that a form was made for this browser and for this use. `secret` is the browser's own, `session` what it has when
/// somebody is signed in.
pub fn form_mark(secret: &str, session: Option<&str>, purpose: &str) -> String {
    let mut hash = Sha256::new();
    for part in [secret, session.unwrap_or_default(), purpose] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    URL_SAFE_NO_PAD.encode(hash.finalize())
}

impl Login {
    /// Signs somebody in by password: the session that the browser keeps.
    ///
    /// # Errors
    /// [`LoginError::WrongPassword`], also for an unknown login; [`LoginError::TooManyAttempts`]; [`LoginError::UserBlocked`].
    pub async fn sign_in(
        &self,
        login: &str,
        password: &str,
        address: Option<IpAddr>,
    ) -> Result<String, LoginError> {
        let (user, proof) = self.user_by_password(login, password, address).await?;
        let session = self.tokens.begin_session(&proof, user).await?;
        // It was changed while it was looked at.
        session.ok_or(LoginError::WrongPassword)
    }

    /// Who has signed in in the browser that keeps `session`, if anybody has.
    ///
    /// # Errors
    /// [`CoreError::Store`].
    pub async fn signed_in(&self, session: &str) -> Result<Option<SignedIn>, CoreError> {
        let now = self.core.clock.now();
        let hash = hash_of(session);
        let Some(found) = self.logins.session(hash, None).await? else { return Ok(None) };
        let is_good = found.token.kind == TokenKind::Session && found.token.expires_at > now;
        let user = found.user.filter(|user| is_good && !user.is_blocked);
        Ok(user.map(|user| SignedIn { user, since: found.token.issued_at, session: hash }))
    }

    /// Ends the session. Programs that got tokens keep them.
    ///
    /// # Errors
    /// [`CoreError::Store`].
    pub async fn sign_out(&self, who: &SignedIn) -> Result<(), CoreError> {
        self.logins.revoke_tokens(&TokensOf::One(who.session)).await?;
        Ok(())
    }

    /// `Authenticate` by the id of a session: a new access token for `client`.
    ///
    /// # Errors
    /// [`LoginError::BadSession`].
    pub async fn by_sid(&self, client: &Permit<KnownClient>, sid: &str) -> Result<String, LoginError> {
        let who = self.signed_in(sid.trim()).await?.ok_or(LoginError::BadSession)?;
        let token = self.tokens.issue(TokenKind::Access, client, who.user.id, "").await?;
        if self.is_over(&who).await? {
            self.logins.revoke_tokens(&TokensOf::One(hash_of(&token))).await?;
            return Err(LoginError::BadSession);
        }
        Ok(token)
    }

    /// Whether the session ended meanwhile. What is written by its right is written first and looked at then: whoever ends a
    /// session, as with another password, takes along what is there, and what comes behind is noticed here.
    pub(super) async fn is_over(&self, who: &SignedIn) -> Result<bool, CoreError> {
        Ok(self.logins.token(who.session).await?.is_none())
    }
}
