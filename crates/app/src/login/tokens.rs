//! Tokens: made, and found again by their text.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use potok_store::{ApiClient, CertificateThumbprint, Token, TokenKind};
use potok_types::{Entropy, UserId};

use crate::access::hash_of;
use crate::core::{Core, CoreError};

/// What a login without a named scope gets.
pub(crate) const DEFAULT_SCOPE: &str = "openid profile email offline_access Diadoc.PublicAPI";

/// Makes tokens and knows them again.
#[derive(Clone)]
pub(crate) struct Tokens {
    pub(crate) core: Arc<Core>,
    /// Life of an access token.
    pub(crate) access_seconds: i64,
    /// Life of a refresh token after its last use.
    pub(crate) refresh_seconds: i64,
}

impl Tokens {
    /// A new token for `user` with `client`; with `certificate`, it goes when that does.
    pub(crate) async fn issue(
        &self,
        kind: TokenKind,
        client: &ApiClient,
        user: UserId,
        scope: &str,
        certificate: Option<CertificateThumbprint>,
    ) -> Result<String, CoreError> {
        let text = random_token(&*self.core.entropy, kind);
        let life = match kind {
            TokenKind::Access => self.access_seconds,
            TokenKind::Refresh => self.refresh_seconds,
        };
        let token = Token {
            hash: hash_of(&text),
            kind,
            client_id: client.id.clone(),
            user,
            scope: scope.to_owned(),
            certificate,
            expires_at: self.core.clock.now().plus_seconds(life),
        };
        self.core.store.put_token(&token).await?;
        Ok(text)
    }

    /// The refresh token with this text, unless it is expired.
    pub(crate) async fn good_refresh_token(&self, text: &str) -> Result<Option<Token>, CoreError> {
        let now = self.core.clock.now();
        let token = self.core.store.token(hash_of(text)).await?;
        Ok(token.filter(|token| token.kind == TokenKind::Refresh && token.expires_at > now))
    }

    /// Lets a refresh token live on from now.
    pub(crate) async fn extend(&self, token: &Token) -> Result<(), CoreError> {
        let ends = self.core.clock.now().plus_seconds(self.refresh_seconds);
        Ok(self.core.store.extend_token(token.hash, ends).await?)
    }
}

/// 48 random bytes as text. Access tokens are standard base64 as clients know them; refresh tokens travel in forms,
/// so they avoid the characters that a form must escape.
fn random_token(entropy: &dyn Entropy, kind: TokenKind) -> String {
    let mut bytes = [0; 48];
    entropy.fill(&mut bytes);
    match kind {
        TokenKind::Access => STANDARD.encode(bytes),
        TokenKind::Refresh => URL_SAFE_NO_PAD.encode(bytes),
    }
}
