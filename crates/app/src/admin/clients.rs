//! Programs that may call the API, and tokens for them.

use potok_store::{ApiClient, TokenKind};
use potok_types::UserId;

use super::{Admin, AdminError, invalid};
use crate::access::{hash_of, is_blocked, known_client};
use crate::login::{DEFAULT_SCOPE, random_secret};

/// An API client with the secret that is shown once.
#[derive(Clone, Debug)]
pub struct CreatedClient {
    /// `ddauth_api_client_id`, also `client_id`.
    pub id: String,
    /// `client_secret`; only its hash is kept.
    pub secret: String,
}

impl Admin {
    /// Creates an API client. `id` may be chosen; `service_user` is the account as which `client_credentials` act.
    ///
    /// # Errors
    /// `CoreError::Invalid` when the id is taken or holds other characters than letters, digits and dashes.
    pub async fn create_client(
        &self,
        id: Option<String>,
        name: &str,
        service_user: Option<UserId>,
    ) -> Result<CreatedClient, AdminError> {
        let id = id.unwrap_or_else(|| format!("potok-{}", self.core.entropy.uuid().as_simple()));
        self.must_be_client_id(&id).await?;
        let secret = random_secret(&*self.core.entropy);
        self.logins
            .put_api_client(&ApiClient {
                id: id.clone(),
                name: name.to_owned(),
                secret_hash: Some(hash_of(&secret)),
                is_blocked: false,
                service_user,
                is_partner: false,
            })
            .await?;
        Ok(CreatedClient { id, secret })
    }

    /// Insists on an id that can be given to a new client.
    pub(super) async fn must_be_client_id(&self, id: &str) -> Result<(), AdminError> {
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return Err(invalid("id", format!("{id:?} must be made of Latin letters, digits and dashes")));
        }
        match self.logins.api_client(id).await? {
            Some(_) => Err(invalid("id", format!("{id:?} is taken; choose another one"))),
            None => Ok(()),
        }
    }

    /// All API clients, by id.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn clients(&self) -> Result<Vec<ApiClient>, AdminError> {
        Ok(self.logins.api_clients().await?)
    }

    /// A refresh token for `user` with `client`, as the integrators' portal hands it out.
    ///
    /// # Errors
    /// [`AdminError::Client`] when the client is unknown or blocked.
    pub async fn issue_refresh_token(&self, client_id: &str, user: UserId) -> Result<String, AdminError> {
        self.issue(TokenKind::Refresh, client_id, user).await
    }

    /// An access token for `user` with `client`.
    ///
    /// # Errors
    /// [`AdminError::Client`] when the client is unknown or blocked.
    pub async fn issue_access_token(&self, client_id: &str, user: UserId) -> Result<String, AdminError> {
        self.issue(TokenKind::Access, client_id, user).await
    }

    async fn issue(&self, kind: TokenKind, client_id: &str, user: UserId) -> Result<String, AdminError> {
        let client = known_client(&*self.logins, client_id).await.map_err(AdminError::Client)?;
        if is_blocked(&self.core, user).await? {
            let reason = format!("{user} is blocked: `potok admin user unblock` lets the user in again");
            return Err(invalid("user", reason));
        }
        Ok(self.tokens.issue(kind, &client, user, DEFAULT_SCOPE).await?)
    }
}
