//! Keys that the server holds for people, and the word of their holders.

use potok_cms::{Certificate, Thumbprint};
use potok_domain::signing::{HeldKey, KeyName, KeyPlace, Signing, SigningRefusal};
use potok_seams::FoundKey;
use potok_types::{Entropy, TaskId};

use super::{Admin, AdminError, invalid};
use crate::login::out_of_date;
use crate::signing::{SigningError, code_hash};

/// Signings that are listed.
const LISTED: usize = 1000;
/// Digits of a code.
const DIGITS: usize = 6;

impl Admin {
    /// Holds a key for a user. It is opened and tried; what is kept is where it is.
    ///
    /// # Errors
    /// [`AdminError::NoUser`]; [`AdminError::Key`] for one that cannot be used; `CoreError::Invalid` when the user has it already, or
    /// its certificate is out of date.
    pub async fn add_held_key(
        &self,
        login: &str,
        place: KeyPlace,
        is_unattended: bool,
    ) -> Result<HeldKey, AdminError> {
        let (user, now) = (self.user(login).await?.id, self.core.clock.now());
        let FoundKey { name, certificate, digest } = self.signing.keys.find(&place, now).await?;
        let read = Certificate::from_der(&certificate).map_err(|error| invalid("key", error.to_string()))?;
        if let Some(reason) = out_of_date(&read, now) {
            return Err(invalid("key", reason));
        }
        let key = HeldKey { user, name, certificate, digest, place, is_unattended, added_at: now };
        match self.signing.kept.add_held_key(&key).await? {
            true => Ok(key),
            false => Err(invalid("key", format!("{login} has it already; remove it first to change it"))),
        }
    }

    /// The keys of a user, or all.
    ///
    /// # Errors
    /// [`AdminError::NoUser`].
    pub async fn held_keys(&self, login: Option<&str>) -> Result<Vec<HeldKey>, AdminError> {
        Ok(match login {
            Some(login) => self.signing.kept.held_keys(self.user(login).await?.id).await?,
            None => self.signing.kept.all_held_keys().await?,
        })
    }

    /// Holds a key no longer. What is to be signed by it is not.
    ///
    /// # Errors
    /// [`AdminError::NoUser`]; `CoreError::Invalid` for a thumbprint of no key of the user.
    pub async fn remove_held_key(&self, login: &str, thumbprint: &str) -> Result<(), AdminError> {
        let user = self.user(login).await?.id;
        let none = || invalid("thumbprint", format!("{login} has no such key: see `potok admin key list`"));
        let name = KeyName(*Thumbprint::parse(thumbprint).ok_or_else(none)?.as_bytes());
        match self.signing.kept.remove_held_key(user, name).await? {
            true => Ok(()),
            false => Err(none()),
        }
    }

    /// What waits for the word of a user, or of anybody.
    ///
    /// # Errors
    /// [`AdminError::NoUser`].
    pub async fn waiting_signings(&self, login: Option<&str>) -> Result<Vec<Signing>, AdminError> {
        let mut all = match login {
            Some(login) => {
                let user = self.user(login).await?.id;
                self.signing.kept.waiting_signings(user, LISTED).await?
            }
            None => self.signing.kept.all_waiting_signings(LISTED).await?,
        };
        let now = self.core.clock.now();
        all.retain(|signing| signing.is_waiting(now));
        Ok(all)
    }

    /// A new code for a signing that its holder confirms by one. It is shown this once, and kept as a hash.
    ///
    /// # Errors
    /// `SigningRefusal`, in [`AdminError::Signing`].
    pub async fn tell_code(&self, id: TaskId) -> Result<String, AdminError> {
        let code = digits(&*self.core.entropy);
        let hash = code_hash(&code);
        self.change_signing(id, |signing| signing.with_code(hash, self.core.clock.now())).await?;
        Ok(code)
    }

    /// The holder of the key says yes, or no.
    ///
    /// # Errors
    /// As [`Self::tell_code`].
    pub async fn answer_signing(&self, id: TaskId, is_confirmed: bool) -> Result<(), AdminError> {
        self.change_signing(id, |signing| signing.answered(is_confirmed, self.core.clock.now())).await
    }

    async fn change_signing(
        &self,
        id: TaskId,
        change: impl Fn(&Signing) -> Result<Signing, SigningRefusal>,
    ) -> Result<(), AdminError> {
        let next = |known: Option<Signing>| {
            let known = known.ok_or(SigningError::NoTask(id))?;
            Ok((change(&known)?, ()))
        };
        Ok(self.signing.change(id, next).await?)
    }
}

/// A code that people can type.
fn digits(entropy: &dyn Entropy) -> String {
    let mut code = String::with_capacity(DIGITS);
    while code.len() < DIGITS {
        let mut byte = [0];
        entropy.fill(&mut byte);
        // Bytes beyond the last whole round would make some digits likelier.
        if byte[0] < 250 {
            code.push(char::from(b'0' + byte[0] % 10));
        }
    }
    code
}
