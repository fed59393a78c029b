//! Keys that the server holds for people.

use async_trait::async_trait;
use bytes::Bytes;
use potok_domain::signing::{KeyName, KeyPlace};
use potok_types::Ticks;

use crate::{NO_KEYS, NoKeys};

/// A key as it was found where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundKey {
    /// SHA-1 of its certificate.
    pub name: KeyName,
    /// Its certificate in DER.
    pub certificate: Vec<u8>,
    /// The digest that it signs, by its name.
    pub digest: String,
}

/// A key cannot be used now.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key cannot be used: {reason}")]
pub struct UnusableUserKey {
    /// Why, for the administrator.
    pub reason: String,
}

/// Opens keys and signs by them. Whoever calls has made sure that the holder wants it.
#[async_trait]
pub trait UserKeys: Send + Sync {
    /// Opens a key and tries it.
    ///
    /// # Errors
    /// [`UnusableUserKey`].
    async fn find(&self, place: &KeyPlace, at: Ticks) -> Result<FoundKey, UnusableUserKey>;

    /// The detached signatures, in DER, over contents with these digests, in order; `None` for what the key does not sign.
    ///
    /// # Errors
    /// [`UnusableUserKey`] when it cannot be opened, or is not the key `name` any more.
    async fn sign(
        &self,
        place: &KeyPlace,
        name: KeyName,
        digests: Vec<Vec<u8>>,
        at: Ticks,
    ) -> Result<Vec<Option<Bytes>>, UnusableUserKey>;
}

#[async_trait]
impl UserKeys for NoKeys {
    async fn find(&self, _place: &KeyPlace, _at: Ticks) -> Result<FoundKey, UnusableUserKey> {
        Err(UnusableUserKey { reason: NO_KEYS.to_owned() })
    }

    async fn sign(
        &self,
        _place: &KeyPlace,
        _name: KeyName,
        _digests: Vec<Vec<u8>>,
        _at: Ticks,
    ) -> Result<Vec<Option<Bytes>>, UnusableUserKey> {
        Err(UnusableUserKey { reason: NO_KEYS.to_owned() })
    }
}
