//! Services that vouch for their own users.

use potok_store::{TokenKind, TokensOf};
use potok_types::access::KnownClient;
use potok_types::{Invalid, UserId};

use super::{Login, LoginError};
use crate::Permit;
use crate::access::hash_of;

/// Characters of the longest name that a service may have for a user of its own.
const MOST_CHARACTERS: usize = 256;

/// A service and a user of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceUser {
    /// The key of the service.
    pub key: String,
    /// How the service names its user.
    pub id: String,
}

impl Login {
    /// `Authenticate` by a trusted service: an access token for the user that the service's user is bound to.
    ///
    /// # Errors
    /// [`LoginError::NotBound`], whatever is wrong; [`LoginError::UserBlocked`].
    pub async fn by_trust(
        &self,
        client: &Permit<KnownClient>,
        service: &ServiceUser,
    ) -> Result<String, LoginError> {
        self.must_be_service(client, service).await?;
        let user = self.logins.bound_user(hash_of(&service.key), &service.id).await?;
        let user = user.ok_or(LoginError::NotBound)?;
        self.let_in(user).await?;
        let token = self.tokens.issue(TokenKind::Access, client, user, "").await?;
        // Whoever takes bindings back takes along the tokens that are there; one behind that is noticed here.
        if self.logins.bound_user(hash_of(&service.key), &service.id).await? != Some(user) {
            self.logins.revoke_tokens(&TokensOf::One(hash_of(&token))).await?;
            return Err(LoginError::NotBound);
        }
        Ok(token)
    }

    /// Insists on a key of a service that calls by this client.
    ///
    /// # Errors
    /// [`LoginError::NotBound`]; `CoreError::Invalid` for an id of more than 256 characters.
    pub async fn must_be_service(
        &self,
        client: &Permit<KnownClient>,
        service: &ServiceUser,
    ) -> Result<(), LoginError> {
        if service.id.chars().count() > MOST_CHARACTERS {
            let reason =
                format!("it has more than {MOST_CHARACTERS} characters, which is the limit: shorten it");
            return Err(Invalid::new("X-Diadoc-ServiceUserId", reason).into());
        }
        let known = self.logins.service_key(hash_of(&service.key)).await?;
        match known.is_some_and(|known| known.client_id == client.id) {
            true => Ok(()),
            false => Err(LoginError::NotBound),
        }
    }

    /// From now on the service's user is `user`, who has just got `token`.
    pub(super) async fn bind(
        &self,
        service: &ServiceUser,
        user: UserId,
        token: &str,
    ) -> Result<(), LoginError> {
        let (key, now) = (hash_of(&service.key), self.core.clock.now());
        self.logins.bind_service_user(key, &service.id, user, now).await?;
        if self.logins.token(hash_of(token)).await?.is_none() {
            // Everything of the user was taken back meanwhile, so this goes too.
            self.logins.revoke_tokens(&TokensOf::User(user)).await?;
            return Err(LoginError::NotBound);
        }
        Ok(())
    }
}
