//! How a caller gets a token.

use potok_store::{ApiClient, Proof};
use potok_types::UserId;
use potok_types::access::KnownClient;

use super::{GrantError, Login, LoginError, hashing};
use crate::Permit;
use crate::access::{self, AccessError, hash_of};

/// Scopes of the API; a token without one of them opens nothing.
const API_SCOPES: [&str; 2] = ["Diadoc.PublicAPI", "Diadoc.PublicAPI.Staging"];

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

impl Login {
    /// `Authenticate` by password: a new access token for `client`.
    ///
    /// # Errors
    /// [`LoginError::WrongPassword`], also for an unknown login; [`LoginError::TooManyAttempts`] without a look at the password.
    pub async fn by_password(
        &self,
        client: &Permit<KnownClient>,
        login: &str,
        password: &str,
    ) -> Result<String, LoginError> {
        let attempt = self.attempts.begin(login, self.core.clock.now())?;
        let known = match self.logins.password(login).await {
            Ok(known) => known,
            Err(error) => {
                attempt.was_none();
                return Err(error.into());
            }
        };
        let (user, hash) = known.map_or((None, None), |known| (Some(known.user), known.password_hash));
        let (proof, password) = (hash.clone().map(Proof::Password), password.to_owned());
        // Slow on purpose, so not on an async thread.
        let work = move || hashing::is_right(&password, hash.as_deref());
        let is_right = match self.core.room.passwords.serve(work).await {
            Ok(is_right) => is_right,
            Err(error) => {
                attempt.was_none();
                return Err(error.into());
            }
        };
        let proved = user.zip(proof).filter(|_| is_right);
        let (user, proof) = proved.ok_or(LoginError::WrongPassword)?;
        attempt.was_right();
        self.let_in(user).await?;
        let token = self.tokens.issue_for(&proof, client, user, "").await?;
        // It was changed while it was looked at.
        token.ok_or(LoginError::WrongPassword)
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
        let bought = self.tokens.refresh(&client, refresh_token).await?.ok_or(GrantError::InvalidGrant)?;
        Ok(self.answer(bought.access_token, Some(bought.refresh_token), bought.scope))
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
        if access::is_blocked(&self.core, user).await? {
            return Err(GrantError::UserBlocked);
        }
        let proof = Proof::Secret(hash_of(client_secret));
        let access_token = self.tokens.issue_for(&proof, &client, user, scope).await?;
        let access_token = access_token.ok_or(GrantError::InvalidClient)?;
        Ok(self.answer(access_token, None, scope.to_owned()))
    }

    /// Only whoever has proved to be the user learns that it is blocked.
    pub(super) async fn let_in(&self, user: UserId) -> Result<(), LoginError> {
        match access::is_blocked(&self.core, user).await? {
            true => Err(LoginError::UserBlocked),
            false => Ok(()),
        }
    }

    pub(super) async fn client_with_secret(&self, id: &str, secret: &str) -> Result<ApiClient, GrantError> {
        let client = match access::known_client(&*self.logins, id).await {
            Ok(client) => client,
            Err(AccessError::Core(error)) => return Err(error.into()),
            Err(_) => return Err(GrantError::InvalidClient),
        };
        // Hashes of long random secrets are compared, so the time of the comparison tells nothing useful.
        match client.secret_hash {
            Some(hash) if hash == hash_of(secret) => Ok(client),
            _ => Err(GrantError::InvalidClient),
        }
    }

    fn answer(&self, access_token: String, refresh_token: Option<String>, scope: String) -> IssuedTokens {
        IssuedTokens { access_token, expires_in_seconds: self.tokens.access_seconds, refresh_token, scope }
    }
}
