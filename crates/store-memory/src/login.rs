//! Clients, tokens, certificates and challenges.

use std::collections::BTreeMap;

use async_trait::async_trait;
use potok_store::{
    ApiClient, ApiClients, CertificateThumbprint, LoginChallenge, LoginChallenges, PasswordLogin, Passwords,
    Session, StoreError, Token, TokenHash, Tokens, UserCertificate, UserCertificates,
};
use potok_types::{BoxId, Ticks, UserId};

use crate::MemoryStore;

#[derive(Default)]
pub(crate) struct Ring {
    clients: BTreeMap<String, ApiClient>,
    tokens: BTreeMap<[u8; 32], Token>,
    certificates: BTreeMap<CertificateThumbprint, UserCertificate>,
    /// Oldest first.
    challenges: Vec<LoginChallenge>,
}

#[async_trait]
impl ApiClients for MemoryStore {
    async fn api_client(&self, id: &str) -> Result<Option<ApiClient>, StoreError> {
        Ok(self.state().login.clients.get(id).cloned())
    }

    async fn api_clients(&self) -> Result<Vec<ApiClient>, StoreError> {
        Ok(self.state().login.clients.values().cloned().collect())
    }

    async fn put_api_client(&self, client: &ApiClient) -> Result<(), StoreError> {
        self.state().login.clients.insert(client.id.clone(), client.clone());
        Ok(())
    }
}

#[async_trait]
impl Passwords for MemoryStore {
    async fn password(&self, login: &str) -> Result<Option<PasswordLogin>, StoreError> {
        let state = self.state();
        let found = state.directory.by_login(login);
        Ok(found.map(|(user, hash)| PasswordLogin { user: user.id, password_hash: hash.clone() }))
    }
}

#[async_trait]
impl Tokens for MemoryStore {
    async fn put_token(&self, token: &Token) -> Result<(), StoreError> {
        self.state().login.tokens.insert(token.hash.0, token.clone());
        Ok(())
    }

    async fn token(&self, hash: TokenHash) -> Result<Option<Token>, StoreError> {
        Ok(self.state().login.tokens.get(&hash.0).cloned())
    }

    async fn session(&self, hash: TokenHash, box_id: Option<BoxId>) -> Result<Option<Session>, StoreError> {
        let state = self.state();
        Ok(state.login.tokens.get(&hash.0).map(|token| Session {
            client: state.login.clients.get(&token.client_id).cloned(),
            user: state.directory.user(token.user),
            member: box_id.and_then(|box_id| state.directory.member(box_id, token.user)),
            token: token.clone(),
        }))
    }

    async fn extend_token(&self, hash: TokenHash, expires_at: Ticks) -> Result<(), StoreError> {
        if let Some(token) = self.state().login.tokens.get_mut(&hash.0) {
            token.expires_at = expires_at;
        }
        Ok(())
    }

    async fn forget_expired_tokens(&self, now: Ticks) -> Result<u64, StoreError> {
        let mut state = self.state();
        let before = state.login.tokens.len();
        state.login.tokens.retain(|_, token| token.expires_at >= now);
        Ok((before - state.login.tokens.len()) as u64)
    }
}

#[async_trait]
impl UserCertificates for MemoryStore {
    async fn user_certificate(
        &self,
        thumbprint: CertificateThumbprint,
    ) -> Result<Option<UserCertificate>, StoreError> {
        Ok(self.state().login.certificates.get(&thumbprint).cloned())
    }

    async fn user_certificates(&self, user: UserId) -> Result<Vec<UserCertificate>, StoreError> {
        let state = self.state();
        let of_user = state.login.certificates.values().filter(|it| it.user == user);
        let mut found: Vec<UserCertificate> = of_user.cloned().collect();
        found.sort_by_key(|it| (it.added_at, it.thumbprint));
        Ok(found)
    }

    async fn add_user_certificate(&self, certificate: &UserCertificate) -> Result<bool, StoreError> {
        let mut state = self.state();
        let is_new = !state.login.certificates.contains_key(&certificate.thumbprint);
        state.login.certificates.entry(certificate.thumbprint).or_insert_with(|| certificate.clone());
        Ok(is_new)
    }

    async fn remove_user_certificate(
        &self,
        user: UserId,
        thumbprint: CertificateThumbprint,
    ) -> Result<bool, StoreError> {
        let mut state = self.state();
        let is_there = state.login.certificates.get(&thumbprint).is_some_and(|it| it.user == user);
        if is_there {
            state.login.certificates.remove(&thumbprint);
            state.login.tokens.retain(|_, token| token.certificate != Some(thumbprint));
        }
        Ok(is_there)
    }
}

#[async_trait]
impl LoginChallenges for MemoryStore {
    async fn put_challenge(&self, challenge: &LoginChallenge, limit: u32) -> Result<(), StoreError> {
        let mut state = self.state();
        let kept = &mut state.login.challenges;
        kept.retain(|it| it.hash != challenge.hash);
        kept.push(challenge.clone());
        let in_bucket = kept.iter().filter(|it| it.bucket == challenge.bucket).count();
        let mut too_many = in_bucket.saturating_sub(limit as usize);
        kept.retain(|it| {
            let is_dropped = it.bucket == challenge.bucket && too_many > 0;
            too_many -= usize::from(is_dropped);
            !is_dropped
        });
        Ok(())
    }

    async fn take_challenge(&self, hash: TokenHash) -> Result<Option<LoginChallenge>, StoreError> {
        let mut state = self.state();
        let place = state.login.challenges.iter().position(|it| it.hash == hash);
        Ok(place.map(|place| state.login.challenges.remove(place)))
    }

    async fn forget_expired_challenges(&self, now: Ticks) -> Result<u64, StoreError> {
        let mut state = self.state();
        let before = state.login.challenges.len();
        state.login.challenges.retain(|it| it.expires_at >= now);
        Ok((before - state.login.challenges.len()) as u64)
    }
}
