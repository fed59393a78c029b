//! What is known of a token and its user.

use potok_domain::directory::User;
use potok_oidc::Scope;
use potok_store::{Token, TokenKind};
use potok_types::access::BearerUser;
use potok_types::{Ticks, UserId};

use super::scopes::scope_kept;
use super::{ClientProof, GrantError, Login};
use crate::Permit;
use crate::access::{self, hash_of};

/// A token that is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownGrant {
    /// It makes access tokens; else it is one.
    pub is_refresh: bool,
    /// The program.
    pub client_id: String,
    /// As whom.
    pub user: UserId,
    /// What it opens.
    pub scope: String,
    /// When it was made.
    pub issued_at: Ticks,
    /// Good before this moment.
    pub expires_at: Ticks,
    /// Who made it.
    pub issuer: String,
}

/// What is told about a user, as far as the scope goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    /// The id.
    pub subject: String,
    /// Names; `None` without the scope `profile`.
    pub profile: Option<Names>,
    /// The login, if it is an address; `None` without the scope `email`.
    pub email: Option<String>,
}

/// How somebody is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// All of them.
    pub name: String,
    /// Family name.
    pub last: String,
    /// Given name.
    pub first: String,
    /// Patronymic.
    pub middle: Option<String>,
    /// Login.
    pub login: String,
}

/// Family name, given name, patronymic; the login of somebody without names.
pub fn display_name(user: &User) -> String {
    let middle = user.middle_name.as_deref().unwrap_or_default();
    let parts = [&*user.last_name, &*user.first_name, middle];
    let name = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<&str>>().join(" ");
    if name.is_empty() { user.login.clone() } else { name }
}

impl Login {
    /// `/connect/introspect` (RFC 7662): a good token of the asking program; `None` for any other, so that nobody finds out
    /// about other programs' tokens.
    ///
    /// # Errors
    /// [`GrantError::InvalidClient`], also for a program without a secret.
    pub async fn introspect(
        &self,
        proof: &ClientProof,
        token: &str,
    ) -> Result<Option<KnownGrant>, GrantError> {
        let client = self.prove(proof).await?.confidential()?;
        let now = self.core.clock.now();
        let is_good = |token: &Token| {
            token.client_id == client.id
                && token.kind != TokenKind::Session
                && token.expires_at > now
                && token.spent_at.is_none()
        };
        let Some(token) = self.logins.token(hash_of(token)).await?.filter(is_good) else { return Ok(None) };
        if access::is_blocked(&self.core, token.user).await? {
            return Ok(None);
        }
        Ok(Some(KnownGrant {
            is_refresh: token.kind == TokenKind::Refresh,
            scope: scope_kept(&token.scope).to_string(),
            client_id: token.client_id,
            user: token.user,
            issued_at: token.issued_at,
            expires_at: token.expires_at,
            issuer: self.issuer.clone(),
        }))
    }

    /// `/connect/userinfo`: what the scopes of the token show; `None` without `openid` among them.
    pub fn userinfo(&self, user: &Permit<BearerUser>, scope: &str) -> Option<Claims> {
        let scope = scope_kept(scope);
        if !scope.has(Scope::OPENID) {
            return None;
        }
        let names = || Names {
            name: display_name(user),
            last: user.last_name.clone(),
            first: user.first_name.clone(),
            middle: user.middle_name.clone(),
            login: user.login.clone(),
        };
        Some(Claims {
            subject: user.id.to_string(),
            profile: scope.has(Scope::PROFILE).then(names),
            email: Some(user.login.clone()).filter(|login| scope.has(Scope::EMAIL) && login.contains('@')),
        })
    }
}
