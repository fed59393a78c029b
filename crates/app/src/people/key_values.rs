//! `KeyValueStorageGet`, `KeyValueStoragePut`: what programs keep here for an organization.

use potok_types::access::BoxEmployee;
use potok_types::{Invalid, limits};

use super::{People, PeopleError};
use crate::Permit;

impl People {
    /// The values of `keys` that there are, in the order of `keys`.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn key_values(
        &self,
        actor: &Permit<BoxEmployee>,
        keys: Vec<String>,
    ) -> Result<Vec<(String, String)>, PeopleError> {
        Ok(self.registers.key_values(actor.box_id(), &keys).await?)
    }

    /// Writes all values or none. Of a key that is named twice the last value counts.
    ///
    /// # Errors
    /// `CoreError::Invalid` for a key without characters, and when the box would have more than
    /// [`limits::KEYS_PER_BOX`].
    pub async fn put_key_values(
        &self,
        actor: &Permit<BoxEmployee>,
        entries: Vec<(String, String)>,
    ) -> Result<(), PeopleError> {
        const PATH: &str = "KeyValueStorageApiPutRequest.Entries";
        if let Some(nth) = entries.iter().position(|(key, _)| key.is_empty()) {
            return Err(Invalid::new(format!("{PATH}[{nth}].Key"), "a value needs a key").into());
        }
        let most = limits::KEYS_PER_BOX;
        match self.registers.put_key_values(actor.box_id(), &entries, most).await? {
            true => Ok(()),
            false => {
                let reason = format!(
                    "box {} would have more than {most} keys: write to keys that it has",
                    actor.box_id().guid()
                );
                Err(Invalid::new(PATH, reason).into())
            }
        }
    }
}
