//! Keys that sign id tokens.

use potok_store::SigningKey;

use super::{Admin, AdminError};

impl Admin {
    /// The keys, in the order in which they begin to sign.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn signing_keys(&self) -> Result<Vec<SigningKey>, AdminError> {
        Ok(self.logins.signing_keys().await?)
    }

    /// Makes the next key. It signs in a day, when programs have read it; with `now` at once, and what the others signed is not
    /// believed any more.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn rotate_signing_key(&self, now: bool) -> Result<SigningKey, AdminError> {
        Ok(self.keys.rotate(now).await?)
    }
}
