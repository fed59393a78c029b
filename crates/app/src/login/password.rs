//! How a caller gets a token.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use potok_store::{ApiClient, CertificateThumbprint, Token, TokenKind};
use potok_types::{Entropy, UserId};

use crate::core::hash_of;
use crate::{App, AppError, AuthError, Caller};

/// Scopes of the API; a token without one of them opens nothing.
const API_SCOPES: [&str; 2] = ["Diadoc.PublicAPI", "Diadoc.PublicAPI.Staging"];
/// What a login without a named scope gets.
const DEFAULT_SCOPE: &str = "openid profile email offline_access Diadoc.PublicAPI";

/// The answer of `/connect/token`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedTokens {
    /// Opens the API.
    pub access_token: String,
    /// Its life in seconds.
    pub expires_in_seconds: i64,
    /// Makes further access tokens; `None` for robots with a secret.
    pub refresh_token: Option<String>,
    /// What it opens, blank-separated.
    pub scope: String,
}

/// Why `/connect/token` gives nothing; the names are those of RFC 6749.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// The client or its secret is wrong.
    #[error("the client is unknown, or its secret is wrong")]
    InvalidClient,
    /// The refresh token is wrong.
    #[error("the refresh token is unknown, expired or issued to another client")]
    InvalidGrant,
    /// The client may not use this grant.
    #[error("the client is not bound to a service account, which client_credentials needs")]
    UnauthorizedClient,
    /// A scope is unknown.
    #[error("the scope must name Diadoc.PublicAPI or Diadoc.PublicAPI.Staging")]
    InvalidScope,
    /// The server failed.
    #[error(transparent)]
    App(#[from] AppError),
}

/// The Argon2id hash of a password, in PHC form.
pub(crate) fn hash_password(password: &str, entropy: &dyn Entropy) -> Option<String> {
    let mut salt = [0; 16];
    entropy.fill(&mut salt);
    Argon2::default().hash_password_with_salt(password.as_bytes(), &salt).ok().map(|hash| hash.to_string())
}

impl App {
    /// `Authenticate` by password: a new access token for the caller's client.
    ///
    /// # Errors
    /// [`AuthError::WrongPassword`], also for an unknown login.
    pub async fn login_by_password(
        &self,
        caller: &Caller,
        login: &str,
        password: &str,
    ) -> Result<String, AppError> {
        let known = self.store.password(login).await?;
        let (user, hash) = known.map_or((None, None), |known| (Some(known.user), known.password_hash));
        let password = password.to_owned();
        // Slow on purpose, so not on an async thread. Without a hash the same work is done, so that the time tells
        // nothing about which logins exist.
        let is_right = tokio::task::spawn_blocking(move || {
            let hash = hash.as_deref().and_then(|hash| PasswordHash::new(hash).ok());
            match hash {
                Some(hash) => Argon2::default().verify_password(password.as_bytes(), &hash).is_ok(),
                None => {
                    drop(Argon2::default().hash_password_with_salt(password.as_bytes(), &[0; 16]));
                    false
                }
            }
        })
        .await
        .map_err(|_| AppError::Internal)?;
        let user = user.filter(|_| is_right).ok_or(AuthError::WrongPassword)?;
        self.issue(TokenKind::Access, &caller.client, user, "", None).await
    }

    /// `/connect/token` with a refresh token.
    ///
    /// # Errors
    /// [`GrantError`].
    pub async fn tokens_by_refresh(
        &self,
        client_id: &str,
        client_secret: &str,
        refresh_token: &str,
    ) -> Result<IssuedTokens, GrantError> {
        let client = self.client_with_secret(client_id, client_secret).await?;
        let refresh = self
            .good_token(refresh_token, TokenKind::Refresh)
            .await?
            .filter(|token| token.client_id == client.id)
            .ok_or(GrantError::InvalidGrant)?;
        let ends = self.clock.now().plus_seconds(self.options.refresh_token_seconds);
        self.store.extend_token(refresh.hash, ends).await.map_err(AppError::from)?;
        let access_token = self.issue(TokenKind::Access, &client, refresh.user, &refresh.scope, None).await?;
        // The same refresh token again: official clients keep the first one they were given.
        Ok(self.answer(access_token, Some(refresh_token.to_owned()), refresh.scope))
    }

