//! Signing in to programs: registrations, codes, devices, consents, keys, trusted services.

use std::collections::BTreeMap;

use async_trait::async_trait;
use potok_store::{
    AuthorizationCode, AuthorizationCodes, Consents, DeviceAnswer, DeviceCode, DeviceCodes, OutsideUsers,
    Redeemed, Registration, Registrations, ServiceKey, SigningKey, SigningKeys, StoreError, Token, TokenHash,
    TokensOf, TrustedServices,
};
use potok_types::{Ticks, UserId};

use crate::MemoryStore;

#[derive(Default)]
pub(crate) struct Desk {
    registrations: BTreeMap<String, Registration>,
    codes: BTreeMap<[u8; 32], AuthorizationCode>,
    devices: BTreeMap<[u8; 32], DeviceCode>,
    consents: BTreeMap<(UserId, String), String>,
    keys: BTreeMap<String, SigningKey>,
    services: BTreeMap<[u8; 32], ServiceKey>,
    bound: BTreeMap<([u8; 32], String), UserId>,
    outside: BTreeMap<(String, String), UserId>,
}

impl Desk {
    /// Forgets what would become tokens of those.
    pub(crate) fn forget(&mut self, whose: &TokensOf) {
        let allowed_by = |code: &DeviceCode| match code.answer {
            DeviceAnswer::Allowed { user, .. } => Some(user),
            DeviceAnswer::Waits | DeviceAnswer::Denied => None,
        };
        match whose {
            TokensOf::All => {
                self.codes.clear();
                self.devices.clear();
            }
            TokensOf::User(user) => {
                self.codes.retain(|_, code| code.user != *user);
                self.devices.retain(|_, code| allowed_by(code) != Some(*user));
                self.bound.retain(|_, bound| bound != user);
            }
            TokensOf::Client(id) => {
                self.codes.retain(|_, code| code.client_id != *id);
                self.devices.retain(|_, code| code.client_id != *id);
            }
            TokensOf::Family(_) | TokensOf::One(_) => {}
        }
    }
}

#[async_trait]
impl Registrations for MemoryStore {
    async fn registration(&self, client_id: &str) -> Result<Option<Registration>, StoreError> {
        Ok(self.state().sign_in.registrations.get(client_id).cloned())
    }

    async fn put_registration(&self, registration: &Registration) -> Result<(), StoreError> {
        let key = registration.client_id.clone();
        self.state().sign_in.registrations.insert(key, registration.clone());
        Ok(())
    }
}

#[async_trait]
impl AuthorizationCodes for MemoryStore {
    async fn put_code(&self, code: &AuthorizationCode) -> Result<(), StoreError> {
        self.state().sign_in.codes.insert(code.hash.0, code.clone());
        Ok(())
    }

    async fn code(&self, hash: TokenHash) -> Result<Option<AuthorizationCode>, StoreError> {
        Ok(self.state().sign_in.codes.get(&hash.0).cloned())
    }

    async fn redeem_code(
        &self,
        hash: TokenHash,
        now: Ticks,
        tokens: &[Token],
    ) -> Result<Redeemed, StoreError> {
        let mut state = self.state();
        let Some(code) = state.sign_in.codes.get_mut(&hash.0) else { return Ok(Redeemed::Unknown) };
        if code.used_at.is_some() {
            state.revoke(&TokensOf::Family(hash));
            return Ok(Redeemed::UsedBefore);
        }
        code.used_at = Some(now);
        state.login.keep(tokens);
        Ok(Redeemed::Done)
    }
}

#[async_trait]
impl DeviceCodes for MemoryStore {
    async fn put_device_code(&self, code: &DeviceCode) -> Result<bool, StoreError> {
        let mut state = self.state();
        let devices = &mut state.sign_in.devices;
        let is_free = devices.values().all(|it| it.user_code != code.user_code && it.hash != code.hash);
        if is_free {
            devices.insert(code.hash.0, code.clone());
        }
        Ok(is_free)
    }

    async fn device_code(&self, hash: TokenHash) -> Result<Option<DeviceCode>, StoreError> {
        Ok(self.state().sign_in.devices.get(&hash.0).cloned())
    }

    async fn device_by_user_code(&self, user_code: &str) -> Result<Option<DeviceCode>, StoreError> {
        let state = self.state();
        Ok(state.sign_in.devices.values().find(|it| it.user_code == user_code).cloned())
    }

    async fn note_device_asked(
        &self,
        hash: TokenHash,
        now: Ticks,
        interval_seconds: u32,
    ) -> Result<(), StoreError> {
        if let Some(code) = self.state().sign_in.devices.get_mut(&hash.0) {
            code.asked_at = Some(now);
            code.interval_seconds = interval_seconds;
        }
        Ok(())
    }

