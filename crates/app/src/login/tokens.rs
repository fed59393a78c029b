//! Tokens: made, and found again by their text.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use potok_store::{ApiClient, Logins, Proof, Token, TokenKind};
use potok_types::{Entropy, UserId};

use crate::access::hash_of;
use crate::core::{Core, CoreError};

/// What a login without a named scope gets.
pub(crate) const DEFAULT_SCOPE: &str = "openid profile email offline_access Diadoc.PublicAPI";

/// Makes tokens and knows them again.
#[derive(Clone)]
pub(crate) struct Tokens {
    pub(crate) core: Arc<Core>,
    pub(crate) logins: Arc<dyn Logins>,
    /// Life of an access token.
    pub(crate) access_seconds: i64,
    /// Life of a refresh token after its last use.
    pub(crate) refresh_seconds: i64,
    /// Life of a session of a browser.
    pub(crate) session_seconds: i64,
    /// Each use of a refresh token gives another one.
    pub(crate) rotates: bool,
}

impl Tokens {
    /// A new token for `user` with `client`, who need not prove anything.
    pub(crate) async fn issue(
        &self,
        kind: TokenKind,
        client: &ApiClient,
        user: UserId,
        scope: &str,
    ) -> Result<String, CoreError> {
        let (text, token) = self.make(kind, &client.id, user, scope);
        self.logins.put_token(&token).await?;
        Ok(text)
    }

    /// A new access token for `user`, who proved with a client to be it; `None` when the proof was taken back meanwhile.
    pub(super) async fn issue_for(
        &self,
        proof: &Proof,
        client_id: &str,
        user: UserId,
        scope: &str,
    ) -> Result<Option<String>, CoreError> {
        let (text, token) = self.make(TokenKind::Access, client_id, user, scope);
        Ok(self.put_proved(token, proof).await?.then_some(text))
    }

    /// A new session for `user`, who proved to be it; `None` when the proof was taken back meanwhile.
    pub(super) async fn begin_session(
        &self,
        proof: &Proof,
        user: UserId,
    ) -> Result<Option<String>, CoreError> {
        let (text, token) = self.make(TokenKind::Session, "", user, "");
        Ok(self.put_proved(token, proof).await?.then_some(text))
    }

    /// A new session for `user`, for whom somebody else vouches.
    pub(super) async fn begin_outside_session(&self, user: UserId) -> Result<String, CoreError> {
        let (text, token) = self.make(TokenKind::Session, "", user, "");
        self.logins.put_token(&token).await?;
        Ok(text)
    }

    /// Keeps a token if the proof still holds; whether it does.
    pub(super) async fn put_proved(&self, token: Token, proof: &Proof) -> Result<bool, CoreError> {
        let certificate = match proof {
            Proof::Certificate(thumbprint) => Some(*thumbprint),
            Proof::Password(_) | Proof::Secret(_) => None,
        };
        Ok(self.logins.put_proved_token(&Token { certificate, ..token }, proof).await?)
    }

    /// A new token that nobody knows yet. A refresh token is the first one of its chain.
    pub(super) fn make(
        &self,
        kind: TokenKind,
        client_id: &str,
        user: UserId,
        scope: &str,
    ) -> (String, Token) {
        let text = random_token(&*self.core.entropy, kind);
        let (hash, now) = (hash_of(&text), self.core.clock.now());
        let (life, family) = match kind {
            TokenKind::Access => (self.access_seconds, None),
            TokenKind::Refresh => (self.refresh_seconds, Some(hash)),
            TokenKind::Session => (self.session_seconds, None),
        };
        let token = Token {
            hash,
            kind,
            client_id: client_id.to_owned(),
            user,
            scope: scope.to_owned(),
            certificate: None,
            issued_at: now,
            expires_at: now.plus_seconds(life),
            family,
            parent: None,
            spent_at: None,
        };
        (text, token)
    }
}

/// The secret of an API client: 64 hexadecimal digits.
pub(crate) fn random_secret(entropy: &dyn Entropy) -> String {
    format!("{}{}", entropy.uuid().as_simple(), entropy.uuid().as_simple())
}

/// 48 random bytes as text. Access tokens are standard base64 as clients know them; the others travel in forms, addresses and
/// cookies, so they avoid the characters that those must escape.
fn random_token(entropy: &dyn Entropy, kind: TokenKind) -> String {
    match kind {
        TokenKind::Access => STANDARD.encode(random_bytes(entropy)),
        TokenKind::Refresh | TokenKind::Session => random_text(entropy),
    }
}

/// 48 random bytes in letters that nothing escapes.
pub(crate) fn random_text(entropy: &dyn Entropy) -> String {
    URL_SAFE_NO_PAD.encode(random_bytes(entropy))
}

fn random_bytes(entropy: &dyn Entropy) -> [u8; 48] {
    let mut bytes = [0; 48];
    entropy.fill(&mut bytes);
    bytes
}