    /// `/connect/token` with the client's own credentials: the token acts as its service account.
    ///
    /// # Errors
    /// [`GrantError`].
    pub async fn tokens_by_client(
        &self,
        client_id: &str,
        client_secret: &str,
        scope: &str,
    ) -> Result<IssuedTokens, GrantError> {
        let client = self.client_with_secret(client_id, client_secret).await?;
        let user = client.service_user.ok_or(GrantError::UnauthorizedClient)?;
        let scope = if scope.trim().is_empty() { API_SCOPES[0] } else { scope.trim() };
        if !scope.split_whitespace().all(|scope| API_SCOPES.contains(&scope)) {
            return Err(GrantError::InvalidScope);
        }
        let access_token = self.issue(TokenKind::Access, &client, user, scope, None).await?;
        Ok(self.answer(access_token, None, scope.to_owned()))
    }

    /// A refresh token for `user` with `client`, as the integrators' portal hands it out.
    ///
    /// # Errors
    /// [`AuthError::UnknownClient`], `CoreError::Store`.
    pub async fn issue_refresh_token(&self, client_id: &str, user: UserId) -> Result<String, AppError> {
        let client = self.known_client(client_id).await?;
        self.issue(TokenKind::Refresh, &client, user, DEFAULT_SCOPE, None).await
    }

    /// An access token for `user` with `client`.
    ///
    /// # Errors
    /// [`AuthError::UnknownClient`], `CoreError::Store`.
    pub async fn issue_access_token(&self, client_id: &str, user: UserId) -> Result<String, AppError> {
        let client = self.known_client(client_id).await?;
        self.issue(TokenKind::Access, &client, user, DEFAULT_SCOPE, None).await
    }

    async fn client_with_secret(&self, id: &str, secret: &str) -> Result<ApiClient, GrantError> {
        let client = match self.known_client(id).await {
            Ok(client) => client,
            Err(AppError::Auth(_) | AppError::ClientBlocked(_)) => return Err(GrantError::InvalidClient),
            Err(error) => return Err(error.into()),
        };
        // Hashes of long random secrets are compared, so the time of the comparison tells nothing useful.
        match client.secret_hash {
            Some(hash) if hash == hash_of(secret) => Ok(client),
            _ => Err(GrantError::InvalidClient),
        }
    }

    pub(crate) async fn issue(
        &self,
        kind: TokenKind,
        client: &ApiClient,
        user: UserId,
        scope: &str,
        certificate: Option<CertificateThumbprint>,
    ) -> Result<String, AppError> {
        let text = random_token(&*self.entropy, kind);
        let life = match kind {
            TokenKind::Access => self.options.access_token_seconds,
            TokenKind::Refresh => self.options.refresh_token_seconds,
        };
        let token = Token {
            hash: hash_of(&text),
            kind,
            client_id: client.id.clone(),
            user,
            scope: scope.to_owned(),
            certificate,
            expires_at: self.clock.now().plus_seconds(life),
        };
        self.store.put_token(&token).await?;
        Ok(text)
    }

    fn answer(&self, access_token: String, refresh_token: Option<String>, scope: String) -> IssuedTokens {
        IssuedTokens {
            access_token,
            expires_in_seconds: self.options.access_token_seconds,
            refresh_token,
            scope,
        }
    }
}

/// 48 random bytes as text. Access tokens are standard base64 as clients know them; refresh tokens travel in forms,
/// so they avoid the characters that a form must escape.
fn random_token(entropy: &dyn Entropy, kind: TokenKind) -> String {
    let mut bytes = [0; 48];
    entropy.fill(&mut bytes);
    match kind {
        TokenKind::Access => STANDARD.encode(bytes),
        TokenKind::Refresh => URL_SAFE_NO_PAD.encode(bytes),
    }
}
