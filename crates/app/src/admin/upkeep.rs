//! What a running server does for itself.

use potok_types::BoxId;

use super::Admin;
use crate::core::CoreError;

/// How much was thrown away because its time was over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expired {
    /// Tokens.
    pub tokens: u64,
    /// Files on shelves.
    pub files: u64,
    /// Secrets that nobody sent back.
    pub challenges: u64,
    /// Codes of programs and devices.
    pub codes: u64,
}

impl Admin {
    /// Throws away what has expired by now.
    ///
    /// # Errors
    /// [`CoreError::Store`]; what was not thrown away is the next time.
    pub async fn forget_expired(&self) -> Result<Expired, CoreError> {
        let now = self.core.clock.now();
        Ok(Expired {
            tokens: self.logins.forget_expired_tokens(now).await?,
            files: self.files.forget_expired_files(now).await?,
            challenges: self.logins.forget_expired_challenges(now).await?,
            codes: self.logins.forget_expired_codes(now).await?,
        })
    }

    /// Makes the next signing key when it is time, and forgets those that nobody needs.
    ///
    /// # Errors
    /// [`CoreError::Store`].
    pub async fn keep_keys_fresh(&self) -> Result<(), CoreError> {
        self.keys.keep_fresh().await
    }

    /// Whether the store answers, and whether the last change and the last large content were written; when one was not, whether
    /// another one is now. What is to be told though it works, in a few words.
    ///
    /// # Errors
    /// [`CoreError::Store`] and [`CoreError::Content`] when not.
    pub async fn probe(&self) -> Result<Option<&'static str>, CoreError> {
        self.core.directory.organization_by_box(BoxId::ZERO).await?;
        self.upkeep.check_writable().await?;
        self.core.contents.check_writable().await?;
        Ok(self.upkeep.remark())
    }
}
