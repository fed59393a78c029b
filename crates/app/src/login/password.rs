//! How a caller gets a token.

use std::net::IpAddr;

use potok_oidc::Scope;
use potok_store::Proof;
use potok_types::UserId;
use potok_types::access::KnownClient;

use super::id_tokens::IdTokenOf;
use super::scopes::scope_kept;
use super::{ClientProof, GrantError, IssuedTokens, Login, LoginError, ServiceUser, hashing};
use crate::Permit;
use crate::access::{self, hash_of};

impl Login {
    /// `Authenticate` by password: a new access token for `client`. From then on the user of `service`, if a service calls, is
    /// this user.
    ///
    /// # Errors
    /// [`LoginError::WrongPassword`], also for an unknown login; [`LoginError::TooManyAttempts`] without a look at the password;
    /// [`LoginError::NotBound`] for a service that is not trusted.
    pub async fn by_password(
        &self,
        client: &Permit<KnownClient>,
        login: &str,
        password: &str,
        service: Option<&ServiceUser>,
        address: Option<IpAddr>,
    ) -> Result<String, LoginError> {
        if let Some(service) = service {
            self.must_be_service(client, service).await?;
        }
        let (user, proof) = self.user_by_password(login, password, address).await?;
        let token = self.tokens.issue_for(&proof, &client.id, user, "").await?;
        // It was changed while it was looked at.
        let token = token.ok_or(LoginError::WrongPassword)?;
        if let Some(service) = service {
            self.bind(service, user, &token).await?;
        }
        Ok(token)
    }

    /// Whose login and password they are, if that user may come in, and what proves it. `address` is where they come from.
    pub(super) async fn user_by_password(
        &self,
        login: &str,
        password: &str,
        address: Option<IpAddr>,
    ) -> Result<(UserId, Proof), LoginError> {
        let attempt = self.attempts.begin(login, address, self.core.clock.now())?;
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
        Ok((user, proof))
    }

    /// `/connect/token` with a refresh token. With `scope` the access token opens less; the refresh token stays as it is.
    ///
    /// # Errors
    /// [`GrantError`].
    pub async fn tokens_by_refresh(
        &self,
        proof: &ClientProof,
        refresh_token: &str,
        scope: Option<&str>,
    ) -> Result<IssuedTokens, GrantError> {
        let client = self.prove(proof).await?.client;
        let asked = scope.map(Scope::parse).transpose()?;
        let bought = self.tokens.refresh(&client, refresh_token, asked).await?;
        let scope = scope_kept(&bought.scope);
        let mut issued = self.answer(bought.access_token, Some(bought.refresh_token), bought.scope);
        let about = IdTokenOf { client_id: &client.id, user: bought.user, signed_in_at: None, nonce: None };
        self.add_id_token(&mut issued, &scope, about).await?;
        Ok(issued)
    }

    /// `/connect/token` with the client's own credentials: the token acts as its service account.
    ///
    /// # Errors
    /// [`GrantError`].
    pub async fn tokens_by_client(
        &self,
        proof: &ClientProof,
        scope: &str,
    ) -> Result<IssuedTokens, GrantError> {
        let client = self.prove(proof).await?.confidential()?;
        let secret = hash_of(proof.secret.as_deref().unwrap_or_default());
        let user = client.service_user.ok_or(GrantError::UnauthorizedClient)?;
        let scope = if scope.trim().is_empty() { Scope::API } else { scope.trim() };
        if !scope.split_whitespace().all(|scope| [Scope::API, Scope::API_STAGING].contains(&scope)) {
            return Err(GrantError::InvalidScope);
        }
        if access::is_blocked(&self.core, user).await? {
            return Err(GrantError::UserBlocked);
        }
        let access_token = self.tokens.issue_for(&Proof::Secret(secret), &client.id, user, scope).await?;
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
}
