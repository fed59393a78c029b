//! Keys that sign id tokens: made when they are needed, and followed by others.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use potok_oidc::IdKey;
use potok_store::{Logins, SigningKey};
use serde_json::{Value, json};

use super::certificate::random;
use crate::core::{Core, CoreError};

const DAY: i64 = 24 * 3600;
/// A key is published for so long before it signs: programs read the keys once a day, and an unknown one fails at once.
const PUBLISHED_BEFORE: i64 = DAY;
/// It signs for so long.
const LIFE: i64 = 90 * DAY;
/// Id tokens are good for so long, in seconds.
pub(super) const ID_TOKEN_SECONDS: i64 = 3600;
/// A key stays published for so long after the next one began to sign.
const PUBLISHED_AFTER: i64 = ID_TOKEN_SECONDS + DAY;

/// The keys, with what was made of those that were read.
#[derive(Clone)]
pub(crate) struct Keys {
    core: Arc<Core>,
    logins: Arc<dyn Logins>,
    read: Arc<Mutex<HashMap<String, IdKey>>>,
    /// Held by whoever makes a key, so that the first two calls make one.
    making: Arc<tokio::sync::Mutex<()>>,
}

impl Keys {
    pub(crate) fn new(core: Arc<Core>, logins: Arc<dyn Logins>) -> Self {
        Self { core, logins, read: Arc::default(), making: Arc::default() }
    }

    /// The key that signs now.
    pub(super) async fn signing(&self) -> Result<IdKey, CoreError> {
        let now = self.core.clock.now();
        let kept = self.kept().await?;
        // The first one may have been made by a clock that was ahead.
        let signs = kept.iter().rev().find(|key| key.signs_from <= now).or(kept.first());
        self.usable(signs.ok_or(CoreError::CutOff)?)
    }

    /// Those whose tokens are good.
    pub(super) async fn published(&self) -> Result<Vec<IdKey>, CoreError> {
        self.kept().await?.iter().map(|key| self.usable(key)).collect()
    }

    /// All that are kept; the first one is made now.
    async fn kept(&self) -> Result<Vec<SigningKey>, CoreError> {
        let kept = self.logins.signing_keys().await?;
        if !kept.is_empty() {
            return Ok(kept);
        }
        let _alone = self.making.lock().await;
        let kept = self.logins.signing_keys().await?;
        if !kept.is_empty() {
            return Ok(kept);
        }
        Ok(vec![self.make(0).await?])
    }

    /// A new key that signs in so many seconds.
    async fn make(&self, in_seconds: i64) -> Result<SigningKey, CoreError> {
        let mut random = random(&*self.core.entropy);
        let made = self.core.room.work.serve(move || IdKey::generate(&mut random)).await?;
        let (key, pkcs8) = made.map_err(|error| {
            tracing::error!(%error, "no signing key could be made");
            CoreError::CutOff
        })?;
        let signs_from = self.core.clock.now().plus_seconds(in_seconds);
        let kept = SigningKey { id: key.id().to_owned(), pkcs8, signs_from };
        self.logins.put_signing_key(&kept).await?;
        Ok(kept)
    }

    fn usable(&self, kept: &SigningKey) -> Result<IdKey, CoreError> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = read.get(&kept.id) {
            return Ok(key.clone());
        }
        let key = IdKey::read(&kept.id, &kept.pkcs8).map_err(|error| {
            tracing::error!(%error, "a signing key is damaged: make another one by signing-key rotate --now");
            CoreError::CutOff
        })?;
        read.insert(kept.id.clone(), key.clone());
        Ok(key)
    }

    /// Makes the next key, which signs in a day, or with `now` at once, and then alone: whatever the others signed is not
    /// believed any more.
    pub(crate) async fn rotate(&self, now: bool) -> Result<SigningKey, CoreError> {
        let _alone = self.making.lock().await;
        let before = self.logins.signing_keys().await?;
        let made = self.make(if now || before.is_empty() { 0 } else { PUBLISHED_BEFORE }).await?;
        for key in before.iter().filter(|_| now) {
            self.logins.delete_signing_key(&key.id).await?;
        }
        Ok(made)
    }

    /// Makes the next key when it is time, and forgets those that nobody needs.
    pub(crate) async fn keep_fresh(&self) -> Result<(), CoreError> {
        let now = self.core.clock.now();
        let kept = self.logins.signing_keys().await?;
        for (key, next) in kept.iter().zip(kept.iter().skip(1)) {
            if next.signs_from.plus_seconds(PUBLISHED_AFTER) < now {
                self.logins.delete_signing_key(&key.id).await?;
            }
        }
        match kept.last() {
            Some(last) if last.signs_from.plus_seconds(LIFE) < now => self.rotate(false).await.map(drop),
            _ => Ok(()),
        }
    }
}

impl super::Login {
    /// The public halves of the keys, as a JWK set.
    ///
    /// # Errors
    /// [`CoreError::Store`].
    pub async fn jwks(&self) -> Result<Value, CoreError> {
        let keys = self.keys.published().await?;
        let keys: Vec<&Value> = keys.iter().map(IdKey::jwk).collect();
        Ok(json!({ "keys": keys }))
    }

    /// The server as programs know it: an origin without a slash at its end.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// What programs read first.
    pub fn metadata(&self) -> Value {
        potok_oidc::metadata(&self.issuer)
    }
}
