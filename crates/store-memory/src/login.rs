//! Clients, tokens, certificates and challenges.

use std::collections::BTreeMap;

use async_trait::async_trait;
use potok_domain::directory::DirectoryChange;
use potok_store::{
    ApiClient, ApiClients, CertificateThumbprint, DirectoryRow, LoginChallenge, LoginChallenges,
    PasswordLogin, Passwords, Proof, Rotated, Rotation, Session, StoreError, Token, TokenHash, TokenKind,
    Tokens, TokensOf, UserCertificate, UserCertificates,
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

fn is_of(token: &Token, whose: &TokensOf) -> bool {
    match whose {
        TokensOf::All => true,
        TokensOf::User(user) => token.user == *user,
        TokensOf::Client(id) => token.client_id == *id,
        TokensOf::Family(first) => token.family == Some(*first),
        TokensOf::One(hash) => token.hash == *hash,
    }
}

impl Ring {
    /// The first login of `rows` whose certificate another user has.
    pub(crate) fn taken_certificate(&self, rows: &[DirectoryRow]) -> Option<String> {
        rows.iter().find_map(|row| {
            let DirectoryChange::User(user) = &row.change else { return None };
            let known = self.certificates.get(&row.certificate.as_ref()?.thumbprint)?;
            (known.user != user.id).then(|| user.login.clone())
        })
    }

    /// Adds the certificates of `rows` that are not there.
    pub(crate) fn add_certificates(&mut self, rows: &[DirectoryRow]) {
        for certificate in rows.iter().filter_map(|row| row.certificate.as_ref()) {
            self.certificates.entry(certificate.thumbprint).or_insert_with(|| certificate.clone());
        }
    }

    /// Ends tokens; how many.
    pub(crate) fn revoke(&mut self, whose: &TokensOf) -> u64 {
        let before = self.tokens.len();
        self.tokens.retain(|_, token| !is_of(token, whose));
        (before - self.tokens.len()) as u64
    }

    /// Keeps tokens.
    pub(crate) fn keep(&mut self, tokens: &[Token]) {
        self.tokens.extend(tokens.iter().map(|token| (token.hash.0, token.clone())));
    }

    fn rotate(&mut self, it: &Rotation) -> Rotated {
        let is_refresh = |token: &&Token| token.kind == TokenKind::Refresh;
        let Some(used) = self.tokens.get(&it.used.0).filter(is_refresh).cloned() else {
            return Rotated::Unknown;
        };
        if let Some(at) = used.spent_at {
            return Rotated::Spent(at);
        }
        let is_good = |token: &Token| {
            token.family == used.family && token.kind == TokenKind::Refresh && token.spent_at.is_none()
        };
        let mut unused = Vec::new();
        for token in self.tokens.values_mut().filter(|token| is_good(token) && token.hash != it.used) {
            if token.parent == Some(it.used) {
                unused.push((std::cmp::Reverse(token.issued_at), token.hash.0));
            } else {
                token.spent_at = Some(it.now);
            }
        }
        if let Some(next) = &it.next {
            unused.sort_unstable();
            for (_, hash) in unused.into_iter().skip((it.successors as usize).saturating_sub(1)) {
                self.tokens.remove(&hash);
            }
            self.tokens.insert(next.hash.0, next.clone());
        }
        self.tokens.insert(it.used.0, Token { expires_at: it.used_expires_at, ..used });
        self.tokens.insert(it.access.hash.0, it.access.clone());
        Rotated::Done
    }
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

    async fn set_client_blocked(&self, id: &str, is_blocked: bool) -> Result<bool, StoreError> {
        let mut state = self.state();
        Ok(state.login.clients.get_mut(id).map(|client| client.is_blocked = is_blocked).is_some())
    }

    async fn set_client_partner(&self, id: &str, is_partner: bool) -> Result<bool, StoreError> {
        let mut state = self.state();
        Ok(state.login.clients.get_mut(id).map(|client| client.is_partner = is_partner).is_some())
    }

    async fn set_client_secret(&self, id: &str, hash: TokenHash) -> Result<Option<u64>, StoreError> {
        let mut state = self.state();
        let Some(client) = state.login.clients.get_mut(id) else { return Ok(None) };
        client.secret_hash = Some(hash);
        Ok(Some(state.revoke(&TokensOf::Client(id.to_owned()))))
    }
}

#[async_trait]
impl Passwords for MemoryStore {
    async fn password(&self, login: &str) -> Result<Option<PasswordLogin>, StoreError> {
        let state = self.state();
        let found = state.directory.by_login(login);
        Ok(found.map(|(user, hash)| PasswordLogin { user: user.id, password_hash: hash.clone() }))
    }

    async fn set_password(&self, user: UserId, hash: Option<&str>) -> Result<Option<u64>, StoreError> {
        let mut state = self.state();
        if !state.directory.set_password(user, hash) {
            return Ok(None);
        }
        Ok(Some(state.revoke(&TokensOf::User(user))))
    }
}

#[async_trait]
impl Tokens for MemoryStore {
    async fn put_token(&self, token: &Token) -> Result<(), StoreError> {
        self.state().login.tokens.insert(token.hash.0, token.clone());
        Ok(())
    }

    async fn put_proved_token(&self, token: &Token, proof: &Proof) -> Result<bool, StoreError> {
        let mut state = self.state();
        let user = state.directory.with_password(token.user).filter(|(user, _)| !user.is_blocked);
        let client = state.login.clients.get(&token.client_id).filter(|client| !client.is_blocked);
        let is_for_none = token.client_id.is_empty();
        let Some((_, password)) = user.filter(|_| client.is_some() || is_for_none) else { return Ok(false) };
        let stands = match proof {
            Proof::Password(hash) => password.as_ref() == Some(hash),
            Proof::Certificate(thumbprint) => {
                state.login.certificates.get(thumbprint).is_some_and(|it| it.user == token.user)
            }
            Proof::Secret(hash) => client.is_some_and(|client| client.secret_hash == Some(*hash)),
        };
        if stands {
            state.login.tokens.insert(token.hash.0, token.clone());
        }
        Ok(stands)
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

    async fn tokens(&self, whose: &TokensOf) -> Result<Vec<Token>, StoreError> {
        let state = self.state();
        let mut found: Vec<Token> =
            state.login.tokens.values().filter(|token| is_of(token, whose)).cloned().collect();
        let place = |it: &Token| (it.user, it.client_id.clone(), it.issued_at, it.hash.0);
        found.sort_by_key(place);
        Ok(found)
    }

    async fn rotate_token(&self, rotation: &Rotation) -> Result<Rotated, StoreError> {
        Ok(self.state().login.rotate(rotation))
    }

    async fn revoke_tokens(&self, whose: &TokensOf) -> Result<u64, StoreError> {
        Ok(self.state().revoke(whose))
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

    async fn certificates_of_employees(
        &self,
        box_id: BoxId,
        limit: usize,
    ) -> Result<Vec<UserCertificate>, StoreError> {
        let state = self.state();
        let may_work = |it: &&UserCertificate| {
            let member = state.directory.member(box_id, it.user);
            let user = state.directory.user(it.user);
            member.is_some_and(|member| !member.employee.permissions.is_blocked)
                && user.is_some_and(|user| !user.is_blocked)
        };
        let mut found: Vec<UserCertificate> =
            state.login.certificates.values().filter(may_work).cloned().collect();
        found.sort_by_key(|it| (it.added_at, it.thumbprint));
        found.truncate(limit);
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
