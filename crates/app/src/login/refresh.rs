//! Refresh tokens, which follow each other.
//!
//! A use gives an access token and the next refresh token. The used one stays good until the next one is used: an answer may get
//! lost on its way, and official clients throw the next one away and send their first one for ever. Whoever uses the next
//! one has it, so from then on the old one proves that two hold tokens of one chain, and the chain ends.

use potok_oidc::Scope;
use potok_store::{ApiClient, Rotated, Rotation, Token, TokenKind, TokensOf};
use potok_types::UserId;

use super::GrantError;
use super::scopes::scope_kept;
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
    /// What the access token opens.
    pub(super) scope: String,
    pub(super) user: UserId,
}

impl Tokens {
    /// Uses the refresh token with this text, for an access token with `asked` or with all that it may open.
    pub(super) async fn refresh(
        &self,
        client: &ApiClient,
        text: &str,
        asked: Option<Scope>,
    ) -> Result<Bought, GrantError> {
        let (hash, now) = (hash_of(text), self.core.clock.now());
        let is_good = |token: &Token| {
            token.kind == TokenKind::Refresh && token.expires_at > now && token.client_id == client.id
        };
        let used = self.logins.token(hash).await?.filter(is_good).ok_or(GrantError::InvalidGrant)?;
        if access::is_blocked(&self.core, used.user).await? {
            return Err(GrantError::InvalidGrant);
        }
        let scope = match asked {
            Some(asked) => asked.within(&scope_kept(&used.scope))?.to_string(),
            None => used.scope.clone(),
        };
        let family = used.family.or(Some(hash));
        let (access_token, access) = self.make(TokenKind::Access, &client.id, used.user, &scope);
        let (refresh_token, next) = self.make(TokenKind::Refresh, &client.id, used.user, &used.scope);
        let certificate = used.certificate;
        let rotation = Rotation {
            used: hash,
            used_expires_at: next.expires_at,
            next: self.rotates.then_some(Token { family, certificate, parent: Some(hash), ..next }),
            access: Token { family, certificate, ..access },
            now,
            successors: UNUSED_SUCCESSORS,
        };
        let user = used.user;
        match self.logins.rotate_token(&rotation).await? {
            Rotated::Done if self.rotates => Ok(Bought { access_token, refresh_token, scope, user }),
            Rotated::Done => Ok(Bought { access_token, refresh_token: text.to_owned(), scope, user }),
            Rotated::Unknown => Err(GrantError::InvalidGrant),
            Rotated::Spent(at) => {
                if now > at.plus_seconds(LATE_SECONDS) {
                    self.end_chain(&used).await?;
                }
                Err(GrantError::InvalidGrant)
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
