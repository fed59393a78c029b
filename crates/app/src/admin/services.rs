//! Keys of services that vouch for their own users.

use potok_store::ServiceKey;

use super::tokens::{id_of, named_by};
use super::{Admin, AdminError, invalid};
use crate::access::{hash_of, known_client};
use crate::login::random_secret;

impl Admin {
    /// A new key for a service that calls by `client_id`: the text is shown this once.
    ///
    /// # Errors
    /// [`AdminError::Client`] when the client is unknown or blocked.
    pub async fn create_service_key(&self, client_id: &str, name: &str) -> Result<String, AdminError> {
        let client = known_client(&*self.logins, client_id).await.map_err(AdminError::Client)?;
        let text = random_secret(&*self.core.entropy);
        let key = ServiceKey {
            hash: hash_of(&text),
            client_id: client.id,
            name: name.to_owned(),
            added_at: self.core.clock.now(),
        };
        self.logins.put_service_key(&key).await?;
        Ok(text)
    }

    /// All keys of services with the ids that name them, by client and time.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn service_keys(&self) -> Result<Vec<(String, ServiceKey)>, AdminError> {
        let keys = self.logins.service_keys().await?;
        Ok(keys.into_iter().map(|key| (id_of(key.hash), key)).collect())
    }

    /// Deletes a key, named by at least 8 digits of its id, with all that was bound by it. Tokens that it bought stay good.
    ///
    /// # Errors
    /// `CoreError::Invalid` when the id names no key, or several.
    pub async fn delete_service_key(&self, id: &str) -> Result<(), AdminError> {
        let mut found = self.logins.service_keys().await?;
        let wanted = named_by(id)?;
        found.retain(|key| id_of(key.hash).starts_with(&wanted));
        match found.as_slice() {
            [key] => {
                self.logins.delete_service_key(key.hash).await?;
                Ok(())
            }
            [] => Err(invalid("id", format!("{id:?} is no key: see `potok admin service-key list`"))),
            _ => Err(invalid("id", format!("{id:?} are the first digits of several keys: give more"))),
        }
    }
}
