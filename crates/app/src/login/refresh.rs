//! Refresh tokens, which follow each other.
//!
//! A use gives an access token and the next refresh token. The used one stays good until the next one is used: an answer may get
//! lost on its way, and official clients throw the next one away and send their first one for ever. Whoever uses the next
//! one has it, so from then on the old one proves that two hold tokens of one chain, and the chain ends.

use potok_store::{ApiClient, Rotated, Rotation, Token, TokenKind, TokensOf};

use super::tokens::Tokens;
use crate::access::{self, hash_of};
use crate::core::CoreError;

/// So many next refresh tokens that nobody used are kept of each: those of calls that ran at the same time, or whose answers
/// got lost. Who keeps sending the old one fills no disk.
const UNUSED_SUCCESSORS: u32 = 8;
/// For so long after a refresh token was spent its use is only refused: a repeated call may be late.
const LATE_SECONDS: i64 = 60;

/// What a refresh token bought.
pub(super) struct Bought {
    pub(super) access_token: String,
    pub(super) refresh_token: String,
    pub(super) scope: String,
}

impl Tokens {
    /// Uses the refresh token with this text; `None` when it is no good.
    pub(super) async fn refresh(&self, client: &ApiClient, text: &str) -> Result<Option<Bought>, CoreError> {
        let (hash, now) = (hash_of(text), self.core.clock.now());
        let is_good = |token: &Token| {
            token.kind == TokenKind::Refresh && token.expires_at > now && token.client_id == client.id
        };
        let Some(used) = self.logins.token(hash).await?.filter(is_good) else { return Ok(None) };
        if access::is_blocked(&self.core, used.user).await? {
            return Ok(None);
        }
        let family = used.family.or(Some(hash));
        let (access_token, access) = self.make(TokenKind::Access, &client.id, used.user, &used.scope);
        let (refresh_token, next) = self.make(TokenKind::Refresh, &client.id, used.user, &used.scope);
        let rotation = Rotation {
            used: hash,
            used_expires_at: next.expires_at,
            next: self.rotates.then_some(Token { family, parent: Some(hash), ..next }),
            access: Token { family, ..access },
            now,
            successors: UNUSED_SUCCESSORS,
        };
        let scope = used.scope.clone();
        match self.logins.rotate_token(&rotation).await? {
            Rotated::Done if self.rotates => Ok(Some(Bought { access_token, refresh_token, scope })),
            Rotated::Done => Ok(Some(Bought { access_token, refresh_token: text.to_owned(), scope })),
            Rotated::Unknown => Ok(None),
            Rotated::Spent(at) => {
                if now > at.plus_seconds(LATE_SECONDS) {
                    self.end_chain(&used).await?;
                }
                Ok(None)
            }
        }
    }

    /// Two hold tokens of the chain, and which of them is honest nobody knows.
    async fn end_chain(&self, used: &Token) -> Result<(), CoreError> {
        let revoked = self.logins.revoke_tokens(&TokensOf::Family(used.family.unwrap_or(used.hash))).await?;
        tracing::warn!(
            client_id = used.client_id,
            user_id = %used.user,
            revoked,
            "a refresh token was used after the next one: its chain is revoked"
        );
        Ok(())
    }
}