    async fn answer_device(&self, user_code: &str, answer: DeviceAnswer) -> Result<bool, StoreError> {
        let mut state = self.state();
        let waits = |it: &&mut DeviceCode| it.user_code == user_code && it.answer == DeviceAnswer::Waits;
        let found = state.sign_in.devices.values_mut().find(waits);
        Ok(found.map(|code| code.answer = answer).is_some())
    }

    async fn redeem_device(&self, hash: TokenHash, tokens: &[Token]) -> Result<bool, StoreError> {
        let mut state = self.state();
        let is_allowed = |it: &DeviceCode| matches!(it.answer, DeviceAnswer::Allowed { .. });
        let is_there = state.sign_in.devices.get(&hash.0).is_some_and(is_allowed);
        if is_there {
            state.sign_in.devices.remove(&hash.0);
            state.login.keep(tokens);
        }
        Ok(is_there)
    }

    async fn forget_expired_codes(&self, now: Ticks) -> Result<u64, StoreError> {
        let mut state = self.state();
        let desk = &mut state.sign_in;
        let before = desk.codes.len() + desk.devices.len();
        desk.codes.retain(|_, it| it.expires_at >= now);
        desk.devices.retain(|_, it| it.expires_at >= now);
        Ok((before - desk.codes.len() - desk.devices.len()) as u64)
    }
}

#[async_trait]
impl Consents for MemoryStore {
    async fn consent(&self, user: UserId, client_id: &str) -> Result<Option<String>, StoreError> {
        Ok(self.state().sign_in.consents.get(&(user, client_id.to_owned())).cloned())
    }

    async fn put_consent(
        &self,
        user: UserId,
        client_id: &str,
        scope: &str,
        _now: Ticks,
    ) -> Result<(), StoreError> {
        self.state().sign_in.consents.insert((user, client_id.to_owned()), scope.to_owned());
        Ok(())
    }
}

#[async_trait]
impl SigningKeys for MemoryStore {
    async fn signing_keys(&self) -> Result<Vec<SigningKey>, StoreError> {
        let mut keys: Vec<SigningKey> = self.state().sign_in.keys.values().cloned().collect();
        keys.sort_by_key(|key| key.signs_from);
        Ok(keys)
    }

    async fn put_signing_key(&self, key: &SigningKey) -> Result<(), StoreError> {
        self.state().sign_in.keys.insert(key.id.clone(), key.clone());
        Ok(())
    }

    async fn delete_signing_key(&self, id: &str) -> Result<bool, StoreError> {
        Ok(self.state().sign_in.keys.remove(id).is_some())
    }
}

#[async_trait]
impl TrustedServices for MemoryStore {
    async fn service_key(&self, hash: TokenHash) -> Result<Option<ServiceKey>, StoreError> {
        Ok(self.state().sign_in.services.get(&hash.0).cloned())
    }

    async fn service_keys(&self) -> Result<Vec<ServiceKey>, StoreError> {
        let mut keys: Vec<ServiceKey> = self.state().sign_in.services.values().cloned().collect();
        keys.sort_by_key(|key| (key.client_id.clone(), key.added_at, key.hash.0));
        Ok(keys)
    }

    async fn put_service_key(&self, key: &ServiceKey) -> Result<(), StoreError> {
        self.state().sign_in.services.insert(key.hash.0, key.clone());
        Ok(())
    }

    async fn delete_service_key(&self, hash: TokenHash) -> Result<bool, StoreError> {
        let mut state = self.state();
        state.sign_in.bound.retain(|(key, _), _| *key != hash.0);
        Ok(state.sign_in.services.remove(&hash.0).is_some())
    }

    async fn bind_service_user(
        &self,
        key: TokenHash,
        service_user: &str,
        user: UserId,
        _now: Ticks,
    ) -> Result<(), StoreError> {
        self.state().sign_in.bound.insert((key.0, service_user.to_owned()), user);
        Ok(())
    }

    async fn bound_user(&self, key: TokenHash, service_user: &str) -> Result<Option<UserId>, StoreError> {
        Ok(self.state().sign_in.bound.get(&(key.0, service_user.to_owned())).copied())
    }
}

#[async_trait]
impl OutsideUsers for MemoryStore {
    async fn outside_user(&self, issuer: &str, subject: &str) -> Result<Option<UserId>, StoreError> {
        Ok(self.state().sign_in.outside.get(&(issuer.to_owned(), subject.to_owned())).copied())
    }

    async fn add_outside_user(
        &self,
        issuer: &str,
        subject: &str,
        user: UserId,
        _now: Ticks,
    ) -> Result<bool, StoreError> {
        let mut state = self.state();
        let key = (issuer.to_owned(), subject.to_owned());
        let is_new = !state.sign_in.outside.contains_key(&key);
        state.sign_in.outside.entry(key).or_insert(user);
        Ok(is_new)
    }
}
